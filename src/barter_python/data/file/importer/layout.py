"""Where a source keeps what, and what it tells about its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from barter_python.data.file.import_options import CandleStamp, ImportKind, ImportOptions
from barter_python.data.file.importer.source import Source
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["ROLES", "Layout", "header_of", "normalised", "require_same"]


@dataclass(slots=True, frozen=True)
class Layout:
    """The layout of a source.

    Attributes:
        name: For people.
        kind: What the rows are.
        positions: Position of the column of each role.
        exchange: The venue, None where the layout does not tell it.
        instrument: The venue's name, None where the layout does not tell it, or where a column does.
        stamp: The moment that candles are stamped with, None where they have both, and for other kinds.
        interval: Length of the candles, None where the layout does not tell it.
        has_time_bars: Whether candles of different lengths are nevertheless of time, such as months.
        has_closes_inclusive: Whether a candle's close is stamped with the last moment that belongs to it.
        has_consecutive_ids: Whether every trade has the id after the one before it.
        snapshot_depth: Number of levels on each side of order book snapshots.
        notes: What a user should know.
    """

    name: str
    kind: ImportKind
    positions: Mapping[str, int]
    exchange: ExchangeId | None = None
    instrument: str | None = None
    stamp: CandleStamp | None = None
    interval: timedelta | None = None
    has_time_bars: bool = False
    has_closes_inclusive: bool = False
    has_consecutive_ids: bool = False
    snapshot_depth: int = 0
    notes: tuple[str, ...] = field(default=())


ROLES: Mapping[ImportKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    ImportKind.CANDLES: (
        ("open", "high", "low", "close", "volume"),
        ("time", "open_time", "close_time", "trade_count", "symbol"),
    ),
    ImportKind.TRADES: (("time", "price", "amount"), ("time_received", "id", "side", "is_buyer_maker", "symbol")),
    ImportKind.QUOTES: (
        ("time", "bid_price", "bid_amount", "ask_price", "ask_amount"),
        ("time_received", "symbol"),
    ),
    ImportKind.BOOK_UPDATES: (("time", "time_received", "is_snapshot", "side", "price", "amount", "symbol"), ()),
    ImportKind.BOOK_SNAPSHOTS: (("time", "time_received", "symbol"), ()),
    ImportKind.FUNDING: (("time", "rate"), ("symbol",)),
}
"""The roles that columns of each kind must and may have."""


def normalised(name: str) -> str:
    """The name of a column without case, spaces and punctuation."""
    return "".join(character for character in name.lower() if character.isalnum())


def require_same(source: Source, what: str, told: object, found: object) -> None:
    """Check that an option does not contradict what the layout tells.

    Raises:
        MarketDataError: It does.
    """
    if told is not None and found is not None and told != found:
        raise MarketDataError(f"{source.name}: {what} is {_shown(told)} as told, but the source says {_shown(found)}")


def _shown(value: object) -> str:
    return repr(getattr(value, "value", value))


def header_of(source: Source, options: ImportOptions) -> Sequence[str] | None:
    """Names of the columns, those of the options where the source has none.

    Raises:
        MarketDataError: The options name another number of columns.
    """
    if source.header is not None or options.header is None:
        return source.header
    if len(options.header) != source.width:
        raise MarketDataError(f"{source.name}: there are {source.width} columns, expected {len(options.header)} as told: header")
    return options.header
