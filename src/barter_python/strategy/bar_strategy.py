"""A strategy on bars: its hooks are called when a bar has closed and when an order was filled. Rust origin: none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Generic, TypeVar

from barter_python.data.bar import Bar, BarSpec
from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.errors import StrategyError, shown
from barter_python.execution.trade import Trade
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.strategy.bar_data import BarData, LatestEvent
from barter_python.strategy.strategy import NO_ORDERS, AlgoOrders, DefaultStrategy
from barter_python.strategy.trader import Trader

__all__ = ["BarStrategy"]

DataT = TypeVar("DataT", bound=BarData)


class BarStrategy(DefaultStrategy, Generic[DataT]):
    """Decides when a bar has closed.

        class BuyTheDip(BarStrategy[BarData]):
            frames = (timedelta(hours=1),)

            def on_bar(self, bar, instrument, trader):
                if bar.close < 0.97 * bar.open:
                    trader.buy(instrument, trader.quantity_for_cash(instrument, 100))

    Bars and indicators are part of the engine's state, as instrument data: a backtest, a session and its replay see the same, and
    the strategy itself needs no memory of the market. Nothing is computed between bars but the bars.

    Attributes:
        frames: What makes the bars of `BarData`: intervals of time, or a `BarSpec`. A strategy with data of its own overrides
            `instrument_data` instead.
    """

    frames: ClassVar[Sequence[timedelta | BarSpec]] = (timedelta(hours=1),)

    def __init__(self, id: str = "bars") -> None:  # noqa: A002 - barter's name
        super().__init__(id)
        self._handled = 0

    def instrument_data(self, instrument: Keyed[InstrumentIndex, IndexedInstrument]) -> DataT:
        """The data that the engine keeps for an instrument; override it to add indicators, see `BarData`."""
        return BarData(*self.frames)  # type: ignore[return-value] # a strategy with another DataT overrides this

    def global_data(self) -> LatestEvent:
        """The data that the engine keeps across instruments; a run begins with it."""
        self._handled = 0
        return LatestEvent()

    def on_bar(self, bar: Bar, instrument: InstrumentState[DataT], trader: Trader, /) -> None:
        """A bar has closed: decide, and tell the trader. Called for each bar of each time frame, in order of their close.

        Bars that one event closes have all been taken in by the instrument data when the first of them is told.

        Args:
            bar: The bar; `bar.interval` tells the time frame.
            instrument: Of which instrument, with its data, its position and its orders.
            trader: Takes orders, and has the state of everything else.
        """

    def on_fill(self, fill: Trade, instrument: InstrumentState[DataT], trader: Trader, /) -> None:
        """An own order was filled, partly or fully: decide, and tell the trader. By default nothing is done.

        Args:
            fill: What was filled; the position has it.
            instrument: Of which instrument.
            trader: Takes orders, and has the state of everything else.
        """

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        """Call the hooks for what the latest event has changed."""
        latest = state.global_data
        if not isinstance(latest, LatestEvent):
            raise StrategyError(f"global_data is {shown(latest)}, expected a LatestEvent or a subclass of it")
        if latest.number == self._handled:
            return NO_ORDERS  # a command, or trading was switched on: the event was told already
        fill = latest.fill
        if fill is not None:
            self._handled = latest.number
            trader = Trader(self, state)
            self.on_fill(fill, state.instruments.instrument_index(fill.instrument), trader)
            return trader.requests()
        if latest.instrument is None:
            return NO_ORDERS
        instrument: InstrumentState[DataT] = state.instruments.states[latest.instrument]
        bars = instrument.data.bars_closed
        if not bars:
            return NO_ORDERS
        self._handled = latest.number
        trader = Trader(self, state)
        for bar in bars:
            self.on_bar(bar, instrument, trader)
        return trader.requests()
