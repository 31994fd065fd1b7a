"""OKX. Rust origin: barter_data::exchange::okx (tests)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from tests.data.exchange.venue import RECEIVED, at, mutated, problem, raises_nothing_else, subs, trade
from tests.support.builders import D

from barter_python.data.exchange.connector import Accepted, Acknowledgement, Refused
from barter_python.data.exchange.okx.connector import OKX, acknowledge, market, requests
from barter_python.data.exchange.okx.decode import decode, subscription_id
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import OptionExercise, OptionKind, Spot
from barter_python.instrument.market_data import (
    MarketDataFutureContract,
    MarketDataInstrument,
    MarketDataInstrumentKind,
    MarketDataOptionContract,
    MarketDataPerpetual,
)
from barter_python.instrument.side import Side

SPOT_TRADE = (
    b'{"arg": {"channel": "trades", "instId": "BTC-USDT"}, "data": [{"instId": "BTC-USDT", "tradeId": "130639474", '
    b'"px": "42219.9", "sz": "0.12060306", "side": "buy", "ts": "1630048897897"}]}'
)
OPTION_TRADE = (
    b'{"arg": {"channel": "trades", "instId": "BTC-USD-231229-35000-C"}, "data": [{"instId": "BTC-USD-231229-35000-C", '
    b'"tradeId": "4", "px": "0.1525", "sz": "21", "side": "sell", "ts": "1681473269025"}]}'
)
SUBSCRIBED = b'{"event": "subscribe", "arg": {"channel": "trades", "instId": "BTC-USD-191227"}, "connId": "accb8e21"}'
REASON = 'Invalid request: {"op": "subscribe", "args":[{ "channel" : "trades", "instId" : "BTC-USD-191227"}]}'
ERROR = json.dumps({"event": "error", "code": "60012", "msg": REASON}).encode()
NOTICE = b'{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade.","connId":"a"}'
PAYLOADS = (SPOT_TRADE, OPTION_TRADE, SUBSCRIBED, ERROR, NOTICE, b"pong")


def test_a_trade_of_a_pair() -> None:
    expected = trade(ExchangeId.OKX, "BTC-USDT", at(1630048897897), "130639474", 42219.9, 0.12060306, Side.BUY)
    assert [expected] == decode(SPOT_TRADE, RECEIVED)
    assert subscription_id(SPOT_TRADE) == "trades|BTC-USDT"


def test_a_trade_of_an_option() -> None:
    name = "BTC-USD-231229-35000-C"
    assert [trade(ExchangeId.OKX, name, at(1681473269025), "4", 0.1525, 21.0, Side.SELL)] == decode(OPTION_TRADE, RECEIVED)
    assert subscription_id(OPTION_TRADE) == f"trades|{name}"


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"pong", id="pong"),
        pytest.param(SUBSCRIBED, id="acknowledgement"),
        pytest.param(ERROR, id="error"),
        pytest.param(NOTICE, id="notice"),
        pytest.param(b'{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{}]}', id="other-channel"),
        pytest.param(b'{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[]}', id="no-trades"),
    ],
)
def test_a_message_is_no_event(message: bytes) -> None:
    assert decode(message, RECEIVED) == []
    assert OKX.transformer().transform(message, RECEIVED) == []


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(SPOT_TRADE.replace(b'"buy"', b'"BUY"'), "side is 'BUY'", id="side"),
        pytest.param(SPOT_TRADE.replace(b"42219.9", b"-1"), "price is '-1'", id="price"),
        pytest.param(SPOT_TRADE.replace(b"0.12060306", b"nan"), "amount is 'nan'", id="amount"),
        pytest.param(SPOT_TRADE.replace(b"1630048897897", b"2021-08-27"), "time is '2021-08-27'", id="time"),
        pytest.param(SPOT_TRADE.replace(b"1630048897897", b"9" * 15), "time is '999", id="time-after-9999"),
        pytest.param(SPOT_TRADE.replace(b'"tradeId": "130639474", ', b""), "tradeId", id="no-id"),
        pytest.param(b'{"data": []}', "arg is missing", id="no-arg"),
        pytest.param(b"Pong", "malformed", id="no-json"),
    ],
)
def test_a_bad_message_says_what_is_wrong(message: bytes, found: str) -> None:
    assert found in problem(lambda: decode(message, RECEIVED))


@given(message=mutated(PAYLOADS))
def test_a_mutated_message_raises_nothing_else(message: bytes) -> None:
    raises_nothing_else(OKX, message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(SUBSCRIBED, Accepted(), id="subscribed"),
        pytest.param(ERROR, Refused(f"code 60012: {REASON}"), id="error"),
        pytest.param(NOTICE, None, id="notice"),
        pytest.param(b"pong", None, id="pong"),
        pytest.param(SPOT_TRADE, None, id="data"),
    ],
)
def test_acknowledge(message: bytes, expected: Acknowledgement | None) -> None:
    assert expected == acknowledge(message)


EXPIRY = datetime(2023, 5, 26, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param(Spot(), "BTC-USD", id="spot"),
        pytest.param(MarketDataPerpetual(), "BTC-USD-SWAP", id="perpetual"),
        pytest.param(MarketDataFutureContract(EXPIRY), "BTC-USD-230526", id="future"),
        pytest.param(
            MarketDataFutureContract(datetime(2024, 12, 31, 8, tzinfo=UTC)), "BTC-USD-241231", id="iso-week-of-next-year"
        ),
        pytest.param(MarketDataFutureContract(datetime(2027, 1, 1, 8, tzinfo=UTC)), "BTC-USD-270101", id="iso-week-of-last-year"),
        pytest.param(
            MarketDataOptionContract(OptionKind.CALL, OptionExercise.EUROPEAN, EXPIRY, D("35000")),
            "BTC-USD-230526-35000-C",
            id="call",
        ),
        pytest.param(
            MarketDataOptionContract(OptionKind.PUT, OptionExercise.EUROPEAN, EXPIRY, D("1E+3")),
            "BTC-USD-230526-1000-P",
            id="put",
        ),
    ],
)
def test_market(kind: MarketDataInstrumentKind, expected: str) -> None:
    assert expected == market(MarketDataInstrument.new("btc", "usd", kind))


def test_requests() -> None:
    [request] = requests(subs(("trades", "BTC-USDT"), ("trades", "ETH-USDT")), RECEIVED)
    assert json.loads(request) == {
        "op": "subscribe",
        "args": [{"channel": "trades", "instId": "BTC-USDT"}, {"channel": "trades", "instId": "ETH-USDT"}],
    }
    assert OKX.expected_responses(subs(("trades", "BTC-USDT"), ("trades", "ETH-USDT"))) == 2


def test_a_request_is_not_too_long() -> None:
    many = subs(*(("trades", f"BTC-USD-231229-{strike}-C") for strike in range(10_000, 12_000)))
    sent = requests(many, RECEIVED)
    assert max(map(len, sent)) < 64 * 1024
    assert sum(len(json.loads(request)["args"]) for request in sent) == len(many)


def test_ping() -> None:
    assert OKX.ping_interval is not None
    assert OKX.ping_interval.ping == "ping"
    assert OKX.ping_interval.interval.total_seconds() == 29
