"""The UTC days that a file of a catalog has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from barter_python.data.file.time_range import TimeRange

__all__ = ["Span", "days_between"]

_DAY: Final = timedelta(days=1)
_CANDLE_MAX: Final = timedelta(days=31)
_NAME: Final = re.compile(r"(\d{4}-\d{2}-\d{2})_(\d{4}-\d{2}-\d{2})")


@dataclass(slots=True, frozen=True, order=True)
class Span:
    """Days that follow each other.

    Attributes:
        start: The first day.
        end: The day after the last one.
    """

    start: date
    end: date

    @classmethod
    def of_day(cls, day: date) -> Span:
        """One day."""
        return cls(day, day + _DAY)

    @classmethod
    def of_month(cls, day: date) -> Span:
        """The month of a day."""
        first = day.replace(day=1)
        return cls(first, (first + 31 * _DAY).replace(day=1))

    @classmethod
    def from_name(cls, name: str) -> Span | None:
        """The span of a name, None where it has no such form."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        try:
            span = cls(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        except ValueError:
            return None
        return span if span.start < span.end else None

    @property
    def name(self) -> str:
        """What its file is called, without the suffix."""
        return f"{self.start}_{self.end}"

    @property
    def is_month(self) -> bool:
        """Whether it is a whole calendar month."""
        return self == Span.of_month(self.start)

    def covers(self, day: date) -> bool:
        """Whether a day belongs to it."""
        return self.start <= day < self.end

    def days(self) -> Iterator[date]:
        """Its days."""
        return days_between(self.start, self.end)

    def contains(self, first: datetime, last: datetime) -> bool:
        """Whether all from a first to a last moment belongs to it; the end of the last day does."""
        return _midnight(self.start) <= first and last <= _midnight(self.end)

    def touches(self, time_range: TimeRange) -> bool:
        """Whether its file may have events in a part of time: a candle that begins in it is stamped with its end."""
        start, end = time_range.start, time_range.end
        return (start is None or start <= _midnight(self.end) + _CANDLE_MAX) and (end is None or _midnight(self.start) < end)


def days_between(start: date, end: date) -> Iterator[date]:
    """The days from the first on and before the second."""
    while start < end:
        yield start
        start += _DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
