"""Events that wait for their consumer. Rust origin: barter_integration::channel::UnboundedRx, as the streams use it.

Unlike a channel it gives events in batches, tells when it is full, passes on the failure of who feeds it, and can be joined with
others.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar, cast

from barter_python.data.event import MarketStreamEvent
from barter_python.errors import BarterError

__all__ = ["EventQueue", "Outlet"]

T = TypeVar("T")


class EventQueue(Generic[T]):
    """An asynchronous iterator of events, in the order in which they were sent.

    It ends once it was closed and is empty. What stopped its source unexpectedly is raised in place of the end.

    Args:
        backlog_max: How many events make it full.
    """

    __slots__ = ("_backlog_max", "_closed", "_failure", "_items", "_on_error", "_ready", "_room")

    def __init__(self, backlog_max: int) -> None:
        self._backlog_max = backlog_max
        self._items: deque[T] = deque()
        self._ready = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closed = False
        self._failure: BaseException | None = None
        self._on_error: Callable[[BarterError], object] | None = None

    def __len__(self) -> int:
        return len(self._items)

    def send(self, item: T) -> None:
        """Add an event; after `close` it has no effect."""
        if self._closed:
            return
        if self._on_error is not None and isinstance(item, BarterError):
            self._on_error(item)
            return
        self._items.append(item)
        if len(self._items) == 1:
            self._ready.set()
        if len(self._items) >= self._backlog_max:
            self._room.clear()

    @property
    def is_full(self) -> bool:
        """Whether a source should wait for `room`."""
        return not self._room.is_set()

    async def room(self) -> None:
        """Wait until it is not full."""
        await self._room.wait()

    def close(self, failure: BaseException | None = None) -> None:
        """Take no more events. What waits can still be read; then comes the failure, or the end."""
        if not self._closed:
            self._closed = True
            self._failure = failure
        self._ready.set()
        self._room.set()

    def __aiter__(self) -> EventQueue[T]:
        return self

    async def __anext__(self) -> T:
        if not self._items and not await self._wait():
            raise StopAsyncIteration
        item = self._items.popleft()
        self._make_room()
        return item

    async def next_batch(self, count_max: int = 8192) -> list[T]:
        """Wait for events, and take up to so many; none at the end."""
        if not self._items and not await self._wait():
            return []
        items = self._items
        if len(items) <= count_max:
            batch = list(items)
            items.clear()
        else:
            batch = [items.popleft() for _ in range(count_max)]
        self._make_room()
        return batch

    def with_error_handler(
        self: EventQueue[MarketStreamEvent | BarterError], op: Callable[[BarterError], object]
    ) -> EventQueue[MarketStreamEvent]:
        """This same stream of a market, which from now on gives errors to `op`, and yields the rest."""
        self._on_error = op
        waiting, self._items = self._items, deque()
        for item in waiting:
            if isinstance(item, BarterError):
                op(item)
            else:
                self._items.append(item)
        self._make_room()
        return cast("EventQueue[MarketStreamEvent]", self)

    async def _wait(self) -> bool:
        """Until there is something; False at the end."""
        while not self._items:
            if self._closed:
                failure, self._failure = self._failure, None
                if failure is not None:
                    raise failure
                return False
            self._ready.clear()
            await self._ready.wait()
        return True

    def _make_room(self) -> None:
        if not self._room.is_set() and len(self._items) < self._backlog_max:
            self._room.set()


class Outlet(Generic[T]):
    """Where a connection puts its events: a queue, which may be exchanged for another one."""

    __slots__ = ("queue",)

    def __init__(self, queue: EventQueue[T]) -> None:
        self.queue = queue

    def send(self, item: T) -> None:
        """Add an event."""
        self.queue.send(item)

    def redirect(self, queue: EventQueue[T]) -> None:
        """Put what waits, and all that comes, into another queue."""
        old, self.queue = self.queue, queue
        for item in old._items:
            queue.send(item)
        old._items.clear()
        failure = old._failure
        if old._closed and failure is not None:
            queue.close(failure)
        old.close()
