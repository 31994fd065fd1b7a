"""Gate.io. Rust origin: barter_data::exchange::gateio (tests)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from tests.data.exchange.venue import RECEIVED, at, mutated, problem, raises_nothing_else, subs, trade
from tests.support.builders import D

from barter_python.data.exchange.connector import Accepted, Acknowledgement, Connector, Refused
from barter_python.data.exchange.gateio.connector import GATEIO, acknowledge, market, requests
from barter_python.data.exchange.gateio.decode import decode, subscription_id
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
from barter_python.timed import EPOCH

SPOT_TRADE = (
    b'{"time": 1606292218, "time_ms": 1606292218231, "channel": "spot.trades", "event": "update", "result": '
    b'{"id": 309143071, "create_time": 1606292218, "create_time_ms": "1606292218213.4578", "side": "sell", '
    b'"currency_pair": "GT_USDT", "amount": "16.4700000000", "price": "0.4705000000"}}'
)
PERPETUAL_TRADE = (
    b'{"time":1669843487,"time_ms":1669843487733,"channel":"perpetual.trades","event":"update","result":[{"contract":'
    b'"ETH_USDT","create_time":1669843487,"create_time_ms":1669843487724,"id":180276616,"price":"1287","size":3}]}'
)
FUTURES_TRADE = (
    b'{"channel": "futures.trades", "event": "update", "time": 1541503698, "result": [{"size": -108, "id": 27753479, '
    b'"create_time": 1545136464, "create_time_ms": 1545136464123, "price": "96.4", '
    b'"contract": "ETH_USDT_QUARTERLY_20201225"}]}'
)
# https://www.gate.com/docs/developers/options/ws/en/#public-contract-trades-channel: the price is a number
OPTION_TRADE = (
    b'{"time": 1630576356, "channel": "options.trades", "event": "update", "result": [{"contract": '
    b'"BTC_USDT-20211231-59800-C", "create_time": 1639144526, "id": 12279, "price": 997.8, "size": -100, '
    b'"create_time_ms": 1639144526597, "underlying": "BTC_USDT"}]}'
)
DECIMAL_TRADE = (
    b'{"time":1774443183,"channel":"futures.trades","event":"update","result":[{"size":"-0.25","id":1,"create_time":1774443183,'
    b'"create_time_ms":1774443183399,"price":"2171.44","contract":"ETH_USDT"}]}'
)
INTERNAL = FUTURES_TRADE.replace(b'"size"', b'"is_internal": true, "size"')
SUBSCRIBED = (
    b'{"time": 1606292218, "time_ms": 1606292218231, "channel": "spot.trades", "event": "subscribe", '
    b'"result": {"status": "success"}}'
)
REFUSED = (
    b'{"time": 1606292218, "time_ms": 1606292218231, "channel": "spot.trades", "event": "subscribe", '
    b'"error": {"code": 2, "message": "unknown currency pair GIBBERISH_USD"}, "result": null}'
)
PONG = b'{"time": 1545404023, "channel": "futures.pong", "event": "", "error": null, "result": null}'
PAYLOADS = (SPOT_TRADE, PERPETUAL_TRADE, FUTURES_TRADE, OPTION_TRADE, INTERNAL, SUBSCRIBED, REFUSED, PONG)
FUTURES_USD = ExchangeId.GATEIO_FUTURES_USD


def test_a_trade_of_a_pair() -> None:
    time = EPOCH + timedelta(0, 1606292218, 213457)
    expected = trade(ExchangeId.GATEIO_SPOT, "GT_USDT", time, "309143071", 0.4705, 16.47, Side.SELL)
    assert [expected] == decode(SPOT_TRADE, RECEIVED, ExchangeId.GATEIO_SPOT)
    assert subscription_id(SPOT_TRADE) == "spot.trades|GT_USDT"


def test_a_bought_trade_of_a_perpetual() -> None:
    exchange = ExchangeId.GATEIO_PERPETUALS_USD
    expected = trade(exchange, "ETH_USDT", at(1669843487724), "180276616", 1287.0, 3.0, Side.BUY)
    assert [expected] == decode(PERPETUAL_TRADE, RECEIVED, exchange)


def test_a_sold_trade_of_a_future_has_a_positive_amount() -> None:
    name = "ETH_USDT_QUARTERLY_20201225"
    expected = trade(FUTURES_USD, name, at(1545136464123), "27753479", 96.4, 108.0, Side.SELL)
    assert [expected] == decode(FUTURES_TRADE, RECEIVED, FUTURES_USD)
    assert subscription_id(FUTURES_TRADE) == f"futures.trades|{name}"


def test_a_size_as_text_may_be_less_than_one_contract() -> None:
    exchange = ExchangeId.GATEIO_PERPETUALS_USD
    expected = trade(exchange, "ETH_USDT", at(1774443183399), "1", 2171.44, 0.25, Side.SELL)
    assert [expected] == decode(DECIMAL_TRADE, RECEIVED, exchange)


def test_a_trade_of_an_option() -> None:
    exchange, name = ExchangeId.GATEIO_OPTIONS, "BTC_USDT-20211231-59800-C"
    assert [trade(exchange, name, at(1639144526597), "12279", 997.8, 100.0, Side.SELL)] == decode(
        OPTION_TRADE, RECEIVED, exchange
    )
    assert subscription_id(OPTION_TRADE) == f"options.trades|{name}"


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(SUBSCRIBED, id="acknowledgement"),
        pytest.param(REFUSED, id="refusal"),
        pytest.param(PONG, id="pong"),
        pytest.param(INTERNAL, id="trade-outside-of-the-book"),
        pytest.param(b'{"channel":"spot.tickers","event":"update","result":{}}', id="other-channel"),
        pytest.param(b'{"channel":"futures.usertrades","event":"update","result":[]}', id="channel-that-ends-alike"),
        pytest.param(b'{"channel":"futures.trades","event":"update","result":[]}', id="no-trades"),
    ],
)
def test_a_message_is_no_event(message: bytes) -> None:
    assert decode(message, RECEIVED, FUTURES_USD) == []
    assert subscription_id(message) is None


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(FUTURES_TRADE.replace(b"-108", b"0"), "amount is 0.0, expected", id="size-zero"),
        pytest.param(FUTURES_TRADE.replace(b"96.4", b"-96.4"), "price is '-96.4'", id="price"),
        pytest.param(FUTURES_TRADE.replace(b"1545136464123", b"-1"), "create_time_ms", id="time"),
        pytest.param(OPTION_TRADE.replace(b"997.8", b"0.0"), "price is 0.0", id="price-as-number"),
        pytest.param(SPOT_TRADE.replace(b'"sell"', b'"Sell"'), "side is 'Sell'", id="side"),
        pytest.param(SPOT_TRADE.replace(b"16.4700000000", b"-1"), "amount is '-1'", id="amount"),
        pytest.param(SPOT_TRADE.replace(b"213.4578", b"213.x"), "time is '1606292218213.x'", id="time-text"),
        pytest.param(b'{"event": "update"}', "channel", id="no-channel"),
    ],
)
def test_a_bad_message_says_what_is_wrong(message: bytes, found: str) -> None:
    assert found in problem(lambda: decode(message, RECEIVED, FUTURES_USD))


@given(message=mutated(PAYLOADS))
def test_a_mutated_message_raises_nothing_else(message: bytes) -> None:
    raises_nothing_else(GATEIO[0], message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(SUBSCRIBED, Accepted(), id="subscribed"),
        pytest.param(SUBSCRIBED.replace(b'"result"', b'"error": null, "result"'), Accepted(), id="subscribed-error-null"),
        pytest.param(REFUSED, Refused("code 2: unknown currency pair GIBBERISH_USD"), id="refused"),
        pytest.param(
            SUBSCRIBED.replace(b'"result"', b'"error": {"code": 0, "message": ""}, "result"'), Refused("code 0: "), id="code-0"
        ),
        pytest.param(PONG, None, id="pong"),
        pytest.param(FUTURES_TRADE, None, id="data"),
    ],
)
def test_acknowledge(message: bytes, expected: Acknowledgement | None) -> None:
    assert expected == acknowledge(message)


EXPIRY = datetime(2021, 12, 31, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param(Spot(), "BTC_USDT", id="spot"),
        pytest.param(MarketDataPerpetual(), "BTC_USDT", id="perpetual"),
        pytest.param(MarketDataFutureContract(EXPIRY), "BTC_USDT_20211231", id="future"),
        pytest.param(
            MarketDataOptionContract(OptionKind.CALL, OptionExercise.EUROPEAN, EXPIRY, D("59800")),
            "BTC_USDT-20211231-59800-C",
            id="call",
        ),
        pytest.param(
            MarketDataOptionContract(OptionKind.PUT, OptionExercise.EUROPEAN, EXPIRY, D("59800")),
            "BTC_USDT-20211231-59800-P",
            id="put",
        ),
    ],
)
def test_market(kind: MarketDataInstrumentKind, expected: str) -> None:
    assert expected == market(MarketDataInstrument.new("btc", "usdt", kind))


def test_requests_are_stamped_in_seconds() -> None:
    [first, second] = requests(subs(("spot.trades", "BTC_USDT"), ("spot.trades", "ETH_USDT")), at(1606292218231))
    assert json.loads(first) == {
        "time": 1606292218,
        "channel": "spot.trades",
        "event": "subscribe",
        "payload": ["BTC_USDT"],
    }
    assert json.loads(second)["payload"] == ["ETH_USDT"]


@pytest.mark.parametrize("connector", GATEIO, ids=lambda connector: connector.exchange.value)
def test_events_are_of_the_server_s_exchange(connector: Connector) -> None:
    [event] = connector.transformer().transform(FUTURES_TRADE, RECEIVED)
    assert event.exchange is connector.exchange
