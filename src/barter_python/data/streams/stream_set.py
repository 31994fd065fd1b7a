"""Streams and the connections that feed them, opened and closed as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, Self, TypeVar

from barter_python.data.streams.consumer import init_market_stream, interruption
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings, venue_hosts
from barter_python.data.streams.event_queue import EventQueue, Outlet
from barter_python.data.streams.market_stream import MarketStreamItem
from barter_python.data.streams.status import ConnectionLost, ConnectionStatus
from barter_python.data.streams.venue_stream import VenueStream
from barter_python.data.subscription import Subscription
from barter_python.errors import BarterError
from barter_python.integration.transport import Transport

__all__ = ["StreamPlan", "StreamSet"]

K = TypeVar("K", bound=Hashable)


class StreamPlan(Generic[K]):
    """A stream to open.

    Attributes:
        key: Of the queue that its events go into; several streams may share one.
        subscriptions: Of one venue.
    """

    __slots__ = ("key", "subscriptions")

    def __init__(self, key: K, subscriptions: Sequence[Subscription[Any]]) -> None:
        self.key: K = key
        self.subscriptions: Sequence[Subscription[Any]] = subscriptions


class StreamSet(Generic[K]):
    """Streams by key. It owns one task for each stream of a venue; `close` leaves neither tasks nor connections.

    What stops a task unexpectedly is raised to the reader of its stream.
    """

    __slots__ = ("_outlets", "_queues", "_settings", "_streams", "_tasks", "_transport")

    def __init__(self, settings: StreamSettings, transport: Transport | None) -> None:
        self._settings = settings
        self._transport = transport
        self._streams: list[VenueStream] = []
        self._outlets: dict[K, Outlet[MarketStreamItem]] = {}
        self._queues: list[EventQueue[Any]] = []
        self._tasks: list[asyncio.Task[Any]] = []

    @classmethod
    async def open(
        cls,
        plans: Iterable[StreamPlan[K]],
        environment: StreamEnvironment | None,
        settings: StreamSettings,
        on_lost: Callable[[ConnectionLost], MarketStreamItem] = interruption,
    ) -> Self:
        """Make all connections, at the same time. Where one fails, the others are closed.

        Raises:
            BarterError: See `init_market_stream`.
        """
        transport = None
        if environment is None:
            transport = Transport(hosts=venue_hosts())
            environment = StreamEnvironment.live(transport)
        opened = cls(settings, transport)
        try:
            await opened._connect(list(plans), environment, on_lost)
        except BaseException:
            await opened.close()
            raise
        return opened

    @property
    def connections(self) -> tuple[ConnectionStatus, ...]:
        """What is known about each connection, kept up to date."""
        return tuple(status for stream in self._streams for status in stream.connections)

    @property
    def keys(self) -> tuple[K, ...]:
        """Of the streams that nobody has taken."""
        return tuple(self._outlets)

    def take(self, key: K) -> EventQueue[Any] | None:
        """The stream under a key; None where there is none, or it was taken before."""
        outlet = self._outlets.pop(key, None)
        return None if outlet is None else outlet.queue

    def take_all(self, keys: Iterable[K] | None = None) -> EventQueue[Any]:
        """The streams under these keys that nobody has taken (None: all), as one."""
        merged = self._queue()
        for key in self.keys if keys is None else keys:
            outlet = self._outlets.pop(key, None)
            if outlet is not None:
                outlet.redirect(merged)
        if not self._tasks:
            merged.close()
        return merged

    def reconnect(self, instrument: Any, error: BarterError) -> None:
        """Replace the connections that carry an instrument, because of this error."""
        for stream in self._streams:
            stream.abandon(instrument, error)

    async def close(self) -> None:
        """Close all connections, and end all streams; may be called again."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for stream in self._streams:
            await stream.close()
        for queue in self._queues:
            queue.close()
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.close()

    async def _connect(
        self,
        plans: list[StreamPlan[K]],
        environment: StreamEnvironment,
        on_lost: Callable[[ConnectionLost], MarketStreamItem],
    ) -> None:
        async def connect(plan: StreamPlan[K]) -> VenueStream:
            stream = await init_market_stream(plan.subscriptions, environment, self._settings, on_lost)
            self._streams.append(stream)
            return stream

        try:
            async with asyncio.TaskGroup() as tasks:
                connecting = [tasks.create_task(connect(plan)) for plan in plans]
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        self._streams = [task.result() for task in connecting]
        for plan, stream in zip(plans, self._streams, strict=True):
            outlet = self._outlets.setdefault(plan.key, Outlet(self._queue()))
            exchange = plan.subscriptions[0].exchange
            task = asyncio.create_task(stream.forward_to(outlet), name=f"market_stream-{exchange.value}")
            task.add_done_callback(partial(_surface, outlet))
            self._tasks.append(task)

    def _queue(self) -> EventQueue[Any]:
        queue: EventQueue[Any] = EventQueue(self._settings.backlog_max)
        self._queues.append(queue)
        return queue


def _surface(outlet: Outlet[MarketStreamItem], task: asyncio.Task[Any]) -> None:
    """A task never ends by itself, except by a mistake."""
    if not task.cancelled() and (failure := task.exception()) is not None:
        outlet.queue.close(failure)
