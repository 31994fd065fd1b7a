"""Streams that outlive their connections, without sockets and in virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.data.streams.venue import ACK, BTC, DROP, REFUSED, FakeVenue, Script, depth, snapshot, sub, trade, trade_ids
from tests.support.virtual_time import in_virtual_time

from barter_python.data.book import OrderBookSnapshot
from barter_python.data.event import MarketReconnecting
from barter_python.data.streams.consumer import init_market_stream
from barter_python.data.streams.environment import StreamSettings
from barter_python.data.streams.error import SubscriptionsEmptyError
from barter_python.data.streams.event_queue import EventQueue, Outlet
from barter_python.data.streams.status import ConnectionLost, ConnectionState
from barter_python.data.streams.venue_stream import VenueStream
from barter_python.data.subscription import SubKind
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId
from barter_python.integration.backoff import ReconnectionBackoffPolicy
from barter_python.integration.error import SubscribeError, TerminatedError, WebSocketError

SETTINGS = StreamSettings(
    policy=ReconnectionBackoffPolicy(1000, 2, 8000, healthy_ms=30_000, jitter=0.0),
    stale_after=timedelta(minutes=10),
    silence_max={},
)
LOST = MarketReconnecting(ExchangeId.BINANCE_SPOT)
DOWN = WebSocketError("down")


class Running:
    """A stream that is forwarded to a queue until the test is over."""

    def __init__(self, stream: VenueStream) -> None:
        self.stream = stream
        self.queue: EventQueue[Any] = EventQueue(1000)
        self.task = asyncio.ensure_future(stream.forward_to(Outlet(self.queue)))

    async def stop(self) -> list[Any]:
        """All its events."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.queue.close()
        return [event async for event in self.queue]


async def start(venue: FakeVenue, *subscriptions: Any, settings: StreamSettings = SETTINGS, **kwargs: Any) -> Running:
    return Running(await init_market_stream(subscriptions or (sub(),), venue.environment(), settings, **kwargs))


@in_virtual_time
async def test_events_go_on_after_an_interruption() -> None:
    venue = FakeVenue([[ACK, trade(1), DROP], [ACK, trade(2)]])
    running = await start(venue)
    await asyncio.sleep(10)

    events = await running.stop()

    assert trade_ids(events) == ["1", "2"]
    assert events[1] == LOST
    assert venue.open_sockets == 0


@in_virtual_time
async def test_each_connection_that_is_made_is_used_in_order() -> None:
    venue = FakeVenue([[ACK, trade(1), DROP], [ACK, trade(2), DROP], [ACK, trade(3)]])
    running = await start(venue)
    await asyncio.sleep(10)

    assert ["1", "2", "3"] == trade_ids(await running.stop())


@in_virtual_time
async def test_an_attempt_that_fails_brings_nothing_and_the_next_one_is_used() -> None:
    venue = FakeVenue([[ACK, DROP], [REFUSED], DOWN, [ACK, trade(42)]])
    running = await start(venue)
    await asyncio.sleep(100)
    events = await running.stop()

    assert [LOST] == events[:-1]
    assert ["42"] == trade_ids(events)


@pytest.mark.parametrize("script", [[REFUSED], DOWN], ids=["refused", "down"])
@in_virtual_time
async def test_the_first_connection_must_succeed(script: Script) -> None:
    venue = FakeVenue([script])

    with pytest.raises((SubscribeError, WebSocketError)):
        await start(venue)
    assert venue.open_sockets == 0


@in_virtual_time
async def test_nothing_to_stream_is_an_error() -> None:
    with pytest.raises(SubscriptionsEmptyError):
        await init_market_stream([], FakeVenue([]).environment())


@in_virtual_time
async def test_subscriptions_of_two_venues_are_an_error() -> None:
    with pytest.raises(ConfigError, match="is 'okx', expected 'binance_spot'"):
        await start(FakeVenue([]), sub(), sub(exchange=ExchangeId.OKX))


@in_virtual_time
async def test_a_venue_that_accepts_and_drops_is_called_less_and_less_often() -> None:
    """U52, F12: Rust pauses only after connections that could not be made."""
    venue = FakeVenue([[ACK, DROP]] * 6 + [[ACK]])
    running = await start(venue)
    await asyncio.sleep(100)
    events = await running.stop()

    assert venue.connected_at == [0, 1, 3, 7, 15, 23, 31]
    assert events == [LOST] * 6


@in_virtual_time
async def test_pauses_grow_while_no_connection_can_be_made() -> None:
    venue = FakeVenue([[ACK, DROP], DOWN, [REFUSED], DOWN, [ACK, trade(1)]])
    running = await start(venue)
    await asyncio.sleep(100)
    events = await running.stop()

    assert venue.connected_at == [0, 1, 3, 7, 15]
    assert events[0] == LOST
    assert trade_ids(events) == ["1"]
    assert len(events) == 2


@in_virtual_time
async def test_pauses_shrink_once_a_connection_was_healthy() -> None:
    venue = FakeVenue([[ACK, DROP], [ACK, DROP], [ACK, 29.0, DROP], [ACK, 30.0, DROP], [ACK]])
    running = await start(venue)
    await asyncio.sleep(200)
    await running.stop()

    # Pauses of 1, 2, 4 and, after a connection of 30 s, 1 again.
    assert venue.connected_at == [0, 1, 3, 3 + 29 + 4, 3 + 29 + 4 + 30 + 1]


@in_virtual_time
async def test_a_healthy_connection_counts_once() -> None:
    venue = FakeVenue([[ACK, 40.0, DROP], DOWN, DOWN, [ACK]])
    running = await start(venue)
    await asyncio.sleep(100)
    await running.stop()

    assert venue.connected_at == [0, 41, 43, 47]


@in_virtual_time
async def test_pauses_are_spread() -> None:
    jitter = replace(SETTINGS, policy=ReconnectionBackoffPolicy(1000, 2, 8000, jitter=0.5))
    venue = FakeVenue([[ACK, DROP], [ACK]], chance=1.0)
    running = await start(venue, settings=jitter)
    await asyncio.sleep(10)
    await running.stop()

    assert venue.connected_at == [0, 0.5]


@in_virtual_time
async def test_a_gap_in_a_book_brings_a_new_book() -> None:
    """F21."""
    books: list[Script] = [[ACK, 1.0, depth(11, 12), depth(14, 15)], [ACK, 1.0, depth(21, 22)]]
    running = await start(FakeVenue(books, [snapshot(10), snapshot(20)]), sub(SubKind.ORDER_BOOKS_L2))
    await asyncio.sleep(10)
    events = await running.stop()

    assert events[2] == LOST
    assert [event.kind.book.sequence for event in events if event != LOST] == [10, 12, 20, 22]
    assert isinstance(events[3].kind, OrderBookSnapshot)


@in_virtual_time
async def test_an_interruption_can_name_what_is_interrupted() -> None:
    """U60: of several connections to one venue one may be down."""
    running = await start(FakeVenue([[ACK, DROP], [ACK]]), on_lost=lambda lost: lost)
    await asyncio.sleep(10)
    [lost] = await running.stop()

    assert lost == ConnectionLost(ExchangeId.BINANCE_SPOT, (BTC,), TerminatedError(1006))


@in_virtual_time
async def test_status_follows_the_connection() -> None:
    running = await start(FakeVenue([[ACK, 5.0, DROP], DOWN, [ACK]]))
    [state], seen = running.stream.connections, []
    for _ in range(4):
        await asyncio.sleep(2.5)
        seen.append((state.state, state.connections))
    await running.stop()

    live, reconnecting = ConnectionState.LIVE, ConnectionState.RECONNECTING
    assert [(live, 1), (live, 1), (reconnecting, 1), (live, 2)] == seen
    assert state.state is ConnectionState.CLOSED
    assert state.last_error == DOWN


@in_virtual_time
async def test_a_mistake_in_the_program_ends_the_stream() -> None:
    venue = FakeVenue([[ACK, ZeroDivisionError("mistake")]])
    running = await start(venue)

    with pytest.raises(ZeroDivisionError):
        await running.task
    assert venue.open_sockets == 0


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.5, 4.0, 5.5])
@in_virtual_time
async def test_it_can_be_stopped_at_any_time(seconds: float) -> None:
    """Connected; in a pause; while it connects again; while it subscribes again."""
    venue = FakeVenue([[ACK, 0.75, DROP], [3.0, ACK, DROP], [ACK]])
    running = await start(venue)
    await asyncio.sleep(seconds)

    await running.stop()

    assert venue.open_sockets == 0


ROTATION = replace(
    SETTINGS, rotate_after=timedelta(hours=23), stale_after=timedelta(hours=20), stale_after_max=timedelta(hours=20)
)
HOURS_12 = 12 * 3600.0


@in_virtual_time
async def test_an_old_connection_is_replaced_without_an_interruption() -> None:
    """X3: make before break. Trade 3 arrives over both connections, 4 over the new one before the old one is closed."""
    old: Script = [ACK, HOURS_12, trade(1), HOURS_12 - 3600.0 - 0.5, trade(2), 0.75, trade(3)]
    new: Script = [ACK, 0.25, trade(3), 0.25, trade(4), 10.0, trade(5)]
    venue = FakeVenue([old, new])
    running = await start(venue, settings=ROTATION)
    await asyncio.sleep(24 * 3600.0)
    assert venue.open_sockets == 1
    events = await running.stop()

    assert trade_ids(events) == ["1", "2", "3", "4", "5"]
    assert len(events) == 5
    assert venue.connected_at == [0, 23 * 3600 + 1]
    assert [socket.closed for socket in venue.sockets] == [True, True]


@pytest.mark.parametrize("turns", range(12))
@in_virtual_time
async def test_a_connection_that_breaks_at_the_moment_of_its_replacement_leaves_one(turns: int) -> None:
    old: Script = [ACK, HOURS_12, trade(1), HOURS_12 - 3600.0 + 2.0, DROP]
    venue = FakeVenue([old, [ACK, HOURS_12], [ACK, HOURS_12]])

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds)
        for _ in range(turns):
            await asyncio.sleep(0)

    environment = replace(venue.environment(), sleep=sleep)
    running = Running(await init_market_stream([sub()], environment, ROTATION))
    await asyncio.sleep(24 * 3600.0)
    assert venue.open_sockets == 1
    await running.stop()

    assert venue.open_sockets == 0


@in_virtual_time
async def test_a_connection_that_breaks_while_it_is_replaced_is_an_interruption() -> None:
    old: Script = [ACK, HOURS_12, trade(1), HOURS_12 - 3600.0 + 1.5, DROP]
    venue = FakeVenue([old, [ACK, HOURS_12], [ACK, trade(2)]])
    running = await start(venue, settings=ROTATION)
    await asyncio.sleep(24 * 3600.0)
    assert venue.open_sockets == 1
    events = await running.stop()

    assert events[1] == LOST
    assert trade_ids(events) == ["1", "2"]


@in_virtual_time
async def test_an_old_connection_goes_on_while_it_cannot_be_replaced() -> None:
    old: Script = [ACK, HOURS_12, trade(1), HOURS_12, trade(2), 60.0, trade(3)]
    venue = FakeVenue([old, *[DOWN] * 460, [ACK, 3600.0, trade(4)]])
    running = await start(venue, settings=ROTATION)
    await asyncio.sleep(26 * 3600.0)
    events = await running.stop()

    assert trade_ids(events) == ["1", "2", "3", "4"]
    assert LOST not in events


SHUTDOWN = b'{"e":"serverShutdown","E":1770123456789}'
ANNOUNCED = {"young": (30.0, 31.0), "past its first minute": (300.0, 301.0)}


@pytest.mark.parametrize(("age", "connected_at"), ANNOUNCED.values(), ids=ANNOUNCED)
@pytest.mark.parametrize("rotate_after", [timedelta(hours=23), None], ids=["rotating", "not-rotating"])
@in_virtual_time
async def test_an_announced_end_is_prevented_by_a_new_connection(
    age: float, connected_at: float, rotate_after: timedelta | None
) -> None:
    """X3: the venue tells before it cuts; trade 2 arrives over both connections."""
    old: Script = [ACK, trade(1), age, SHUTDOWN, 1.5, trade(2), 60.0, DROP]
    new: Script = [ACK, 0.25, trade(2), 1.0, trade(3)]
    venue = FakeVenue([old, new])
    running = await start(venue, settings=replace(ROTATION, rotate_after=rotate_after))
    await asyncio.sleep(600.0)
    assert venue.open_sockets == 1
    events = await running.stop()

    assert trade_ids(events) == ["1", "2", "3"]
    assert len(events) == 3
    assert venue.connected_at == [0, connected_at]


@in_virtual_time
async def test_servers_that_announce_their_end_again_and_again_are_called_less_and_less_often() -> None:
    venue = FakeVenue([*[[ACK, SHUTDOWN]] * 5, [ACK]])
    running = await start(venue, settings=ROTATION)
    await asyncio.sleep(600.0)
    await running.stop()

    # Pauses of 1, 2, 4, 8 and 8 s, each after a second beside the old connection.
    assert venue.connected_at == [0, 1, 4, 9, 18, 27]


@in_virtual_time
async def test_rotation_can_be_turned_off() -> None:
    venue = FakeVenue([[ACK, *[step for number in range(10) for step in (HOURS_12, trade(number))]]])
    running = await start(venue, settings=replace(ROTATION, rotate_after=None))
    await asyncio.sleep(4 * 24 * 3600.0)
    await running.stop()

    assert len(venue.connected_at) == 1
