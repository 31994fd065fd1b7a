"""The clock of a live or paper system. Rust origin: barter::engine::clock::LiveClock.

It stands here and not in `engine.clock`, because the core reads no clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from barter_python.engine.event import EngineEvent

__all__ = ["LiveClock"]

_TOLERANCE: Final = timedelta(seconds=1)


def _now() -> datetime:
    return datetime.now(UTC)


class LiveClock:
    """Tells the time, and never goes back, whatever is done to the wall clock of the machine.

    It goes on with the machine's steady clock from where the wall clock stood at the start. Only where the wall clock is ahead by
    more than a second, as it is after the machine has slept, does it catch up.

    Args:
        offset: Added to the wall clock, for example what a venue's clock is ahead by.
        wall: The wall clock, aware UTC.
        monotonic_ns: Nanoseconds of a clock that never goes back.
    """

    __slots__ = ("_anchor", "_anchor_ns", "_last", "_monotonic_ns", "_offset", "_wall")

    def __init__(
        self,
        offset: timedelta = timedelta(),
        *,
        wall: Callable[[], datetime] = _now,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._offset = offset
        self._wall = wall
        self._monotonic_ns = monotonic_ns
        self._anchor = wall()
        self._anchor_ns = monotonic_ns()
        self._last = self._anchor + offset

    @property
    def offset(self) -> timedelta:
        """What is added to the wall clock."""
        return self._offset

    def adjust(self, offset: timedelta) -> None:
        """Set what is added to the wall clock. If that sets the clock back, it stands still until time has caught up."""
        self._offset = offset

    def time(self) -> datetime:
        """Now, aware UTC."""
        elapsed = timedelta(microseconds=(self._monotonic_ns() - self._anchor_ns) // 1_000)
        steady, wall = self._anchor + elapsed, self._wall()
        if wall - steady > _TOLERANCE:
            self._anchor, self._anchor_ns = wall, self._monotonic_ns()
            steady = wall
        self._last = max(self._last, steady + self._offset)
        return self._last

    def process(self, event: EngineEvent, /) -> None:
        """Learn nothing: an event says nothing about now."""
