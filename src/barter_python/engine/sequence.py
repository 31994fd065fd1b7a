"""Numbers of audits. Rust origin: barter::Sequence, barter::engine::EngineMeta."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["EngineMeta", "Sequence"]


@dataclass(slots=True)
class Sequence:
    """A counter that only goes up.

    Attributes:
        value: The number to be given out next.
    """

    value: int = 0

    def fetch_add(self) -> int:
        """Give out the next number."""
        value = self.value
        self.value = value + 1
        return value


@dataclass(slots=True)
class EngineMeta:
    """About a run of the engine.

    Attributes:
        time_start: When it started by its own clock.
        sequence: Number of the next audit.
    """

    time_start: datetime
    sequence: Sequence
