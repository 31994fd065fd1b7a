"""Order books of Tardis: snapshots of a fixed depth, and changed levels."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.import_report import ImportTally
from barter_python.data.file.importer.canonical import constant_words, with_previous
from barter_python.data.file.importer.layout import Layout
from barter_python.data.file.importer.levels import level_columns
from barter_python.data.file.importer.rows import Rows
from barter_python.data.file.importer.stamps import StampReader
from barter_python.data.file.importer.trades import Arrivals

__all__ = ["BookSnapshotConversion", "BookUpdateConversion"]

_KINDS: Final = pa.array(["OrderBookUpdate", "OrderBookSnapshot"])
_MESSAGE: Final = ("time", "time_received", "is_snapshot", "symbol")
"""The columns in which all rows of a message are equal."""


class BookSnapshotConversion:
    """Makes a snapshot of every row."""

    def __init__(self, layout: Layout, tally: ImportTally) -> None:
        self._depth = layout.snapshot_depth
        self._arrivals = Arrivals(tally)
        self._sequence = 0

    def convert(self, rows: Rows, stamps: StampReader) -> dict[str, Any]:
        """Columns of events, without the market.

        Raises:
            MarketDataError: A value is impossible, or arrivals go back in time.
        """
        times, received = self._arrivals.read(rows, stamps)
        columns = {"time_exchange": times, "time_received": received, "time": times}
        columns |= {side: self._levels(rows, side) for side in ("bids", "asks")}
        columns["sequence"] = _numbers(self._sequence, len(rows))
        self._sequence += len(rows)
        columns["kind"] = constant_words("OrderBookSnapshot", len(rows))
        return columns

    def _levels(self, rows: Rows, side: str) -> Any:
        """Lists of the levels that are there."""
        columns = [level_columns(rows, f"{side}[{level}].price", f"{side}[{level}].amount") for level in range(self._depth)]
        by_row = _by_row(len(rows), self._depth)
        prices, amounts = (pa.concat_arrays([column[place] for column in columns]).take(by_row) for place in (0, 1))
        kept = pc.is_valid(prices)
        levels = [prices.filter(kept), amounts.filter(kept)]
        before = pc.subtract(pc.cumulative_sum(kept.cast(pa.int32())), kept.cast(pa.int32()))
        return _lists(before.take(_row_starts(len(rows), self._depth)), levels)


class BookUpdateConversion:
    """Makes an update or a snapshot of the rows of a message: consecutive rows with the same times."""

    def __init__(self, tally: ImportTally) -> None:
        self._tally = tally
        self._arrivals = Arrivals(tally)
        self._sequence = 0
        self._pending: Any = None
        self._with_snapshot: set[str] = set()

    def convert(self, rows: Rows, stamps: StampReader) -> dict[str, Any] | None:
        """Columns of events, without the market but with the `symbol`; the last message waits for the rows that follow.

        Raises:
            MarketDataError: A value is impossible, or arrivals go back in time.
        """
        times, received = self._arrivals.read(rows, stamps)
        read = {
            "time": times,
            "time_received": received,
            "is_snapshot": rows.booleans("is_snapshot"),
            "symbol": rows.texts("symbol"),
            "is_bid": pc.equal(rows.sides("side"), "Buy"),
            "price_number": rows.positive("price"),
            "price": rows.decimal_texts("price"),
        }
        rows.non_negative("amount")
        read["amount"] = rows.decimal_texts("amount")
        batch = pa.RecordBatch.from_pydict(read)
        if self._pending is not None:
            (batch,) = pa.Table.from_batches([self._pending, batch]).combine_chunks().to_batches()
        begins = _begins(batch)
        last = pc.max(pc.indices_nonzero(begins)).as_py()
        self._pending = batch[last:]
        return self._events(batch[:last], begins[:last]) if last else None

    def finish(self) -> dict[str, Any] | None:
        """Columns of the last message, None where there was no row."""
        return None if self._pending is None else self._events(self._pending, _begins(self._pending))

    def _events(self, batch: Any, begins: Any) -> dict[str, Any] | None:
        starts = pc.indices_nonzero(begins)
        messages = batch.take(starts)
        columns = {name: messages.column(name) for name in _MESSAGE}
        number = pc.cumulative_sum(begins.cast(pa.int32()))
        for side, is_side in (("bids", batch.column("is_bid")), ("asks", pc.invert(batch.column("is_bid")))):
            columns[side] = _side_levels(batch, number, is_side, starts, descending=side == "bids")
        columns["sequence"] = _numbers(self._sequence, len(starts))
        self._sequence += len(starts)
        columns["time_exchange"] = columns["time"]
        codes = columns["is_snapshot"].cast(pa.int32())
        columns["kind"] = pa.DictionaryArray.from_arrays(codes, _KINDS)
        return self._following(columns, columns.pop("is_snapshot"))

    def _following(self, columns: dict[str, Any], is_snapshot: Any) -> dict[str, Any] | None:
        """The messages that are or follow a snapshot of their instrument."""
        symbols = columns["symbol"]
        kept = pa.repeat(pa.scalar(True), len(symbols))
        for symbol in set(pc.unique(symbols).to_pylist()) - self._with_snapshot:
            own = pc.equal(symbols, symbol)
            first = pc.index(pc.and_(own, is_snapshot), True).as_py()
            if first >= 0:
                self._with_snapshot.add(symbol)
            without = first if first >= 0 else len(own)
            follows = pa.concat_arrays(
                [pa.repeat(pa.scalar(value), n) for value, n in ((False, without), (True, len(own) - without))]
            )
            kept = pc.and_(kept, pc.or_(pc.invert(own), follows))
        dropped = len(kept) - pc.sum(kept).as_py()
        if not dropped:
            return columns
        self._tally.leave_out("updates of an order book without a snapshot before them", dropped)
        return {name: column.filter(kept) for name, column in columns.items()} if dropped < len(kept) else None


def _begins(batch: Any) -> Any:
    """Which rows begin a message."""
    changed = pa.concat_arrays([pa.array([True]), pa.repeat(pa.scalar(False), len(batch) - 1)])
    for name in _MESSAGE:
        column = batch.column(name)
        changed = pc.or_(changed, pc.not_equal(column, with_previous(None, column)))
    return changed


def _side_levels(batch: Any, number: Any, is_side: Any, starts: Any, *, descending: bool) -> Any:
    """The levels of one side of each message, best first."""
    counted = is_side.cast(pa.int32())
    before = pc.subtract(pc.cumulative_sum(counted), counted).take(starts)
    own = batch.filter(is_side)
    order = pc.sort_indices(
        pa.table({"number": number.filter(is_side), "price": own.column("price_number")}),
        sort_keys=[("number", "ascending"), ("price", "descending" if descending else "ascending")],
    )
    return _lists(before, [own.column(name).take(order) for name in ("price", "amount")])


def _lists(starts: Any, levels: list[Any]) -> Any:
    offsets = pa.concat_arrays([starts.cast(pa.int32()), pa.array([len(levels[0])], pa.int32())])
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(levels, ["price", "amount"]))


def _numbers(after: int, count: int) -> Any:
    return pa.array(range(after + 1, after + count + 1), pa.int64())


@lru_cache(4)
def _by_row(rows: int, depth: int) -> Any:
    """Positions in columns laid end to end, row by row."""
    return pa.array([level * rows + row for row in range(rows) for level in range(depth)], pa.int32())


@lru_cache(4)
def _row_starts(rows: int, depth: int) -> Any:
    return pa.array(range(0, rows * depth, depth), pa.int32())
