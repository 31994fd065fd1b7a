"""The memory of orders between the engine and one venue. Pure. Rust origin: none.

A venue tells of an order many times: in the answer to a request, on its stream, in a snapshot, and where it is asked, in no order
between them, and each may be lost, late, or from a copy that is behind. Rust passes all of it on: the position doubles, and an
order that was filled is open for ever. Here orders are known by the venue's ids and by how much of them was ever filled:

| known, heard | acknowledged | open, filled f | ended, filled f | failed | fill |
|---|---|---|---|---|---|
| nothing | id learned | told, f was before us | told, f was before us | told | told |
| SENT, UNKNOWN, ACKNOWLEDGED | id learned | told: OPEN | told: ENDED | told: FAILED | told |
| OPEN | - | told where f, the quantity or the stamp is greater | told: ENDED | told: FAILED | told |
| FAILED | - | told: OPEN | told: ENDED | told once | told |
| ENDED | - | - | - | - | told |

A fill is told once, by the venue's ids. An open order with less filled than is known is older, and not told. A report whose f is
more than the fills that are known is not told before they are: an order must not end before the position has changed, and what is
missing `is_due`, the venue has to be asked for it. Only where the report is the answer to a request is there time: the stream may
be about to tell.

A fill names its order by the venue's id alone. While an order was sent whose id is not known, a fill of an unknown order may be
its own, and waits until that is clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from barter_python.execution.account import AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.link.order_index import OrderIndex
from barter_python.execution.link.tracked_order import TrackedOrder, TrackedPhase
from barter_python.execution.order.id import STRATEGY_UNKNOWN, OrderId
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import Cancelled, OpenInFlight, is_active, time_exchange
from barter_python.execution.trade import Trade
from barter_python.instrument.instrument import InstrumentKey
from barter_python.numeric import ZERO, in_money_context

__all__ = ["OrderTracker"]


class OrderTracker:
    """What is known of all orders, under the venue's names.

    Attributes:
        time_heard: The latest stamp of the venue, None before there is any.
    """

    def __init__(self) -> None:
        self._index = OrderIndex()
        self._unclaimed: list[Trade] = []
        self._due: list[TrackedOrder] = []
        self._is_begun = False
        self._time_begun: datetime | None = None
        self.time_heard: datetime | None = None

    def sent(self, request: OrderRequestOpen, time_sent: datetime) -> TrackedOrder:
        """An order is about to be sent. Its name may have been that of another order, which has ended."""
        key = request.key
        return self._index.add(TrackedOrder(key.instrument, key.cid, key.strategy, request, time_sent, self.time_heard))

    def lost(self, order: TrackedOrder) -> None:
        """The answer to the request was lost: unless something was heard, it is not known what became of the order."""
        if order.phase is TrackedPhase.SENT:
            order.phase = TrackedPhase.UNKNOWN

    def find(self, key: OrderKey) -> TrackedOrder | None:
        """The latest order of a name, None where it was not heard of lately."""
        return self._index.find(key)

    def find_by_id(self, instrument: InstrumentKey, order_id: OrderId) -> TrackedOrder | None:
        """An order by the venue's id, None where it was not heard of lately."""
        return self._index.find_by_id(instrument, order_id)

    def open_orders(self) -> list[TrackedOrder]:
        """The orders of which the engine was told that they are open."""
        return [order for order in self._index.live() if order.phase is TrackedPhase.OPEN]

    def open_count(self, instrument: InstrumentKey) -> int:
        """How many orders of an instrument are open, or may be: an order under way counts."""
        return sum(order.instrument == instrument for order in self._index.live())

    def newly_due(self) -> list[TrackedOrder]:
        """The orders about which the venue has to be asked from now on; each is named once."""
        due, self._due = self._due, []
        return due

    def look_for(self, key: OrderKey) -> TrackedOrder:
        """The latest order of a name; one of which nothing is known where it was not heard of lately."""
        return self.find(key) or TrackedOrder(key.instrument, key.cid, key.strategy)

    def owned(self, key: OrderKey) -> None:
        """Somebody wants to cancel an order: it is theirs, unless it has an owner."""
        order = self.find(key)
        if order is not None and order.strategy == STRATEGY_UNKNOWN:
            order.strategy = key.strategy

    def take(self, kind: AccountEventKind, *, is_answer: bool = False) -> list[AccountEventKind]:
        """Take in what the venue says.

        Args:
            kind: What it says.
            is_answer: Whether it is the answer to a request: its fills may come on the stream in a moment.

        Returns:
            What the engine has to be told now, in this order.
        """
        self._hear(kind)
        match kind:
            case Order():
                return self._take_order(kind, is_answer=is_answer)
            case Trade():
                return self._take_trade(kind)
            case OrderResponseCancel():
                return self._take_response(kind)
            case AccountSnapshot():
                return self._take_snapshot(kind)
            case _:
                return [kind]

    @in_money_context
    def take_fills(self, order: TrackedOrder, trades: Iterable[Trade]) -> list[AccountEventKind]:
        """Take in all fills of an order, oldest first, whether they were told or not."""
        filled, told = ZERO, list[AccountEventKind]()
        for trade in trades:
            filled += abs(trade.quantity)
            if order.id is None:
                self._index.learn_id(order, trade.order_id)
            if filled > order.filled_before:
                told += self._tell_trade(trade, order)
            else:
                order.fills.ids.add(trade.id)
        return told

    def take_recent(self, trades: Iterable[Trade]) -> list[AccountEventKind]:
        """Take in fills of any order, whether they were told or not. Those from before the first snapshot are part of it."""
        told = list[AccountEventKind]()
        for trade in trades:
            order = self.find_by_id(trade.instrument, trade.order_id)
            is_ours = order is not None and order.request is not None
            if is_ours or self._time_begun is None or trade.time_exchange > self._time_begun:
                told += self._take_trade(trade)
        return told

    def take_list(self, instruments: Sequence[InstrumentKey], orders: Sequence[Order]) -> list[AccountEventKind]:
        """Take in all open orders of some instruments. What should be among them, or may be, and is not, is due."""
        told = [event for order in orders for event in self._take_order(order, is_answer=False)]
        listed = {id(self._index.order_of(order)) for order in orders}
        for order in self._index.live():
            if order.phase is TrackedPhase.SENT:
                continue  # its answer is on the way
            if order.instrument in instruments and id(order) not in listed:
                self._ask_about(order)
        return told

    def _take_snapshot(self, snapshot: AccountSnapshot) -> list[AccountEventKind]:
        instruments, fills = list[InstrumentAccountSnapshot](), list[AccountEventKind]()
        for found in snapshot.instruments:
            told = self.take_list([found.instrument], found.orders)
            instruments.append(InstrumentAccountSnapshot(found.instrument, [kind for kind in told if isinstance(kind, Order)]))
            fills += [kind for kind in told if not isinstance(kind, Order)]
        return [replace(snapshot, instruments=instruments), *fills]

    def _take_order(self, report: Order, *, is_answer: bool) -> list[AccountEventKind]:
        order = self._index.order_of(report)
        told = self._claimed()
        if order.phase is TrackedPhase.ENDED:
            return told
        filled = order.quantity_reported(report)
        if order.request is None and order.told is None and order.held is None:
            order.begin_at(filled)
        if isinstance(report.state, OpenInFlight):
            if order.phase in (TrackedPhase.SENT, TrackedPhase.UNKNOWN):
                order.phase = TrackedPhase.ACKNOWLEDGED
            return told
        described = order.described(report)
        is_older = is_active(described.state) and filled is not None and filled < order.filled
        if not is_older and not order.is_repeated_by(described):
            if filled is not None and filled > order.filled:
                order.hold(described, filled)
                if not is_answer:
                    self._ask_about(order)
            else:
                told.append(self._tell(order, described))
        return told + self._claimed()

    def _take_trade(self, trade: Trade) -> list[AccountEventKind]:
        order = self.find_by_id(trade.instrument, trade.order_id)
        if order is None and trade.strategy == STRATEGY_UNKNOWN and self._index.awaits_id(trade.instrument):
            self._unclaimed.append(trade)
            return []
        return self._tell_trade(trade, order)

    def _tell_trade(self, trade: Trade, order: TrackedOrder | None) -> list[AccountEventKind]:
        if order is None:
            return [trade] if self._index.add_fill(trade) else []
        if not order.fills.add(trade):
            return []
        told: list[AccountEventKind] = [trade if trade.strategy != STRATEGY_UNKNOWN else replace(trade, strategy=order.strategy)]
        if order.held is not None and order.held_filled <= order.filled:
            told.append(self._tell(order, order.held))
        return told

    def _take_response(self, response: OrderResponseCancel) -> list[AccountEventKind]:
        """An answer to a cancel. It does not say what was filled: where fills are missing, the order ends after them."""
        order = self.find(response.key)
        if order is None or not isinstance(response.state, Cancelled):
            return [response]
        if order.phase is TrackedPhase.ENDED:
            return []
        if order.held is not None:
            order.held = order.held.with_state(response.state) if is_active(order.held.state) else order.held
            return []
        order.phase, order.is_due = TrackedPhase.ENDED, False
        self._index.update(order)
        return [response, *self._claimed()]

    def _tell(self, order: TrackedOrder, report: Order) -> Order:
        told = order.tell(report)
        self._index.update(order)
        return told

    def _ask_about(self, order: TrackedOrder) -> None:
        if not order.is_due:
            order.is_due = True
            self._due.append(order)

    def _claimed(self) -> list[AccountEventKind]:
        """The fills that waited until their order was known, or cannot be that of a request any more."""
        if not self._unclaimed:
            return []
        unclaimed, self._unclaimed = self._unclaimed, []
        return [event for trade in unclaimed for event in self._take_trade(trade)]

    def _hear(self, kind: AccountEventKind) -> None:
        time = _time_exchange(kind)
        if time is not None and (self.time_heard is None or time > self.time_heard):
            self.time_heard = time
        if isinstance(kind, AccountSnapshot) and not self._is_begun:
            self._is_begun, self._time_begun = True, self.time_heard


def _time_exchange(kind: AccountEventKind) -> datetime | None:
    match kind:
        case AccountSnapshot():
            return kind.time_most_recent()
        case OrderReport():
            return kind.time_exchange
        case Order():
            return time_exchange(kind.state)
        case OrderResponseCancel():
            return kind.state.time_exchange if isinstance(kind.state, Cancelled) else None
        case _:
            return kind.time_exchange
