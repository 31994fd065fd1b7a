"""BitMEX. Rust origin: barter_data::exchange::bitmex (tests)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from tests.data.exchange.venue import RECEIVED, mutated, problem, raises_nothing_else, subs, trade

from barter_python.data.exchange.bitmex.connector import BITMEX, acknowledge, market, requests
from barter_python.data.exchange.bitmex.decode import decode, subscription_id
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Refused
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.market_data import MarketDataInstrument, MarketDataPerpetual
from barter_python.instrument.side import Side

TRADE = (
    b'{"timestamp": "2023-02-18T09:27:59.701Z", "symbol": "XBTUSD", "side": "Sell", "size": 200, "price": 24564.5, '
    b'"tickDirection": "MinusTick", "trdMatchID": "31e50cb7-e005-a44e-f354-86e88dff52eb", "grossValue": 814184, '
    b'"homeNotional": 0.00814184, "foreignNotional": 200, "trdType": "Regular"}'
)
INSERT = b'{"table": "trade", "action": "insert", "data": [%b]}' % TRADE
PARTIAL = b'{"table": "trade", "action": "partial", "data": [%b]}' % TRADE
SUBSCRIBED = (
    b'{"success": true, "subscribe": "orderBookL2_25:XBTUSD", "request": {"op":"subscribe", "args":["orderBookL2_25:XBTUSD"]}}'
)
FAILED = b'{"success": false, "subscribe": "orderBookL2_25:XBTUSD"}'
ERROR = (
    b'{"status": 400, "error": "Unknown or expired symbol.", "meta": {}, '
    b'"request": {"op": "subscribe", "args": ["trade:GIBBERISH"]}}'
)
WELCOME = b'{"info":"Welcome to the BitMEX Realtime API.","version":"2.0.0","timestamp":"2023-02-18T09:27:59.701Z"}'
PAYLOADS = (INSERT, PARTIAL, SUBSCRIBED, FAILED, ERROR, WELCOME, b"pong")
TRADE_ID = "31e50cb7-e005-a44e-f354-86e88dff52eb"
TIME = datetime(2023, 2, 18, 9, 27, 59, 701_000, UTC)


def test_a_trade() -> None:
    expected = trade(ExchangeId.BITMEX, "XBTUSD", TIME, TRADE_ID, 24564.5, 200.0, Side.SELL)
    assert [expected] == decode(INSERT, RECEIVED)
    assert subscription_id(INSERT) == "trade|XBTUSD"


@pytest.mark.parametrize("member", [b"", b', "trdType": null'], ids=["missing", "null"])
def test_a_row_without_a_type_is_a_trade(member: bytes) -> None:
    assert len(decode(INSERT.replace(b', "trdType": "Regular"', member), RECEIVED)) == 1


def test_each_trade_has_its_own_symbol() -> None:
    message = INSERT.replace(b"[%b]" % TRADE, b"[%b, %b]" % (TRADE, TRADE.replace(b"XBTUSD", b"ETHUSD")))
    events = [event for event in decode(message, RECEIVED) if isinstance(event, NamedMarketEvent)]
    assert [event.instrument for event in events] == ["XBTUSD", "ETHUSD"]


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(PARTIAL, id="trades-before-the-subscription"),
        pytest.param(SUBSCRIBED, id="acknowledgement"),
        pytest.param(ERROR, id="error"),
        pytest.param(WELCOME, id="welcome"),
        pytest.param(b"pong", id="pong"),
        pytest.param(b'{"table":"orderBookL2_25","action":"insert","data":[{}]}', id="other-table"),
        pytest.param(b'{"table":"trade","action":"insert","data":[]}', id="no-trades"),
        pytest.param(INSERT.replace(b"Regular", b"Referential"), id="row-of-an-index"),
        pytest.param(
            INSERT.replace(TRADE, b'{"symbol": ".BXBT", "size": null, "trdType": "Referential"}'), id="row-unlike-a-trade"
        ),
    ],
)
def test_a_message_is_no_event(message: bytes) -> None:
    assert decode(message, RECEIVED) == []
    assert subscription_id(message) is None


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(INSERT.replace(b'"Sell"', b'"sell"'), "side is 'sell'", id="side"),
        pytest.param(INSERT.replace(b"24564.5", b"0"), "price is 0.0", id="price"),
        pytest.param(INSERT.replace(b'"size": 200', b'"size": -200'), "amount is -200.0", id="amount"),
        pytest.param(INSERT.replace(b"2023-02-18T09:27:59.701Z", b"yesterday"), "time is 'yesterday'", id="time"),
        pytest.param(INSERT.replace(b'"symbol": "XBTUSD", ', b""), "symbol", id="no-symbol"),
        pytest.param(b'{"table": "trade", "action": "insert"}', "data is missing", id="no-data"),
    ],
)
def test_a_bad_message_says_what_is_wrong(message: bytes, found: str) -> None:
    assert found in problem(lambda: decode(message, RECEIVED))


@given(message=mutated(PAYLOADS))
def test_a_mutated_message_raises_nothing_else(message: bytes) -> None:
    raises_nothing_else(BITMEX, message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(SUBSCRIBED, Accepted(), id="subscribed"),
        pytest.param(FAILED, Refused("subscription to orderBookL2_25:XBTUSD without success"), id="failed"),
        pytest.param(ERROR, Refused("Unknown or expired symbol."), id="error"),
        pytest.param(WELCOME, None, id="welcome"),
        pytest.param(b"pong", None, id="pong"),
        pytest.param(INSERT, None, id="data"),
    ],
)
def test_acknowledge(message: bytes, expected: Acknowledgement | None) -> None:
    assert expected == acknowledge(message)


@pytest.mark.parametrize(
    ("base", "quote", "expected"),
    [
        pytest.param("xbt", "usd", "XBTUSD", id="the-venue-s-name"),
        pytest.param("btc", "usdt", "XBTUSDT", id="bitcoin"),
        pytest.param("eth", "btc", "ETHXBT", id="quoted-in-bitcoin"),
    ],
)
def test_market(base: str, quote: str, expected: str) -> None:
    assert expected == market(MarketDataInstrument.new(base, quote, MarketDataPerpetual()))


def test_one_request_is_answered_once_for_each_topic() -> None:
    two = subs(("trade", "XBTUSD"), ("trade", "ETHUSD"))
    [request] = requests(two, RECEIVED)
    assert json.loads(request) == {"op": "subscribe", "args": ["trade:XBTUSD", "trade:ETHUSD"]}
    assert BITMEX.expected_responses(two) == 2
    assert requests([], RECEIVED) == []
