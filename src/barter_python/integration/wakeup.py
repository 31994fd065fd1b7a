"""Waking a consumer, from any thread, without spinning. Rust origin: none; tokio has it inside its channels."""

from __future__ import annotations

import asyncio
from threading import Condition, RLock, get_ident

__all__ = ["Wakeup"]


class Wakeup:
    """A flag that one consumer at a time waits for, in a task or in a thread. Waiting takes the flag down.

    Set it after the change that it announces, and look for changes before waiting: then no change is missed.

    Attributes:
        lock: May be taken for what belongs to the same consumer. It is reentrant, because the garbage collector may close a
            channel while this very thread holds it.
    """

    __slots__ = ("_condition", "_is_set", "_waiter", "lock")

    def __init__(self) -> None:
        self.lock = RLock()
        self._condition = Condition(self.lock)
        self._is_set = False
        self._waiter: tuple[int, asyncio.AbstractEventLoop, asyncio.Future[None]] | None = None

    def set(self) -> None:
        """Wake the consumer, or keep it from waiting the next time."""
        with self.lock:
            if self._is_set:
                return
            self._is_set = True
            waiter, self._waiter = self._waiter, None
            self._condition.notify_all()
        if waiter is not None:
            _wake(*waiter)

    async def wait(self) -> None:
        """Wait in a task until the flag is set."""
        while True:
            with self.lock:
                if self._is_set:
                    self._is_set = False
                    return
                loop = asyncio.get_running_loop()
                future: asyncio.Future[None] = loop.create_future()
                self._waiter = (get_ident(), loop, future)
            await future

    async def wait_for(self, seconds: float | None) -> None:
        """Wait in a task until the flag is set, but no longer than so many seconds (None: for ever)."""
        try:
            async with asyncio.timeout(seconds):
                await self.wait()
        except TimeoutError:
            return

    def wait_blocking(self) -> None:
        """Wait in a thread until the flag is set."""
        with self._condition:
            while not self._is_set:
                self._condition.wait()
            self._is_set = False


def _wake(thread: int, loop: asyncio.AbstractEventLoop, future: asyncio.Future[None]) -> None:
    if thread == get_ident():
        _resolve(future)
    elif not loop.is_closed():
        loop.call_soon_threadsafe(_resolve, future)


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
