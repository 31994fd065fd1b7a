"""The venue's clock. Rust origin: none.

In steps it stands still between messages. In a replay it runs between them too, but never past the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from barter_python.timed import EPOCH

__all__ = ["VenueTime"]


class VenueTime:
    """Never goes back."""

    def __init__(self) -> None:
        self._started = EPOCH
        self._time = EPOCH
        self._waiting: list[tuple[datetime, asyncio.Future[bool]]] = []
        self._is_over = False
        self._speed: float | None = None
        self._ran_from = (EPOCH, 0.0)
        self._limit: Callable[[], datetime] = lambda: EPOCH

    def start(self, time: datetime) -> None:
        """It is this time at the start of the market."""
        self._started = self._time = time

    def now(self) -> datetime:
        """Aware UTC."""
        if self._speed is not None:
            begun, monotonic = self._ran_from
            run = begun + timedelta(seconds=(asyncio.get_running_loop().time() - monotonic) * self._speed)
            self._time = max(self._time, min(run, self._limit()))
        return self._time

    def elapsed(self) -> timedelta:
        """Since the start of the market."""
        return self.now() - self._started

    def set(self, time: datetime) -> None:
        """It is this time now, or later already."""
        self._time = max(self._time, time)
        due = [future for until, future in self._waiting if until <= self._time]
        self._waiting = [(until, future) for until, future in self._waiting if until > self._time]
        _tell(due, is_reached=True)

    def run(self, speed: float, limit: Callable[[], datetime]) -> None:
        """Run so many times faster than real time, never past what `limit` tells."""
        self._speed, self._limit = speed, limit
        self._ran_from = (self._time, asyncio.get_running_loop().time())

    def stop(self) -> None:
        """Stand still."""
        self._speed = None

    def seconds_until(self, time: datetime) -> float:
        """In real time, while it runs; not negative."""
        assert self._speed is not None, "it runs"
        begun, monotonic = self._ran_from
        return max(0.0, (time - begun).total_seconds() / self._speed - (asyncio.get_running_loop().time() - monotonic))

    async def wait(self, duration: timedelta | None) -> bool:
        """Wait for so long in venue time, None for ever; returns False where the venue closes first."""
        if self._is_over:
            return False
        until = datetime.max.replace(tzinfo=EPOCH.tzinfo) if duration is None else self.now() + duration
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((until, future))
        return await future

    def end(self) -> None:
        """The venue closes."""
        self._is_over = True
        self.stop()
        _tell([future for _, future in self._waiting], is_reached=False)
        self._waiting.clear()


def _tell(futures: list[asyncio.Future[bool]], *, is_reached: bool) -> None:
    for future in futures:
        if not future.done():
            future.set_result(is_reached)
