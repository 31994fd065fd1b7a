"""The live stack on a venue in a box: streams, system, engine, link and client of Binance spot, over real sockets.

All of it goes by the time of the event loop, which may be a virtual one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.support.virtual_time import LoopClock

from barter_python.config.execution import ExecutionConfig
from barter_python.data.exchange.binance.connector import BINANCE_SPOT, snapshot_url
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.indexed import init_indexed_multi_exchange_market_stream
from barter_python.data.subscription import SubKind
from barter_python.engine.audit.audit import ProcessAudit
from barter_python.engine.engine import Engine
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent
from barter_python.execution.builder import LiveExecution
from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.config import BinanceSpotConfig
from barter_python.execution.link.manager import ManagerPolicy
from barter_python.execution.link.unknown import UnknownPolicy
from barter_python.execution.trade import Trade
from barter_python.instrument.side import Side
from barter_python.integration.backoff import ReconnectionBackoffPolicy
from barter_python.integration.secret import Secret
from barter_python.integration.transport import Transport
from barter_python.recording.recorder import SessionRecorder
from barter_python.rehearsal.binance_spot import Books, RehearsalConfig, RehearsalVenue
from barter_python.rehearsal.binance_spot.market_feed import MarketFeed
from barter_python.risk.manager import DefaultRiskManager
from barter_python.system.builder import AuditMode, SystemArgs, SystemBuilder

__all__ = ["LiveSession", "assert_same_books", "run_session"]

_BACKOFF = ReconnectionBackoffPolicy(10, 2, 50, jitter=0.0)
_SETTINGS = StreamSettings(policy=_BACKOFF, request_pause=timedelta(0))
_UNKNOWN = UnknownPolicy(timedelta(milliseconds=50), timedelta(milliseconds=100), settle=timedelta(0))  # nothing acts late here
_POLICY = ManagerPolicy(_BACKOFF, unknown=_UNKNOWN, compare=timedelta(milliseconds=200))
_TIMEOUT = timedelta(milliseconds=300)
_L1 = (SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1)


@dataclass
class LiveSession:
    """How a session ended.

    Attributes:
        engine: At its end.
        books: The venue's.
        fills: That the engine was told of, in order.
        conflated: How many market events were left out.
    """

    engine: Engine[Any, Any]
    books: Books
    fills: list[Trade]
    conflated: int


async def run_session(
    config: RehearsalConfig,
    feed: MarketFeed,
    strategy: Any,
    *,
    speed: float = 1,
    kinds: Sequence[SubKind] = _L1,
    secret: str = "rehearsal-secret",
    recorder: SessionRecorder | None = None,
    paper: ExecutionConfig | None = None,
) -> LiveSession:
    """Trade at the venue, or on paper, until the market ends; then cancel what rests, and shut down."""
    async with AsyncExitStack() as stack:
        venue = await stack.enter_async_context(RehearsalVenue(config, feed))
        transport = await stack.enter_async_context(Transport())
        connector = replace(
            BINANCE_SPOT,
            url=f"{venue.websocket_url}/ws",
            snapshot_url=lambda name: snapshot_url(f"{venue.rest_url}/api/v3/depth", name),
        )
        clock, monotonic = LoopClock(), asyncio.get_running_loop().time
        environment = replace(StreamEnvironment.live(transport, lambda _: connector), now=clock.time, monotonic=monotonic)
        stream = await init_indexed_multi_exchange_market_stream(config.instruments, kinds, environment, _SETTINGS)
        await stack.enter_async_context(stream)
        keys = (Secret("rehearsal-key"), Secret(secret))
        client_config = BinanceSpotConfig(*keys, venue.rest_url, venue.websocket_api_url, request_timeout=_TIMEOUT)
        client = await stack.enter_async_context(
            BinanceSpot(client_config, transport=transport, now=clock.time, monotonic=monotonic)
        )
        args = SystemArgs(
            config.instruments,
            [paper or LiveExecution(client, _TIMEOUT, _POLICY)],
            clock,
            strategy,
            DefaultRiskManager(),
            stream,
            DefaultGlobalData(),
            lambda _: DefaultInstrumentMarketData(),
        )
        builder = SystemBuilder(args).audit_mode(AuditMode.ENABLED, capacity=10_000_000).trading_state(TradingState.ENABLED)
        if recorder is not None:
            builder.recorder(recorder)
        system = await builder.build().init()
        audit = system.take_audit()
        assert audit is not None
        await venue.replay(speed)
        if system.is_running:
            system.trading_state(TradingState.DISABLED)
            system.cancel_orders()
        engine, _ = await system.shutdown()
        if recorder is not None:
            recorder.close()
        audits = [tick.event async for tick in audit.updates]
        events = [audited.event for audited in audits if isinstance(audited, ProcessAudit)]
        fills = [event.kind for event in events if isinstance(event, AccountEvent) and isinstance(event.kind, Trade)]
        return LiveSession(engine, venue.books(), fills, system.conflated)


def assert_same_books(session: LiveSession) -> None:
    """The engine knows the fills, the position, the balances and the open orders that the venue knows."""
    books, (instrument,) = session.books, session.engine.state.instruments
    held = {str(state.asset.name_exchange): state.balance.value for state in session.engine.state.assets}
    position = instrument.position.current
    signed = {Side.BUY: 1, Side.SELL: -1}
    known = Decimal(0) if position is None else signed[position.side] * position.quantity_abs
    told = [(int(fill.id), int(fill.order_id), fill.side, fill.price, fill.quantity) for fill in session.fills]
    assert [(fill.id, fill.order_id, fill.side, fill.price, fill.quantity) for fill in books.trades] == told
    assert books.position(str(instrument.instrument.name_exchange)) == known
    assert books.balances == held
    assert [order.client_id for order in books.open_orders()] == [order.key.cid for order in instrument.orders]
