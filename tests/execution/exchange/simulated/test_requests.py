"""No request, however malformed, makes the exchange raise, or changes the account without being accepted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.execution.exchange.simulated.venue import EXCHANGE, D, Venue, btc_usdt, contract, key, spec
from tests.support.properties import PROPERTY

from barter_python.data.event import OrderBookL1, PublicTrade
from barter_python.execution.error import InstrumentInvalid
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.order.id import ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen
from barter_python.execution.order.state import OpenFailed
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.integers(-5, 5), st.floats(), st.text(max_size=3), st.just([]), st.just({}), st.just(object)
)
NUMBER: st.SearchStrategy[Any] = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from([D("sNaN"), D("-0"), D("1E+999999"), D("1E-999999"), D(0), D("1E-28"), D("1E+12"), D("1E+15"), D(1), D(100)]),
    st.decimals("0.00000001", "200", places=8),
    JUNK,
)
TRIGGERS: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.builds(Trigger, NUMBER, st.one_of(st.sampled_from(TriggerKind), JUNK)), JUNK
)
TEXT = st.one_of(st.sampled_from(["a", "b", "0", "1"]), JUNK)
KEYS: st.SearchStrategy[Any] = st.one_of(
    st.builds(OrderKey, st.one_of(st.just(EXCHANGE), JUNK), st.one_of(st.just("BTCUSDT"), JUNK), TEXT, TEXT), JUNK
)
WANTED: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        RequestOpen,
        st.one_of(st.sampled_from(Side), JUNK),
        NUMBER,
        NUMBER,
        st.one_of(st.sampled_from(OrderKind), JUNK),
        st.one_of(st.sampled_from(TimeInForce), JUNK),
        st.one_of(st.booleans(), JUNK),
        TRIGGERS,
    ),
    JUNK,
)
REQUESTS: st.SearchStrategy[Any] = st.one_of(
    st.builds(OrderRequestOpen, KEYS, WANTED),
    st.builds(OrderRequestCancel, KEYS, st.one_of(st.builds(RequestCancel, TEXT), JUNK)),
    JUNK,
)
MARKETS = {
    "spot": ["book 99x5 98x3 | 101x2 102x4", "trade 100 x 1 buy"],
    "spot, trades alone": ["trade 100 x 1 buy"],
    "spot, candles": ["candle 100 110 90 105"],
    "spot, no data": [],
    "contract": ["l1 99x5 | 101x2", "trade 100 x 1 buy"],
}


@PROPERTY
@given(st.sampled_from(list(MARKETS)), st.booleans(), st.lists(REQUESTS, max_size=5))
def test_no_request_raises(market: str, is_limited: bool, requests: list[Any]) -> None:
    instrument = contract() if market == "contract" else btc_usdt(spec() if is_limited else None)
    venue = Venue(instruments=[instrument], fee=PercentFees(D("0.001"), D("0.002")))
    venue.run(*MARKETS[market])
    for request in requests:
        answers = venue.exchange.on_request(request, venue.now)

        if any(isinstance(event.kind, Order) and isinstance(event.kind.state, OpenFailed) for event in answers):
            assert len(answers) == 1
    venue.run("book 99x5 98x3 | 101x2 102x4", "trade 100 x 1 sell", "wait 99999s")
    assert all(balance.total >= balance.free >= 0 for balance in venue.exchange.account.balances().values())


GOOD = RequestOpen(Side.BUY, D(100), D(1), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED)


@pytest.mark.parametrize(
    ("expected", "member", "value"),
    [
        pytest.param("side is of type str, expected Side", "side", "Buy", id="side"),
        pytest.param("kind is of type NoneType, expected OrderKind", "kind", None, id="kind"),
        pytest.param("time_in_force is of type str, expected TimeInForce", "time_in_force", "GTC", id="time in force"),
        pytest.param("quantity is of type float, expected a Decimal", "quantity", 1.0, id="float quantity"),
        pytest.param("price is of type int, expected a Decimal", "price", 100, id="integer price"),
        pytest.param("price sNaN, expected a positive number", "price", D("sNaN"), id="signalling NaN"),
        pytest.param("price has more digits than an account keeps, expected at most 28", "price", D("1E-29"), id="digits"),
        pytest.param("reduce_only is of type NoneType, expected bool", "reduce_only", None, id="reduce-only"),
        pytest.param("trigger is of type str, expected a Trigger", "trigger", "stop", id="trigger"),
        pytest.param(
            "trigger price NaN, expected a positive number", "trigger", Trigger(D("NaN"), TriggerKind.STOP), id="trigger price"
        ),
    ],
)
def test_a_member_of_the_wrong_type_is_named(expected: str, member: str, value: Any) -> None:
    venue = Venue()
    wanted = RequestOpen(*(getattr(GOOD, name) for name in RequestOpen.__slots__))
    setattr(wanted, member, value)

    (answer,) = venue.exchange.on_request(OrderRequestOpen(key("a"), wanted), venue.now)

    assert isinstance(answer.kind, Order)
    assert f"OpenFailed(error=OrderRejected(reason={expected!r}))" == repr(answer.kind.state)


@pytest.mark.parametrize("name", ["ETHUSDT", 3, None])
def test_an_unknown_instrument_is_named(name: Any) -> None:
    venue = Venue()
    named = OrderKey(EXCHANGE, name, StrategyId("s"), ClientOrderId("a"))

    (answer,) = venue.exchange.on_request(OrderRequestOpen(named, GOOD), venue.now)

    assert isinstance(answer.kind, Order)
    error = InstrumentInvalid(InstrumentNameExchange(str(name)), "not traded on binance_spot")
    assert OpenFailed(error) == answer.kind.state


def test_an_order_can_be_cancelled_by_the_venues_id() -> None:
    venue = Venue()
    venue.run("book 99x5 | 101x2", "buy 1 @ 100 #a")

    by_id = OrderRequestCancel(key("whatever"), RequestCancel(OrderId("0")))
    assert venue.describe(venue.exchange.on_request(by_id, venue.now)) == ["a cancelled", "USDT 1000 / 1000"]
    unknown = OrderRequestCancel(key("a"), RequestCancel(OrderId("7")))
    assert venue.describe(venue.exchange.on_request(unknown, venue.now)) == ["a not cancelled: order rejected: unknown order '7'"]


def test_market_data_of_others_is_ignored() -> None:
    venue = Venue()
    event = venue.event(OrderBookL1())
    event.exchange = ExchangeId.OKX
    event.instrument = 17  # type: ignore[assignment]

    assert venue.exchange.on_market(event) == ()


def test_nothing_happens_is_the_shared_empty_tuple() -> None:
    venue = Venue()
    venue.run("book 99x5 | 101x2", "buy 1 @ 90 #a", "trade 100 x 1 buy")
    trade = venue.event(PublicTrade("t", 100.0, 1.0, Side.BUY))

    assert venue.exchange.on_market(trade) is venue.exchange.on_market(trade)
    assert venue.exchange.on_market(trade) == ()


def test_numbers_keep_their_digits() -> None:
    venue = Venue("USDT 1000")
    venue.run("book 99x5 | 101x2", "buy 0.00000001 @ 0.00000001 #a")

    assert D("999.9999999999999999") == venue.exchange.account.balances()["USDT"].free


@pytest.mark.parametrize("trigger", [None, Trigger(D("1E12"), TriggerKind.STOP)], ids=["limit", "stop-limit"])
def test_a_value_beyond_all_numbers_is_refused(trigger: Trigger | None) -> None:
    venue = Venue(instruments=[contract("1000000")], fee=PercentFees(D("0.001"), D("0.002")))
    wanted = RequestOpen(
        Side.BUY, D(1 if trigger else "1E12"), D("1E15"), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED, trigger=trigger
    )

    (answer,) = venue.exchange.on_request(OrderRequestOpen(key("a"), wanted), venue.now)

    assert isinstance(answer.kind, Order)
    assert isinstance(answer.kind.state, OpenFailed)
    assert "expected a value of at most" in str(answer.kind.state.error)
