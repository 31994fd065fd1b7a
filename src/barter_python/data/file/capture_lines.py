"""Reads the lines of captures: the local time of reception in integer nanoseconds, a space, and the venue's message."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, cast

from barter_python.errors import MarketDataError
from barter_python.timed import EPOCH

__all__ = ["CaptureLine", "read_capture_lines"]

_GZIP_MAGIC: Final = b"\x1f\x8b"
_NANOSECONDS_MAX: Final = 253_402_300_800_000_000_000  # the year 10000
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


def read_capture_lines(sources: Sequence[Path], on_progress: Callable[[int, int], None] | None = None) -> Iterator[CaptureLine]:
    """The lines of captures that continue each other.

    Args:
        sources: Plain or gzip, in order of time.
        on_progress: Called now and then with the bytes read and the bytes to read.

    Raises:
        MarketDataError: A file is unreadable, empty or truncated, or a time is missing or goes backwards.
    """
    latest = 0
    total = done = 0
    for source in sources:
        if not source.is_file():
            raise MarketDataError(f"{source}: there is no such file")
        total += source.stat().st_size
    for source in sources:
        for number, position, line in _lines(source):
            stamp, _, message = line.partition(b" ")
            nanoseconds = int(stamp) if stamp.isdigit() and len(stamp) <= len(str(_NANOSECONDS_MAX)) else -1
            if not 0 <= nanoseconds < _NANOSECONDS_MAX:
                shown = stamp[:40].strip().decode("utf-8", "replace")
                raise MarketDataError(f"{source}, line {number}: time_received is {shown!r}, expected Unix time in nanoseconds")
            if nanoseconds < latest:
                raise MarketDataError(
                    f"{source}, line {number}: time_received is {nanoseconds}, out of order: expected {latest} or later"
                )
            latest = nanoseconds
            yield CaptureLine(source, number, EPOCH + timedelta(0, 0, nanoseconds // 1000), message)
            if on_progress is not None and number % _PROGRESS_LINES == 0:
                on_progress(min(done + position(), total), total)
        done += source.stat().st_size
    if on_progress is not None:
        on_progress(total, total)


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
