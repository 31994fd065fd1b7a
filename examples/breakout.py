"""Buys above the highest high of the last bars, and sells below the lowest low of fewer: the channel of Donchian."""

from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trader
from barter_python.data.bar import Bar
from barter_python.data.indicator import ChannelValue, DonchianChannel


class ChannelData(BarData):
    """The channels before the latest bar, which is to break out of them."""

    def __init__(self, entry: int, leave: int) -> None:
        super().__init__(timedelta(minutes=5))
        self.entry, self.leave = DonchianChannel(entry), DonchianChannel(leave)
        self.before: tuple[ChannelValue | None, ChannelValue | None] = (None, None)

    def update_from_bar(self, bar: Bar) -> None:
        self.before = (self.entry.value, self.leave.value)
        self.entry.update(bar)
        self.leave.update(bar)


class Breakout(BarStrategy[ChannelData]):
    def __init__(self, entry: int = 20, leave: int = 10) -> None:
        super().__init__("breakout")
        self.lengths = (entry, leave)

    def instrument_data(self, instrument: object) -> ChannelData:
        return ChannelData(*self.lengths)

    def on_bar(self, bar: Bar, instrument: InstrumentState[ChannelData], trader: Trader) -> None:
        entry, leave = instrument.data.before
        if entry is not None and bar.close > entry.upper:
            trader.order_to_weight(instrument, 0.2)
        elif leave is not None and bar.close < leave.lower:
            trader.close(instrument)
