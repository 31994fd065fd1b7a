"""Buys for the same amount every hour, whatever the price."""

from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trader
from barter_python.data.bar import Bar


class DcaHourly(BarStrategy[BarData]):
    frames = (timedelta(hours=1),)

    def __init__(self, cash: int = 50) -> None:
        super().__init__("dca")
        self.cash = cash

    def on_bar(self, bar: Bar, instrument: InstrumentState[BarData], trader: Trader) -> None:
        trader.buy(instrument, trader.quantity_for_cash(instrument, self.cash))
