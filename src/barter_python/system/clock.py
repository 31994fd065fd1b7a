"""The clock of a live or paper system. Rust origin: barter::engine::clock::LiveClock.

It stands here and not in `engine.clock`, because the core reads no clock.
"""

from __future__ import annotations

from datetime import UTC, datetime

from barter_python.engine.event import EngineEvent

__all__ = ["LiveClock"]


class LiveClock:
    """Tells the wall clock."""

    __slots__ = ()

    def time(self) -> datetime:
        """Now, aware UTC."""
        return datetime.now(UTC)

    def process(self, event: EngineEvent, /) -> None:
        """Learn nothing: an event says nothing about now."""
