"""The memory of orders: what was heard, and what the engine is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from tests.execution.fake_client import VENUE, named
from tests.support.builders import request_open
from tests.support.virtual_time import START

from barter_python.execution.account import AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.error import OrderRejected, Timeout
from barter_python.execution.link.order_tracker import OrderTracker
from barter_python.execution.link.tracked_order import TrackedPhase
from barter_python.execution.order.id import STRATEGY_UNKNOWN, ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import (
    EXPIRED,
    FULLY_FILLED,
    OPEN_IN_FLIGHT,
    Cancelled,
    Open,
    OpenFailed,
    OrderState,
)
from barter_python.execution.trade import AssetFees, Trade, TradeId
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.side import Side

STRATEGY = StrategyId("sma")
KEY = named("a").instrument


def request(cid: str = "a", quantity: str = "2") -> OrderRequestOpen:
    wanted = request_open(cid, quantity=quantity, price="101")
    return OrderRequestOpen(replace(named(cid), strategy=STRATEGY), wanted.state)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def report(
    state: OrderState | str,
    filled: str | None = None,
    *,
    cid: str = "a",
    number: str = "7",
    quantity: str = "2",
    seconds: float = 1,
) -> OrderReport:
    """An order as the venue tells of it; a text is how much of an open one is filled. It has no price there."""
    so_far = Decimal(filled or (state if isinstance(state, str) else "0"))
    state = Open(OrderId(number), at(seconds), so_far) if isinstance(state, str) else state
    terms = (Side.BUY, Decimal(0), Decimal(quantity), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_END_OF_DAY, state)
    return OrderReport(named(cid), *terms, id=OrderId(number), filled=so_far, time_exchange=at(seconds))


def fill(number: str, quantity: str, order: str = "7", seconds: float = 1) -> Trade:
    ids = (TradeId(number), OrderId(order), KEY, STRATEGY_UNKNOWN)
    return Trade(*ids, at(seconds), Side.BUY, Decimal(100), Decimal(quantity), AssetFees())


def tracker(*heard: AccountEventKind, is_sent: bool = True) -> OrderTracker:
    orders = OrderTracker()
    if is_sent:
        orders.sent(request(), START)
    for kind in heard:
        orders.take(kind)
    return orders


def said(told: list[AccountEventKind]) -> list[str]:
    """In short: `fill 7`, or the state of an order, and how much of it is filled while it is open."""
    found = []
    for kind in told:
        if isinstance(kind, Trade):
            found.append(f"fill {kind.id}")
        elif isinstance(kind, Order):
            state = kind.state
            found.append(f"open {state.filled_quantity}" if isinstance(state, Open) else type(state).__name__)
        else:
            found.append(type(kind).__name__)
    return found


GONE = Cancelled(OrderId("7"), at(1))
REFUSED = OpenFailed(OrderRejected("no"))
ACKNOWLEDGED = report(OPEN_IN_FLIGHT)


@pytest.mark.parametrize(
    ("before", "heard", "expected", "phase"),
    [
        pytest.param([], ACKNOWLEDGED, [], TrackedPhase.ACKNOWLEDGED, id="sent: acknowledged"),
        pytest.param([], report("0"), ["open 0"], TrackedPhase.OPEN, id="sent: open"),
        pytest.param([], report(EXPIRED), ["Expired"], TrackedPhase.ENDED, id="sent: ended"),
        pytest.param([], report(REFUSED), ["OpenFailed"], TrackedPhase.FAILED, id="sent: failed"),
        pytest.param([ACKNOWLEDGED], report("0"), ["open 0"], TrackedPhase.OPEN, id="acknowledged: open"),
        pytest.param([ACKNOWLEDGED], report(REFUSED), ["OpenFailed"], TrackedPhase.FAILED, id="acknowledged: failed"),
        pytest.param([report("0")], report("0"), [], TrackedPhase.OPEN, id="open: repeated"),
        pytest.param([report("0")], report("0", seconds=2), ["open 0"], TrackedPhase.OPEN, id="open: a later stamp"),
        pytest.param([report("0")], report("0", quantity="1"), ["open 0"], TrackedPhase.OPEN, id="open: amended"),
        pytest.param([report("0")], ACKNOWLEDGED, [], TrackedPhase.OPEN, id="open: a late acknowledgement"),
        pytest.param([fill("1", "1"), report("1")], report("0", seconds=2), [], TrackedPhase.OPEN, id="open: older"),
        pytest.param([report("0")], fill("1", "1"), ["fill 1"], TrackedPhase.OPEN, id="open: a fill"),
        pytest.param([report("0"), fill("1", "1")], fill("1", "1"), [], TrackedPhase.OPEN, id="open: the fill again"),
        pytest.param([report("0")], report(GONE), ["Cancelled"], TrackedPhase.ENDED, id="open: ended"),
        pytest.param([report(REFUSED)], report(REFUSED), [], TrackedPhase.FAILED, id="failed: again"),
        pytest.param([report(REFUSED)], report("0"), ["open 0"], TrackedPhase.OPEN, id="failed: it comes to light"),
        pytest.param([report(GONE)], report("0", seconds=9), [], TrackedPhase.ENDED, id="ended: open"),
        pytest.param([report(GONE)], report(EXPIRED), [], TrackedPhase.ENDED, id="ended: again"),
        pytest.param([report(GONE)], fill("1", "1"), ["fill 1"], TrackedPhase.ENDED, id="ended: a fill counts whenever it comes"),
    ],
)
def test_states(before: list[AccountEventKind], heard: AccountEventKind, expected: list[str], phase: TrackedPhase) -> None:
    orders = tracker(*before)

    assert expected == said(orders.take(heard))
    order = orders.find(named("a"))
    assert order is not None
    assert phase is order.phase


class TestMissingFills:
    @pytest.mark.parametrize("last", [report("1.5"), report(FULLY_FILLED, "2"), report(GONE, "1.5"), report(EXPIRED, "1.5")])
    def test_a_report_that_is_ahead_of_its_fills_is_told_after_them(self, last: OrderReport) -> None:
        orders = tracker(report("0"), fill("1", "0.5"), report("0.5"))

        assert [] == orders.take(last)
        (due,) = orders.newly_due()
        assert ("a", True) == (due.cid, due.is_due)
        rest = str(last.filled - Decimal("0.5"))
        assert ["fill 2", *said([last])] == said(orders.take_fills(due, [fill("1", "0.5"), fill("2", rest)]))
        assert not due.is_due

    def test_a_lost_partial_fill_is_asked_for_before_the_third_is_accepted(self) -> None:
        orders = tracker(report("0"), fill("1", "0.25"), report("0.25"))

        assert ["fill 3"] == said(orders.take(fill("3", "0.5")))
        assert [] == orders.take(report("1"))
        (due,) = orders.newly_due()
        history = [fill("1", "0.25"), fill("2", "0.25"), fill("3", "0.5")]
        assert ["fill 2", "open 1"] == said(orders.take_fills(due, history))

    def test_an_answer_has_time(self) -> None:
        orders = tracker()

        assert [] == orders.take(report(FULLY_FILLED, "2"), is_answer=True)
        assert [] == orders.newly_due()
        assert ["open 0"] == said(orders.take(report("0")))
        assert ["fill 1", "FullyFilled"] == said(orders.take(fill("1", "2")))

    def test_an_order_that_waits_ends_as_the_last_word_says(self) -> None:
        orders = tracker(report("0"), report("1"))

        assert [] == orders.take(report(GONE, "1"))
        assert ["fill 1", "Cancelled"] == said(orders.take(fill("1", "1")))

    def test_the_answer_to_a_cancel_waits_for_missing_fills(self) -> None:
        orders = tracker(report("0"), report("1"))

        assert [] == orders.take(OrderResponseCancel(named("a"), GONE))
        assert ["fill 1", "Cancelled"] == said(orders.take(fill("1", "1")))

    def test_it_is_asked_for_once(self) -> None:
        orders = tracker(report("0"), report("1"), report("1.5"))

        assert 1 == len(orders.newly_due())
        assert [] == orders.newly_due()


class TestOwners:
    def test_fills_and_orders_have_what_the_venue_does_not_know(self) -> None:
        trade, order = tracker(ACKNOWLEDGED).take(fill("1", "1")) + tracker().take(report("0"))

        assert isinstance(trade, Trade)
        assert isinstance(order, Order)
        assert (STRATEGY, STRATEGY, Decimal(101)) == (trade.strategy, order.key.strategy, order.price)

    def test_an_order_keeps_its_first_name(self) -> None:
        (amended,) = tracker(report("0")).take(report("0", cid="amend", quantity="1"))

        assert isinstance(amended, Order)
        assert (ClientOrderId("a"), Decimal(1)) == (amended.key.cid, amended.quantity)

    def test_a_fill_that_may_be_that_of_an_order_under_way_waits_for_its_id(self) -> None:
        orders = tracker()

        assert [] == orders.take(fill("1", "1"))
        (trade,) = orders.take(ACKNOWLEDGED)
        assert isinstance(trade, Trade)
        assert STRATEGY == trade.strategy

    def test_a_fill_of_somebody_else_waits_no_longer(self) -> None:
        orders = tracker()

        assert [] == orders.take(fill("1", "1", order="8"))
        assert ["fill 1", "open 0"] == said(orders.take(report("0")))
        (trade,) = tracker(is_sent=False).take(fill("1", "1", order="8"))
        assert isinstance(trade, Trade)
        assert STRATEGY_UNKNOWN == trade.strategy

    def test_who_cancels_an_order_without_an_owner_owns_it(self) -> None:
        orders = tracker(report("0"), is_sent=False)
        orders.owned(replace(named("a"), strategy=STRATEGY))
        (order,) = orders.take(report(GONE))

        assert isinstance(order, Order)
        assert STRATEGY == order.key.strategy

    def test_a_name_that_is_used_again_is_another_order(self) -> None:
        orders = tracker(report(GONE))
        orders.sent(request(), at(9))

        assert [] == orders.take(report("0", seconds=9)), "that is the old one"
        assert ["open 0"] == said(orders.take(report("0", number="8", seconds=9)))


class TestBeforeTheSession:
    def begun(self) -> OrderTracker:
        orders = OrderTracker()
        balance = AssetBalance(AssetNameExchange("usdt"), Balance(), at(5))
        orders.take(AccountSnapshot(VENUE, [balance], [InstrumentAccountSnapshot(KEY, [report("0.5")])]))
        return orders

    def test_what_was_filled_before_is_not_told(self) -> None:
        orders = self.begun()

        assert [] == orders.take(report(FULLY_FILLED, "2"))
        (due,) = orders.newly_due()
        history = [fill("1", "0.2"), fill("2", "0.3"), fill("3", "1.5")]
        assert ["fill 3", "FullyFilled"] == said(orders.take_fills(due, history))

    @pytest.mark.parametrize(
        ("trade", "expected"),
        [
            pytest.param(fill("1", "0.5", seconds=4), [], id="of an order of before"),
            pytest.param(fill("1", "0.5", order="8", seconds=4), [], id="of an unknown order"),
            pytest.param(fill("1", "0.5", order="8", seconds=6), ["fill 1"], id="later"),
        ],
    )
    def test_recent_fills_may_be_from_before(self, trade: Trade, expected: list[str]) -> None:
        assert expected == said(self.begun().take_recent([trade]))

    def test_an_order_of_somebody_else_begins_when_it_is_first_heard_of(self) -> None:
        orders = tracker(fill("1", "0.5"), is_sent=False)

        assert ["open 0.75"] == said(orders.take(report("0.75")))
        assert ["fill 2", "open 1"] == said(orders.take(fill("2", "0.25")) + orders.take(report("1")))


class TestLists:
    def test_an_open_order_that_is_not_listed_is_due(self) -> None:
        orders = tracker(report("0"))
        orders.sent(request("b"), START)

        assert [] == orders.take_list([KEY], [])
        assert ["a"] == [order.cid for order in orders.newly_due()], "the answer to b is on its way"

    def test_one_whose_answer_was_lost_is_due(self) -> None:
        orders = tracker()
        order = orders.find(named("a"))
        assert order is not None
        orders.lost(order)
        orders.take_list([KEY], [])

        assert [order] == orders.newly_due()

    def test_a_list_that_is_behind_tells_nothing(self) -> None:
        orders = tracker(report("0"), fill("1", "1"), report("1"))

        assert [] == orders.take_list([KEY], [report("0")])
        assert [] == orders.newly_due()

    def test_a_snapshot_has_only_what_is_known_with_its_fills(self) -> None:
        orders = tracker(report("0"), report("0", cid="b", number="8"))
        listed = [report("1", seconds=2), report("0", cid="b", number="8", seconds=2)]
        (snapshot,) = orders.take(AccountSnapshot(VENUE, [], [InstrumentAccountSnapshot(KEY, list(listed))]))

        assert isinstance(snapshot, AccountSnapshot)
        assert ["b"] == [order.key.cid for order in snapshot.instruments[0].orders]
        assert ["a"] == [order.cid for order in orders.newly_due()]


def test_orders_that_count_towards_the_limit() -> None:
    orders = tracker(report("0"))
    for cid, state in (("b", None), ("c", REFUSED), ("d", EXPIRED)):
        orders.sent(request(cid), START)
        if state is not None:
            orders.take(report(state, cid=cid, number=cid))

    assert 2 == orders.open_count(KEY)


def test_the_latest_ten_thousand_that_are_over_are_remembered_and_all_that_are_open() -> None:
    orders = tracker(report("0"))
    for number in range(10_050):
        orders.sent(request(f"x{number}"), START)
        orders.take(report(OpenFailed(Timeout()), cid=f"x{number}", number=f"1{number}"))

    assert orders.find(named("a")) is not None
    assert orders.find(named("x0")) is None
    assert orders.find(named("x10049")) is not None
    assert orders.find_by_id(KEY, OrderId("7")) is not None
