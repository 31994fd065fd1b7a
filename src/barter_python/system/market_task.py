"""Carrying market data to the engine, and to the simulated exchanges. Rust origin: barter::system::builder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from logging import getLogger
from typing import Final

from barter_python.data.event import MarketEvent, MarketReconnecting, MarketStreamEvent
from barter_python.engine.event import TradingStateUpdate
from barter_python.engine.state.trading import TradingState
from barter_python.execution.builder import MarketTap
from barter_python.instrument.exchange import ExchangeId
from barter_python.recording.recorder import SessionRecorder
from barter_python.system.feed import EngineFeed, IdleMonitor

__all__ = ["MarketMode", "MarketTask"]

_LOG: Final = getLogger(__name__)
_TURN: Final = 256


class MarketMode(Enum):
    """What happens to market data that comes faster than the engine processes it.

    LIVE: It is conflated, so that the engine never acts on an old market.
    REPLAY: It waits. Each event waits until all is done that the one before led to, answers of exchanges included; so a replay
        leaves nothing out and always gives the same result.
    """

    LIVE = "Live"
    REPLAY = "Replay"


class MarketTask:
    """Reads a market stream.

    Args:
        stream: Market data of all exchanges.
        feed: Where it goes.
        quiet: Tells when all is done.
        taps: What has to be called with each event of an exchange before the engine has it.
        mode: What happens when there is too much.
        exchanges: All exchanges.
        recorder: Takes down what comes; None for nobody.

    Attributes:
        disables_trading_at_end: Asked behind the last event whether to disable trading.
    """

    def __init__(
        self,
        stream: AsyncIterator[MarketStreamEvent],
        feed: EngineFeed,
        quiet: IdleMonitor,
        taps: Mapping[ExchangeId, MarketTap],
        mode: MarketMode,
        exchanges: Iterable[ExchangeId],
        recorder: SessionRecorder | None = None,
    ) -> None:
        self._stream = stream
        self._feed = feed
        self._quiet = quiet
        self._taps = taps
        self._mode = mode
        self._exchanges = tuple(exchanges)
        self._recorder = recorder
        self.disables_trading_at_end: Callable[[], bool] = lambda: False

    async def run(self) -> None:
        """Read the stream to its end."""
        try:
            await (self._replay() if self._mode is MarketMode.REPLAY else self._run_live())
        finally:
            aclose = getattr(self._stream, "aclose", None)
            if aclose is not None:
                await aclose()
        if self.disables_trading_at_end():
            self._feed.send_behind_market(TradingStateUpdate(TradingState.DISABLED))

    async def _run_live(self) -> None:
        count = 0
        async for event in self._stream:
            self._take(event)
            count += 1
            if not count % _TURN:  # a stream that always has an event would never let the engine in
                await asyncio.sleep(0)
        _LOG.warning("the market stream ended: the engine has no market data any more")
        for exchange in self._exchanges:
            self._take(MarketReconnecting(exchange))

    def _take(self, event: MarketStreamEvent) -> None:
        """Carry an event that has come now."""
        self._tap(event, None if self._recorder is None else self._recorder.market(event))
        self._feed.send_market(event)

    async def _replay(self) -> None:
        async for event in self._stream:
            await self._quiet.wait()
            if self._tap(event):
                await self._quiet.wait()
            self._feed.send_market(event)

    def _tap(self, event: MarketStreamEvent, time: datetime | None = None) -> bool:
        tap = self._taps.get(event.exchange) if isinstance(event, MarketEvent) else None
        if tap is None or not isinstance(event, MarketEvent):
            return False
        tap(event, time)
        return True
