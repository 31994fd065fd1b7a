"""An order at the simulated exchange, from its acknowledgement to its end. Rust origin: none."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.execution.order.state import Open, OrderState
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO

__all__ = ["LiveOrder", "Place"]

_IMMEDIATE: Final = (TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL)


class Place(Enum):
    """Where a live order waits."""

    NOWHERE = "nowhere"
    RESTING = "resting"
    TRIGGER = "trigger"
    NEXT_DATA = "next data"


class LiveOrder:
    """Mutable. All quantities are in base units or contracts.

    Attributes:
        id: The venue's order id.
        request: What was asked for.
        time: When it arrived, aware UTC.
        is_buy: Whether it buys.
        limit: Limit price; None for a market order.
        filled: Filled so far.
        remaining: Left to fill.
        opening: Of a contract: what of the remaining quantity a margin is reserved for, because it does not close a position.
        reserved: What it has locked, by asset.
        ahead: What of the market is ahead of it at its price; None where that is not known yet.
        is_aggressive: It took all liquidity up to its limit before it came to rest: only new liquidity fills it.
        is_triggered: It has no trigger, or the trigger has fired.
        is_done: It is filled, cancelled or expired.
        place: Where it waits.
    """

    __slots__ = (
        "ahead",
        "filled",
        "id",
        "is_aggressive",
        "is_buy",
        "is_done",
        "is_triggered",
        "limit",
        "opening",
        "place",
        "remaining",
        "request",
        "reserved",
        "time",
    )

    def __init__(self, order_id: OrderId, request: OrderRequestOpen, time: datetime) -> None:
        wanted = request.state
        self.id = order_id
        self.request = request
        self.time = time
        self.is_buy = wanted.side is Side.BUY
        self.limit = wanted.price if wanted.kind is OrderKind.LIMIT else None
        self.filled = ZERO
        self.remaining = wanted.quantity
        self.opening = ZERO
        self.reserved: dict[str, Decimal] = {}
        self.ahead: Decimal | None = None
        self.is_aggressive = False
        self.is_triggered = wanted.trigger is None
        self.is_done = False
        self.place = Place.NOWHERE

    @property
    def instrument(self) -> str:
        """The venue's name of what it trades."""
        return str(self.request.key.instrument)

    @property
    def side(self) -> Side:
        """Buy or sell."""
        return self.request.state.side

    @property
    def time_in_force(self) -> TimeInForce:
        """How long it lives."""
        return self.request.state.time_in_force

    @property
    def is_immediate(self) -> bool:
        """Whether it never rests."""
        return self.limit is None or self.time_in_force in _IMMEDIATE

    def accepts(self, price: Decimal) -> bool:
        """Whether the price is within its limit."""
        return self.limit is None or (price <= self.limit if self.is_buy else price >= self.limit)

    def open_state(self, time: datetime) -> Open:
        """Its state at the venue."""
        return Open(self.id, time, self.filled)

    def snapshot(self, state: OrderState) -> Order:
        """What the venue says about it."""
        return self.request.to_order().with_state(state)
