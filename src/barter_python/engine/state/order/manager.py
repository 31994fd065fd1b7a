"""The orders of an instrument that may still be filled. Rust origin: barter::engine::state::order.

This file owns the lifecycle: every transition is one entry of the tables below.

    request ──> OpenInFlight ──> Open ──> CancelInFlight ──> (Cancelled, FullyFilled, Expired, OpenFailed: no longer tracked)

What differs from Rust (divergence 5): an order without a remaining quantity is never kept as open, and the filled quantity of an
order never decreases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import ClassVar

from barter_python.execution.error import OrderAlreadyCancelled, OrderAlreadyFullyFilled
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import (
    CancelInFlight,
    Cancelled,
    Open,
    OpenInFlight,
    OrderState,
    is_active,
    open_meta,
)

__all__ = ["Orders"]


class Orders:
    """Orders by client order id, in the order in which they were first seen."""

    __slots__ = ("_orders",)

    def __init__(self, orders: dict[ClientOrderId, Order] | None = None) -> None:
        self._orders: dict[ClientOrderId, Order] = {} if orders is None else orders

    def orders(self) -> list[Order]:
        """Every tracked order; each is in an active state."""
        return list(self._orders.values())

    def items(self) -> list[tuple[ClientOrderId, Order]]:
        """Every tracked order under its name."""
        return list(self._orders.items())

    def get(self, cid: ClientOrderId) -> Order | None:
        """The order of that name, None where it is not tracked."""
        return self._orders.get(cid)

    def record_in_flight_open(self, request: OrderRequestOpen) -> None:
        """A request to open was sent. One with the name of a tracked order replaces that order."""
        self._orders[request.key.cid] = request.to_order()

    def record_in_flight_cancel(self, request: OrderRequestCancel) -> None:
        """A request to cancel was sent. One for an order that is not tracked changes nothing."""
        order = self._orders.get(request.key.cid)
        if order is not None and is_active(order.state):
            self._orders[request.key.cid] = order.with_state(CancelInFlight(open_meta(order.state)))

    def update_from_order_snapshot(self, snapshot: Order) -> None:
        """Take in what the venue says about an order."""
        self.update_from_order_snapshots((snapshot,))

    def update_from_order_snapshots(self, snapshots: Iterable[Order]) -> None:
        """Take in what the venue says about several orders at once.

        Together they are one statement: what they say is held against what was known before, not against each other, so that
        the last word counts where they name an order twice.
        """
        known: dict[ClientOrderId, Open | None] = {}
        for snapshot in snapshots:
            cid = snapshot.key.cid
            current = self._orders.get(cid)
            if current is None:
                known[cid] = None
            elif cid not in known:
                known[cid] = _known_open(current)
            self._update(snapshot, current, known[cid])
        for cid in known:
            order = self._orders.get(cid)
            if order is not None and _is_filled(order.state, order.quantity):
                del self._orders[cid]

    def _update(self, snapshot: Order, current: Order | None, known: Open | None) -> None:
        cid, state = snapshot.key.cid, snapshot.state
        if not is_active(state):
            self._orders.pop(cid, None)  # finished; one that was never tracked is ignored
        elif current is None:
            if not (isinstance(state, Open) and _is_filled(state, snapshot.quantity)):
                self._orders[cid] = snapshot
        elif _is_opening(current, state) and _is_filled(state, snapshot.quantity):
            del self._orders[cid]
        else:
            updated = _next_state(current.state, state, known)
            if updated is not None:
                self._orders[cid] = current.with_state(updated)

    def update_from_cancel_response(self, response: OrderResponseCancel) -> None:
        """Take in the answer to a request to cancel. One for an order that is not tracked changes nothing."""
        order = self._orders.get(response.key.cid)
        if order is None:
            return
        if isinstance(response.state, Cancelled | OrderAlreadyCancelled | OrderAlreadyFullyFilled):
            del self._orders[response.key.cid]
        elif isinstance(order.state, CancelInFlight):
            if order.state.order is None:
                # The open was still in flight: its own answer is yet to come and will tell.
                del self._orders[response.key.cid]
            else:
                self._orders[response.key.cid] = order.with_state(order.state.order)
        # A refused cancel that was never recorded as in flight says nothing about the order.

    def __len__(self) -> int:
        return len(self._orders)

    def __iter__(self) -> Iterator[Order]:
        return iter(self._orders.values())

    def __contains__(self, cid: object) -> bool:
        return cid in self._orders

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Orders) and self._orders == other._orders

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Orders({self._orders!r})"


def _known_open(order: Order) -> Open | None:
    return open_meta(order.state) if is_active(order.state) else None


def _next_state(current: OrderState, update: OrderState, known: Open | None) -> OrderState | None:
    """The state after an active snapshot of a tracked order; None where the snapshot is ignored.

    Args:
        current: The state so far.
        update: The state in the snapshot.
        known: What was known of the order before this statement of the venue: its fills cannot be undone.
    """
    match current, update:
        case OpenInFlight(), Open() | CancelInFlight():
            return update
        case Open(), Open():
            return update if _supersedes(update, current, known) else None
        case Open(), CancelInFlight(order=order):
            return CancelInFlight(order if order is not None and _supersedes(order, current, known) else current)
        case CancelInFlight(order=order), Open():
            return CancelInFlight(update) if order is None or _supersedes(update, order, known) else None
        case _:
            # A repeated OpenInFlight or CancelInFlight, or an OpenInFlight for an order that is further on already.
            return None


def _supersedes(update: Open, current: Open, known: Open | None) -> bool:
    """Whether an update is as recent as the current state, and loses no fill that was known before."""
    return current.time_exchange <= update.time_exchange and (known is None or known.filled_quantity <= update.filled_quantity)


def _is_opening(current: Order, update: OrderState) -> bool:
    """Whether a snapshot is the answer to a request to open; the venue may have changed the quantity there."""
    return isinstance(current.state, OpenInFlight) and isinstance(update, Open)


def _is_filled(state: OrderState, quantity: Decimal) -> bool:
    """Whether nothing of `quantity` remains to be filled."""
    opened = state if isinstance(state, Open) else state.order if isinstance(state, CancelInFlight) else None
    return opened is not None and opened.filled_quantity >= quantity
