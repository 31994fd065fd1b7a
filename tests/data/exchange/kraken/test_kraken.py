"""Kraken. Rust origin: barter_data::exchange::kraken (tests)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from tests.data.exchange.venue import RECEIVED, mutated, problem, raises_nothing_else, subs, trade
from tests.support.builders import D

from barter_python.data.book import Level
from barter_python.data.event import OrderBookL1, PublicTrade
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Refused
from barter_python.data.exchange.kraken.connector import KRAKEN, acknowledge, market, requests
from barter_python.data.exchange.kraken.decode import decode
from barter_python.data.exchange.kraken.message import subscription_id
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH

TRADES = (
    b'[0, [["5541.20000", "0.15850568", "1534614057.321597", "s", "l", ""], '
    b'["6060.00000", "0.02455000", "1534614057.324998", "b", "l", ""]], "trade", "XBT/USD"]'
)
SPREAD = b'[0, ["5698.40000", "5700.00000", "1542057299.545897", "1.01234567", "0.98765432"], "spread", "XBT/USD"]'
EMPTY_SPREAD = b'[545,["0.000000000","0.000000000","0.000000","0.00000000","0.00000000"],"spread","LINK/ETH"]'
HEARTBEAT = b'{"event": "heartbeat"}'
ERROR = b'{"errorMessage": "Malformed request", "event": "error"}'
SUBSCRIBED = (
    b'{"channelID": 10001, "channelName": "ticker", "event": "subscriptionStatus", "pair": "XBT/EUR", '
    b'"status": "subscribed", "subscription": {"name": "ticker"}}'
)
REFUSED = (
    b'{"errorMessage": "Subscription name invalid", "event": "subscriptionStatus", "pair": "XBT/USD", '
    b'"status": "error", "subscription": {"name": "trades"}}'
)
SYSTEM_STATUS = b'{"connectionID":8628615390848610000,"event":"systemStatus","status":"online","version":"1.0.0"}'
BOOK = b'[1234,{"a":[["5541.30000","2.50700000","1534614248.456738"]]},{"b":[],"c":"974942666"},"book-10","XBT/USD"]'
PAYLOADS = (TRADES, SPREAD, HEARTBEAT, ERROR, SUBSCRIBED, REFUSED, SYSTEM_STATUS, BOOK)


def test_trades() -> None:
    first, second = EPOCH + timedelta(0, 1534614057, 321597), EPOCH + timedelta(0, 1534614057, 324998)
    expected = [
        trade(ExchangeId.KRAKEN, "XBT/USD", first, "1534614057321597_sell_5541.2_0.15850568", 5541.2, 0.15850568, Side.SELL),
        trade(ExchangeId.KRAKEN, "XBT/USD", second, "1534614057324998_buy_6060_0.02455", 6060.0, 0.02455, Side.BUY),
    ]
    assert expected == decode(TRADES, RECEIVED)
    assert subscription_id(TRADES) == "trade|XBT/USD"


def test_the_id_of_a_trade_has_no_exponent() -> None:
    [first, _] = decode(TRADES.replace(b"0.15850568", b"0.00000001"), RECEIVED)
    assert isinstance(first, NamedMarketEvent)
    assert isinstance(first.kind, PublicTrade)
    assert first.kind.id.endswith("_0.00000001")


def test_best_prices() -> None:
    time = EPOCH + timedelta(0, 1542057299, 545897)
    kind = OrderBookL1(time, Level(D("5698.40000"), D("1.01234567")), Level(D("5700.00000"), D("0.98765432")))
    name = InstrumentNameExchange("XBT/USD")
    assert decode(SPREAD, RECEIVED) == [NamedMarketEvent(time, RECEIVED, ExchangeId.KRAKEN, name, kind)]
    assert subscription_id(SPREAD) == "spread|XBT/USD"


def test_a_price_of_zero_is_an_empty_side() -> None:
    [event] = decode(SPREAD.replace(b"5698.40000", b"0.00000"), RECEIVED)
    assert isinstance(event, NamedMarketEvent)
    assert isinstance(event.kind, OrderBookL1)
    assert event.kind.best_bid is None
    assert event.kind.best_ask is not None


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(HEARTBEAT, id="heartbeat"),
        pytest.param(ERROR, id="error"),
        pytest.param(SUBSCRIBED, id="acknowledgement"),
        pytest.param(SYSTEM_STATUS, id="system-status"),
        pytest.param(BOOK, id="other-channel"),
        pytest.param(b'[0, [], "trade", "XBT/USD"]', id="no-trades"),
        pytest.param(EMPTY_SPREAD, id="best-prices-of-a-pair-without-orders"),
    ],
)
def test_a_message_is_no_event(message: bytes) -> None:
    assert decode(message, RECEIVED) == []


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(TRADES.replace(b'"s"', b'"sell"'), "side is 'sell'", id="side"),
        pytest.param(TRADES.replace(b"5541.20000", b"0"), "price is '0'", id="price"),
        pytest.param(TRADES.replace(b"0.15850568", b"1_0"), "amount is '1_0'", id="amount"),
        pytest.param(TRADES.replace(b"1534614057.321597", b"x"), "time is 'x'", id="time"),
        pytest.param(SPREAD.replace(b"5698.40000", b"-1"), "price is '-1'", id="bid-price"),
        pytest.param(SPREAD.replace(b'"5698.40000", ', b""), "length 5", id="too-few-members"),
        pytest.param(b'[0, [], "trade"]', "length 4", id="no-pair"),
        pytest.param(b"{}", "event", id="no-event"),
    ],
)
def test_a_bad_message_says_what_is_wrong(message: bytes, found: str) -> None:
    assert found in problem(lambda: decode(message, RECEIVED))


@given(message=mutated(PAYLOADS))
def test_a_mutated_message_raises_nothing_else(message: bytes) -> None:
    raises_nothing_else(KRAKEN, message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(SUBSCRIBED, Accepted(), id="subscribed"),
        pytest.param(REFUSED, Refused("Subscription name invalid"), id="refused"),
        pytest.param(ERROR, Refused("Malformed request"), id="error"),
        pytest.param(HEARTBEAT, None, id="heartbeat"),
        pytest.param(SYSTEM_STATUS, None, id="system-status"),
        pytest.param(SPREAD, None, id="data"),
    ],
)
def test_acknowledge(message: bytes, expected: Acknowledgement | None) -> None:
    assert expected == acknowledge(message)


@pytest.mark.parametrize(
    ("base", "quote", "expected"),
    [
        pytest.param("xbt", "usd", "XBT/USD", id="the-venue-s-name"),
        pytest.param("btc", "usd", "XBT/USD", id="bitcoin"),
        pytest.param("eth", "btc", "ETH/XBT", id="quoted-in-bitcoin"),
        pytest.param("doge", "eur", "XDG/EUR", id="doge"),
    ],
)
def test_market_is_what_messages_say(base: str, quote: str, expected: str) -> None:
    assert expected == market(MarketDataInstrument.new(base, quote, Spot()))


def test_requests() -> None:
    [first, second] = requests(subs(("trade", "XBT/USD"), ("spread", "ETH/USD")), RECEIVED)
    assert json.loads(first) == {"event": "subscribe", "pair": ["XBT/USD"], "subscription": {"name": "trade"}}
    assert json.loads(second) == {"event": "subscribe", "pair": ["ETH/USD"], "subscription": {"name": "spread"}}
