"""Builds the events of a chunk of rows, kind by kind and column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from barter_python.data.book import OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import (
    Candle,
    DataKind,
    Liquidation,
    MarketEvent,
    MarketReconnecting,
    MarketStreamEvent,
    OrderBookL1,
    PublicTrade,
)
from barter_python.data.file.arrow import pc
from barter_python.data.file.info import RECONNECTING
from barter_python.data.file.parquet_chunk import Chunk
from barter_python.data.file.parquet_markets import MARKET_COLUMN, MarketTable
from barter_python.data.file.parquet_schema import COLUMNS
from barter_python.instrument.side import Side

__all__ = ["events_of_chunk"]

_SIDES: Final = {side.value: side for side in Side}
_SHARED: Final = ("time_exchange", "time_received", "instrument", MARKET_COLUMN)
_KINDS: Final = {kind: kind for kind in COLUMNS}


def events_of_chunk(chunk: Chunk, markets: MarketTable) -> list[MarketStreamEvent]:
    """The events in the order of the rows. The chunk has been through `MarketSelector`.

    Raises:
        MarketDataError: A row has an impossible value.
    """
    kinds = chunk.words("kind", _KINDS)
    present = set(kinds)
    if len(present) == 1:
        return list(_events(kinds[0], chunk, markets))
    queues: dict[str, Iterator[MarketStreamEvent]] = {}
    for kind in present:
        column = chunk.column("kind")
        rows = pc.indices_nonzero(pc.equal(column.indices, pc.index(column.dictionary, kind).cast("int32")))
        queues[kind] = iter(_events(kind, chunk.select(rows, (*_SHARED, *COLUMNS[kind])), markets))
    return list(map(next, map(queues.__getitem__, kinds)))


def _events(kind: str, rows: Chunk, markets: MarketTable) -> Iterable[MarketStreamEvent]:
    """The events of rows that are all of one kind."""
    numbers = rows.column(MARKET_COLUMN).to_pylist()
    exchanges = map(markets.exchanges.__getitem__, numbers)
    if kind == RECONNECTING:
        return map(MarketReconnecting, exchanges)
    rows.column("instrument")  # only a lost connection may have none
    indexes = map(markets.indexes.__getitem__, numbers)
    times = rows.times("time_exchange"), rows.times("time_received")
    return map(MarketEvent, *times, exchanges, indexes, _BUILDERS[kind](rows))  # type: ignore[arg-type]  # all are wanted


def _trades(rows: Chunk) -> Iterable[DataKind]:
    return map(PublicTrade, rows.texts("id"), rows.positive("price"), rows.non_negative("amount"), rows.words("side", _SIDES))


def _best_levels(rows: Chunk) -> Iterable[DataKind]:
    bids, asks = rows.best_levels("bid_price", "bid_amount"), rows.best_levels("ask_price", "ask_amount")
    return map(OrderBookL1, rows.times("time"), bids, asks)


def _snapshots(rows: Chunk) -> Iterable[DataKind]:
    return map(OrderBookSnapshot, _books(rows))


def _updates(rows: Chunk) -> Iterable[DataKind]:
    return map(OrderBookUpdate, _books(rows))


def _books(rows: Chunk) -> Iterable[OrderBook]:
    return map(
        OrderBook.as_received,
        rows.counts("sequence"),
        rows.optional_times("time"),
        rows.book_levels("bids"),
        rows.book_levels("asks"),
    )


def _candles(rows: Chunk) -> Iterable[DataKind]:
    prices = [rows.positive(name) for name in ("open", "high", "low", "close")]
    rows.check_candles()
    volumes, counts = rows.non_negative("volume"), rows.counts("trade_count")
    return map(Candle, rows.times("time"), *prices, volumes, counts, rows.optional_lengths("interval"))


def _liquidations(rows: Chunk) -> Iterable[DataKind]:
    return map(Liquidation, rows.words("side", _SIDES), rows.positive("price"), rows.non_negative("amount"), rows.times("time"))


_BUILDERS: Final[dict[str, Callable[[Chunk], Iterable[DataKind]]]] = {
    "Trade": _trades,
    "OrderBookL1": _best_levels,
    "OrderBookSnapshot": _snapshots,
    "OrderBookUpdate": _updates,
    "Candle": _candles,
    "Liquidation": _liquidations,
}
