"""Reads the lines of captures: the local time of reception, a space, and the venue's message.

The time is an integer, Unix time in nanoseconds, microseconds or milliseconds: the first line of a capture tells by its size.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, cast

import msgspec

from barter_python.data.exchange.venue_message import UNREADABLE
from barter_python.errors import MarketDataError
from barter_python.timed import EPOCH

__all__ = ["CaptureLine", "read_capture_lines"]

_GZIP_MAGIC: Final = b"\x1f\x8b"
_DIGITS_MAX: Final = 21
_UNITS: Final = {
    "nanoseconds": (10**17, 1, 1000),
    "microseconds": (10**14, 1, 1),
    "milliseconds": (10**11, 1000, 1),
}
"""The least stamp of each unit, in 1973, and what it is multiplied with and divided by to give microseconds."""
_MICROSECONDS_MAX: Final = 253_402_300_800_000_000  # the year 10000
_PROGRESS_LINES: Final = 4096


@dataclass(slots=True)
class CaptureLine:
    """A line of a capture.

    Attributes:
        source: The file.
        number: Of the line in it, from 1.
        time_received: Aware UTC, cut to microseconds.
        message: JSON of the venue.
    """

    source: Path
    number: int
    time_received: datetime
    message: bytes

    def error(self, problem: object) -> MarketDataError:
        """An error of this line."""
        return MarketDataError(f"{self.source}, line {self.number}: {problem}")


def read_capture_lines(
    sources: Sequence[Path],
    on_progress: Callable[[int, int], None] | None = None,
    on_cut: Callable[[Path, int], None] | None = None,
) -> Iterator[CaptureLine]:
    """The lines of captures that continue each other.

    Args:
        sources: Plain or gzip, in order of time.
        on_progress: Called now and then with the bytes read and the bytes to read.
        on_cut: Called with the file and the number of a last line that is cut off, which is then left out. None yields it.

    Raises:
        MarketDataError: A file is unreadable, empty or truncated, or a time is missing or goes backwards.
    """
    stamps = _Stamps()
    total = done = 0
    for source in sources:
        if not source.is_file():
            raise MarketDataError(f"{source}: there is no such file")
        total += source.stat().st_size
    for source in sources:
        for number, position, line in _lines(source):
            stamp, _, message = line.partition(b" ")
            if on_cut is not None and not line.endswith(b"\n") and not _is_complete(message):
                on_cut(source, number)
                continue
            try:
                time_received = stamps.time(stamp)
            except MarketDataError as error:
                raise MarketDataError(f"{source}, line {number}: {error}") from None
            yield CaptureLine(source, number, time_received, message)
            if on_progress is not None and number % _PROGRESS_LINES == 0:
                on_progress(min(done + position(), total), total)
        done += source.stat().st_size
    if on_progress is not None:
        on_progress(total, total)


class _Stamps:
    """Reads times of reception, which do not go backwards and are all of one unit."""

    def __init__(self) -> None:
        self._multiplier = self._divisor = self._latest = 0

    def time(self, stamp: bytes) -> datetime:
        value = int(stamp) if stamp.isdigit() and len(stamp) <= _DIGITS_MAX else -1
        if not self._divisor:
            self._choose_unit(value)
        microseconds = value * self._multiplier // self._divisor if self._divisor else -1
        if not 0 <= microseconds < _MICROSECONDS_MAX:
            shown = stamp[:40].strip().decode("utf-8", "replace")
            raise MarketDataError(f"time_received is {shown!r}, expected Unix time in {' or '.join(_UNITS)}")
        if value < self._latest:
            raise MarketDataError(f"time_received is {value}, out of order: expected {self._latest} or later")
        self._latest = value
        return EPOCH + timedelta(0, 0, microseconds)

    def _choose_unit(self, value: int) -> None:
        for least, multiplier, divisor in _UNITS.values():
            if value >= least:
                self._multiplier, self._divisor = multiplier, divisor
                return


def _is_complete(message: bytes) -> bool:
    try:
        msgspec.json.decode(message)
    except UNREADABLE:
        return False
    return True


def _lines(source: Path) -> Iterator[tuple[int, Callable[[], int], bytes]]:
    """Number, a function that tells the position in the file, and text of each line."""
    number = 0
    try:
        with source.open("rb") as raw, _uncompressed(raw) as lines:
            for number, line in enumerate(lines, 1):
                yield number, raw.tell, line
    except (OSError, EOFError, zlib.error) as error:
        raise MarketDataError(f"{source}, after line {number}: {error}, expected a readable, complete file") from error
    if number == 0:
        raise MarketDataError(f"{source}: the file is empty, expected lines of a capture")


def _uncompressed(raw: BinaryIO) -> BinaryIO:
    compressed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    raw.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if compressed else raw
