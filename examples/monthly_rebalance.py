"""Brings the weights of a portfolio back to what they should be, at the start and with every new month."""

from collections.abc import Mapping
from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trader
from barter_python.data.bar import Bar


class MonthData(BarData):
    """Whether the latest bar is the first one of a month."""

    def __init__(self) -> None:
        super().__init__(timedelta(hours=1))
        self.month: int | None = None
        self.is_new_month = False

    def update_from_bar(self, bar: Bar) -> None:
        self.is_new_month = bar.open_time.month != self.month
        self.month = bar.open_time.month


class MonthlyRebalance(BarStrategy[MonthData]):
    def __init__(self, weights: Mapping[str, float] | None = None) -> None:
        super().__init__("rebalance")
        self.weights = weights or {"BTCUSDT": 0.24, "ETHUSDT": 0.15, "SOLUSDT": 0.1}

    def instrument_data(self, instrument: object) -> MonthData:
        return MonthData()

    def on_bar(self, bar: Bar, instrument: InstrumentState[MonthData], trader: Trader) -> None:
        if instrument.data.is_new_month:
            trader.order_to_weight(instrument, self.weights.get(instrument.instrument.name_exchange, 0.0))
