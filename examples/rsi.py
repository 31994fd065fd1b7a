"""Buys what has fallen too fast, by the relative strength index, and sells it when that is back to normal."""

from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trader
from barter_python.data.bar import Bar
from barter_python.data.indicator import Rsi


class RsiData(BarData):
    def __init__(self) -> None:
        super().__init__(timedelta(minutes=5))
        self.rsi = Rsi(14)

    def update_from_bar(self, bar: Bar) -> None:
        self.rsi.update(bar.close)


class BuyOversold(BarStrategy[RsiData]):
    def __init__(self, oversold: int = 35, normal: int = 55) -> None:
        super().__init__("rsi")
        self.oversold, self.normal = oversold, normal

    def instrument_data(self, instrument: object) -> RsiData:
        return RsiData()

    def on_bar(self, bar: Bar, instrument: InstrumentState[RsiData], trader: Trader) -> None:
        strength = instrument.data.rsi.value
        if strength is None:
            return
        if strength < self.oversold and not trader.position(instrument):
            trader.buy(instrument, trader.quantity_for_equity(instrument, 0.2))
        elif strength > self.normal:
            trader.close(instrument)
