"""Bitfinex. Rust origin: barter_data::exchange::bitfinex (tests)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from tests.data.exchange.venue import RECEIVED, at, mutated, raises_nothing_else, subs, trade

from barter_python.data.exchange.bitfinex.connector import BITFINEX, acknowledge, market, requests
from barter_python.data.exchange.bitfinex.decode import decode, subscription_id
from barter_python.data.exchange.bitfinex.message import parse_event
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Refused
from barter_python.data.subscription import UnidentifiableError
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument
from barter_python.instrument.side import Side

SELL = b'[420191,"te",[1225484398,1665452200022,-0.08980641,19027.02807752]]'
BUY = SELL.replace(b"-0.08980641", b"0.08980641")
UPDATED = SELL.replace(b'"te"', b'"tu"')
HEARTBEAT = b'[420191,"hb"]'
# https://docs.bitfinex.com/reference/ws-public-trades
BEFORE = b"[420191,[[401597393,1574694475039,0.005,7244.9],[401597392,1574694470503,-0.01,7245.3]]]"
OPERATIVE = b'{"event": "info", "version": 2, "serverId": "5b73a436-19ca-4a15-8160-9069bdd7f181", "platform": { "status": 1 }}'
MAINTENANCE = OPERATIVE.replace(b'"status": 1', b'"status": 0')
SUBSCRIBED = b'{"event": "subscribed", "channel": "trades", "chanId": 420191, "symbol": "tBTCUSD", "pair": "BTCUSD"}'
ERROR = b'{"event": "error", "msg": "Already subscribed", "code": 10202}'
PAYLOADS = (SELL, BUY, UPDATED, HEARTBEAT, BEFORE, OPERATIVE, MAINTENANCE, SUBSCRIBED, ERROR)
MARKETS = {420191: "tBTCUSD"}


@pytest.mark.parametrize(("message", "side"), [pytest.param(SELL, Side.SELL, id="sell"), pytest.param(BUY, Side.BUY, id="buy")])
def test_the_sign_of_the_amount_is_the_side(message: bytes, side: Side) -> None:
    expected = trade(ExchangeId.BITFINEX, "tBTCUSD", at(1665452200022), "1225484398", 19027.02807752, 0.08980641, side)
    assert [expected] == decode(message, RECEIVED, MARKETS)
    assert subscription_id(message) == "420191"


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(UPDATED, id="trade-told-again"),
        pytest.param(HEARTBEAT, id="heartbeat"),
        pytest.param(BEFORE, id="trades-before-the-subscription"),
        pytest.param(b'[420191,"fte",[1,2,3,4,5]]', id="other-tag"),
        pytest.param(SUBSCRIBED, id="acknowledgement"),
        pytest.param(OPERATIVE, id="platform-status"),
    ],
)
def test_a_message_is_no_event(message: bytes) -> None:
    assert decode(message, RECEIVED, MARKETS) == []
    assert subscription_id(message) is None


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(SELL.replace(b"-0.08980641", b"0"), "amount is 0.0", id="amount-zero"),
        pytest.param(SELL.replace(b"19027.02807752", b"-1"), "price is -1.0", id="price"),
        pytest.param(SELL.replace(b"1665452200022", b"1e30"), "$[1]", id="time"),
        pytest.param(b'[420191,"te",[1225484398]]', "length 4", id="too-few-members"),
        pytest.param(b'[420191,"te"]', "payload is missing", id="no-trade"),
        pytest.param(b"[]", "length 2", id="empty"),
    ],
)
def test_a_bad_message_says_what_is_wrong(message: bytes, found: str) -> None:
    with pytest.raises(MarketDataError) as error:
        decode(message, RECEIVED, MARKETS)
    assert found in str(error.value)


@given(message=mutated(PAYLOADS))
def test_a_mutated_message_raises_nothing_else(message: bytes) -> None:
    raises_nothing_else(BITFINEX, message, before=(SUBSCRIBED,))


def test_an_accepted_subscription_tells_the_market_of_a_channel() -> None:
    transformer = BITFINEX.transformer()
    with pytest.raises(UnidentifiableError, match="'420191'"):
        transformer.transform(SELL, RECEIVED)
    assert transformer.transform(SUBSCRIBED, RECEIVED) == []
    assert [event.instrument for event in transformer.transform(SELL, RECEIVED)] == ["tBTCUSD"]


def test_a_platform_event() -> None:
    event = parse_event(OPERATIVE)
    assert event is not None
    assert event.platform is not None
    assert (event.version, event.server_id, event.platform.status) == (2, "5b73a436-19ca-4a15-8160-9069bdd7f181", 1)
    subscribed = parse_event(SUBSCRIBED.replace(b"420191", b"2203"))
    assert subscribed is not None
    assert (subscribed.channel, subscribed.channel_id, subscribed.market) == ("trades", 2203, "tBTCUSD")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(
            MAINTENANCE,
            Refused("version 2 of server 5b73a436-19ca-4a15-8160-9069bdd7f181 is in maintenance"),
            id="maintenance",
        ),
        pytest.param(OPERATIVE, None, id="operative"),
        pytest.param(b'{"event":"info","code":20051,"msg":"Stopping. Please try to reconnect"}', None, id="info-code"),
        pytest.param(SUBSCRIBED, Accepted(), id="subscribed"),
        pytest.param(ERROR, Refused("code 10202: Already subscribed"), id="error"),
        pytest.param(BEFORE, None, id="data"),
    ],
)
def test_acknowledge(message: bytes, expected: Acknowledgement | None) -> None:
    assert expected == acknowledge(message)


@pytest.mark.parametrize(
    ("base", "quote", "expected"),
    [
        pytest.param("btc", "usd", "tBTCUSD", id="short-names"),
        pytest.param("btc", "usdt", "tBTCUST", id="tether"),
        pytest.param("dusk", "usd", "tDUSK:USD", id="long-base"),
        pytest.param("btc", "cnht", "tBTC:CNHT", id="long-quote"),
    ],
)
def test_market(base: str, quote: str, expected: str) -> None:
    assert expected == market(MarketDataInstrument.new(base, quote, Spot()))


def test_requests() -> None:
    [first, second] = requests(subs(("trades", "tBTCUSD"), ("trades", "tETHUSD")), RECEIVED)
    assert json.loads(first) == {"event": "subscribe", "channel": "trades", "symbol": "tBTCUSD"}
    assert json.loads(second) == {"event": "subscribe", "channel": "trades", "symbol": "tETHUSD"}
