"""A stream that goes on when its connection does not. Rust origin: barter_data::streams::reconnect.

| what happens | what follows |
|---|---|
| the first connection cannot be made | the error is raised |
| a message cannot be read | its error is sent, the connection goes on |
| the connection is lost, silent, or lost book updates | an interruption is sent, then a pause, then a new connection |
| a new connection cannot be made | a longer pause, then another one |
| the connection is as old as `rotate_after`, or the venue says that it will end | another one takes its place, nothing is sent |
| anything else is raised: a mistake in the program | it ends the stream |

The pauses grow until a connection has lived for a while: see `integration.backoff`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, NoReturn

from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.market_stream import MarketOutlet, MarketStream, MarketStreamItem
from barter_python.data.streams.seam import Seam
from barter_python.data.streams.status import ConnectionLost, ConnectionState, ConnectionStatus
from barter_python.errors import BarterError, MarketDataError
from barter_python.integration.backoff import Backoff
from barter_python.integration.error import SocketError
from barter_python.integration.timeout import within

__all__ = ["ReconnectingStream", "init_reconnecting_stream"]

_log: Final = logging.getLogger(__name__)

_SEAM: Final = timedelta(seconds=60)
"""How long a replacement may need to send what it received before it took over."""


class ReconnectingStream:
    """A stream of market data over one connection after the other.

    Args:
        init: Makes a connection.
        first: A connection.
        status: Of the stream; `first` keeps it up to date.
        on_lost: The item to send when a connection is lost.
        environment: Time and chance.
        settings: Pauses and ages.
    """

    __slots__ = ("_backoff", "_environment", "_init", "_on_lost", "_settings", "_stream", "status")

    def __init__(
        self,
        init: Callable[[], Awaitable[MarketStream]],
        first: MarketStream,
        status: ConnectionStatus,
        on_lost: Callable[[ConnectionLost], MarketStreamItem],
        environment: StreamEnvironment,
        settings: StreamSettings,
    ) -> None:
        self._init = init
        self._stream = first
        self.status: ConnectionStatus = status
        self._on_lost = on_lost
        self._environment = environment
        self._settings = settings
        self._backoff = Backoff(settings.policy, environment.random)

    async def forward_to(self, outlet: MarketOutlet) -> NoReturn:
        """Send events for ever. Cancel it to end it; it leaves no connection open.

        Raises:
            Exception: Whatever is no failure of the environment.
        """
        seam = Seam(outlet)
        try:
            while True:
                begun = self._environment.monotonic()
                try:
                    self._stream = await self._until_replaced(seam)
                    continue
                except (SocketError, MarketDataError) as error:
                    _raise_if_cancelled()
                    await self._stream.close()
                    self._lost(error, outlet)
                seam.close()
                self._stream = await self._reconnect(self._environment.monotonic() - begun)
        finally:
            await self.close()

    def abandon(self, error: BarterError) -> None:
        """Replace the connection, because of this error."""
        self._stream.abandon(error)

    async def close(self) -> None:
        """Close a stream that nobody forwards."""
        self.status.state = ConnectionState.CLOSED
        await self._stream.close()

    def _lost(self, error: BarterError, outlet: MarketOutlet) -> None:
        status = self.status
        status.state, status.last_error = ConnectionState.RECONNECTING, error
        _log.warning("%s: connection lost: %s", status.exchange.value, error)
        outlet.send(self._on_lost(ConnectionLost(status.exchange, status.instruments, error)))

    async def _reconnect(self, healthy_for: float) -> MarketStream:
        while True:
            await self._environment.sleep(self._backoff.next_pause(healthy_for))
            try:
                return await self._init()
            except (SocketError, MarketDataError) as error:
                _raise_if_cancelled()
                self.status.last_error = error
                _log.warning("%s: cannot connect again: %s", self.status.exchange.value, error)
            healthy_for = 0.0

    async def _until_replaced(self, seam: Seam) -> MarketStream:
        """Send events until the connection is lost, which is raised, or is old and has a successor."""
        running = asyncio.ensure_future(self._stream.run(seam))
        replacing = asyncio.ensure_future(self._replacement(seam))
        try:
            await asyncio.wait((running, replacing), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
            successor = await replacing
        except BaseException:
            await _cancel(running, replacing)
            if not replacing.cancelled() and replacing.exception() is None:
                await replacing.result().close()
            raise
        await _cancel(running)
        seam.hand_over()
        await self._stream.close()
        return successor

    async def _replacement(self, seam: Seam) -> MarketStream:
        if not await self._is_ending_within(_SEAM):
            seam.close()
            rotate_after = self._settings.rotate_after
            if rotate_after is None:
                await self._stream.ending.wait()
            else:
                await self._is_ending_within(max(rotate_after - _SEAM, timedelta(0)))
        seam.open()
        successor = await self._reconnect(0.0)
        try:
            await self._environment.sleep(self._settings.overlap.total_seconds())
        except BaseException:
            await successor.close()
            raise
        return successor

    async def _is_ending_within(self, period: timedelta) -> bool:
        """Whether the venue says within this time that the connection will end."""
        try:
            return await within(period.total_seconds(), self._stream.ending.wait(), self._environment.sleep)
        except TimeoutError:
            return False


async def init_reconnecting_stream(
    init: Callable[[], Awaitable[MarketStream]],
    status: ConnectionStatus,
    on_lost: Callable[[ConnectionLost], MarketStreamItem],
    environment: StreamEnvironment,
    settings: StreamSettings,
) -> ReconnectingStream:
    """Make the first connection, which must succeed: a wrong symbol is no reason to try again.

    Raises:
        BarterError: It cannot be made.
    """
    return ReconnectingStream(init, await init(), status, on_lost, environment, settings)


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _raise_if_cancelled() -> None:
    """A failure that came together with a cancellation must not swallow it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
