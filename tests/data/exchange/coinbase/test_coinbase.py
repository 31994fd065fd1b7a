"""Coinbase Exchange. Rust origin: barter_data::exchange::coinbase (tests)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from tests.data.exchange.venue import RECEIVED, mutated, raises_nothing_else, subs, trade

from barter_python.data.exchange.coinbase.connector import COINBASE, acknowledge, requests
from barter_python.data.exchange.coinbase.decode import decode, subscription_id
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Refused
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument
from barter_python.instrument.side import Side

MATCH = (
    b'{"type": "match","trade_id": 10,"sequence": 50,"maker_order_id": "ac928c66-ca53-498f-9c13-a110027a60e8",'
    b'"taker_order_id": "132fb6ae-456b-4654-b4e0-d681ac05cea1","time": "2014-11-07T08:19:27.028459Z",'
    b'"product_id": "BTC-USD", "size": "5.23512", "price": "400.23", "side": "sell"}'
)
LAST_MATCH = MATCH.replace(b'"match"', b'"last_match"')
UNKNOWN = b'{"type": "unknown", "sequence": 50,"product_id": "BTC-USD"}'
SUBSCRIBED = b'{"type":"subscriptions","channels":[{"name":"matches","product_ids":["BTC-USD", "ETH-USD"]}]}'
ERROR = b'{"type":"error","message":"Failed to subscribe","reason":"GIBBERISH-USD is not a valid product"}'
PAYLOADS = (MATCH, LAST_MATCH, UNKNOWN, SUBSCRIBED, ERROR)
TIME = datetime(2014, 11, 7, 8, 19, 27, 28459, UTC)


@pytest.mark.parametrize(
    ("maker", "taker"), [pytest.param(b"sell", Side.BUY, id="maker-sells"), pytest.param(b"buy", Side.SELL, id="maker-buys")]
)
def test_a_trade_has_the_side_of_the_taker(maker: bytes, taker: Side) -> None:
    message = MATCH.replace(b'"sell"', b'"%b"' % maker)
    assert [trade(ExchangeId.COINBASE, "BTC-USD", TIME, "10", 400.23, 5.23512, taker)] == decode(message, RECEIVED)
    assert subscription_id(message) == "matches|BTC-USD"


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(UNKNOWN, id="unknown-type"),
        pytest.param(LAST_MATCH, id="trade-before-the-subscription"),
        pytest.param(SUBSCRIBED, id="acknowledgement"),
        pytest.param(ERROR, id="error"),
        pytest.param(b'{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD"}', id="heartbeat"),
    ],
)
def test_a_message_is_no_event(message: bytes) -> None:
    assert decode(message, RECEIVED) == []


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(MATCH.replace(b'"sell"', b'"s"'), "side is 's'", id="side"),
        pytest.param(MATCH.replace(b"400.23", b""), "price is ''", id="price"),
        pytest.param(MATCH.replace(b"5.23512", b"inf"), "amount is 'inf'", id="amount"),
        pytest.param(MATCH.replace(b"08:19:27.028459Z", b"08:19:27"), "time is '2014-11-07T08:19:27'", id="time-without-zone"),
        pytest.param(MATCH.replace(b"2014-11-07", b"2014-13-07"), "time is '2014-13-07", id="time"),
        pytest.param(MATCH.replace(b'"product_id": "BTC-USD", ', b""), "product_id", id="no-product"),
        pytest.param(b'{"product_id": "BTC-USD"}', "type", id="no-type"),
    ],
)
def test_a_bad_message_says_what_is_wrong(message: bytes, found: str) -> None:
    with pytest.raises(MarketDataError) as error:
        decode(message, RECEIVED)
    assert found in str(error.value)


@given(message=mutated(PAYLOADS))
def test_a_mutated_message_raises_nothing_else(message: bytes) -> None:
    raises_nothing_else(COINBASE, message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(SUBSCRIBED, Accepted(), id="subscribed"),
        pytest.param(ERROR, Refused("GIBBERISH-USD is not a valid product"), id="refused"),
        pytest.param(b'{"type":"error","message":"Failed to subscribe"}', Refused("Failed to subscribe"), id="no-reason"),
        pytest.param(MATCH, None, id="data"),
    ],
)
def test_acknowledge(message: bytes, expected: Acknowledgement | None) -> None:
    assert expected == acknowledge(message)


def test_market() -> None:
    assert COINBASE.market(MarketDataInstrument.new("btc", "usd", Spot())) == "BTC-USD"


def test_requests() -> None:
    [first, second] = requests(subs(("matches", "BTC-USD"), ("matches", "ETH-USD")), RECEIVED)
    assert json.loads(first) == {"type": "subscribe", "product_ids": ["BTC-USD"], "channels": ["matches"]}
    assert json.loads(second) == {"type": "subscribe", "product_ids": ["ETH-USD"], "channels": ["matches"]}
