"""A moving average crossover, long or flat: a complete strategy to start from.

The indicator lives in the instrument data, so that the engine keeps it up to date, audits it and replicates it; the
strategy itself only looks at the state and decides.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, Final

from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO
from barter_python.strategy.sizing import quantity_net
from barter_python.strategy.strategy import NO_ORDERS, AlgoOrders, DefaultStrategy

__all__ = ["MovingAverageCross", "MovingAverageData"]

_BUY: Final = Side.BUY


class MovingAverageData(DefaultInstrumentMarketData):
    """Level one, last trade, and two simple moving averages of trade prices.

    Attributes:
        signal: BUY while the fast average is above the slow one, SELL while it is not; None until `slow` trades were seen.
    """

    __slots__ = ("_fast", "_fast_length", "_fast_sum", "_slow", "_slow_length", "_slow_sum", "signal")

    def __init__(self, fast: int, slow: int) -> None:
        super().__init__()
        self.signal: Side | None = None
        self._fast_length = fast
        self._slow_length = slow
        self._fast: deque[float] = deque()
        self._slow: deque[float] = deque()
        self._fast_sum = 0.0
        self._slow_sum = 0.0

    def process(self, event: MarketEvent | AccountEvent, /) -> None:
        """Take in an event; a trade of the market moves the averages."""
        super().process(event)
        if type(event.kind) is PublicTrade:
            self.observe(event.kind.price)

    def observe(self, price: float) -> None:
        """Move both averages by a trade price."""
        self._fast_sum += price
        self._fast.append(price)
        if len(self._fast) > self._fast_length:
            self._fast_sum -= self._fast.popleft()
        self._slow_sum += price
        self._slow.append(price)
        if len(self._slow) > self._slow_length:
            self._slow_sum -= self._slow.popleft()
        elif len(self._slow) < self._slow_length:
            return
        is_up = self._fast_sum / self._fast_length > self._slow_sum / self._slow_length
        self.signal = Side.BUY if is_up else Side.SELL

    def _members(self) -> tuple[object, ...]:
        return (self._fast_length, self._slow_length, self._fast, self._slow, self._fast_sum, self._slow_sum, self.signal)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MovingAverageData) and super().__eq__(other) and self._members() == other._members()

    __hash__: ClassVar[None]


class MovingAverageCross(DefaultStrategy):
    """Buys when the fast average rises above the slow one, and sells what it holds when it falls below.

    Args:
        fast: Number of trades in the fast average, at least 1.
        slow: Number of trades in the slow average, more than `fast`.
        quote_amount: What each purchase spends, in quote currency.
    """

    def __init__(self, fast: int = 100, slow: int = 1_000, quote_amount: str = "1000") -> None:
        super().__init__("moving-average-cross")
        if not 1 <= fast < slow:
            raise ValueError(f"fast {fast}, slow {slow}: expected 1 <= fast < slow")
        self.fast = fast
        self.slow = slow
        self.quote_amount: Decimal = Decimal(quote_amount)

    def instrument_data(self, instrument: Keyed[InstrumentIndex, IndexedInstrument], /) -> MovingAverageData:
        """The data that the engine keeps for each instrument."""
        return MovingAverageData(self.fast, self.slow)

    def generate_algo_orders(self, state: EngineState[Any, MovingAverageData], /) -> AlgoOrders:
        """Buy or sell where position and signal disagree and no order is on its way."""
        opens: list[OrderRequestOpen] = []
        for instrument in state.instruments.states:
            wanted = instrument.data.signal
            if wanted is None or instrument.orders:
                continue
            is_held = instrument.position.current is not None and bool(_held(instrument))
            if (wanted is _BUY) == is_held:
                continue
            opens.extend(self._decide(instrument))
        return ((), opens) if opens else NO_ORDERS

    def _decide(self, state: InstrumentState[MovingAverageData]) -> Iterable[OrderRequestOpen]:
        price, held = state.data.price(), _held(state)
        if price is None:
            return
        if not held:
            spec = state.instrument.spec
            increment = spec.quantity.increment if spec is not None else Decimal("0.00001")
            quantity = self.quote_amount / price // increment * increment
            side = Side.BUY
        else:
            quantity, side = held, Side.SELL
        if quantity:
            yield self.market_order(state, side, quantity, price)


def _held(instrument: InstrumentState[MovingAverageData]) -> Decimal:
    """What can be sold: where there are lots, a fee in base may have left less than one."""
    position = instrument.position.current
    if position is None:
        return ZERO
    return position.quantity_abs if instrument.instrument.spec is None else quantity_net(instrument)
