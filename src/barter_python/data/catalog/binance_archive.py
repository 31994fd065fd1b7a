"""Which files of Binance's public archive have what.

Source: https://github.com/binance/binance-public-data
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from barter_python.data.catalog.catalog import SeriesKey
from barter_python.data.catalog.span import Span, days_between
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["BINANCE_ARCHIVE", "ArchiveKind", "ArchiveRequest"]

BINANCE_ARCHIVE: Final = "https://data.binance.vision"
"""Where the archive is."""

_FOLDERS: Final = {ExchangeId.BINANCE_SPOT: "spot", ExchangeId.BINANCE_FUTURES_USD: "futures/um"}
_INTERVALS: Final = ("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1mo")


class ArchiveKind(Enum):
    """What the archive has, under its own names."""

    KLINES = "klines"
    TRADES = "trades"
    AGG_TRADES = "aggTrades"
    BOOK_TICKER = "bookTicker"
    """Of USD-M futures, until March 2024."""


_SERIES: Final = {
    ArchiveKind.TRADES: "trades",
    ArchiveKind.AGG_TRADES: "aggregated-trades",
    ArchiveKind.BOOK_TICKER: "quotes",
}


@dataclass(slots=True, frozen=True)
class ArchiveRequest:
    """What to download.

    Attributes:
        exchange: BINANCE_SPOT or BINANCE_FUTURES_USD.
        symbol: The venue's name.
        kind: What of it.
        start: The first UTC day.
        end: The day after the last one.
        interval: Of klines, such as `1m`; None for other kinds.

    Raises:
        ConfigError: There is no such thing in the archive.
    """

    exchange: ExchangeId
    symbol: str
    kind: ArchiveKind
    start: date
    end: date
    interval: str | None = None

    def __post_init__(self) -> None:
        if self.exchange not in _FOLDERS:
            raise ConfigError(f"exchange: found {self.exchange.value!r}, expected binance_spot or binance_futures_usd")
        if not (self.symbol.isascii() and self.symbol.replace("_", "").isalnum()):
            raise ConfigError(f"symbol: found {self.symbol[:200]!r}, expected a name of the venue such as BTCUSDT")
        if self.kind is ArchiveKind.KLINES and self.interval not in _INTERVALS:
            raise ConfigError(f"interval: found {str(self.interval)[:200]!r}, expected one of: {', '.join(_INTERVALS)}")
        if self.kind is not ArchiveKind.KLINES and self.interval is not None:
            raise ConfigError(f"interval: found {self.interval[:200]!r}, expected none: only klines have one")
        if self.kind is ArchiveKind.BOOK_TICKER and self.exchange is ExchangeId.BINANCE_SPOT:
            raise ConfigError("kind: found 'bookTicker' of spot, expected that of USD-M futures: the archive has no other")
        if self.end <= self.start:
            raise ConfigError(f"the end is {self.end}, expected a day after the start, {self.start}")

    @property
    def series(self) -> SeriesKey:
        """Where it belongs in a catalog."""
        kind = f"candles-{self.interval}" if self.kind is ArchiveKind.KLINES else _SERIES[self.kind]
        return SeriesKey(kind, self.exchange, self.symbol)

    def spans(self, present: Sequence[Span]) -> list[Span]:
        """The spans of the files to ask for: those present, whole months, and single days for the rest.

        Args:
            present: Spans that the catalog has.
        """
        wanted: dict[Span, None] = {}
        for day in days_between(self.start, self.end):
            covering = next((span for span in present if span.covers(day)), None)
            wanted[covering or self._span_of(day, present)] = None
        return list(wanted)

    def path(self, span: Span) -> str:
        """Where the archive has the file of a month or a day, from the address on."""
        part = self.interval or self.kind.value
        period, stamp = ("monthly", f"{span.start:%Y-%m}") if span.is_month else ("daily", f"{span.start}")
        folders = [_FOLDERS[self.exchange], period, self.kind.value, self.symbol, *([self.interval] if self.interval else [])]
        return f"/data/{'/'.join(folders)}/{self.symbol}-{part}-{stamp}.zip"

    def _span_of(self, day: date, present: Sequence[Span]) -> Span:
        month = Span.of_month(day)
        is_whole = self.start <= month.start and month.end <= self.end
        if is_whole and not any(span.start < month.end and month.start < span.end for span in present):
            return month
        return Span.of_day(day)
