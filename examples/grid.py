"""Keeps bids below the market, and sells what they have bought one step higher: a grid, on the ticks and lots of the venue."""

from datetime import timedelta

from barter_python import BarData, BarStrategy, InstrumentState, Side, Trade, Trader
from barter_python.data.bar import Bar


class Grid(BarStrategy[BarData]):
    """Needs an exchange that takes limit orders: the simulated one, not the mock."""

    frames = (timedelta(minutes=5),)

    def __init__(self, levels: int = 5, step: str = "0.001", cash: int = 200) -> None:
        super().__init__("grid")
        self.levels, self.step, self.cash = levels, float(step), cash

    def on_bar(self, bar: Bar, instrument: InstrumentState[BarData], trader: Trader) -> None:
        if len(instrument.orders) or trader.position(instrument):
            return
        for level in range(1, self.levels + 1):
            price = bar.close * (1 - level * self.step)
            trader.limit(instrument, Side.BUY, self.cash / price, price)

    def on_fill(self, fill: Trade, instrument: InstrumentState[BarData], trader: Trader) -> None:
        up = 1 + self.step
        price = float(fill.price) * up if fill.side is Side.BUY else float(fill.price) / up
        trader.limit(instrument, fill.side.opposite, trader.quantity_held(instrument, fill), price)
