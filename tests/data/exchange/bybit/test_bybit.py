"""Bybit. Rust origin: barter_data::exchange::bybit (tests)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from tests.data.exchange.venue import RECEIVED, at, mutated, problem, raises_nothing_else, subs, trade
from tests.support.builders import D

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import DataKind, OrderBookL1
from barter_python.data.exchange.bybit.connector import BYBIT_PERPETUALS_USD, BYBIT_SPOT, acknowledge, requests
from barter_python.data.exchange.bybit.decode import decode
from barter_python.data.exchange.bybit.message import subscription_id
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Connector, Refused
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.exchange.sequence import InvalidSequenceError
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

SPOT, PERPETUALS = ExchangeId.BYBIT_SPOT, ExchangeId.BYBIT_PERPETUALS_USD
TRADE_ID = "20f43950-d8dd-5b31-9112-a178eb6023af"
BUY = (
    b'{"T": 1672304486865, "s": "BTCUSDT", "S": "Buy", "v": "0.001", "p": "16578.50", "L": "PlusTick", '
    b'"i": "20f43950-d8dd-5b31-9112-a178eb6023af", "BT": false}'
)
SELL = BUY.replace(b"Buy", b"Sell")
TRADES = b'{"topic": "publicTrade.BTCUSDT", "type": "snapshot", "ts": 1672304486868, "data": [%b, %b]}' % (BUY, SELL)
# https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook
SNAPSHOT = (
    b'{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1672304484978,"data":{"s":"BTCUSDT",'
    b'"b":[["16493.50","0.006"],["16493.00","0.100"]],"a":[["16611.00","0.029"],["16612.00","0.213"]],'
    b'"u":18521288,"seq":7961638724},"cts":1672304484976}'
)
DELTA = (
    b'{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT",'
    b'"b":[["16493.50","0"],["16492.00","0.001"]],"a":[],"u":18521289,"seq":7961638725},"cts":1687940967464}'
)
L1_SNAPSHOT = (
    b'{"topic":"orderbook.1.BTCUSDT","type":"snapshot","ts":1672304484978,"data":{"s":"BTCUSDT",'
    b'"b":[["16493.50","0.006"]],"a":[["16611.00","0.029"]],"u":7,"seq":100},"cts":1672304484976}'
)
L1_DELTA = (
    b'{"topic":"orderbook.1.BTCUSDT","type":"delta","ts":1672304484988,"data":{"s":"BTCUSDT",'
    b'"b":[["16493.50","0"],["16494.00","0.5"]],"a":[],"u":8,"seq":101},"cts":1672304484986}'
)
SUBSCRIBED = (
    b'{"success": true, "ret_msg": "subscribe", "conn_id": "2324d924-aa4d-45b0-a858-7b8be29ab52b", '
    b'"req_id": "10001", "op": "subscribe"}'
)
PONG = b'{"success": true, "ret_msg": "pong", "conn_id": "0970e817-426e-429a-a679-ff7f55e0b16a", "op": "ping"}'
PAYLOADS = (TRADES, SNAPSHOT, DELTA, L1_SNAPSHOT, L1_DELTA, SUBSCRIBED, PONG)


def market_event(exchange: ExchangeId, milliseconds: int, kind: DataKind) -> NamedMarketEvent:
    return NamedMarketEvent(at(milliseconds), RECEIVED, exchange, InstrumentNameExchange("BTCUSDT"), kind)


def levels(*pairs: tuple[str, str]) -> list[Level]:
    return [Level(D(price), D(amount)) for price, amount in pairs]


BOOK = OrderBook(
    7961638724,
    at(1672304484976),
    levels(("16493.50", "0.006"), ("16493.00", "0.100")),
    levels(("16611.00", "0.029"), ("16612.00", "0.213")),
)
CHANGE = OrderBook(7961638725, at(1687940967464), levels(("16493.50", "0"), ("16492.00", "0.001")), [])


@pytest.mark.parametrize("exchange", [SPOT, PERPETUALS])
def test_trades_become_events_of_their_venue(exchange: ExchangeId) -> None:
    expected = [trade(exchange, "BTCUSDT", at(1672304486865), TRADE_ID, 16578.50, 0.001, side) for side in (Side.BUY, Side.SELL)]
    assert expected == decode(TRADES, RECEIVED, exchange)
    assert subscription_id(TRADES) == "publicTrade|BTCUSDT"


@pytest.mark.parametrize("exchange", [SPOT, PERPETUALS])
@pytest.mark.parametrize(
    ("message", "expected", "expected_id"),
    [
        pytest.param(SNAPSHOT, (1672304484978, OrderBookSnapshot(BOOK)), "orderbook.50|BTCUSDT", id="snapshot"),
        pytest.param(DELTA, (1687940967466, OrderBookUpdate(CHANGE)), "orderbook.50|BTCUSDT", id="delta"),
        pytest.param(
            L1_SNAPSHOT,
            (
                1672304484978,
                OrderBookL1(at(1672304484978), Level(D("16493.50"), D("0.006")), Level(D("16611.00"), D("0.029"))),
            ),
            "orderbook.1|BTCUSDT",
            id="best-prices",
        ),
    ],
)
def test_a_book_becomes_an_event_of_its_venue(
    exchange: ExchangeId, message: bytes, expected: tuple[int, DataKind], expected_id: str
) -> None:
    assert [market_event(exchange, *expected)] == decode(message, RECEIVED, exchange)
    assert expected_id == subscription_id(message)


def test_a_book_without_the_engine_s_time_has_that_of_the_message() -> None:
    message = SNAPSHOT.replace(b',"cts":1672304484976', b"")
    [event] = decode(message, RECEIVED, SPOT)
    assert isinstance(event.kind, OrderBookSnapshot)
    assert event.kind.book.time_engine == at(1672304484978)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(SUBSCRIBED, id="acknowledgement"),
        pytest.param(PONG, id="pong"),
        pytest.param(b'{"topic":"tickers.BTCUSDT","type":"snapshot","ts":1,"data":{}}', id="other-topic"),
        pytest.param(b'{"topic":"orderbook.500.BTCUSDT","type":"snapshot","ts":1,"data":{}}', id="other-depth"),
        pytest.param(TRADES.replace(b"[%b, %b]" % (BUY, SELL), b"[]"), id="no-trades"),
        pytest.param(L1_DELTA, id="changed-best-prices-alone"),
    ],
)
def test_a_message_is_no_event(message: bytes) -> None:
    assert decode(message, RECEIVED, SPOT) == []


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(TRADES.replace(b"Sell", b"Unknown"), "side is 'Unknown'", id="unknown-side"),
        pytest.param(b'{"data": [%b]}' % BUY.replace(b"Buy", b"Unknown"), "topic is missing", id="no-topic"),
        pytest.param(
            TRADES.replace(b"BTCUSDT", b"BTCUSDT.should_not_be_present", 1),
            "topic is 'publicTrade.BTCUSDT.should_not_be_present'",
            id="topic-with-a-third-part",
        ),
        pytest.param(TRADES.replace(b'"16578.50"', b'"0"'), "price is '0'", id="price-zero"),
        pytest.param(TRADES.replace(b'"0.001"', b'"-1"'), "amount is '-1'", id="negative-amount"),
        pytest.param(TRADES.replace(b'"0.001"', b"0.001"), "$.v", id="amount-as-number"),
        pytest.param(TRADES.replace(b"snapshot", b"whole"), "type is 'whole'", id="unknown-type"),
        pytest.param(TRADES.replace(b'"ts": 1672304486868, ', b""), "ts of topic 'publicTrade.BTCUSDT'", id="no-time"),
        pytest.param(SNAPSHOT.replace(b'"16493.50"', b'"x"'), "price is 'x'", id="book-price"),
        pytest.param(SNAPSHOT[:-5], "truncated", id="truncated"),
        pytest.param(b"\xff", "malformed", id="no-text"),
        pytest.param(b"[" * 100_000, "not a message of Bybit", id="nested"),
    ],
)
def test_a_bad_message_says_what_is_wrong(message: bytes, found: str) -> None:
    assert found in problem(lambda: decode(message, RECEIVED, SPOT))


@given(message=mutated(PAYLOADS))
def test_a_mutated_message_raises_nothing_else(message: bytes) -> None:
    raises_nothing_else(BYBIT_SPOT, message, before=(SNAPSHOT, L1_SNAPSHOT))


def numbered(message: bytes, update_id: int) -> bytes:
    parsed = json.loads(message)
    parsed["data"]["u"] = update_id
    return json.dumps(parsed).encode()


S, C = SNAPSHOT, DELTA


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        pytest.param([(C, 8)], "-", id="a-change-before-the-snapshot-is-dropped"),
        pytest.param([(C, 8), (S, 10), (C, 11), (C, 12)], "-SCC", id="changes-follow-the-snapshot"),
        pytest.param([(S, 10), (S, 50), (C, 51)], "SSC", id="a-snapshot-may-come-at-any-time"),
        pytest.param([(S, 10), (S, 10), (C, 11)], "SSC", id="a-snapshot-may-come-again"),
        pytest.param([(S, 10), (S, 1), (C, 2)], "SSC", id="a-restart-begins-at-1"),
        pytest.param([(S, 10), (C, 1), (C, 2)], "SSC", id="number-1-is-a-snapshot-whatever-its-type"),
        pytest.param([(S, 10), (C, 12)], "S!", id="a-gap"),
        pytest.param([(S, 10), (C, 11), (C, 11)], "SC!", id="a-change-sent-twice"),
        pytest.param([(S, 10), (C, 12), (S, 20), (C, 21)], "S!SC", id="a-snapshot-heals-a-gap"),
    ],
)
def test_the_sequence_of_a_book(messages: list[tuple[bytes, int]], expected: str) -> None:
    transformer = BYBIT_PERPETUALS_USD.transformer()
    outcome = ""
    for message, update_id in messages:
        try:
            events = transformer.transform(numbered(message, update_id), RECEIVED)
        except InvalidSequenceError:
            outcome += "!"
            continue
        outcome += "-" if not events else "S" if isinstance(events[0].kind, OrderBookSnapshot) else "C"
        assert all(event.exchange is PERPETUALS for event in events)
    assert expected == outcome


def test_a_gap_tells_both_of_its_ends() -> None:
    transformer = BYBIT_SPOT.transformer()
    transformer.transform(numbered(S, 10), RECEIVED)
    with pytest.raises(InvalidSequenceError) as error:
        transformer.transform(numbered(C, 12), RECEIVED)
    assert (error.value.prev_last_update_id, error.value.first_update_id) == (10, 12)
    assert error.value.is_terminal


def test_a_malformed_change_is_a_lost_one() -> None:
    transformer = BYBIT_SPOT.transformer()
    transformer.transform(numbered(S, 10), RECEIVED)
    with pytest.raises(MarketDataError, match="price is 'x'"):
        transformer.transform(numbered(C.replace(b'"16492.00"', b'"x"'), 11), RECEIVED)
    with pytest.raises(InvalidSequenceError):
        transformer.transform(numbered(C, 12), RECEIVED)


def test_books_of_two_markets_and_depths_have_their_own_sequence() -> None:
    transformer = BYBIT_SPOT.transformer()
    assert transformer.transform(numbered(S, 10), RECEIVED)
    assert transformer.transform(numbered(S.replace(b"BTCUSDT", b"ETHUSDT"), 70), RECEIVED)
    assert transformer.transform(numbered(L1_SNAPSHOT, 500), RECEIVED)
    assert transformer.transform(numbered(C, 11), RECEIVED)


def test_a_change_of_one_best_price_keeps_the_other() -> None:
    transformer = BYBIT_SPOT.transformer()
    transformer.transform(L1_SNAPSHOT, RECEIVED)
    top = OrderBookL1(at(1672304484988), Level(D("16494.00"), D("0.5")), Level(D("16611.00"), D("0.029")))
    assert transformer.transform(L1_DELTA, RECEIVED) == [market_event(SPOT, 1672304484988, top)]


def test_trades_pass_the_transformer() -> None:
    assert len(BYBIT_SPOT.transformer().transform(TRADES, RECEIVED)) == 2


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(SUBSCRIBED, Accepted(), id="subscribed"),
        pytest.param(b'{"success": true}', Accepted(), id="without-a-message"),
        pytest.param(b'{"success": false, "conn_id": "", "op": ""}', Refused("without a reason"), id="failed"),
        pytest.param(b'{"success": false, "ret_msg": "pong"}', Refused("pong"), id="failed-pong"),
        pytest.param(
            b'{"success":false,"ret_msg":"error:handler not found,topic:publicTrade.NOTASYMBOL","conn_id":"c","op":"subscribe"}',
            Refused("error:handler not found,topic:publicTrade.NOTASYMBOL"),
            id="refused",
        ),
        pytest.param(PONG, None, id="pong"),
        pytest.param(TRADES, None, id="data"),
    ],
)
def test_acknowledge(message: bytes, expected: Acknowledgement | None) -> None:
    assert expected == acknowledge(message)


@pytest.mark.parametrize("connector", [BYBIT_SPOT, BYBIT_PERPETUALS_USD])
def test_requests_name_ten_topics_at_most(connector: Connector) -> None:
    many = subs(*(("publicTrade", f"C{number}USDT") for number in range(21)))
    sent = [json.loads(request) for request in requests(many, RECEIVED)]
    assert [len(request["args"]) for request in sent] == [10, 10, 1]
    assert sent[2] == {"op": "subscribe", "args": ["publicTrade.C20USDT"]}
    assert connector.expected_responses(many) == len(sent)


def test_market() -> None:
    assert BYBIT_SPOT.market(MarketDataInstrument.new("btc", "usdt", Spot())) == "BTCUSDT"


def test_ping() -> None:
    assert BYBIT_SPOT.ping_interval is not None
    assert json.loads(BYBIT_SPOT.ping_interval.ping) == {"op": "ping"}
