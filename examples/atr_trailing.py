"""Follows a rising price with a stop that lies some average true ranges below the highest close since the entry."""

from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trade, Trader
from barter_python.data.bar import Bar
from barter_python.data.indicator import Atr, Ema


class TrailData(BarData):
    """Range and trend, and of a position the highest close."""

    def __init__(self) -> None:
        super().__init__(timedelta(minutes=5))
        self.atr, self.trend, self.highest = Atr(14), Ema(20), 0.0

    def update_from_bar(self, bar: Bar) -> None:
        self.atr.update(bar)
        self.trend.update(bar.close)
        self.highest = max(self.highest, bar.close)

    def update_from_fill(self, fill: Trade) -> None:
        self.highest = float(fill.price)


class AtrTrailing(BarStrategy[TrailData]):
    def instrument_data(self, instrument: object) -> TrailData:
        return TrailData()

    def on_bar(self, bar: Bar, instrument: InstrumentState[TrailData], trader: Trader) -> None:
        data = instrument.data
        if data.atr.value is None or data.trend.value is None:
            return
        if trader.position(instrument):
            if bar.close < data.highest - 3 * data.atr.value:
                trader.close(instrument)
        elif bar.close > data.trend.value + data.atr.value:
            trader.buy(instrument, trader.quantity_for_risk(instrument, 10, bar.close - 3 * data.atr.value))
