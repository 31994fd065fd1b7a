"""Writes market data as Parquet; see `parquet_schema` for the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from barter_python.data.book import Level, OrderBook
from barter_python.data.event import Candle, Liquidation, OrderBookL1, PublicTrade
from barter_python.data.exchange.decimal_text import text_from_decimal
from barter_python.data.exchange.named import NamedMarketEvent, NamedMarketStreamEvent
from barter_python.data.file.arrow import pa, pq
from barter_python.data.file.info import KIND_TAGS, RECONNECTING, MarketDataInfo
from barter_python.data.file.parquet_schema import COLUMNS, METADATA_KEY, ROW_GROUP_ROWS, SCHEMA, VERSION, FileMetadata

__all__ = ["ParquetSink"]

_MICROSECOND: Final = timedelta(microseconds=1)
_SHARED: Final = ("time_exchange", "time_received", "exchange", "instrument", "kind")
# Where values hardly repeat, a dictionary only takes room and time.
_DISTINCT: Final = ("id", "time_received", "sequence", "bids", "asks", "open", "high", "low", "close", "volume")
_WITH_DICTIONARY: Final = [name for name in SCHEMA.names if name not in _DISTINCT]


class ParquetSink:
    """An open Parquet file."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd", use_dictionary=_WITH_DICTIONARY)
        self._rows: list[NamedMarketStreamEvent] = []
        self._batches: list[Any] = []
        self._batched = 0

    def write(self, events: Sequence[NamedMarketStreamEvent]) -> None:
        """Append events."""
        self._rows.extend(events)
        while len(self._rows) >= ROW_GROUP_ROWS:
            self._write_group(_batch(self._rows[:ROW_GROUP_ROWS]))
            del self._rows[:ROW_GROUP_ROWS]

    def write_batch(self, batch: Any) -> None:
        """Append a record batch of the table, which has been checked. A file has either events or batches."""
        self._batches.append(batch)
        self._batched += len(batch)
        if self._batched < ROW_GROUP_ROWS:
            return
        table = pa.Table.from_batches(self._batches)
        groups = self._batched // ROW_GROUP_ROWS
        for group in range(groups):
            self._write_group(table.slice(group * ROW_GROUP_ROWS, ROW_GROUP_ROWS))
        self._batches = table.slice(groups * ROW_GROUP_ROWS).to_batches()
        self._batched -= groups * ROW_GROUP_ROWS

    def finish(self, info: MarketDataInfo) -> None:
        """Write what is left, and the summary."""
        if self._rows:
            self._write_group(_batch(self._rows))
        if self._batched:
            self._write_group(pa.Table.from_batches(self._batches))
        metadata = msgspec.json.encode(FileMetadata(VERSION, info))
        self._writer.add_key_value_metadata({METADATA_KEY: metadata})

    def close(self) -> None:
        """Close the file, whether it is finished or not."""
        self._writer.close()

    def _write_group(self, rows: Any) -> None:
        self._writer.write(rows, row_group_size=ROW_GROUP_ROWS)


def _batch(events: Sequence[NamedMarketStreamEvent]) -> Any:
    count = len(events)
    columns: dict[str, list[Any]] = {name: [None] * count for name in _SHARED}
    rows_of: dict[str, list[int]] = {}
    for row, event in enumerate(events):
        tag = RECONNECTING
        if isinstance(event, NamedMarketEvent):
            tag = KIND_TAGS[type(event.kind)]
            columns["time_exchange"][row] = event.time_exchange
            columns["time_received"][row] = event.time_received
            columns["instrument"][row] = event.instrument
        columns["exchange"][row] = event.exchange.value
        columns["kind"][row] = tag
        rows_of.setdefault(tag, []).append(row)
    for tag, rows in rows_of.items():
        cells = map(_CELLS[tag], map(events.__getitem__, rows))
        for name, values in zip(COLUMNS[tag], zip(*cells, strict=True), strict=False):
            column = columns.setdefault(name, [None] * count)
            for row, value in zip(rows, values, strict=True):
                column[row] = value
    arrays = [pa.array(columns[item.name], item.type) if item.name in columns else pa.nulls(count, item.type) for item in SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _trade(event: Any) -> tuple[object, ...]:
    trade: PublicTrade = event.kind
    return trade.id, trade.price, trade.amount, trade.side.value


def _l1(event: Any) -> tuple[object, ...]:
    l1: OrderBookL1 = event.kind
    return l1.last_update_time, *_level(l1.best_bid), *_level(l1.best_ask)


def _level(level: Level | None) -> tuple[str | None, str | None]:
    return (None, None) if level is None else (text_from_decimal(level.price), text_from_decimal(level.amount))


def _levels(levels: list[Level]) -> list[tuple[str, str]]:
    return [(text_from_decimal(level.price), text_from_decimal(level.amount)) for level in levels]


def _book(event: Any) -> tuple[object, ...]:
    book: OrderBook = event.kind.book
    return book.sequence, book.time_engine, _levels(book.bids.levels), _levels(book.asks.levels)


def _candle(event: Any) -> tuple[object, ...]:
    candle: Candle = event.kind
    interval = None if candle.interval is None else candle.interval // _MICROSECOND
    prices = candle.open, candle.high, candle.low, candle.close
    return candle.close_time, *prices, candle.volume, candle.trade_count, interval


def _liquidation(event: Any) -> tuple[object, ...]:
    liquidation: Liquidation = event.kind
    return liquidation.side.value, liquidation.price, liquidation.quantity, liquidation.time


def _reconnecting(event: Any) -> tuple[object, ...]:
    return ()


_CELLS: Final[dict[str, Callable[[Any], tuple[object, ...]]]] = {
    "Trade": _trade,
    "OrderBookL1": _l1,
    "OrderBookSnapshot": _book,
    "OrderBookUpdate": _book,
    "Candle": _candle,
    "Liquidation": _liquidation,
    RECONNECTING: _reconnecting,
}
