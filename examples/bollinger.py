"""Buys below the lower Bollinger band, and sells at the middle: prices come back to their average, or so it hopes."""

from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trader
from barter_python.data.bar import Bar
from barter_python.data.indicator import BollingerBands


class BandsData(BarData):
    def __init__(self) -> None:
        super().__init__(timedelta(minutes=5))
        self.bands = BollingerBands(20, 2.0)

    def update_from_bar(self, bar: Bar) -> None:
        self.bands.update(bar.close)


class Bollinger(BarStrategy[BandsData]):
    def __init__(self) -> None:
        super().__init__("bollinger")

    def instrument_data(self, instrument: object) -> BandsData:
        return BandsData()

    def on_bar(self, bar: Bar, instrument: InstrumentState[BandsData], trader: Trader) -> None:
        bands = instrument.data.bands.value
        if bands is None:
            return
        if bar.close < bands.lower and not trader.position(instrument):
            trader.buy(instrument, trader.quantity_for_cash(instrument, 2_000))
        elif bar.close > bands.middle:
            trader.close(instrument)
