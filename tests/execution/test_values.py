"""Balances, fills, snapshots and identifiers. Rust origin: barter_execution (lib, balance, trade, order)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.support.builders import TIME_MIN, D, open_state, order, plus_days, trade

from barter_python.errors import ConfigError
from barter_python.execution.account import AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import Timeout
from barter_python.execution.order.id import ClientOrderIdSequence, OrderId, session_tag
from barter_python.execution.order.order import OrderKind, TimeInForce, TriggerKind
from barter_python.execution.order.state import (
    EXPIRED,
    FULLY_FILLED,
    OPEN_IN_FLIGHT,
    CancelInFlight,
    Cancelled,
    OpenFailed,
    OrderState,
    is_active,
    time_exchange,
)
from barter_python.instrument.side import Side
from barter_python.strategy.strategy import DefaultStrategy
from barter_python.timed import EPOCH


def test_used_balance_is_what_is_not_free() -> None:
    assert D("0.3") == Balance(D(1), D("0.7")).used()


@pytest.mark.parametrize("quantity", [pytest.param("2", id="positive"), pytest.param("-2", id="sign-is-ignored")])
def test_value_of_a_fill(quantity: str) -> None:
    assert D(200) == trade(Side.SELL, "100", quantity).value_quote()


@pytest.mark.parametrize(
    ("state", "active", "time"),
    [
        pytest.param(OPEN_IN_FLIGHT, True, None, id="open-in-flight"),
        pytest.param(open_state(plus_days(1)), True, plus_days(1), id="open"),
        pytest.param(CancelInFlight(None), True, None, id="cancel-in-flight-of-unseen"),
        pytest.param(CancelInFlight(open_state(plus_days(2))), True, plus_days(2), id="cancel-in-flight"),
        pytest.param(Cancelled(OrderId("1"), plus_days(3)), False, plus_days(3), id="cancelled"),
        pytest.param(FULLY_FILLED, False, None, id="fully-filled"),
        pytest.param(OpenFailed(Timeout()), False, None, id="open-failed"),
        pytest.param(EXPIRED, False, None, id="expired"),
    ],
)
def test_order_state(state: OrderState, active: bool, time: datetime | None) -> None:
    assert (active, time) == (is_active(state), time_exchange(state))


@pytest.mark.parametrize(
    ("balance_days", "order_days", "expected"),
    [
        pytest.param([], [], None, id="empty"),
        pytest.param([2, 1], [], 2, id="balances"),
        pytest.param([], [1, 3], 3, id="orders"),
        pytest.param([2], [1], 2, id="balance-is-later"),
        pytest.param([2], [4], 4, id="order-is-later"),
    ],
)
def test_most_recent_time_of_a_snapshot(balance_days: list[int], order_days: list[int], expected: int | None) -> None:
    snapshot = AccountSnapshot(
        0,
        [AssetBalance(0, Balance(), plus_days(day)) for day in balance_days],
        [InstrumentAccountSnapshot(0, [order(FULLY_FILLED), *(order(open_state(plus_days(day))) for day in order_days)])],
    )
    assert (None if expected is None else plus_days(expected)) == snapshot.time_most_recent()


@pytest.mark.parametrize("post_only", [True, False])
def test_good_until_cancelled(post_only: bool) -> None:
    assert post_only is TimeInForce.good_until_cancelled(post_only=post_only).post_only


def test_client_order_ids_are_numbered() -> None:
    sequence, other = ClientOrderIdSequence("sma"), ClientOrderIdSequence("sma")
    expected = ["sma-1", "sma-2"]
    assert expected == [sequence.next(), sequence.next()]
    assert other.next() == "sma-1"


def test_ids_of_a_session_carry_its_tag_and_come_again_with_it() -> None:
    sequence, replayed = ClientOrderIdSequence("sma"), ClientOrderIdSequence("sma")
    sequence.next()
    sequence.begin_session("tj2x7c")
    replayed.begin_session("tj2x7c")
    expected = ["sma-tj2x7c-1", "sma-tj2x7c-2"]
    assert expected == [sequence.next(), sequence.next()]
    assert expected == [replayed.next(), replayed.next()]


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        pytest.param(0, "0", id="zero"),
        pytest.param(35, "z", id="one-digit"),
        pytest.param(36, "10", id="two-digits"),
        pytest.param(1_800_000_000_000, "mywpiww0", id="a-time-of-our-days"),
    ],
)
def test_session_tag_is_the_millisecond_to_base_36(milliseconds: int, expected: str) -> None:
    tag = session_tag(EPOCH + timedelta(milliseconds=milliseconds, microseconds=999))
    assert expected == tag
    assert milliseconds == int(tag, 36)


@pytest.mark.parametrize(
    ("strategy", "tag", "complaint"),
    [
        pytest.param("a", "t" * 13, "expected 1 to 12 letters and digits", id="tag-too-long"),
        pytest.param("my strategy", "tj2x7c", "strategy id is 'my strategy', expected letters", id="strategy-with-a-blank"),
        pytest.param("sma", "", "session tag is '', expected 1 to 12 letters", id="no-tag"),
        pytest.param("sma", "a-b", "session tag is 'a-b', expected 1 to 12 letters", id="tag-with-a-hyphen"),
    ],
)
def test_ids_that_venues_would_not_take_are_refused(strategy: str, tag: str, complaint: str) -> None:
    sequence = ClientOrderIdSequence(strategy)
    with pytest.raises(ConfigError, match=complaint):
        sequence.begin_session(tag)
    assert f"{strategy}-1" == sequence.next()


def test_a_long_strategy_id_is_cut_so_that_there_is_room_for_ten_million_orders() -> None:
    sequence = ClientOrderIdSequence("a" * 40)
    sequence.begin_session("mv2r3k0p")
    first = sequence.next()
    assert f"{'a' * 19}-mv2r3k0p-1" == first
    assert 36 == len(first) + len("9999999") - len("1")


def test_a_strategy_orders_under_the_tag_of_its_session() -> None:
    strategy = DefaultStrategy("sma")
    strategy.begin_session("tj2x7c")
    assert "sma-tj2x7c-1" == strategy.cids.next()


def test_order_with_another_state_is_another_order() -> None:
    before = order(OPEN_IN_FLIGHT)
    after = before.with_state(open_state(TIME_MIN))
    assert (order(OPEN_IN_FLIGHT), order(open_state(TIME_MIN))) == (before, after)


@pytest.mark.parametrize("kind", [*OrderKind, *TimeInForce, *TriggerKind])
def test_kinds_of_orders_are_shown_as_on_the_wire(kind: OrderKind | TimeInForce | TriggerKind) -> None:
    assert kind.value == str(kind)
