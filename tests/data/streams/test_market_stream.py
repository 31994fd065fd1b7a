"""One connection, without sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.data.streams.venue import (
    ACK,
    BTC,
    BYBIT_ACK,
    DROP,
    START,
    FakeVenue,
    Script,
    depth,
    level,
    live,
    snapshot,
    status,
    sub,
    trade,
    trade_ids,
    watchdog,
)
from tests.support.virtual_time import in_virtual_time

from barter_python.data.book import OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent
from barter_python.data.exchange.registry import connector_of
from barter_python.data.exchange.sequence import InvalidSequenceError
from barter_python.data.streams.environment import StreamSettings
from barter_python.data.streams.error import InitialSnapshotInvalidError, InitialSnapshotMissingError
from barter_python.data.streams.event_queue import EventQueue, Outlet
from barter_python.data.streams.market_stream import MarketStream
from barter_python.data.subscription import SubKind, UnidentifiableError
from barter_python.errors import ConfigError, MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.integration.error import HttpError, HttpResponseError, StaleError, TerminatedError

SETTINGS = StreamSettings()


class Run:
    """A stream that has run to its end."""

    def __init__(self, events: list[Any], error: BaseException, stream: MarketStream, seconds: float) -> None:
        self.events = events
        self.error = error
        self.stream = stream
        self.seconds = seconds

    def books(self) -> list[Any]:
        return [event.kind for event in self.events]


async def run(
    venue: FakeVenue, subscriptions: Sequence[Any], exchange: ExchangeId = ExchangeId.BINANCE_SPOT, backlog_max: int = 100
) -> Run:
    outlet: Outlet[Any] = Outlet(EventQueue(backlog_max))
    stream = await MarketStream.init(
        connector_of(exchange),
        live(*subscriptions, exchange=exchange),
        venue.environment(),
        SETTINGS,
        watchdog(SETTINGS),
        status(),
    )
    with pytest.raises(Exception) as caught:
        await stream.run(outlet)
    await stream.close()
    outlet.queue.close()
    return Run([event async for event in outlet.queue], caught.value, stream, asyncio.get_running_loop().time())


@in_virtual_time
async def test_events_carry_the_key_and_the_time_of_reception() -> None:
    result = await run(FakeVenue([[ACK, 2.0, trade(7), DROP]]), [sub()])

    [event] = result.events
    assert (event.instrument, event.exchange) == (BTC, ExchangeId.BINANCE_SPOT)
    assert event.time_received == START + timedelta(seconds=2)
    assert result.error == TerminatedError(1006)


@in_virtual_time
async def test_what_arrived_before_the_answer_comes_first() -> None:
    result = await run(FakeVenue([[1.0, trade(1), ACK, 5.0, trade(2), DROP]]), [sub()])

    assert trade_ids(result.events) == ["1", "2"]
    assert [(event.time_received - START).total_seconds() for event in result.events] == [1.0, 6.0]


@in_virtual_time
async def test_an_unreadable_message_is_reported_and_the_stream_goes_on() -> None:
    result = await run(FakeVenue([[ACK, trade(1), b"{", trade(2), DROP]]), [sub()])

    first, error, second = result.events
    assert trade_ids([first, second]) == ["1", "2"]
    assert isinstance(error, MarketDataError)
    assert result.stream.status.errors == 1
    assert result.stream.status.last_error is error


@in_virtual_time
async def test_data_of_another_instrument_is_reported() -> None:
    result = await run(FakeVenue([[ACK, trade(1, symbol="ETHUSDT"), DROP]]), [sub()])

    [error] = result.events
    assert isinstance(error, UnidentifiableError)
    assert error.subscription_id == "ETHUSDT"


@in_virtual_time
async def test_data_of_another_kind_is_reported() -> None:
    result = await run(FakeVenue([[ACK, trade(1), DROP]]), [sub(SubKind.ORDER_BOOKS_L1)])

    [error] = result.events
    assert isinstance(error, UnidentifiableError)


@in_virtual_time
async def test_a_bad_entry_is_reported_beside_the_good_ones() -> None:
    entry = b'{"T":1,"s":"BTCUSDT","S":"Buy","v":"1","p":"%s","i":"%s"}'
    entries = b",".join(entry % values for values in ((b"100", b"1"), (b"-1", b"2"), (b"100", b"3")))
    message = b'{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[%s]}' % entries
    exchange = ExchangeId.BYBIT_SPOT
    result = await run(FakeVenue([[BYBIT_ACK, message, DROP]]), [sub(exchange=exchange)], exchange)

    first, error, last = result.events
    assert trade_ids([first, last]) == ["1", "3"]
    assert isinstance(error, MarketDataError)
    assert (result.stream.status.messages, result.stream.status.errors) == (2, 1)


@in_virtual_time
async def test_a_book_starts_with_its_snapshot_and_the_updates_that_follow_it() -> None:
    """U100: Rust emits the first two updates, then the snapshot, which overwrites them."""
    script: Script = [depth(8, 9, bid="90"), ACK, depth(10, 11, bid="91"), 5.0, depth(12, 13, bid="92"), DROP]
    venue = FakeVenue([script], [snapshot(10)], snapshot_seconds=1.0)

    result = await run(venue, [sub(SubKind.ORDER_BOOKS_L2)])

    assert [OrderBookSnapshot, OrderBookUpdate, OrderBookUpdate] == [type(kind) for kind in result.books()]
    assert [kind.book.sequence for kind in result.books()] == [10, 11, 13]
    book = OrderBook()
    for kind in result.books():
        book.update(kind)
    assert [level("99", "5"), level("92", "1"), level("91", "1")] == book.bids.levels
    assert venue.fetched == ["https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000"]


@in_virtual_time
async def test_a_snapshot_that_updates_do_not_follow_is_fetched_again() -> None:
    """F22. Updates go on meanwhile."""
    venue = FakeVenue([[ACK, depth(20, 21), 0.55, depth(22, 23), 5.0, DROP]], [snapshot(10), snapshot(20)], snapshot_seconds=0.5)

    result = await run(venue, [sub(SubKind.ORDER_BOOKS_L2)])

    assert [kind.book.sequence for kind in result.books()] == [20, 21, 23]


@in_virtual_time
async def test_a_failed_request_for_a_snapshot_is_repeated() -> None:
    failures = [HttpError("no answer"), HttpResponseError(429, "slow down", timedelta(seconds=30)), b"<html>"]
    venue = FakeVenue([[ACK, depth(10, 11), 40.0, DROP]], [*failures, snapshot(10)])

    result = await run(venue, [sub(SubKind.ORDER_BOOKS_L2)])

    assert [kind.book.sequence for kind in result.books()] == [10, 11]
    assert venue.fetched_at == [0, 0.125, 0.125 + 30, 0.125 + 30 + 0.5]


@in_virtual_time
async def test_a_snapshot_that_never_comes_ends_the_connection() -> None:
    venue = FakeVenue([[ACK]], [HttpError("no answer")] * SETTINGS.snapshot_attempts)
    result = await run(venue, [sub(SubKind.ORDER_BOOKS_L2)])
    assert result.error == InitialSnapshotMissingError("@depth@100ms|BTCUSDT", "no answer")  # type: ignore[arg-type]

    venue = FakeVenue([[ACK]], [b"{}"] * SETTINGS.snapshot_attempts)
    result = await run(venue, [sub(SubKind.ORDER_BOOKS_L2)])
    assert isinstance(result.error, InitialSnapshotInvalidError)


@in_virtual_time
async def test_a_snapshot_that_is_refused_at_the_start_is_not_asked_for_again() -> None:
    venue = FakeVenue([[ACK]], [HttpResponseError(400, '{"code":-1121,"msg":"Invalid symbol."}')])

    result = await run(venue, [sub(SubKind.ORDER_BOOKS_L2)])

    assert isinstance(result.error, ConfigError)
    assert str(result.error).startswith("binance_spot: no order book of BTCUSDT: HTTP status is 400")
    assert [0.0] == venue.fetched_at


@in_virtual_time
async def test_a_gap_ends_the_connection() -> None:
    """F21."""
    venue = FakeVenue([[ACK, 1.0, depth(11, 12), depth(14, 15)]], [snapshot(10)])

    result = await run(venue, [sub(SubKind.ORDER_BOOKS_L2)])

    assert result.error == InvalidSequenceError(12, 14)
    assert [kind.book.sequence for kind in result.books()] == [10, 12]


@in_virtual_time
async def test_snapshots_are_for_books_only() -> None:
    venue = FakeVenue([[ACK, 1.0, DROP]])

    await run(venue, [sub(), sub(SubKind.ORDER_BOOKS_L1)])

    assert venue.fetched == []


@in_virtual_time
async def test_the_venues_own_pings_are_sent() -> None:
    accepted = b'{"success":true,"ret_msg":"subscribe","op":"subscribe"}'
    pong = b'{"success":true,"ret_msg":"pong","op":"ping"}'
    venue = FakeVenue([[accepted, 8.0, pong, 8.0, DROP]])

    result = await run(venue, [sub(exchange=ExchangeId.BYBIT_SPOT)], ExchangeId.BYBIT_SPOT)

    assert venue.sockets[0].sent[1:] == ['{"op":"ping"}'] * 3
    assert result.events == []


@in_virtual_time
async def test_silence_ends_the_connection() -> None:
    """F10."""
    result = await run(FakeVenue([[ACK, 30.0, trade(1)]]), [sub()])

    assert isinstance(result.error, StaleError)
    assert result.seconds == 90.0


@in_virtual_time
async def test_a_slow_consumer_stops_the_reading_and_is_no_silence() -> None:
    outlet: Outlet[Any] = Outlet(EventQueue(2))
    venue = FakeVenue([[ACK, *map(trade, range(5)), DROP]])
    stream = await MarketStream.init(
        connector_of(ExchangeId.BINANCE_SPOT), live(sub()), venue.environment(), SETTINGS, watchdog(SETTINGS), status()
    )
    running = asyncio.ensure_future(stream.run(outlet))

    await asyncio.sleep(600)
    assert len(outlet.queue) == 2
    received: list[Any] = []
    while not running.done():
        received += await outlet.queue.next_batch()
        await asyncio.sleep(1)
    outlet.queue.close()
    received += [item async for item in outlet.queue]

    assert trade_ids(received) == ["0", "1", "2", "3", "4"]
    assert isinstance(running.exception(), TerminatedError)


@in_virtual_time
async def test_an_abandoned_connection_ends_with_the_reason() -> None:
    stream = await MarketStream.init(
        connector_of(ExchangeId.BINANCE_SPOT), live(sub()), FakeVenue([[ACK]]).environment(), SETTINGS, watchdog(), status()
    )
    running = asyncio.ensure_future(stream.run(Outlet(EventQueue(1))))
    await asyncio.sleep(1)

    stream.abandon(MarketDataError("first"))
    stream.abandon(MarketDataError("second"))

    with pytest.raises(MarketDataError, match="first"):
        await running


@in_virtual_time
async def test_a_mistake_in_the_program_is_not_taken_for_a_lost_connection() -> None:
    result = await run(FakeVenue([[ACK, ZeroDivisionError("mistake")]]), [sub()])

    assert isinstance(result.error, ZeroDivisionError)


@in_virtual_time
async def test_status_tells_what_happened() -> None:
    result = await run(FakeVenue([[ACK, 3.0, trade(1), DROP]]), [sub()])

    state = result.stream.status
    assert (state.instruments, state.connections, state.messages) == ((BTC,), 1, 2)
    assert (state.time_connected, state.time_received) == (START, START + timedelta(seconds=3))
    assert isinstance(result.events[0], MarketEvent)
