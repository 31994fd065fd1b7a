"""Adaptors of streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any, Generic, TypeVar

import pytest
from tests.support.virtual_time import in_virtual_time

from barter_python.errors import AssetIndexError, BarterError
from barter_python.integration.error import SinkError
from barter_python.integration.stream import forward_by, forward_clone_by, merge, with_index, with_timeout

T = TypeVar("T")
END = object()


class Source(Generic[T]):
    """A stream that is fed by the test."""

    def __init__(self, *items: T) -> None:
        self._items: asyncio.Queue[Any] = asyncio.Queue()
        self.send(*items)

    def send(self, *items: T) -> None:
        for item in items:
            self._items.put_nowait(item)

    def end(self) -> Source[T]:
        self._items.put_nowait(END)
        return self

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        item = await self._items.get()
        if item is END:
            raise StopAsyncIteration
        return item  # type: ignore[no-any-return]


class Forward:
    """Takes items up to a limit."""

    def __init__(self, refuse_from: int = 1000, error: type[BarterError] = SinkError) -> None:
        self.items: list[int] = []
        self.refuse_from = refuse_from
        self.error = error

    def __call__(self, item: int) -> None:
        if item >= self.refuse_from:
            raise self.error("refused")
        self.items.append(item)


class CustomError(BarterError):
    """A failure of somebody's own."""


def is_even(item: int) -> bool:
    return item % 2 == 0


async def collect(stream: AsyncIterator[T]) -> list[T]:
    return [item async for item in stream]


async def is_waiting(stream: AsyncIterator[Any]) -> bool:
    """Whether the next item does not come by itself. Ends the stream."""

    async def next_item() -> Any:
        return await anext(stream)

    task = asyncio.ensure_future(next_item())
    await asyncio.sleep(1)
    waiting = not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return waiting


@in_virtual_time
async def test_forward_by_keeps_what_does_not_match() -> None:
    forward = Forward()

    assert await collect(forward_by(Source(1, 2, 3, 4, 5).end(), is_even, forward)) == [1, 3, 5]
    assert forward.items == [2, 4]
    assert await is_waiting(forward_by(Source(2), is_even, forward))


@pytest.mark.parametrize("error", [SinkError, CustomError])
@in_virtual_time
async def test_forward_by_ends_when_forwarding_fails(error: type[BarterError]) -> None:
    forward = Forward(refuse_from=4, error=error)

    assert await collect(forward_by(Source(2, 1, 4, 5), is_even, forward)) == [1]
    assert forward.items == [2]


@in_virtual_time
async def test_forward_clone_by_keeps_all() -> None:
    forward = Forward()

    assert await collect(forward_clone_by(Source(1, 2, 3, 4).end(), is_even, forward)) == [1, 2, 3, 4]
    assert forward.items == [2, 4]


@pytest.mark.parametrize("error", [SinkError, CustomError])
@in_virtual_time
async def test_forward_clone_by_ends_when_forwarding_fails(error: type[BarterError]) -> None:
    forward = Forward(refuse_from=4, error=error)

    assert await collect(forward_clone_by(Source(1, 2, 4, 5), is_even, forward)) == [1, 2]
    assert forward.items == [2]


@in_virtual_time
async def test_a_mistake_while_forwarding_is_raised() -> None:
    def mistaken(item: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await collect(forward_by(Source(2), is_even, mistaken))


class KeyIndexer:
    def index(self, item: tuple[str, int]) -> tuple[int, int]:
        key, value = item
        if key not in ("a", "b"):
            raise AssetIndexError(f"{key} is not indexed")
        return "ab".index(key), value


@in_virtual_time
async def test_with_index_translates_names() -> None:
    source = Source(("a", 10), ("x", 0), ("b", 20)).end()

    assert [(0, 10), AssetIndexError("x is not indexed"), (1, 20)] == await collect(with_index(source, KeyIndexer()))
    assert await is_waiting(with_index(Source[tuple[str, int]](), KeyIndexer()))


@in_virtual_time
async def test_with_timeout_ends_after_silence() -> None:
    told: list[str] = []
    source = Source(1, 2)
    stream = with_timeout(source, timedelta(seconds=5), lambda: told.append("timeout"))

    assert await anext(stream) == 1
    await asyncio.sleep(100)  # the time between two reads does not count
    assert await collect(stream) == [2]
    assert told == ["timeout"]
    assert asyncio.get_running_loop().time() == 105.0


@in_virtual_time
async def test_with_timeout_ends_with_its_source() -> None:
    told: list[str] = []

    assert await collect(with_timeout(Source(1).end(), timedelta(seconds=5), lambda: told.append("timeout"))) == [1]
    assert told == []


@in_virtual_time
async def test_merge_takes_items_as_they_come_and_ends_with_either() -> None:
    left, right = Source[str](), Source[str]()
    stream = merge(left, right)
    left.send("left-1")
    assert await anext(stream) == "left-1"
    right.send("right-1")
    assert await anext(stream) == "right-1"
    left.send("left-2")
    right.send("right-2")
    assert {await anext(stream), await anext(stream)} == {"left-2", "right-2"}

    left.end()
    assert await collect(stream) == []
    right.send("right-3")
    assert await collect(stream) == []


class SlowToClose:
    """A stream that needs a second to stop waiting."""

    def __init__(self) -> None:
        self.closed = False

    def __aiter__(self) -> SlowToClose:
        return self

    async def __anext__(self) -> int:
        try:
            await asyncio.sleep(1000)
        finally:
            await asyncio.sleep(1)
            self.closed = True
        return 1


@in_virtual_time
async def test_nothing_goes_on_behind_a_stream_that_ended() -> None:
    slow = SlowToClose()
    assert await collect(merge(Source[int]().end(), slow)) == []
    assert slow.closed

    slow = SlowToClose()
    assert await collect(with_timeout(slow, timedelta(seconds=5), lambda: None)) == []
    assert slow.closed


@in_virtual_time
async def test_a_merge_that_is_not_read_to_its_end_leaves_no_task() -> None:
    async with aclosing(merge(Source(1), Source[int]())) as stream:  # type: ignore[type-var]
        assert await anext(stream) == 1
