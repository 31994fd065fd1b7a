"""Trades and quotes: their order, and which of them are missing or repeated."""

from __future__ import annotations

from typing import Any, Final

from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.import_report import ImportTally
from barter_python.data.file.importer.canonical import add_gaps, constant_words, time_at, with_previous, words
from barter_python.data.file.importer.layout import Layout
from barter_python.data.file.importer.levels import level_columns
from barter_python.data.file.importer.rows import Rows
from barter_python.data.file.importer.stamps import StampReader

__all__ = ["Arrivals", "QuoteConversion", "TradeConversion"]

_DISORDER_MAX: Final = 1_000_000
_EARLIEST: Final = pa.scalar(-(1 << 62), pa.int64())


class Arrivals:
    """When rows happened, and when they arrived.

    Where a source does not tell the arrival, rows arrive in their order, none before the latest stamp so far. Venues stamp some
    rows a little earlier than the one before; more than a second is taken for a damaged source.
    """

    def __init__(self, tally: ImportTally) -> None:
        self._tally = tally
        self._latest = _EARLIEST

    def read(self, rows: Rows, stamps: StampReader) -> tuple[Any, Any]:
        """Stamp and arrival of each row, in microseconds.

        Raises:
            MarketDataError: Arrivals, or stamps without arrivals, go back in time.
        """
        times = stamps.read(rows, "time")
        if "time_received" in rows:
            received = stamps.read(rows, "time_received")
            latest = pc.cumulative_max(received, start=self._latest)
            rows.require(pc.equal(received, latest), "time_received", "expected rows in order of arrival")
        else:
            received = pc.cumulative_max(times, start=self._latest)
            behind = pc.subtract(received, times)
            expected = "expected rows in order of time, the oldest first, none more than a second before an earlier one"
            rows.require(pc.less_equal(behind, _DISORDER_MAX), "time", expected)
            if pc.any(pc.greater(behind, 0)).as_py():
                self._tally.note("some rows are stamped up to a second before an earlier row: they keep their place")
        self._note_pause(received)
        self._latest = received[-1]
        return times, received

    def _note_pause(self, received: Any) -> None:
        """Keep the longest time without a row."""
        previous = with_previous(None if self._latest is _EARLIEST else pa.array([self._latest]), received)
        pauses = pc.subtract(received, previous)
        row = pc.index(pauses, pc.max(pauses)).as_py()
        self._tally.add_pause(time_at(previous, row), time_at(received, row))


class TradeConversion:
    """Makes events of trades, in order of arrival."""

    def __init__(self, layout: Layout, tally: ImportTally) -> None:
        self._layout = layout
        self._tally = tally
        self._arrivals = Arrivals(tally)
        self._last: dict[str, Any] = {}
        self._count = 0

    def convert(self, rows: Rows, stamps: StampReader) -> dict[str, Any]:
        """Columns of events, without the market.

        Raises:
            MarketDataError: A value is impossible, or ids or times go back.
        """
        times, received = self._arrivals.read(rows, stamps)
        columns = {"time_exchange": times, "price": rows.positive("price"), "amount": rows.non_negative("amount")}
        columns |= {"id": self._ids(rows), "side": self._sides(rows)}
        repeated = self._repeated(rows, columns) if "id" in rows else None
        columns |= {"side": words(columns["side"]), "time_received": received, "kind": constant_words("Trade", len(rows))}
        self._count += len(rows)
        known = pc.is_valid(columns["side"])
        if repeated is None and pc.all(known).as_py() is not False:
            return columns
        if repeated is not None:
            self._tally.leave_out("the same trade again", pc.sum(repeated).as_py())
            known = pc.and_(known, pc.invert(repeated))
        kept = pc.indices_nonzero(known)
        unknown = len(rows) - len(kept) - (0 if repeated is None else pc.sum(repeated).as_py())
        self._tally.leave_out("the side of the taker is unknown", unknown)
        return {name: column.take(kept) for name, column in columns.items()} | {"rows": kept}

    def _ids(self, rows: Rows) -> Any:
        if "id" in rows:
            return rows.texts("id")
        self._tally.note("there is no column of ids: trades are numbered")
        return pa.array(range(self._count + 1, self._count + len(rows) + 1), pa.int64()).cast(pa.string())

    def _sides(self, rows: Rows) -> Any:
        if "side" in rows:
            return rows.sides("side", "unknown")
        return pc.if_else(rows.booleans("is_buyer_maker"), "Sell", "Buy")

    def _repeated(self, rows: Rows, columns: dict[str, Any]) -> Any:
        """Which rows are those before them again, None where none is."""
        previous = {name: with_previous(self._last.get(name), column) for name, column in columns.items()}
        is_first = not self._last
        if len(rows):
            self._last = {name: column[-1:] for name, column in columns.items()}
        if self._layout.has_consecutive_ids:
            self._count_missing(rows, columns, previous)
        repeated = pc.equal(columns["id"], previous["id"])
        if is_first:
            repeated = pa.concat_arrays([pa.array([False])[: len(rows)], repeated[1:]])
        if not pc.any(repeated).as_py():
            return None
        for name, column in columns.items():
            repeated = pc.and_(repeated, pc.fill_null(pc.equal(column, previous[name]), False))
        return repeated

    def _count_missing(self, rows: Rows, columns: dict[str, Any], previous: dict[str, Any]) -> None:
        expected = "expected a whole number, as the venue numbers its trades"
        ids = rows.cast(columns["id"], "id", pa.int64(), expected)
        steps = pc.subtract(ids, rows.cast(previous["id"], "id", pa.int64(), expected))
        rows.require(pc.greater_equal(steps, 0), "id", "expected ids that rise")
        add_gaps(self._tally, previous["time_exchange"], columns["time_exchange"], pc.subtract(steps, 1))


class QuoteConversion:
    """Makes events of best bids and asks, in order of arrival."""

    def __init__(self, tally: ImportTally) -> None:
        self._tally = tally
        self._arrivals = Arrivals(tally)

    def convert(self, rows: Rows, stamps: StampReader) -> dict[str, Any]:
        """Columns of events, without the market.

        Raises:
            MarketDataError: A value is impossible, or times go back.
        """
        times, received = self._arrivals.read(rows, stamps)
        columns = {"time_exchange": times, "time_received": received, "time": times}
        best = []
        for side in ("bid", "ask"):
            price, amount, numbers = level_columns(rows, f"{side}_price", f"{side}_amount")
            columns |= {f"{side}_price": price, f"{side}_amount": amount}
            best.append(numbers)
        crossed = pc.sum(pc.greater_equal(*best)).as_py()
        if crossed:
            self._tally.note("some best bids are not below the best ask: they are kept as they are")
        columns["kind"] = constant_words("OrderBookL1", len(rows))
        return columns
