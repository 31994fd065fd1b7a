"""A part of the time of market data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from barter_python.data.event import MarketEvent, MarketStreamEvent
from barter_python.errors import ConfigError

__all__ = ["TimeRange"]


@dataclass(slots=True, frozen=True)
class TimeRange:
    """From a time on, and before another.

    Attributes:
        start: The first moment that belongs to it, aware UTC; None: from the beginning.
        end: The first moment that no longer belongs to it, aware UTC; None: to the end.

    Raises:
        ConfigError: The end is not after the start.
    """

    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ConfigError(f"the end is {self.end}, expected a time after the start, {self.start}")

    @property
    def is_everything(self) -> bool:
        """Whether it leaves nothing out."""
        return self.start is None and self.end is None

    def contains(self, time: datetime) -> bool:
        """Whether a time belongs to it."""
        return (self.start is None or time >= self.start) and (self.end is None or time < self.end)

    def meets(self, first: datetime, last: datetime) -> bool:
        """Whether something from a first to a last moment has a part in it."""
        return (self.start is None or last >= self.start) and (self.end is None or first < self.end)

    def select(self, chunks: Iterable[list[MarketStreamEvent]]) -> Iterator[list[MarketStreamEvent]]:
        """The events whose venue stamp belongs to it, and the lost connections between them."""
        if self.is_everything:
            yield from chunks
            return
        inside = False
        for chunk in chunks:
            kept = []
            for event in chunk:
                if type(event) is MarketEvent:
                    inside = self.contains(event.time_exchange)
                if inside:
                    kept.append(event)
            if kept:
                yield kept
