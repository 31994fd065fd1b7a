"""Orders. Rust origin: barter_execution::order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from barter_python.execution.order.id import ClientOrderId, StrategyId
from barter_python.execution.order.state import OrderState, is_active, open_meta
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.instrument import InstrumentKey
from barter_python.instrument.side import Side

__all__ = ["Order", "OrderKey", "OrderKind", "TimeInForce", "Trigger", "TriggerKind"]


class OrderKind(Enum):
    """Whether an order takes any price, or names its limit."""

    MARKET = "Market"
    LIMIT = "Limit"

    def __str__(self) -> str:
        return self.value


class TimeInForce(Enum):
    """How long an order lives.

    Rust's `GoodUntilCancelled { post_only }` is two members here.
    """

    GOOD_UNTIL_CANCELLED = "GoodUntilCancelled"
    GOOD_UNTIL_CANCELLED_POST_ONLY = "GoodUntilCancelledPostOnly"
    GOOD_UNTIL_END_OF_DAY = "GoodUntilEndOfDay"
    FILL_OR_KILL = "FillOrKill"
    IMMEDIATE_OR_CANCEL = "ImmediateOrCancel"

    @classmethod
    def good_until_cancelled(cls, *, post_only: bool) -> TimeInForce:
        """Rests until it is cancelled; `post_only` refuses to take liquidity."""
        return cls.GOOD_UNTIL_CANCELLED_POST_ONLY if post_only else cls.GOOD_UNTIL_CANCELLED

    @property
    def post_only(self) -> bool:
        """Whether the order must not take liquidity."""
        return self is TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY

    def __str__(self) -> str:
        return self.value


class TriggerKind(Enum):
    """What an order with a trigger is for. Rust has none."""

    STOP = "Stop"
    TAKE_PROFIT = "TakeProfit"

    def __str__(self) -> str:
        return self.value


@dataclass(slots=True, frozen=True)
class Trigger:
    """Holds an order back until the market reaches a price. Rust has none.

    A stop waits for a worse price: a buyer's fires at its price or higher, a seller's at its price or lower. A take-profit waits
    for a better one, the other way round. With a market order these are a stop and a take-profit order, with a limit order a
    stop-limit and a take-profit-limit order.

    Attributes:
        price: In quote currency, positive.
        kind: Stop or take-profit.
    """

    price: Decimal
    kind: TriggerKind


@dataclass(slots=True)
class OrderKey:
    """What identifies an order.

    Attributes:
        exchange: The venue; an index inside the engine.
        instrument: The instrument; an index inside the engine.
        strategy: The owner.
        cid: Our own name of the order.
    """

    exchange: ExchangeIndex | ExchangeId
    instrument: InstrumentKey
    strategy: StrategyId
    cid: ClientOrderId


@dataclass(slots=True)
class Order:
    """An order in some state. Treat it as immutable: a change of state is a new order.

    Attributes:
        key: What identifies it.
        side: Buy or sell.
        price: Limit price, or the expected price of a market order, in quote currency.
        quantity: Initial quantity in base units or contracts, positive.
        kind: Market or limit.
        time_in_force: How long it lives.
        state: Its state.
        reduce_only: Whether it may only reduce a position, as far as it is known. Rust has none.
        trigger: What holds it back, None where nothing does or nothing is known of it. Rust has none.
    """

    key: OrderKey
    side: Side
    price: Decimal
    quantity: Decimal
    kind: OrderKind
    time_in_force: TimeInForce
    state: OrderState
    reduce_only: bool = False
    trigger: Trigger | None = None

    def quantity_remaining(self) -> Decimal:
        """What is left to fill of an active order: all of it before the venue has shown the order."""
        opened = open_meta(self.state) if is_active(self.state) else None
        return self.quantity if opened is None else opened.quantity_remaining(self.quantity)

    def with_state(self, state: OrderState) -> Order:
        """The same order in another state."""
        return Order(
            self.key,
            self.side,
            self.price,
            self.quantity,
            self.kind,
            self.time_in_force,
            state,
            self.reduce_only,
            self.trigger,
        )
