"""The clock of a session that is recorded: no two things happen at the same time. Rust origin: none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from barter_python.engine.clock import EngineClock
from barter_python.engine.event import EngineEvent

__all__ = ["SessionClock"]

_MICROSECOND: Final = timedelta(microseconds=1)


class SessionClock:
    """Gives everything that happens a moment of its own, so that the moments alone tell the order.

    For the engine time stands still while it processes an event. A replay, which sets the same moments, so tells the engine the
    same times.

    Args:
        clock: Tells the time.
    """

    __slots__ = ("_clock", "_engine_time", "_last")

    def __init__(self, clock: EngineClock) -> None:
        self._clock = clock
        self._engine_time = self._last = clock.time()

    def time(self) -> datetime:
        """When the engine began to process its last event, aware UTC."""
        return self._engine_time

    def process(self, event: EngineEvent, /) -> None:
        """Let the clock learn from an event."""
        self._clock.process(event)

    def stamp(self, earliest: datetime | None = None) -> datetime:
        """The moment of what happens now, aware UTC: later than every other, and not before `earliest`."""
        self._last = max(self._clock.time(), self._last + _MICROSECOND, earliest or self._last)
        return self._last

    def begin_event(self) -> datetime:
        """The engine begins to process an event: the moment of that."""
        self._engine_time = self.stamp()
        return self._engine_time
