"""Holds the cheaper of two instruments while their standardised prices are far apart, and nothing once they have met again."""

from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Trader
from barter_python.data.bar import Bar
from barter_python.data.indicator import ZScore


class PriceData(BarData):
    """How many standard deviations the close is away from its average."""

    def __init__(self) -> None:
        super().__init__(timedelta(minutes=5))
        self.score = ZScore(48)

    def update_from_bar(self, bar: Bar) -> None:
        self.score.update(bar.close)


class Pairs(BarStrategy[PriceData]):
    def __init__(self, first: str = "BTCUSDT", second: str = "ETHUSDT", apart: int = 2) -> None:
        super().__init__("pairs")
        self.first, self.second, self.apart = first, second, apart

    def instrument_data(self, instrument: object) -> PriceData:
        return PriceData()

    def on_bar(self, bar: Bar, instrument: InstrumentState[PriceData], trader: Trader) -> None:
        first, second = trader.instrument(self.first), trader.instrument(self.second)
        if first.data.score.value is None or second.data.score.value is None:
            return
        spread = first.data.score.value - second.data.score.value
        for cheap, distance in ((first, -spread), (second, spread)):
            if distance > self.apart:
                trader.order_to_weight(cheap, 0.2)
            elif distance < 0:
                trader.close(cheap)
