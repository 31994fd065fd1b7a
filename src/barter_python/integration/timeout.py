"""Waiting for something, but not for ever, on a clock that is passed in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

__all__ = ["within"]

T = TypeVar("T")


async def within(seconds: float, work: Coroutine[Any, Any, T], sleep: Callable[[float], Awaitable[None]]) -> T:
    """The result of `work`, unless `sleep` ends first: then the work is cancelled, and waited for.

    Raises:
        TimeoutError: It ended first.
    """
    task = asyncio.ensure_future(work)
    timer = asyncio.ensure_future(sleep(seconds))
    try:
        await asyncio.wait((task, timer), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise TimeoutError(f"not done within {seconds:g} s")
        return task.result()
    finally:
        unfinished: list[asyncio.Future[Any]] = [pending for pending in (task, timer) if not pending.done()]
        for pending in unfinished:
            pending.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
