"""The lifecycle of orders. Rust origin: barter::engine::state::order (tests)."""

from __future__ import annotations

import pytest
from tests.support.builders import TIME_MIN, D, open_state, order, order_key, plus_seconds, request_cancel, request_open

from barter_python.engine.state.order.manager import Orders
from barter_python.execution.error import OrderAlreadyCancelled, OrderAlreadyFullyFilled, OrderError, OrderRejected, Timeout
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import (
    EXPIRED,
    FULLY_FILLED,
    OPEN_IN_FLIGHT,
    ActiveOrderState,
    CancelInFlight,
    Cancelled,
    InactiveOrderState,
    Open,
    OpenFailed,
    OrderState,
)
from barter_python.instrument.side import Side


def tracking(*orders: Order) -> Orders:
    return Orders({item.key.cid: item for item in orders})


def opened(second: int, filled: str = "0") -> Open:
    """An order of one unit, resting as of that second."""
    return open_state(plus_seconds(second), filled)


def cancelling(second: int | None = None, filled: str = "0") -> CancelInFlight:
    return CancelInFlight(None if second is None else opened(second, filled))


@pytest.mark.parametrize(
    ("snapshot", "expected"),
    [
        pytest.param(order(EXPIRED), tracking(), id="finished-is-ignored"),
        pytest.param(order(opened(0)), tracking(order(opened(0))), id="open-is-tracked"),
        pytest.param(order(opened(0, "0.4")), tracking(order(opened(0, "0.4"))), id="partly-filled-is-tracked"),
        pytest.param(order(opened(0, "1")), tracking(), id="open-but-filled-is-ignored"),
        pytest.param(order(OPEN_IN_FLIGHT), tracking(order(OPEN_IN_FLIGHT)), id="open-in-flight-is-tracked"),
        pytest.param(order(cancelling()), tracking(order(cancelling())), id="cancel-in-flight-is-tracked"),
        pytest.param(order(cancelling(0, "1")), tracking(), id="divergence-5-cancel-in-flight-but-filled-is-ignored"),
    ],
)
def test_snapshot_of_an_untracked_order(snapshot: Order, expected: Orders) -> None:
    orders = Orders()
    orders.update_from_order_snapshot(snapshot)
    assert expected == orders


@pytest.mark.parametrize(
    "final",
    [
        pytest.param(Cancelled(OrderId(""), TIME_MIN), id="cancelled"),
        pytest.param(FULLY_FILLED, id="fully-filled"),
        pytest.param(OpenFailed(Timeout()), id="open-failed"),
        pytest.param(EXPIRED, id="expired"),
    ],
)
@pytest.mark.parametrize(
    "current",
    [
        pytest.param(OPEN_IN_FLIGHT, id="open-in-flight"),
        pytest.param(opened(0), id="open"),
        pytest.param(cancelling(), id="cancel-in-flight"),
    ],
)
def test_finished_order_is_no_longer_tracked(current: ActiveOrderState, final: InactiveOrderState) -> None:
    orders = tracking(order(current))
    orders.update_from_order_snapshot(
        order(final, price="0", quantity="0", kind=OrderKind.MARKET, time_in_force=TimeInForce.GOOD_UNTIL_END_OF_DAY)
    )
    assert tracking() == orders


def test_finished_order_leaves_the_others_alone() -> None:
    orders = tracking(order(opened(0), "a"), order(opened(0), "b"))
    orders.update_from_order_snapshot(order(FULLY_FILLED, "a"))
    assert tracking(order(opened(0), "b")) == orders


@pytest.mark.parametrize(
    ("current", "update", "expected"),
    [
        pytest.param(OPEN_IN_FLIGHT, OPEN_IN_FLIGHT, OPEN_IN_FLIGHT, id="open-in-flight-repeated"),
        pytest.param(OPEN_IN_FLIGHT, opened(0, "1"), None, id="open-in-flight-to-filled"),
        pytest.param(OPEN_IN_FLIGHT, opened(0), opened(0), id="open-in-flight-to-open"),
        pytest.param(OPEN_IN_FLIGHT, cancelling(), cancelling(), id="open-in-flight-to-cancel-in-flight"),
        pytest.param(opened(0), OPEN_IN_FLIGHT, opened(0), id="open-ignores-open-in-flight"),
        pytest.param(opened(0), opened(1), opened(1), id="open-takes-newer-open"),
        pytest.param(opened(1), opened(0), opened(1), id="open-ignores-older-open"),
        pytest.param(opened(1), cancelling(2), cancelling(2), id="open-to-cancel-in-flight-with-newer-open"),
        pytest.param(opened(2), cancelling(1), cancelling(2), id="open-to-cancel-in-flight-with-older-open"),
        pytest.param(opened(1), cancelling(), cancelling(1), id="open-to-cancel-in-flight-without-open"),
        pytest.param(cancelling(), OPEN_IN_FLIGHT, cancelling(), id="cancel-in-flight-ignores-open-in-flight"),
        pytest.param(cancelling(), opened(0), cancelling(0), id="cancel-in-flight-takes-first-open"),
        pytest.param(cancelling(2), opened(1), cancelling(2), id="cancel-in-flight-ignores-older-open"),
        pytest.param(cancelling(1), opened(2), cancelling(2), id="cancel-in-flight-takes-newer-open"),
        pytest.param(cancelling(), cancelling(), cancelling(), id="cancel-in-flight-repeated"),
        # Beyond Rust's table.
        pytest.param(opened(1, "0.3"), opened(1, "0.6"), opened(1, "0.6"), id="open-takes-larger-fill-of-equal-time"),
        pytest.param(cancelling(1), cancelling(2), cancelling(1), id="cancel-in-flight-repeated-with-newer-open"),
        pytest.param(opened(1, "0.6"), opened(1, "0.2"), opened(1, "0.6"), id="divergence-5-fill-never-decreases-at-equal-time"),
        pytest.param(opened(1, "0.6"), opened(2, "0.2"), opened(1, "0.6"), id="divergence-5-fill-never-decreases-later"),
        pytest.param(
            opened(1, "0.6"), cancelling(2, "0.2"), cancelling(1, "0.6"), id="divergence-5-fill-never-decreases-on-cancel"
        ),
        pytest.param(
            cancelling(1, "0.6"), opened(2, "0.2"), cancelling(1, "0.6"), id="divergence-5-fill-never-decreases-in-cancel"
        ),
        pytest.param(opened(1, "0.6"), opened(2, "1"), None, id="divergence-5-open-to-filled"),
        pytest.param(opened(1, "0.6"), cancelling(2, "1"), None, id="divergence-5-open-to-cancel-of-filled"),
        pytest.param(cancelling(1), opened(2, "1"), None, id="divergence-5-cancel-in-flight-to-filled"),
        pytest.param(cancelling(), opened(2, "1"), None, id="divergence-5-cancel-in-flight-first-seen-filled"),
        pytest.param(OPEN_IN_FLIGHT, cancelling(2, "1"), None, id="divergence-5-open-in-flight-to-cancel-of-filled"),
        pytest.param(opened(1), opened(2, "1.5"), None, id="divergence-5-filled-beyond-quantity"),
    ],
)
def test_active_snapshot_of_a_tracked_order(
    current: ActiveOrderState, update: ActiveOrderState, expected: OrderState | None
) -> None:
    orders = tracking(order(current))
    orders.update_from_order_snapshot(order(update))
    assert (tracking() if expected is None else tracking(order(expected))) == orders


@pytest.mark.parametrize(
    ("current", "updates", "expected"),
    [
        pytest.param(None, [opened(1, "0.6"), opened(1, "0.2")], opened(1, "0.2"), id="untracked"),
        pytest.param(opened(1, "0.1"), [opened(1, "0.6"), opened(1, "0.2")], opened(1, "0.2"), id="tracked"),
        pytest.param(
            opened(1, "0.3"), [opened(1, "0.6"), opened(1, "0.2")], opened(1, "0.6"), id="divergence-5-below-what-was-known"
        ),
        pytest.param(opened(1), [opened(2, "0.6"), opened(1, "0.7")], opened(2, "0.6"), id="second-is-older"),
        pytest.param(opened(1), [opened(2, "1"), opened(2, "0.5")], opened(2, "0.5"), id="filled-and-taken-back"),
        pytest.param(opened(1), [opened(2, "0.5"), opened(2, "1")], None, id="divergence-5-filled-at-last"),
        pytest.param(opened(1), [FULLY_FILLED, opened(2, "0.5")], opened(2, "0.5"), id="finished-and-open-again"),
        pytest.param(opened(1), [opened(2, "0.5"), FULLY_FILLED], None, id="finished-at-last"),
        pytest.param(None, [], None, id="nothing-said"),
    ],
)
def test_last_word_of_one_statement_counts(
    current: ActiveOrderState | None, updates: list[OrderState], expected: OrderState | None
) -> None:
    """An account snapshot that names an order twice is held against what was known before it."""
    orders = tracking() if current is None else tracking(order(current))
    orders.update_from_order_snapshots([order(update) for update in updates])
    assert (tracking() if expected is None else tracking(order(expected))) == orders


def test_one_statement_about_several_orders() -> None:
    orders = tracking(order(opened(1, "0.3"), "a"), order(OPEN_IN_FLIGHT, "b"))
    orders.update_from_order_snapshots([order(opened(2, "1"), "a"), order(opened(2, "0.1"), "b"), order(opened(2), "c")])
    assert tracking(order(opened(2, "0.1"), "b"), order(opened(2), "c")) == orders


def test_snapshot_changes_the_state_and_nothing_else() -> None:
    orders = tracking(order(OPEN_IN_FLIGHT, side=Side.SELL, price="5", quantity="2"))
    orders.update_from_order_snapshot(order(opened(1), price="7", quantity="2", kind=OrderKind.MARKET))
    assert tracking(order(opened(1), side=Side.SELL, price="5", quantity="2")) == orders


def test_order_that_the_venue_opened_smaller_and_filled_is_no_longer_tracked() -> None:
    orders = tracking(order(OPEN_IN_FLIGHT, quantity="2"))
    orders.update_from_order_snapshot(order(opened(1, "1"), quantity="1"))
    assert tracking() == orders


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        pytest.param(tracking(), tracking(), id="untracked"),
        pytest.param(tracking(order(OPEN_IN_FLIGHT)), tracking(), id="open-in-flight"),
        pytest.param(tracking(order(opened(0))), tracking(), id="open"),
        pytest.param(tracking(order(cancelling())), tracking(), id="cancel-in-flight"),
    ],
)
def test_cancel_succeeded(current: Orders, expected: Orders) -> None:
    current.update_from_cancel_response(OrderResponseCancel(order_key(), Cancelled(OrderId(""), TIME_MIN)))
    assert expected == current


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        pytest.param(tracking(order(OPEN_IN_FLIGHT)), tracking(order(OPEN_IN_FLIGHT)), id="open-in-flight-stays"),
        pytest.param(tracking(order(opened(0))), tracking(order(opened(0))), id="open-stays"),
        pytest.param(tracking(order(cancelling(0))), tracking(order(opened(0))), id="cancel-in-flight-of-open-is-open-again"),
        pytest.param(tracking(order(cancelling())), tracking(), id="cancel-in-flight-of-unseen-is-dropped"),
        pytest.param(tracking(), tracking(), id="untracked"),
        pytest.param(tracking(order(cancelling(0), "b")), tracking(order(cancelling(0), "b")), id="other-order"),
    ],
)
@pytest.mark.parametrize("error", [pytest.param(Timeout(), id="timeout"), pytest.param(OrderRejected("no"), id="rejected")])
def test_cancel_failed(current: Orders, expected: Orders, error: OrderError) -> None:
    orders = Orders({item.key.cid: item for item in current})
    orders.update_from_cancel_response(OrderResponseCancel(order_key(), error))
    assert expected == orders


@pytest.mark.parametrize(
    "current",
    [
        pytest.param(order(OPEN_IN_FLIGHT), id="open-in-flight"),
        pytest.param(order(opened(0)), id="open"),
        pytest.param(order(cancelling(0)), id="cancel-in-flight"),
        pytest.param(order(cancelling()), id="cancel-in-flight-of-unseen"),
    ],
)
@pytest.mark.parametrize("error", [OrderAlreadyFullyFilled(), OrderAlreadyCancelled()], ids=["filled", "cancelled"])
def test_divergence_20_order_of_which_a_cancel_says_that_it_has_ended_is_gone(current: Order, error: OrderError) -> None:
    orders = tracking(current, order(opened(0), "other"))
    orders.update_from_cancel_response(OrderResponseCancel(order_key(), error))
    assert tracking(order(opened(0), "other")) == orders


@pytest.mark.parametrize(
    ("current", "requests", "expected"),
    [
        pytest.param([], [request_cancel()], [], id="untracked"),
        pytest.param([order(cancelling())], [request_cancel()], [order(cancelling())], id="repeated"),
        pytest.param(
            [order(cancelling())],
            [request_cancel(), request_cancel("other")],
            [order(cancelling())],
            id="tracked-and-untracked",
        ),
        pytest.param([order(OPEN_IN_FLIGHT)], [request_cancel()], [order(cancelling())], id="open-in-flight"),
        pytest.param([order(opened(1, "0.4"))], [request_cancel()], [order(cancelling(1, "0.4"))], id="open-is-remembered"),
        pytest.param([order(cancelling(1, "0.4"))], [request_cancel()], [order(cancelling(1, "0.4"))], id="still-remembered"),
    ],
)
def test_record_in_flight_cancel(current: list[Order], requests: list[OrderRequestCancel], expected: list[Order]) -> None:
    orders = tracking(*current)
    for request in requests:
        orders.record_in_flight_cancel(request)
    assert tracking(*expected) == orders


def in_flight(cid: str) -> Order:
    """What a request to open leads to."""
    return order(OPEN_IN_FLIGHT, cid, time_in_force=TimeInForce.GOOD_UNTIL_END_OF_DAY)


@pytest.mark.parametrize(
    ("current", "requests", "expected"),
    [
        pytest.param([], [request_open("a")], [in_flight("a")], id="new"),
        pytest.param([in_flight("a")], [request_open("a")], [in_flight("a")], id="repeated"),
        pytest.param([in_flight("a")], [request_open("a"), request_open("b")], [in_flight("a"), in_flight("b")], id="two"),
        pytest.param([order(opened(1, "0.5"), "a")], [request_open("a")], [in_flight("a")], id="same-name-replaces"),
    ],
)
def test_record_in_flight_open(current: list[Order], requests: list[OrderRequestOpen], expected: list[Order]) -> None:
    orders = tracking(*current)
    for request in requests:
        orders.record_in_flight_open(request)
    assert tracking(*expected) == orders


def test_orders_are_listed_in_the_order_in_which_they_were_first_seen() -> None:
    orders = Orders()
    for cid in ("b", "a", "c"):
        orders.record_in_flight_open(request_open(cid))
    orders.update_from_order_snapshot(order(opened(1), "a"))
    assert [item.key.cid for item in orders.orders()] == ["b", "a", "c"]


def test_get_finds_an_order_by_its_name() -> None:
    orders = tracking(order(opened(0), "a"))
    assert order(opened(0), "a") == orders.get("a")
    assert orders.get("b") is None


def test_quantity_remaining_is_what_was_not_filled() -> None:
    assert D("0.6") == opened(0, "0.4").quantity_remaining(D(1))
