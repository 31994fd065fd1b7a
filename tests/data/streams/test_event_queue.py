"""Events that wait for their consumer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.support.virtual_time import in_virtual_time

from barter_python.data.streams.event_queue import EventQueue, Outlet
from barter_python.errors import BarterError, MarketDataError


async def drain(queue: EventQueue[Any]) -> list[Any]:
    return [item async for item in queue]


def filled(*items: Any, backlog_max: int = 100) -> EventQueue[Any]:
    queue: EventQueue[Any] = EventQueue(backlog_max)
    for item in items:
        queue.send(item)
    return queue


@in_virtual_time
async def test_events_come_in_order_and_then_the_end() -> None:
    queue = filled(1, 2, 3)
    queue.close()
    queue.send(4)

    assert await drain(queue) == [1, 2, 3]
    assert await queue.next_batch() == []


@in_virtual_time
async def test_a_reader_waits_for_what_comes_later() -> None:
    queue = filled()
    reading = asyncio.ensure_future(drain(queue))
    for item in (1, 2):
        await asyncio.sleep(1)
        queue.send(item)
    queue.close()

    assert await reading == [1, 2]


@in_virtual_time
async def test_batches_take_what_is_there() -> None:
    queue = filled(*range(5))

    assert await queue.next_batch(2) == [0, 1]
    assert await queue.next_batch() == [2, 3, 4]


@in_virtual_time
async def test_a_failure_comes_after_what_waits_and_once() -> None:
    queue = filled(1)
    queue.close(ZeroDivisionError("mistake"))

    assert await anext(queue) == 1
    with pytest.raises(ZeroDivisionError):
        await anext(queue)
    assert await drain(queue) == []


@in_virtual_time
async def test_a_full_queue_says_so_until_it_is_read() -> None:
    queue = filled(1, 2, backlog_max=2)
    assert queue.is_full
    waiting = asyncio.ensure_future(queue.room())

    await queue.next_batch(1)
    await waiting

    assert not queue.is_full


@in_virtual_time
async def test_errors_go_to_their_handler() -> None:
    errors: list[BarterError] = []
    queue = filled(1, MarketDataError("waits"), 2).with_error_handler(errors.append)
    queue.send(MarketDataError("comes"))
    queue.send(3)
    queue.close()

    assert await drain(queue) == [1, 2, 3]
    assert errors == [MarketDataError("waits"), MarketDataError("comes")]


@in_virtual_time
async def test_a_handler_can_be_set_after_the_end() -> None:
    errors: list[BarterError] = []
    queue = filled(1, MarketDataError("waits"), backlog_max=2)
    queue.close()

    assert await drain(queue.with_error_handler(errors.append)) == [1]
    assert errors == [MarketDataError("waits")]


@in_virtual_time
async def test_a_stream_of_errors_alone_yields_nothing() -> None:
    queue = filled(*map(MarketDataError, "abc")).with_error_handler(lambda error: None)
    reading = asyncio.ensure_future(drain(queue))
    await asyncio.sleep(1)
    assert not reading.done()

    queue.close()
    assert await reading == []


@in_virtual_time
async def test_a_handler_can_be_set_while_a_reader_waits() -> None:
    queue = filled()
    reading = asyncio.ensure_future(drain(queue))
    await asyncio.sleep(1)
    queue.with_error_handler(lambda error: None)
    queue.send(1)
    queue.close()

    assert await reading == [1]


@in_virtual_time
async def test_an_outlet_takes_its_events_along() -> None:
    outlets = [Outlet(filled(1)), Outlet(filled(2))]
    merged = filled()
    for outlet in outlets:
        outlet.redirect(merged)
    outlets[1].send(3)
    outlets[0].send(4)
    merged.close()

    assert await drain(merged) == [1, 2, 3, 4]


@in_virtual_time
async def test_an_outlet_takes_a_failure_along() -> None:
    queue = filled()
    queue.close(ZeroDivisionError())
    merged = filled()
    Outlet(queue).redirect(merged)

    with pytest.raises(ZeroDivisionError):
        await anext(merged)
