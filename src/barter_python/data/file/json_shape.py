"""The JSON shape of market events, as Rust's serde writes them, and the events that documents of this shape describe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, TypeAlias

import msgspec

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, DataKind, Liquidation, OrderBookL1, PublicTrade
from barter_python.data.exchange.decimal_text import AMOUNTS, PRICES
from barter_python.data.file.check import check_kind
from barter_python.errors import MarketDataError
from barter_python.instrument.side import Side

__all__ = ["StreamDocument", "StreamResultDocument", "kind_from_document", "time_from_text"]

_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
_TimeText: TypeAlias = str
"""RFC 3339. Rust writes nanoseconds; msgspec would round them, the engine truncates them."""


class _Level(msgspec.Struct, gc=False):
    price: str
    amount: str


class _OrderBookL1(msgspec.Struct):
    last_update_time: _TimeText
    best_bid: _Level | None = None
    best_ask: _Level | None = None


class _Side(msgspec.Struct):
    levels: list[_Level]


class _OrderBook(msgspec.Struct):
    sequence: _Count
    bids: _Side
    asks: _Side
    time_engine: _TimeText | None = None


class _OrderBookEvent(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    snapshot: _OrderBook | None = None
    update: _OrderBook | None = None


class _Candle(msgspec.Struct):
    close_time: _TimeText
    open: float
    high: float
    low: float
    close: float
    volume: float
    trade_count: _Count
    interval: _Count | None = None


class _Liquidation(msgspec.Struct):
    side: Side
    price: float
    quantity: float
    time: _TimeText


class KindDocument(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    """One of the kinds of data, under its name."""

    trade: PublicTrade | None = None
    order_book_l1: _OrderBookL1 | None = None
    order_book: _OrderBookEvent | None = None
    candle: _Candle | None = None
    liquidation: _Liquidation | None = None


class EventDocument(msgspec.Struct):
    """A market event; `instrument` is the venue's name, or an index in files of barter-rs."""

    time_exchange: _TimeText
    time_received: _TimeText
    exchange: str
    instrument: str | int
    kind: KindDocument


class StreamDocument(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    """A line: an event, or the exchange to which the connection was lost."""

    item: EventDocument | None = None
    reconnecting: str | None = None


class _Result(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    ok: EventDocument


class StreamResultDocument(msgspec.Struct, rename="pascal", forbid_unknown_fields=True):
    """An element of the arrays of barter-rs, which wrap events into `Ok`."""

    item: _Result | None = None
    reconnecting: str | None = None

    def unwrapped(self) -> StreamDocument:
        """The same as a line."""
        return StreamDocument(None if self.item is None else self.item.ok, self.reconnecting)


def kind_from_document(document: KindDocument) -> DataKind:
    """What happened.

    Raises:
        MarketDataError: There is not exactly one kind, or a value is impossible.
    """
    members = document.trade, document.order_book_l1, document.order_book, document.candle, document.liquidation
    given = [member for member in members if member is not None]
    if len(given) != 1:
        raise MarketDataError(f"kind has {len(given)} of these members, expected one: {', '.join(_MEMBERS)}")
    kind = given[0]
    if isinstance(kind, PublicTrade):
        check_kind(kind)
        return kind
    if isinstance(kind, _OrderBookL1):
        return OrderBookL1(
            time_from_text("last_update_time", kind.last_update_time), _best_level(kind.best_bid), _best_level(kind.best_ask)
        )
    if isinstance(kind, _OrderBookEvent):
        return _order_book_event(kind)
    event = _candle(kind) if isinstance(kind, _Candle) else _liquidation(kind)
    check_kind(event)
    return event


def time_from_text(field: str, text: str) -> datetime:
    """Read an RFC 3339 time as aware UTC, cut to microseconds.

    Raises:
        MarketDataError: The text is no time, or has no offset.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise MarketDataError(f"{field} is {text!r}, expected RFC 3339 such as '2024-01-01T00:00:00.123Z'")
    return time if time.tzinfo is UTC else time.astimezone(UTC)


def _order_book_event(event: _OrderBookEvent) -> OrderBookSnapshot | OrderBookUpdate:
    if event.snapshot is not None and event.update is None:
        return OrderBookSnapshot(_book(event.snapshot))
    if event.update is not None and event.snapshot is None:
        return OrderBookUpdate(_book(event.update))
    raise MarketDataError("kind OrderBook has both or none, expected one of: Snapshot, Update")


def _book(book: _OrderBook) -> OrderBook:
    time_engine = None if book.time_engine is None else time_from_text("time_engine", book.time_engine)
    return OrderBook.as_received(book.sequence, time_engine, _levels(book.bids), _levels(book.asks))


def _levels(side: _Side) -> list[Level]:
    return [Level(PRICES[level.price], AMOUNTS[level.amount]) for level in side.levels]


def _best_level(level: _Level | None) -> Level | None:
    return None if level is None else Level(PRICES[level.price], AMOUNTS[level.amount])


def _candle(candle: _Candle) -> Candle:
    time = time_from_text("close_time", candle.close_time)
    interval = None if candle.interval is None else timedelta(milliseconds=candle.interval)
    return Candle(time, candle.open, candle.high, candle.low, candle.close, candle.volume, candle.trade_count, interval)


def _liquidation(liquidation: _Liquidation) -> Liquidation:
    time = time_from_text("time", liquidation.time)
    return Liquidation(liquidation.side, liquidation.price, liquidation.quantity, time)


_MEMBERS: Final = ("Trade", "OrderBookL1", "OrderBook", "Candle", "Liquidation")
