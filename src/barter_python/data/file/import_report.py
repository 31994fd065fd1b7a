"""What an import has found, done and left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from barter_python.data.file.import_options import CandleStamp, ImportKind
from barter_python.data.file.info import MarketDataInfo

__all__ = ["Gap", "ImportReport", "ImportTally"]

_GAPS_LISTED: Final = 1000


@dataclass(slots=True, frozen=True)
class Gap:
    """Where something is missing.

    Attributes:
        start: End of what comes before it, aware UTC.
        end: Begin of what comes after it, aware UTC.
        missing: Number of candles or trades that are missing.
    """

    start: datetime
    end: datetime
    missing: int


@dataclass(slots=True)
class ImportTally:
    """Counts while rows are converted.

    Attributes:
        rows: Rows read.
        left_out: Number of rows that gave no event, by reason.
        gaps: The first of the gaps, in order of time.
        gap_count: Number of all gaps.
        missing: Number of candles or trades that are missing in all gaps.
        notes: What a user should know, each once.
        stamps: How the stamps of each source are written.
        interval: Length of the candles, where all have one.
        longest_pause: Begin and end of the longest time without a row, of all kinds but candles.
    """

    rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    gap_count: int = 0
    missing: int = 0
    notes: dict[str, None] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    interval: timedelta | None = None
    longest_pause: tuple[datetime, datetime] | None = None

    def leave_out(self, reason: str, count: int) -> None:
        """Count rows that give no event."""
        if count:
            self.left_out[reason] = self.left_out.get(reason, 0) + count

    def add_gaps(self, count: int, missing: int, first: Iterable[Gap]) -> None:
        """Count gaps, with what is missing in all of them, and keep the first."""
        self.gap_count += count
        self.missing += missing
        self.gaps += islice(first, _GAPS_LISTED - len(self.gaps))

    def add_pause(self, start: datetime, end: datetime) -> None:
        """Keep a time without a row, if it is the longest."""
        if self.longest_pause is None or end - start > self.longest_pause[1] - self.longest_pause[0]:
            self.longest_pause = start, end

    def note(self, text: str) -> None:
        """Keep something that a user should know."""
        self.notes[text] = None


@dataclass(slots=True, frozen=True)
class ImportReport:
    """What an import has found, done and left out.

    Attributes:
        layout: Of the sources, for people.
        kind: What the rows are.
        info: The events that the rows gave.
        rows: Number of rows read.
        columns: Name of the column of each role.
        columns_unused: Names of the columns that have no role.
        stamps: How the stamps of each source are written.
        stamp: The moment that candles are stamped with, None where sources have both, and for other kinds.
        interval: Length of the candles, None where they have several, and for other kinds.
        left_out: Number of rows that gave no event, by reason.
        gaps: The first thousand gaps, in order of time: candles that are missing between others, and missing ids of trades where
            the venue numbers them without holes.
        gap_count: Number of all gaps.
        missing: Number of candles or trades that are missing in all gaps.
        longest_pause: Begin and end of the longest time without a row, None for candles.
        notes: What else a user should know.
    """

    layout: str
    kind: ImportKind
    info: MarketDataInfo
    rows: int
    columns: Mapping[str, str]
    columns_unused: tuple[str, ...]
    stamps: Mapping[str, str]
    stamp: CandleStamp | None
    interval: timedelta | None
    left_out: Mapping[str, int]
    gaps: tuple[Gap, ...]
    gap_count: int
    missing: int
    longest_pause: tuple[datetime, datetime] | None
    notes: tuple[str, ...]

    @property
    def events(self) -> int:
        """Number of events."""
        return self.info.events
