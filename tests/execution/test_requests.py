"""From a request to an order and back, and what an account event holds. Rust origin: barter_execution (lib, order)."""

from __future__ import annotations

import pytest
from tests.support.builders import TIME_MIN, open_state, order, request_cancel, request_open

from barter_python.execution.account import AccountEvent, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import Timeout
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import TimeInForce
from barter_python.execution.order.request import OrderRequestCancel, to_request_cancel
from barter_python.execution.order.state import (
    EXPIRED,
    FULLY_FILLED,
    OPEN_IN_FLIGHT,
    CancelInFlight,
    Cancelled,
    OpenFailed,
    OrderState,
    is_active,
    is_inactive,
)
from barter_python.instrument.exchange import ExchangeId


def test_order_of_a_request_is_in_flight() -> None:
    request = request_open(price="2", quantity="3", time_in_force=TimeInForce.FILL_OR_KILL)
    assert order(OPEN_IN_FLIGHT, price="2", quantity="3", time_in_force=TimeInForce.FILL_OR_KILL) == request.to_order()


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(open_state(TIME_MIN, id="7"), request_cancel(id="7"), id="open-by-the-venues-id"),
        pytest.param(OPEN_IN_FLIGHT, request_cancel(id=None), id="in-flight-by-our-id"),
        pytest.param(CancelInFlight(open_state(TIME_MIN, id="7")), None, id="being-cancelled"),
        pytest.param(CancelInFlight(None), None, id="being-cancelled-unseen"),
        pytest.param(Cancelled(OrderId("7"), TIME_MIN), None, id="cancelled"),
        pytest.param(FULLY_FILLED, None, id="fully-filled"),
    ],
)
def test_request_to_cancel_an_order(state: OrderState, expected: OrderRequestCancel | None) -> None:
    assert expected == to_request_cancel(order(state))


@pytest.mark.parametrize(
    ("state", "inactive"),
    [
        pytest.param(OPEN_IN_FLIGHT, False, id="open-in-flight"),
        pytest.param(open_state(), False, id="open"),
        pytest.param(CancelInFlight(None), False, id="cancel-in-flight"),
        pytest.param(Cancelled(OrderId("7"), TIME_MIN), True, id="cancelled"),
        pytest.param(FULLY_FILLED, True, id="fully-filled"),
        pytest.param(OpenFailed(Timeout()), True, id="open-failed"),
        pytest.param(EXPIRED, True, id="expired"),
    ],
)
def test_order_is_either_active_or_inactive(state: OrderState, inactive: bool) -> None:
    assert (inactive, not inactive) == (is_inactive(state), is_active(state))


def test_keys_of_a_snapshot() -> None:
    balances = [AssetBalance(asset, Balance(), TIME_MIN) for asset in ("btc", "usdt")]
    snapshot = AccountSnapshot(ExchangeId.MOCK, balances, [InstrumentAccountSnapshot("BTCUSDT")])
    assert list(snapshot.assets()) == ["btc", "usdt"]
    assert list(snapshot.instrument_keys()) == ["BTCUSDT"]


def test_account_event_shows_its_snapshot() -> None:
    snapshot = AccountSnapshot(ExchangeId.MOCK, [], [])
    assert snapshot is AccountEvent(ExchangeId.MOCK, snapshot).snapshot()
    assert AccountEvent(ExchangeId.MOCK, AssetBalance("btc", Balance(), TIME_MIN)).snapshot() is None
