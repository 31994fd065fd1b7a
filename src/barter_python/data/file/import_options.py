"""What an import is told, where a file does not say it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Final

from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["CandleStamp", "ImportKind", "ImportOptions", "TimeUnit", "interval_from_text", "interval_text"]


class ImportKind(Enum):
    """What the rows of a source are."""

    CANDLES = "candles"
    TRADES = "trades"
    QUOTES = "quotes"
    """Best bids and asks."""
    BOOK_SNAPSHOTS = "book-snapshots"
    """Order books of a fixed depth, one a row."""
    BOOK_UPDATES = "book-updates"
    """Changed levels of order books, one a row."""
    FUNDING = "funding"
    """Funding rates of a perpetual."""


class TimeUnit(Enum):
    """Unit of numeric stamps, counted from 1970-01-01 UTC."""

    SECOND = "s"
    MILLISECOND = "ms"
    MICROSECOND = "us"
    NANOSECOND = "ns"


class CandleStamp(Enum):
    """Which moment of its interval a candle is stamped with."""

    OPEN = "open"
    CLOSE = "close"


@dataclass(slots=True, frozen=True)
class ImportOptions:
    """What is told of the sources. Known layouts (Binance, Tardis, freqtrade) tell most of it themselves.

    Attributes:
        kind: What the rows are; None: told by the columns.
        exchange: The venue; None: told by the layout.
        instrument: The venue's name; None: told by the layout. Of sources with several instruments, the only one to import.
        columns: Name of the column of each role, such as `{"time": "Date", "volume": "Volume BTC"}`, where it is not a usual one.
        header: Names of the columns of delimited text without a header.
        unit: Of numeric stamps; None: told by their magnitude.
        timezone: Of stamps without an offset, such as `UTC` or `America/New_York`; None: such stamps are refused.
        stamp: Whether candles are stamped with their open or their close; None: told by the layout or the names of the columns.
        interval: Length of the candles; None: told by the layout, by their open and close, or by the most frequent distance of
            stamps.
    """

    kind: ImportKind | None = None
    exchange: ExchangeId | None = None
    instrument: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    header: Sequence[str] | None = None
    unit: TimeUnit | None = None
    timezone: str | None = None
    stamp: CandleStamp | None = None
    interval: timedelta | None = None


_UNITS: Final = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_INTERVAL: Final = re.compile(r"([1-9][0-9]{0,5})([smhdw])")


def interval_from_text(text: str) -> timedelta:
    """Read the length of a candle as venues write it: `1s`, `5m`, `4h`, `1d`, `1w`.

    Raises:
        ConfigError: It is none.
    """
    found = _INTERVAL.fullmatch(text)
    if found is None:
        raise ConfigError(f"interval: found {text[:200]!r}, expected a number and one of s, m, h, d, w, such as 5m")
    return int(found[1]) * _UNITS[found[2]]


def interval_text(interval: timedelta) -> str:
    """The length of a candle as venues write it; seconds with decimals where it has no such form."""
    for unit, length in _UNITS.items():
        if interval and not interval % length:
            return f"{interval // length}{unit}"
    return f"{interval.total_seconds():g}s"
