"""Streams over several addresses of a venue, and subscriptions that bring nothing, without sockets and in virtual time."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.data.streams.venue import ACK, BYBIT_ACK, DROP, REFUSED, FakeVenue, Script, snapshot, sub, trade, trade_ids
from tests.support.virtual_time import in_virtual_time

from barter_python.data.book import OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Liquidation, MarketReconnecting, OrderBookL1
from barter_python.data.exchange.registry import connector_of
from barter_python.data.streams.consumer import init_market_stream
from barter_python.data.streams.environment import StreamSettings
from barter_python.data.streams.error import SilentSubscriptionError
from barter_python.data.streams.event_queue import EventQueue, Outlet
from barter_python.data.streams.venue_stream import VenueStream
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.market_data import MarketDataInstrument, MarketDataPerpetual
from barter_python.integration.backoff import ReconnectionBackoffPolicy
from barter_python.integration.error import HttpResponseError, SubscribeError, WebSocketError

FUTURES = ExchangeId.BINANCE_FUTURES_USD
PERPETUAL = MarketDataInstrument.new("btc", "usdt", MarketDataPerpetual())
PUBLIC, MARKET = connector_of(FUTURES).addresses(SubKind.PUBLIC_TRADES)
TRADES, L1, L2, LIQUIDATIONS = (
    sub(kind, PERPETUAL, FUTURES)
    for kind in (SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1, SubKind.ORDER_BOOKS_L2, SubKind.LIQUIDATIONS)
)
LOST = MarketReconnecting(FUTURES)
DOWN = WebSocketError("down")
MINUTE = timedelta(seconds=60)
SETTINGS = StreamSettings(
    policy=ReconnectionBackoffPolicy(1000, 2, 8000, jitter=0.0),
    stale_after=timedelta(hours=1),
    silence_max=dict.fromkeys(SubKind, MINUTE),
)
FORCE_ORDER = (
    b'{"e":"forceOrder","E":1584059031426,"o":{"s":"BTCUSDT","S":"BUY","o":"LIMIT","f":"IOC","q":"0.014","p":"4793.91",'
    b'"ap":"4706.04","X":"FILLED","l":"0.015","z":"0.014","T":1584059031421}}'
)
TICKER = b'{"e":"bookTicker","u":1,"s":"BTCUSDT","b":"99","B":"1","a":"101","A":"1","T":1,"E":1}'


def depth(first: int, last: int, prev: int) -> bytes:
    members = {"e": "depthUpdate", "E": 1, "T": 1, "s": "BTCUSDT", "U": first, "u": last, "pu": prev, "b": [], "a": []}
    return json.dumps(members).encode()


def busy(seconds: int) -> list[Any]:
    """Best prices every ten seconds."""
    return [step for _ in range(seconds // 10) for step in (10.0, TICKER)]


class Running:
    """A stream that is forwarded to a queue until the test is over."""

    def __init__(self, stream: VenueStream) -> None:
        self.stream = stream
        self.queue: EventQueue[Any] = EventQueue(1000)
        self.task = asyncio.ensure_future(stream.forward_to(Outlet(self.queue)))

    async def stop(self) -> list[Any]:
        """All its events but best prices."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.queue.close()
        return [item async for item in self.queue if not isinstance(getattr(item, "kind", None), OrderBookL1)]


async def start(venue: FakeVenue, *subscriptions: Any, settings: StreamSettings = SETTINGS) -> Running:
    return Running(await init_market_stream(subscriptions, venue.environment(), settings))


def venue(public: list[Script], market: list[Script], snapshots: list[bytes | Exception] | None = None) -> FakeVenue:
    return FakeVenue([], snapshots or [], scripts_at={PUBLIC: public, MARKET: market})


def told(events: list[Any]) -> list[tuple[Any, timedelta]]:
    return [(event.subscription, event.silent) for event in events if isinstance(event, SilentSubscriptionError)]


@in_virtual_time
async def test_one_list_of_subscriptions_is_one_stream_over_two_addresses() -> None:
    binance = venue([[ACK, 1.0, trade(1)]], [[ACK, 2.0, FORCE_ORDER]])
    running = await start(binance, TRADES, LIQUIDATIONS, L1)
    await asyncio.sleep(10)
    assert len(running.stream.connections) == 2
    first, second = await running.stop()

    assert trade_ids([first]) == ["1"]
    assert isinstance(second.kind, Liquidation)
    asked = {url: json.loads(socket.sent[0])["params"] for (url, _), socket in zip(binance.asked, binance.sockets, strict=True)}
    assert asked == {PUBLIC: ["btcusdt@trade", "btcusdt@bookTicker"], MARKET: ["btcusdt@forceOrder"]}


@pytest.mark.parametrize("script", [[REFUSED], DOWN], ids=["refused", "down"])
@in_virtual_time
async def test_every_address_must_answer_at_first(script: Script) -> None:
    binance = venue([[ACK]], [script])

    with pytest.raises((SubscribeError, WebSocketError)):
        await start(binance, TRADES, LIQUIDATIONS)
    assert binance.open_sockets == 0


@in_virtual_time
async def test_what_is_silent_at_one_address_is_taken_from_the_other() -> None:
    """Only the other address has the trades. What the first one sends later is left out."""
    binance = venue([[ACK, *busy(100), trade(1), trade(9), *busy(100)]], [[ACK, 20.0, trade(1), 30.0, trade(2)]])
    running = await start(binance, TRADES, L1)
    await asyncio.sleep(150)
    events = await running.stop()

    assert told(events) == [(TRADES, MINUTE)]
    assert trade_ids(events) == ["1", "2"], "trade 9 came too late, over the first"
    assert json.loads(binance.sockets[1].sent[0])["params"] == ["btcusdt@trade"]
    assert binance.connected_at == [0, 60]


@in_virtual_time
async def test_a_quiet_market_is_asked_for_twice_and_told_once() -> None:
    """Both addresses have the trades: the first that brings one stays, the other connection is closed."""
    public: Script = [ACK, *busy(90), trade(1), 1.0, trade(2)]
    binance = venue([public], [[ACK, 30.0, trade(1), 1.0, trade(2)]])
    running = await start(binance, TRADES, L1)
    await asyncio.sleep(110)
    assert binance.open_sockets == 1
    assert len(running.stream.connections) == 1
    events = await running.stop()

    assert trade_ids(events) == ["1", "2"]
    assert LOST not in events


@in_virtual_time
async def test_a_connection_that_is_silent_altogether_is_renewed_and_then_given_up_for_the_other_address() -> None:
    """As a session streams: each kind over a connection of its own, with the usual settings."""
    binance = venue([[ACK], [ACK], [ACK]], [[ACK, 1.0, trade(1)]])
    running = await start(binance, TRADES, settings=StreamSettings())
    await asyncio.sleep(170)
    assert [(url, socket.closed) for (url, _), socket in zip(binance.asked, binance.sockets, strict=True)] == [
        (PUBLIC, True),
        (PUBLIC, True),
        (MARKET, False),
    ]
    events = await running.stop()

    assert events[0] == LOST
    assert trade_ids(events) == ["1"]


@in_virtual_time
async def test_a_connection_of_which_nothing_is_wanted_any_more_is_closed() -> None:
    binance = venue([[ACK]], [[ACK, 1.0, trade(1), 50.0, trade(2), 50.0, trade(3)]])
    running = await start(binance, TRADES)
    await asyncio.sleep(150)
    assert [status.connections for status in running.stream.connections] == [1]
    assert [socket.closed for socket in binance.sockets] == [True, False]
    events = await running.stop()

    assert trade_ids(events) == ["1", "2"]


@in_virtual_time
async def test_a_book_that_is_silent_is_taken_from_the_other_address() -> None:
    binance = venue([[ACK, *busy(300)]], [[ACK, 1.0, depth(21, 22, 20)]], [snapshot(10), snapshot(20)])
    running = await start(binance, L2, L1)
    await asyncio.sleep(100)
    events = [event.kind for event in await running.stop() if not isinstance(event, SilentSubscriptionError)]

    assert [(type(kind), kind.book.sequence) for kind in events] == [
        (OrderBookSnapshot, 10),
        (OrderBookSnapshot, 20),
        (OrderBookUpdate, 22),
    ]


@in_virtual_time
async def test_a_trial_that_fails_interrupts_nothing_and_is_repeated() -> None:
    binance = venue([[ACK, *busy(300)]], [DOWN, [REFUSED], [ACK, 1.0, DROP], [ACK, 1.0, trade(1), 1.0, DROP], [ACK]])
    running = await start(binance, TRADES, L1)
    await asyncio.sleep(230)
    events = await running.stop()

    assert binance.connected_at[:4] == [0, 60, 120, 180]
    assert told(events) == [(TRADES, MINUTE)] * 3
    assert trade_ids(events) == ["1"]
    assert events[-1] == LOST, "after the trial it is a connection like any other"


@in_virtual_time
async def test_a_trial_whose_book_is_refused_ends_itself_only() -> None:
    refusal = HttpResponseError(403, "")
    binance = venue([[ACK, *busy(300)]], [[ACK], [ACK]], [snapshot(10), refusal, refusal])
    running = await start(binance, L2, L1)
    await asyncio.sleep(150)
    assert binance.open_sockets == 1
    events = await running.stop()

    assert binance.connected_at == [0, 60, 120]
    assert told(events) == [(L2, MINUTE)] * 2


@in_virtual_time
async def test_one_trial_takes_in_what_becomes_silent_later() -> None:
    later = replace(SETTINGS, silence_max={SubKind.PUBLIC_TRADES: MINUTE, SubKind.ORDER_BOOKS_L1: 2 * MINUTE})
    binance = venue([[ACK, 300.0]], [[ACK, 300.0], [ACK, 1.0, TICKER, trade(1)]])
    running = await start(binance, TRADES, L1, settings=later)
    await asyncio.sleep(130)
    assert [socket.closed for socket in binance.sockets] == [True, True, False]
    events = await running.stop()

    assert binance.connected_at == [0, 60, 120]
    assert json.loads(binance.sockets[2].sent[0])["params"] == ["btcusdt@trade", "btcusdt@bookTicker"]
    assert trade_ids(events) == ["1"]


@in_virtual_time
async def test_silent_liquidations_are_no_error() -> None:
    binance = venue([[ACK]], [[ACK]])
    running = await start(binance, LIQUIDATIONS)
    await asyncio.sleep(70)
    silent = [status.silent for status in running.stream.connections]

    assert await running.stop() == []
    assert silent == [(LIQUIDATIONS,), ()]


@in_virtual_time
async def test_a_connection_for_liquidations_may_be_silent_for_as_long_as_any() -> None:
    binance = venue([], [[ACK]])
    quick = replace(SETTINGS, stale_after=MINUTE, silence_max={})
    running = await start(binance, LIQUIDATIONS, settings=quick)
    await asyncio.sleep(3000)

    assert await running.stop() == []


@in_virtual_time
async def test_a_venue_with_one_address_is_reported_only() -> None:
    bybit = FakeVenue([[BYBIT_ACK]])
    trades = sub(exchange=ExchangeId.BYBIT_SPOT)
    running = await start(bybit, trades)
    await asyncio.sleep(600)
    [status] = running.stream.connections
    assert status.silent == (trades,)
    events = await running.stop()

    assert str(events[0]) == (
        "subscription (BybitSpot|PublicTrades|btc_usdt_spot) has brought nothing for 60 s, expected something in that time"
    )
    assert told(events) == [(trades, MINUTE)]


@in_virtual_time
async def test_time_without_a_connection_is_no_silence() -> None:
    binance = FakeVenue([[ACK, 50.0, DROP], *[DOWN] * 20, [ACK, 5.0, trade(1)]])
    running = await start(binance, sub())
    await asyncio.sleep(250)
    events = await running.stop()

    assert told(events) == []
    assert trade_ids(events) == ["1"]
