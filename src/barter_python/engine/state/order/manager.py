"""The orders of an instrument that may still be filled. Rust origin: barter::engine::state::order.

`lifecycle.TRANSITIONS` says which phase follows; here the order is put into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from barter_python.engine.state.order.lifecycle import (
    OrderInput,
    OrderPhase,
    cancel_input,
    is_filled,
    known_open,
    next_phase,
    phase,
    snapshot_input,
    supersedes,
)
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import CancelInFlight, Open

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
        if order is not None and next_phase(phase(order), OrderInput.REQUEST_CANCEL) is not None:
            self._orders[request.key.cid] = order.with_state(CancelInFlight(known_open(order)))

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
                known[cid] = known_open(current)
            self._update_from_snapshot(snapshot, current, known[cid])
        for cid in known:
            order = self._orders.get(cid)
            if order is not None and is_filled(order.state, order.quantity):
                self._enter(order, next_phase(phase(order), OrderInput.SNAPSHOT_FILLED), None)

    def _update_from_snapshot(self, snapshot: Order, current: Order | None, known: Open | None) -> None:
        following = next_phase(phase(current), snapshot_input(current, snapshot, known))
        if current is None:
            if following is not None:
                self._orders[snapshot.key.cid] = snapshot
            return
        update, opened = known_open(snapshot), known_open(current)
        if update is None or (opened is not None and not supersedes(update, opened, known)):
            update = opened
        self._enter(current, following, update)

    def update_from_cancel_response(self, response: OrderResponseCancel) -> None:
        """Take in the answer to a request to cancel. One for an order that is not tracked changes nothing."""
        order = self._orders.get(response.key.cid)
        if order is not None:
            self._enter(order, next_phase(phase(order), cancel_input(response)), known_open(order))

    def _enter(self, order: Order, following: OrderPhase | None, opened: Open | None) -> None:
        """Put a tracked order into its next phase, None to leave it as it is.

        Args:
            order: The order so far.
            following: Its next phase.
            opened: What is known of the order at the venue now.
        """
        if following is OrderPhase.UNTRACKED:
            del self._orders[order.key.cid]
        elif following is OrderPhase.OPEN and opened is not None:
            self._orders[order.key.cid] = order.with_state(opened)
        elif following is not None:
            self._orders[order.key.cid] = order.with_state(CancelInFlight(opened))

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
