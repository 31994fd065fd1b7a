"""The project's own clients of the venue, over real sockets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.rehearsal.binance_spot.client import BINANCE, best, book, rehearse, trade, update
from tests.support.patience import PATIENCE_SECONDS

from barter_python.data.book import OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.data.exchange.binance.connector import BINANCE_SPOT, snapshot_url
from barter_python.data.streams.builder import StreamBuilder
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.subscription import SubKind, Subscription
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument
from barter_python.integration.backoff import ReconnectionBackoffPolicy
from barter_python.integration.transport import Transport
from barter_python.rehearsal.binance_spot import AtMessage, DropConnections, Fault, SkipMessages

SETTINGS = StreamSettings(policy=ReconnectionBackoffPolicy(1, 2, 5, jitter=0.0), request_pause=timedelta(0))
BTC = MarketDataInstrument.new("btc", "usdt", Spot())
EVENTS = (book(0), *(update(second, f"{90 - second}x1") for second in range(1, 12)))


async def followed(kind: SubKind, *events: MarketEvent, faults: tuple[Fault, ...] = (), count: int) -> list[Any]:
    """What the project's streams bring of a market."""
    async with rehearse(*events, faults=faults) as client, Transport() as transport:
        connector = replace(
            BINANCE_SPOT,
            url=f"{client.venue.websocket_url}/ws",
            snapshot_url=lambda market: snapshot_url(f"{client.venue.rest_url}/api/v3/depth", market),
        )
        environment = StreamEnvironment.live(transport, lambda _: connector)
        builder = StreamBuilder().subscribe([Subscription(BINANCE, BTC, kind)])
        async with await builder.init(environment, SETTINGS) as streams:
            stream = streams.select(BINANCE)
            assert stream is not None
            got: list[Any] = []
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(got) < count:
                    await client.venue.step()
                    try:
                        async with asyncio.timeout(0.02):
                            got.append(await anext(stream))
                    except TimeoutError:
                        continue
    return got


def kinds(events: list[Any]) -> list[type]:
    return [type(event.kind) if isinstance(event, MarketEvent) else type(event) for event in events]


async def test_trades_and_best_prices() -> None:
    trades = await followed(SubKind.PUBLIC_TRADES, best(0), trade(1, 100), trade(2, 101), count=2)
    prices = await followed(SubKind.ORDER_BOOKS_L1, best(0), trade(1, 100), best(2), count=2)

    assert kinds(trades) == [PublicTrade, PublicTrade]
    assert kinds(prices) == [OrderBookL1, OrderBookL1]


async def test_an_order_book() -> None:
    events = await followed(SubKind.ORDER_BOOKS_L2, *EVENTS, count=4)

    assert OrderBookSnapshot is kinds(events)[0]
    assert set(kinds(events)[1:]) == {OrderBookUpdate}


async def test_a_gap_in_the_order_book_is_noticed_and_mended() -> None:
    faults = (SkipMessages(AtMessage(4)),)
    events = kinds(await followed(SubKind.ORDER_BOOKS_L2, *EVENTS, faults=faults, count=6))

    assert MarketReconnecting in events
    assert OrderBookSnapshot in events[events.index(MarketReconnecting) :]


async def test_a_lost_connection_is_made_again() -> None:
    trades = [trade(second, 100) for second in range(12)]
    events = kinds(await followed(SubKind.PUBLIC_TRADES, *trades, faults=(DropConnections(AtMessage(2)),), count=4))

    assert events[:2] == [PublicTrade, MarketReconnecting]
    assert events[2:] == [PublicTrade, PublicTrade]
