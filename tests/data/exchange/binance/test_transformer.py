"""The books of one connection to Binance: snapshot first, then what continues it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.data.exchange.venue import RECEIVED
from tests.support.builders import D

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.exchange.binance.connector import BINANCE_FUTURES_USD, BINANCE_SPOT
from barter_python.data.exchange.connector import Connector
from barter_python.data.exchange.named import DecodedMarketEvent
from barter_python.data.exchange.sequence import InvalidSequenceError
from barter_python.errors import MarketDataError

LATER = RECEIVED + timedelta(seconds=1)


def update(first: int, last: int, previous: int | None = None, symbol: str = "BTCUSDT") -> bytes:
    pu = "" if previous is None else f'"pu":{previous},"T":1,'
    text = f'{{"e":"depthUpdate","E":2,"s":"{symbol}","U":{first},"u":{last},{pu}"b":[["1.0","2"]],"a":[]}}'
    return text.encode()


def snapshot(last: int) -> bytes:
    return f'{{"lastUpdateId":{last},"bids":[["1.0","3"]],"asks":[["2.0","4"]]}}'.encode()


def numbers(events: Sequence[DecodedMarketEvent]) -> list[tuple[str, int]]:
    shown = []
    for event in events:
        assert not isinstance(event, MarketDataError)
        assert isinstance(event.kind, OrderBookSnapshot | OrderBookUpdate)
        shown.append(("S" if isinstance(event.kind, OrderBookSnapshot) else "U", event.kind.book.sequence))
    return shown


@pytest.mark.parametrize(
    ("connector", "waiting", "following"),
    [
        pytest.param(BINANCE_SPOT, [update(95, 99), update(100, 104), update(105, 110)], update(111, 112), id="spot"),
        pytest.param(
            BINANCE_FUTURES_USD,
            [update(95, 98, 94), update(99, 104, 98), update(105, 110, 104)],
            update(111, 112, 110),
            id="futures",
        ),
    ],
)
def test_updates_wait_for_their_snapshot(connector: Connector, waiting: list[bytes], following: bytes) -> None:
    transformer = connector.transformer()
    for message in waiting:
        assert transformer.transform(message, RECEIVED) == []
    events = transformer.on_snapshot(snapshot(101), LATER, "BTCUSDT")
    assert numbers(events) == [("S", 101), ("U", 104), ("U", 110)]
    assert all(event.time_received is LATER and event.exchange is connector.exchange for event in events)
    assert numbers(transformer.transform(following, LATER)) == [("U", 112)]


@pytest.mark.parametrize("is_early", [False, True], ids=["after-the-snapshot", "before-it"])
def test_the_first_update_of_a_quiet_book_of_futures_begins_far_above_the_snapshot(is_early: bool) -> None:
    """What Binance sent for KEEPUSDT, seen by tardis-node."""
    transformer, first = BINANCE_FUTURES_USD.transformer(), update(600859625705, 600859627652, 600859619434, "KEEPUSDT")
    events = list(transformer.transform(first, RECEIVED)) if is_early else []
    events += transformer.on_snapshot(snapshot(600859619434), LATER, "KEEPUSDT")
    if not is_early:
        events += transformer.transform(first, LATER)
    assert numbers(events) == [("S", 600859619434), ("U", 600859627652)]


def test_each_market_has_its_own_book() -> None:
    transformer = BINANCE_SPOT.transformer()
    transformer.on_snapshot(snapshot(100), LATER, "BTCUSDT")
    assert transformer.transform(update(101, 102, symbol="ETHUSDT"), RECEIVED) == []
    assert numbers(transformer.transform(update(101, 102), RECEIVED)) == [("U", 102)]


def test_a_gap_is_an_error() -> None:
    transformer = BINANCE_SPOT.transformer()
    transformer.on_snapshot(snapshot(100), LATER, "BTCUSDT")
    with pytest.raises(InvalidSequenceError):
        transformer.transform(update(103, 104), RECEIVED)


def test_a_snapshot_older_than_what_waits_is_an_error() -> None:
    transformer = BINANCE_SPOT.transformer()
    transformer.transform(update(105, 110), RECEIVED)
    with pytest.raises(InvalidSequenceError):
        transformer.on_snapshot(snapshot(100), LATER, "BTCUSDT")
    assert transformer.transform(update(111, 112), RECEIVED) == []
    assert numbers(transformer.on_snapshot(snapshot(106), LATER, "BTCUSDT")) == [("S", 106), ("U", 110), ("U", 112)]


def test_a_malformed_update_is_a_lost_one() -> None:
    transformer = BINANCE_SPOT.transformer()
    transformer.on_snapshot(snapshot(100), LATER, "BTCUSDT")
    with pytest.raises(MarketDataError, match="price is 'x'"):
        transformer.transform(update(101, 102).replace(b'"1.0"', b'"x"'), RECEIVED)
    with pytest.raises(InvalidSequenceError):
        transformer.transform(update(103, 104), RECEIVED)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b'{"code":-1003,"msg":"Too many requests"}', id="error-of-the-venue"),
        pytest.param(update(1, 2), id="an-update"),
        pytest.param(b"<html>", id="no-json"),
    ],
)
def test_what_is_no_snapshot_is_an_error(message: bytes) -> None:
    with pytest.raises(MarketDataError):
        BINANCE_SPOT.transformer().on_snapshot(message, RECEIVED, "BTCUSDT")


def book_update(connector: Connector, first: int, last: int, previous: int) -> bytes:
    levels = '"b":[["80","0"],["90","10"]],"a":[["200","1"],["500","0"]]'
    chain = "" if connector is BINANCE_SPOT else f'"pu":{previous},"T":1,'
    return f'{{"e":"depthUpdate","E":2,"s":"BTCUSDT","U":{first},"u":{last},{chain}{levels}}}'.encode()


@pytest.mark.parametrize("connector", [BINANCE_SPOT, BINANCE_FUTURES_USD], ids=["spot", "futures"])
@pytest.mark.parametrize("relevant", [False, True], ids=["dropped", "applied"])
def test_a_local_book_follows_the_updates_that_continue_it(connector: Connector, relevant: bool) -> None:
    transformer, book = connector.transformer(), OrderBook()
    first = b'{"lastUpdateId":100,"bids":[["80","1"],["100","1"],["90","1"]],"asks":[["150","1"],["110","1"],["120","1"]]}'
    bridge = b'{"e":"depthUpdate","E":2,"s":"BTCUSDT","U":99,"u":101,"pu":98,"T":1,"b":[],"a":[]}'
    following = book_update(connector, 102, 110, 101) if relevant else book_update(connector, 0, 99, 0)
    events = list(transformer.on_snapshot(first, RECEIVED, "BTCUSDT"))
    for message in (bridge, following):
        events += transformer.transform(message, RECEIVED)
    for event in events:
        assert isinstance(event.kind, OrderBookSnapshot | OrderBookUpdate)
        book.update(event.kind)

    bids, asks = {"100": "1", "90": "1", "80": "1"}, {"110": "1", "120": "1", "150": "1"}
    if relevant:
        bids, asks = {"100": "1", "90": "10"}, {**asks, "200": "1"}
    assert book.sequence == (110 if relevant else 101)
    assert book.bids.levels == [Level(D(price), D(amount)) for price, amount in bids.items()]
    assert book.asks.levels == [Level(D(price), D(amount)) for price, amount in asks.items()]
