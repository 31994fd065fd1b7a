"""What is known of one order. Pure. Rust origin: none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.order.id import ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.execution.order.state import Cancelled, FullyFilled, Open, OpenFailed, is_active, open_meta
from barter_python.execution.trade import Trade, TradeId
from barter_python.instrument.instrument import InstrumentKey
from barter_python.numeric import ZERO, in_money_context

__all__ = ["Fills", "OrderName", "TrackedPhase", "TrackedOrder", "quantity_filled", "venue_id"]

OrderName: TypeAlias = tuple[InstrumentKey, ClientOrderId]
"""What an order is known by before the venue has named it, under the venue's name of the instrument."""


class TrackedPhase(Enum):
    """How far the engine was told of an order.

    SENT: It is on its way.
    UNKNOWN: Its answer was lost: it may be live.
    ACKNOWLEDGED: The venue has a name for it, and may yet refuse it.
    OPEN: It may be filled.
    FAILED: It was not opened, as far as is known: where a venue shows orders late it may yet come to light.
    ENDED: It was filled or cancelled, or has expired.
    """

    SENT = "sent"
    UNKNOWN = "unknown"
    ACKNOWLEDGED = "acknowledged"
    OPEN = "open"
    FAILED = "failed"
    ENDED = "ended"


@dataclass(slots=True)
class Fills:
    """The fills of one order that were told.

    Attributes:
        quantity: Their sum, in base units or contracts.
        ids: Their ids.
    """

    quantity: Decimal = ZERO
    ids: set[TradeId] = field(default_factory=set)

    @in_money_context
    def add(self, trade: Trade) -> bool:
        """Take a fill in; False where it is known already."""
        if trade.id in self.ids:
            return False
        self.ids.add(trade.id)
        self.quantity += abs(trade.quantity)
        return True


@dataclass(slots=True)
class TrackedOrder:
    """What was sent, what was told, and what is missing.

    Attributes:
        instrument: Under the venue's name.
        cid: Our name of it. It keeps its first one, whatever a cancel or an amendment calls it.
        strategy: The owner.
        request: With what it was opened, None where that was not through this link.
        time_sent: When that was sent, by our clock, aware UTC.
        time_heard_before: The latest stamp of the venue that was heard until then, None where there was none.
        phase: How far the engine was told of it.
        id: The venue's name of it, None while that is not known.
        filled_before: What was filled before this link heard of it, which is no business of this session.
        fills: What was filled since.
        told: As the engine was told last, None where it was not.
        held: A report that says more than is known of the fills: it is told after these.
        held_filled: What that report says was ever filled.
        is_due: Whether the venue is being asked about it.
    """

    instrument: InstrumentKey
    cid: ClientOrderId
    strategy: StrategyId
    request: OrderRequestOpen | None = None
    time_sent: datetime | None = None
    time_heard_before: datetime | None = None
    phase: TrackedPhase = TrackedPhase.SENT
    id: OrderId | None = None
    filled_before: Decimal = ZERO
    fills: Fills = field(default_factory=Fills)
    told: Order | None = None
    held: Order | None = None
    held_filled: Decimal = ZERO
    is_due: bool = False

    @property
    def name(self) -> OrderName:
        """What it is known by without the venue's id."""
        return (self.instrument, self.cid)

    @property
    def is_known(self) -> bool:
        """Whether this link has sent it, or was told of it."""
        return self.request is not None or self.told is not None or self.held is not None

    @property
    @in_money_context
    def filled(self) -> Decimal:
        """How much of it is known to be filled."""
        return self.filled_before + self.fills.quantity

    def described(self, order: Order) -> Order:
        """The venue's report with what the venue does not know: the owner, and what was asked for."""
        key = replace(order.key, cid=self.cid, strategy=self.strategy)
        asked = order if self.request is None else self.request.state
        return Order(key, asked.side, asked.price, order.quantity, asked.kind, asked.time_in_force, order.state)

    def quantity_reported(self, order: Order) -> Decimal | None:
        """What a report says was ever filled; None where it does not say, or its fills cannot be told from others."""
        if isinstance(order.state, FullyFilled) and not isinstance(order, OrderReport) and self.id is None:
            return None
        return quantity_filled(order)

    @in_money_context
    def begin_at(self, reported: Decimal | None) -> None:
        """What the first report says was filled, as far as its fills were not heard, was filled before."""
        self.filled_before = max(ZERO, (reported or ZERO) - self.fills.quantity)

    def hold(self, report: Order, filled: Decimal) -> None:
        """A described report waits for fills; of several the one that says most."""
        has_ended = self.held is not None and is_active(self.held.state) and not is_active(report.state)
        if self.held is None or has_ended or filled > self.held_filled:
            self.held, self.held_filled = report, filled

    def tell(self, report: Order) -> Order:
        """The engine is told of a described report."""
        if self.held is report:
            self.held, self.is_due = None, False
        if is_active(report.state) and not _is_full(report):
            self.phase = TrackedPhase.OPEN
        else:
            self.phase = TrackedPhase.FAILED if isinstance(report.state, OpenFailed) else TrackedPhase.ENDED
            self.held, self.is_due = None, False
        self.told = report
        return report

    def is_repeated_by(self, order: Order) -> bool:
        """Whether a described report says nothing new, or is older than what was told."""
        if self.told is None or not is_active(self.told.state) or not is_active(order.state):
            return order == self.told
        told, said = open_meta(self.told.state), open_meta(order.state)
        if told is None or said is None:
            return said is None
        is_amended = (order.quantity, order.price) != (self.told.quantity, self.told.price)
        is_later = said.time_exchange > told.time_exchange or is_amended
        return said.filled_quantity < told.filled_quantity or (said.filled_quantity == told.filled_quantity and not is_later)


def _is_full(order: Order) -> bool:
    return isinstance(order.state, Open) and not order.state.quantity_remaining(order.quantity)


def quantity_filled(order: Order) -> Decimal | None:
    """How much of an order was ever filled, None where that is not said: a plain order that has ended early does not."""
    if isinstance(order, OrderReport):
        return order.filled
    if isinstance(order.state, FullyFilled):
        return order.quantity
    opened = open_meta(order.state) if is_active(order.state) else None
    return None if opened is None else opened.filled_quantity


def venue_id(order: Order) -> OrderId | None:
    """The venue's name of an order, None where it is not said."""
    if isinstance(order, OrderReport):
        return order.id
    if isinstance(order.state, Cancelled):
        return order.state.id
    opened = open_meta(order.state) if is_active(order.state) else None
    return None if opened is None else opened.id
