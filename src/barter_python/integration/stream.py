"""Small adaptors of asynchronous streams. Rust origin: barter_integration::stream::{ext, util::merge}.

Each takes a stream and gives another one that ends when it ends. Close what you do not read to its end: `contextlib.aclosing`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from barter_python.errors import BarterError
from barter_python.integration.timeout import within

__all__ = ["Indexer", "forward_by", "forward_clone_by", "merge", "with_index", "with_timeout"]

T = TypeVar("T")
UnindexedT = TypeVar("UnindexedT", contravariant=True)
IndexedT = TypeVar("IndexedT", covariant=True)


class Indexer(Protocol[UnindexedT, IndexedT]):
    """Translates names into indexes."""

    def index(self, item: UnindexedT, /) -> IndexedT:
        """The item with indexes.

        Raises:
            IndexLookupError: A name is not indexed.
        """
        ...


async def with_index(
    stream: AsyncIterator[UnindexedT], indexer: Indexer[UnindexedT, IndexedT]
) -> AsyncIterator[IndexedT | BarterError]:
    """Every item with indexes; in its place the error where a name is not indexed. Rust: `IndexedStream`."""
    async for item in stream:
        try:
            yield indexer.index(item)
        except BarterError as error:
            yield error


async def forward_by(
    stream: AsyncIterator[T], predicate: Callable[[T], bool], forward: Callable[[T], object]
) -> AsyncIterator[T]:
    """Give the items that match to `forward`, and yield the others. Ends when `forward` raises a BarterError."""
    async for item in stream:
        if not predicate(item):
            yield item
        elif not _forwarded(item, forward):
            return


async def forward_clone_by(
    stream: AsyncIterator[T], predicate: Callable[[T], bool], forward: Callable[[T], object]
) -> AsyncIterator[T]:
    """Give the items that match to `forward` too, and yield all. Ends when `forward` raises a BarterError."""
    async for item in stream:
        if predicate(item) and not _forwarded(item, forward):
            return
        yield item


async def with_timeout(
    stream: AsyncIterator[T],
    timeout_next_item: timedelta,
    on_timeout: Callable[[], None],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[T]:
    """The items, until one takes too long: then call `on_timeout`, and end."""
    seconds = timeout_next_item.total_seconds()

    async def next_item() -> T:
        return await anext(stream)

    while True:
        try:
            item = await within(seconds, next_item(), sleep)
        except TimeoutError:
            on_timeout()
            return
        except StopAsyncIteration:
            return
        yield item


async def merge(left: AsyncIterator[T], right: AsyncIterator[T]) -> AsyncIterator[T]:
    """The items of both as they come. Ends when either ends; what the other one has by then is lost."""

    async def next_item(stream: AsyncIterator[T]) -> T:
        return await anext(stream)

    pending = {asyncio.ensure_future(next_item(stream)): stream for stream in (left, right)}
    try:
        while True:
            await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in [task for task in pending if task.done()]:
                stream = pending.pop(task)
                try:
                    item = task.result()
                except StopAsyncIteration:
                    return
                pending[asyncio.ensure_future(next_item(stream))] = stream
                yield item
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


def _forwarded(item: T, forward: Callable[[T], object]) -> bool:
    try:
        forward(item)
    except BarterError:
        return False
    return True
