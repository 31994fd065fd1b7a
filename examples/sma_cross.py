"""Holds an instrument while the fast average of its closes is above the slow one."""

from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trader
from barter_python.data.bar import Bar
from barter_python.data.indicator import Cross, Crossing, Sma


class CrossData(BarData):
    """Two averages, and whether they have just crossed."""

    def __init__(self, fast: int, slow: int) -> None:
        super().__init__(timedelta(minutes=5))
        self.fast, self.slow, self.crossing = Sma(fast), Sma(slow), Crossing()

    def update_from_bar(self, bar: Bar) -> None:
        self.crossing.update(self.fast.update(bar.close), self.slow.update(bar.close))


class SmaCross(BarStrategy[CrossData]):
    def __init__(self, fast: int = 5, slow: int = 20, weight: str = "0.2") -> None:
        super().__init__("sma-cross")
        self.fast, self.slow, self.weight = fast, slow, float(weight)

    def instrument_data(self, instrument: object) -> CrossData:
        return CrossData(self.fast, self.slow)

    def on_bar(self, bar: Bar, instrument: InstrumentState[CrossData], trader: Trader) -> None:
        if instrument.data.crossing.value is Cross.UP:
            trader.order_to_weight(instrument, self.weight)
        elif instrument.data.crossing.value is Cross.DOWN:
            trader.close(instrument)
