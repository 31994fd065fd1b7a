"""What holds for every series of requests, snapshots and answers: an order moves along the edges of its lifecycle, and no others.

Rust origin: the transitions of barter::engine::state::order, with divergence 5 (fills never decrease, nothing filled stays open).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import TIME_MIN, D, open_state, order, order_key, plus_seconds, request_cancel, request_open
from tests.support.properties import PROPERTY

from barter_python.engine.state.order.manager import Orders
from barter_python.execution.error import Timeout
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import (
    EXPIRED,
    FULLY_FILLED,
    OPEN_IN_FLIGHT,
    CancelInFlight,
    Cancelled,
    InactiveOrderState,
    Open,
    OpenFailed,
    OpenInFlight,
    is_active,
    open_meta,
)

QUANTITY = "1"
FILLS = ["0", "0.25", "0.5", "0.75", QUANTITY]
Operation: TypeAlias = tuple[str, str, Callable[[Orders], None]]
"""Kind, name of the order, and how it is done."""
Edge: TypeAlias = tuple[type | None, type | None]
"""State before and after; None is an order that is not tracked."""

UNSEEN, IN_FLIGHT, OPENED, CANCELLING = None, OpenInFlight, Open, CancelInFlight

LEGAL: dict[str, set[Edge]] = {
    "request open": {(before, IN_FLIGHT) for before in (UNSEEN, IN_FLIGHT, OPENED, CANCELLING)},
    "request cancel": {(UNSEEN, UNSEEN), *((before, CANCELLING) for before in (IN_FLIGHT, OPENED, CANCELLING))},
    "snapshot open in flight": {
        (UNSEEN, IN_FLIGHT),
        (IN_FLIGHT, IN_FLIGHT),
        (OPENED, OPENED),
        (CANCELLING, CANCELLING),
    },
    "snapshot open": {
        (UNSEEN, OPENED),
        (IN_FLIGHT, OPENED),
        (OPENED, OPENED),
        (CANCELLING, CANCELLING),
        *((before, UNSEEN) for before in (UNSEEN, IN_FLIGHT, OPENED, CANCELLING)),
    },
    "snapshot cancel in flight": {
        *((before, CANCELLING) for before in (UNSEEN, IN_FLIGHT, OPENED, CANCELLING)),
        *((before, UNSEEN) for before in (UNSEEN, IN_FLIGHT, OPENED)),
    },
    "snapshot finished": {(before, UNSEEN) for before in (UNSEEN, IN_FLIGHT, OPENED, CANCELLING)},
    "cancelled": {(before, UNSEEN) for before in (UNSEEN, IN_FLIGHT, OPENED, CANCELLING)},
    "cancel failed": {
        (UNSEEN, UNSEEN),
        (IN_FLIGHT, IN_FLIGHT),
        (OPENED, OPENED),
        (CANCELLING, OPENED),
        (CANCELLING, UNSEEN),
    },
}

cids = st.sampled_from(["a", "b"])
opens = st.builds(open_state, st.integers(0, 4).map(plus_seconds), st.sampled_from(FILLS), st.just("venue"))
finals = st.sampled_from([Cancelled(OrderId("venue"), TIME_MIN), FULLY_FILLED, OpenFailed(Timeout()), EXPIRED])


def snapshot(kind: str, cid: str, state: object) -> Operation:
    return kind, cid, lambda orders: orders.update_from_order_snapshot(order(state, cid, quantity=QUANTITY))


def operation(kind: str, cid: str, opened: Open | None, final: InactiveOrderState) -> Operation:
    """Something that can happen to an order; `opened` and `final` matter to some kinds only."""
    cancelled = OrderResponseCancel(order_key(cid), Cancelled(OrderId("venue"), TIME_MIN))
    return {
        "request open": (kind, cid, lambda orders: orders.record_in_flight_open(request_open(cid))),
        "request cancel": (kind, cid, lambda orders: orders.record_in_flight_cancel(request_cancel(cid))),
        "snapshot open in flight": snapshot(kind, cid, OPEN_IN_FLIGHT),
        "snapshot open": snapshot(kind, cid, opened or open_state()),
        "snapshot cancel in flight": snapshot(kind, cid, CancelInFlight(opened)),
        "snapshot finished": snapshot(kind, cid, final),
        "cancelled": (kind, cid, lambda orders: orders.update_from_cancel_response(cancelled)),
        "cancel failed": (
            kind,
            cid,
            lambda orders: orders.update_from_cancel_response(OrderResponseCancel(order_key(cid), Timeout())),
        ),
    }[kind]


def every_operation() -> list[Operation]:
    """Everything that can happen to order `a`."""
    return [
        operation(kind, "a", opened, FULLY_FILLED)
        for kind in LEGAL
        for opened in [None, *(open_state(plus_seconds(second), filled) for second in range(3) for filled in FILLS)]
    ]


operations = st.builds(operation, st.sampled_from(sorted(LEGAL)), cids, st.none() | opens, finals)
series = st.lists(operations, max_size=40)


def walk(operations: list[Operation]) -> list[tuple[str, Order | None, Order | None, Order | None, Order | None]]:
    """Kind, the order before and after, and the other order before and after."""
    orders, steps = Orders(), []
    for kind, cid, apply in operations:
        other = "b" if cid == "a" else "a"
        before, other_before = orders.get(cid), orders.get(other)
        apply(orders)
        steps.append((kind, before, orders.get(cid), other_before, orders.get(other)))
    return steps


def state_type(item: Order | None) -> type | None:
    return None if item is None else type(item.state)


def known(item: Order | None) -> Open | None:
    """The order at the venue, as far as it is known."""
    return None if item is None or not is_active(item.state) else open_meta(item.state)


@PROPERTY
@given(series)
def test_orders_only_move_along_legal_edges(operations: list[Operation]) -> None:
    for kind, before, after, _, _ in walk(operations):
        assert (state_type(before), state_type(after)) in LEGAL[kind]


def test_reachable_states_lead_along_every_legal_edge_and_no_other() -> None:
    """All states that an order can get into, times all that can happen to it."""
    seen: set[tuple[str, Edge]] = set()
    reached: dict[str, Order | None] = {repr(None): None}
    queue: list[Order | None] = [None]
    while queue:
        before = queue.pop()
        for kind, _, apply in every_operation():
            orders = Orders({} if before is None else {before.key.cid: before})
            apply(orders)
            after = orders.get("a")
            seen.add((kind, (state_type(before), state_type(after))))
            if repr(after) not in reached:
                reached[repr(after)] = after
                queue.append(after)
    assert {(kind, edge) for kind, edges in LEGAL.items() for edge in edges} == seen


@PROPERTY
@given(series)
def test_divergence_5_filled_quantity_never_decreases(operations: list[Operation]) -> None:
    for kind, before, after, _, _ in walk(operations):
        old, new = known(before), known(after)
        if kind != "request open" and old is not None and new is not None:
            assert old.filled_quantity <= new.filled_quantity


@PROPERTY
@given(series)
def test_divergence_5_nothing_filled_is_left_open(operations: list[Operation]) -> None:
    for _, _, after, _, _ in walk(operations):
        opened = known(after)
        assert opened is None or opened.filled_quantity < D(QUANTITY)


@PROPERTY
@given(series)
def test_what_is_known_of_an_order_is_never_forgotten_and_never_older(operations: list[Operation]) -> None:
    for kind, before, after, _, _ in walk(operations):
        old, new = known(before), known(after)
        if kind != "request open" and old is not None and after is not None:
            assert new is not None
            assert old.time_exchange <= new.time_exchange


@PROPERTY
@given(series)
def test_only_active_orders_are_tracked(operations: list[Operation]) -> None:
    for _, _, after, _, _ in walk(operations):
        assert after is None or is_active(after.state)


@PROPERTY
@given(series)
def test_an_operation_does_not_touch_the_other_order(operations: list[Operation]) -> None:
    for _, _, _, other_before, other_after in walk(operations):
        assert other_before == other_after


@PROPERTY
@given(series, operations)
def test_repeated_snapshot_changes_nothing_more(operations: list[Operation], last: Operation) -> None:
    once, twice = Orders(), Orders()
    for _, _, apply in operations:
        apply(once)
        apply(twice)
    last[2](once)
    last[2](twice)
    if last[0].startswith("snapshot open") or last[0] == "snapshot finished":
        last[2](twice)
    assert once == twice
