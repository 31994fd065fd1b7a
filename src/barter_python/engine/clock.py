"""The engine's sense of time. Rust origin: barter::engine::clock. The clock of a live system is `system.clock.LiveClock`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from barter_python.data.event import MarketEvent
from barter_python.engine.event import EngineEvent, time_exchange

__all__ = ["EngineClock", "HistoricalClock"]


class EngineClock(Protocol):
    """Tells the time, and may learn it from events."""

    def time(self) -> datetime:
        """Now, aware UTC."""
        ...

    def process(self, event: EngineEvent, /) -> None:
        """Take in an event."""
        ...


class HistoricalClock:
    """Tells the greatest venue stamp seen so far: never the wall clock, never backwards.

    Args:
        last_exchange_time: Time before the first event, aware UTC.
    """

    __slots__ = ("_time",)

    def __init__(self, last_exchange_time: datetime) -> None:
        self._time = last_exchange_time

    def time(self) -> datetime:
        """The greatest stamp seen so far."""
        return self._time

    def process(self, event: EngineEvent, /) -> None:
        """Move on to the event's stamp, unless it has none or is late."""
        time = event.time_exchange if type(event) is MarketEvent else time_exchange(event)
        if time is not None and time > self._time:
            self._time = time
