"""Streams by venue, without sockets."""

from __future__ import annotations

import asyncio

import pytest
from tests.data.streams.venue import (
    ACK,
    BINANCE,
    BTC,
    BYBIT,
    BYBIT_ACK,
    DROP,
    ETH,
    REFUSED,
    FakeVenue,
    bybit_trade,
    read,
    sub,
    trade,
    trade_ids,
)
from tests.support.virtual_time import in_virtual_time

from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.data.streams.builder import StreamBuilder, Streams, to_subscription
from barter_python.data.streams.environment import StreamSettings
from barter_python.data.streams.error import SubscriptionsEmptyError
from barter_python.data.streams.status import ConnectionState
from barter_python.data.subscription import SubKind, UnsupportedSubscriptionError
from barter_python.errors import MarketDataError
from barter_python.instrument.kind import Spot
from barter_python.integration.error import SubscribeError, WebSocketError


def test_a_tuple_is_a_subscription() -> None:
    assert sub() == to_subscription((BINANCE, "btc", "usdt", Spot(), SubKind.PUBLIC_TRADES))
    assert to_subscription(sub()) == sub()


@in_virtual_time
async def test_each_batch_has_its_connection_and_each_venue_its_stream() -> None:
    venue = FakeVenue([[ACK, 1.0, trade(1)], [ACK, 2.0, trade(2, symbol="ETHUSDT")], [BYBIT_ACK, 3.0, bybit_trade("x")]])
    builder = Streams.builder().subscribe([sub()]).subscribe([sub(instrument=ETH)]).subscribe([sub(exchange=BYBIT)])

    async with await builder.init(venue.environment()) as streams:
        binance, bybit = streams.select(BINANCE), streams.select(BYBIT)
        assert [event.instrument for event in await read(binance, 2)] == [BTC, ETH]
        assert trade_ids(await read(bybit, 1)) == ["x"]
        assert streams.select(BINANCE) is None
        assert len(streams.connections) == 3
    assert venue.open_sockets == 0


@in_virtual_time
async def test_all_streams_are_one_in_order_of_arrival() -> None:
    venue = FakeVenue([[ACK, 1.0, trade(1), 4.0, trade(3)], [BYBIT_ACK, 2.0, bybit_trade("2")]])

    async with await StreamBuilder().subscribe([sub()]).subscribe([sub(exchange=BYBIT)]).init(venue.environment()) as streams:
        await asyncio.sleep(1.5)
        stream = streams.select_all()
        assert trade_ids(await read(stream, 3)) == ["1", "2", "3"]
        assert streams.exchanges == ()


@in_virtual_time
async def test_a_batch_of_two_venues_has_two_connections_and_no_duplicates() -> None:
    venue = FakeVenue([[ACK], [BYBIT_ACK]])

    async with await StreamBuilder().subscribe([sub(), sub(exchange=BYBIT), sub()]).init(venue.environment()) as streams:
        assert streams.exchanges == (BINANCE, BYBIT)
    assert venue.sockets[0].sent == ['{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}']


@in_virtual_time
async def test_builders_of_builders() -> None:
    venue = FakeVenue([[ACK, 1.0, trade(1)], [ACK, 2.0, trade(2, symbol="ETHUSDT")]])
    builder = (
        Streams.builder_multi().add(StreamBuilder().subscribe([sub()])).add(StreamBuilder().subscribe([sub(instrument=ETH)]))
    )

    async with await builder.init(venue.environment()) as streams:
        assert trade_ids(await read(streams.select(BINANCE), 2)) == ["1", "2"]


@in_virtual_time
async def test_where_one_connection_fails_none_is_left() -> None:
    venue = FakeVenue([[1.0, ACK], [2.0, REFUSED], [], WebSocketError("late")][:3])

    with pytest.raises(SubscribeError, match="Invalid symbol"):
        await (StreamBuilder().subscribe([sub()]).subscribe([sub(instrument=ETH)]).subscribe([sub(exchange=BYBIT)])).init(
            venue.environment()
        )
    assert len(venue.sockets) == 3
    assert venue.open_sockets == 0


def test_what_cannot_be_streamed_is_refused_at_once() -> None:
    with pytest.raises(UnsupportedSubscriptionError):
        StreamBuilder().subscribe([sub(SubKind.LIQUIDATIONS)])
    with pytest.raises(SubscriptionsEmptyError):
        StreamBuilder().subscribe([])


@in_virtual_time
async def test_nothing_to_stream_is_an_error() -> None:
    with pytest.raises(SubscriptionsEmptyError):
        await StreamBuilder().init(FakeVenue([]).environment())


@in_virtual_time
async def test_a_stream_has_interruptions_and_errors_and_ends_when_closed() -> None:
    venue = FakeVenue([[ACK, trade(1), b"{", DROP], [ACK, trade(2)]])
    streams = await StreamBuilder().subscribe([sub()]).init(venue.environment())
    stream = streams.select_all()
    await asyncio.sleep(10)
    await streams.close()
    await streams.close()

    events = [event async for event in stream]
    assert [MarketEvent, MarketDataError, MarketReconnecting, MarketEvent] == [type(event) for event in events]
    assert ConnectionState.CLOSED is streams.connections[0].state


@in_virtual_time
async def test_a_mistake_in_the_program_is_raised_to_the_reader() -> None:
    venue = FakeVenue([[ACK, trade(1), 1.0, ZeroDivisionError("mistake")]])

    async with await StreamBuilder().subscribe([sub()]).init(venue.environment()) as streams:
        stream = streams.select_all()
        assert trade_ids(await read(stream, 1)) == ["1"]
        with pytest.raises(ZeroDivisionError):
            await anext(stream)


@in_virtual_time
async def test_a_reader_of_nothing_ends() -> None:
    async with await StreamBuilder().subscribe([sub()]).init(FakeVenue([[ACK]]).environment()) as streams:
        assert streams.select(BYBIT) is None
        streams.select(BINANCE)
        rest = streams.select_all()
    assert [event async for event in rest] == []


@in_virtual_time
async def test_memory_is_bounded_by_not_reading() -> None:
    venue = FakeVenue([[ACK, *map(trade, range(1000))]])
    settings = StreamSettings(backlog_max=10)

    async with await StreamBuilder().subscribe([sub()]).init(venue.environment(), settings) as streams:
        stream = streams.select_all()
        await asyncio.sleep(100)
        assert len(stream) == 10
        assert trade_ids(await read(stream, 1000)) == [str(number) for number in range(1000)]
