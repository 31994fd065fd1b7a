"""Candles: their interval, the moment they are known, and what is missing between them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.import_options import ImportOptions, interval_text
from barter_python.data.file.import_report import ImportTally
from barter_python.data.file.importer.canonical import add_gaps, constant_words, with_previous
from barter_python.data.file.importer.layout import Layout
from barter_python.data.file.importer.rows import Rows
from barter_python.data.file.importer.stamps import StampReader

__all__ = ["CandleConversion"]

_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000
_MILLISECOND: Final = 1_000
_PRICES: Final = ("open", "high", "low", "close")


class CandleConversion:
    """Makes events of the rows of one instrument, in order of time.

    An event is stamped with the end of its interval, the first moment that does not belong to it: then all of it is known.
    """

    def __init__(self, layout: Layout, options: ImportOptions, tally: ImportTally) -> None:
        self._layout = layout
        self._tally = tally
        told = options.interval or layout.interval
        self._interval = None if told is None else told // _MICROSECOND
        self._how = "as told" if options.interval else "of the layout" if layout.interval else "found"
        self._is_regular: bool | None = None
        self._last_stamp: Any = None
        self._last: dict[str, Any] = {}

    def convert(self, rows: Rows, stamps: StampReader) -> dict[str, Any]:
        """Columns of events, without market and kind.

        Raises:
            MarketDataError: A value is impossible, or contradicts another or the rows before.
        """
        opens, closes = self._bounds(rows, stamps)
        columns = {"open_time": opens, "time": closes}
        columns |= {name: rows.positive(name) for name in _PRICES}
        columns["volume"] = rows.non_negative("volume")
        columns["trade_count"] = self._counts(rows)
        _check_prices(rows, columns)
        repeated = self._follow(rows, columns)
        columns["interval"] = self._intervals(opens, closes)
        del columns["open_time"]
        columns |= {"time_exchange": closes, "time_received": closes, "kind": constant_words("Candle", len(rows))}
        if repeated is not None:
            kept = pc.indices_nonzero(pc.invert(repeated))
            self._tally.leave_out("the same candle again", len(rows) - len(kept))
            columns = {name: column.take(kept) for name, column in columns.items()}
            columns["rows"] = kept
        return columns

    def _counts(self, rows: Rows) -> Any:
        if "trade_count" in rows:
            return rows.counts("trade_count")
        self._tally.note("there is no column of the number of trades: it is 0")
        return pa.repeat(pa.scalar(0, pa.int64()), len(rows))

    def _bounds(self, rows: Rows, stamps: StampReader) -> tuple[Any, Any]:
        """Begin and end of each candle."""
        if "open_time" in rows and "close_time" in rows:
            opens = self._in_order(rows, stamps, "open_time")
            closes = self._ends(stamps.read(rows, "close_time"), opens)
            rows.require(pc.greater(closes, opens), "close_time", "expected a time after the open")
            self._check_lengths(rows, pc.subtract(closes, opens))
            return opens, closes
        if "open_time" in rows:
            opens = self._in_order(rows, stamps, "open_time")
            is_close = _is_last_moment(opens)
            rows.require(pc.invert(is_close), "open_time", "expected the open of a candle, but this is the last moment of one")
            return opens, pc.add(opens, self._known_interval(rows, opens))
        stamped = self._in_order(rows, stamps, "close_time")
        interval = self._known_interval(rows, stamped)
        closes = self._ends(stamped, None)
        return pc.subtract(closes, interval), closes

    def _in_order(self, rows: Rows, stamps: StampReader, role: str) -> Any:
        """The stamps of a column, which never go back."""
        times = stamps.read(rows, role)
        previous = with_previous(self._last_stamp, times)
        self._last_stamp = times[-1:]
        rows.require(pc.greater_equal(times, previous), role, "expected rows in order of time, the oldest first")
        return times

    def _ends(self, closes: Any, opens: Any) -> Any:
        """The end of each candle, where its close may be stamped with its last moment."""
        step = _step_to_end(closes[0].as_py(), None if opens is None else opens[0].as_py())
        if step and not self._layout.has_closes_inclusive:
            self._tally.note("closes are stamped with the last moment of the candle: events have the moment after it")
        return pc.add(closes, step)

    def _check_lengths(self, rows: Rows, lengths: Any) -> None:
        if self._interval is None and self._is_regular is None:
            extremes = pc.min_max(lengths).as_py()
            self._is_regular = extremes["min"] == extremes["max"]
            if self._is_regular:
                self._interval = extremes["min"]
            elif not self._layout.has_time_bars:
                self._tally.note("candles have different lengths: they are not of time, and have no interval")
        if self._interval is None:
            return
        interval = self._tally.interval = self._interval * _MICROSECOND
        expected = f"expected candles of {interval_text(interval)}, {self._how}"
        rows.require(pc.less_equal(lengths, self._interval), "close_time", expected)
        if pc.any(pc.less(lengths, self._interval)).as_py():
            self._tally.note("some candles are shorter than the others")

    def _known_interval(self, rows: Rows, times: Any) -> int:
        """The interval, the most frequent distance of the first stamps unless it is known."""
        if self._interval is None:
            distances = pc.subtract(times[1:], times[:-1])
            modes = pc.mode(distances.filter(pc.greater(distances, 0)), 1)
            if not len(modes):
                raise rows.error(0, "the stamps do not tell the length of the candles, expected the option interval")
            self._interval = modes[0]["mode"].as_py()
            self._tally.note(f"candles of {interval_text(self._interval * _MICROSECOND)}: the most frequent distance of stamps")
        self._tally.interval = self._interval * _MICROSECOND
        return self._interval

    def _intervals(self, opens: Any, closes: Any) -> Any:
        if self._interval is None and not self._layout.has_time_bars:
            return pa.nulls(len(opens), pa.int64())
        return pc.subtract(closes, opens)

    def _follow(self, rows: Rows, columns: dict[str, Any]) -> Any:
        """Compare each row with the one before it: which are repeated (None where none is), and where candles are missing."""
        is_first = not self._last
        previous = {name: with_previous(self._last.get(name), column) for name, column in columns.items()}
        self._last |= {name: column[-1:] for name, column in columns.items()}
        role = "open_time" if "open_time" in rows else "close_time"
        distance = pc.subtract(columns["open_time"], previous["time"])
        repeated = pc.equal(columns["open_time"], previous["open_time"])
        if is_first:  # whose row before is itself
            first = pa.array([True])
            repeated = pa.concat_arrays([pc.invert(first), repeated[1:]])
            distance = pa.concat_arrays([pa.array([0], pa.int64()), distance[1:]])
        any_repeated = pc.any(repeated).as_py()
        if any_repeated:
            same = pa.repeat(pa.scalar(True), len(rows))
            for name, column in columns.items():
                same = pc.and_(same, pc.equal(column, previous[name]))
            rows.require(pc.or_(pc.invert(repeated), same), role, "but the row before has the same time and other values")
        begins = pc.greater_equal(distance, 0)
        rows.require(pc.or_(begins, repeated), role, "but the candle of the row before ends later: expected the right interval")
        whole = pc.divide(distance, self._interval) if self._interval is not None else pc.sign(distance)
        missing = pc.if_else(pc.greater(distance, 0), pc.max_element_wise(whole, 1), 0)
        add_gaps(self._tally, previous["time"], columns["open_time"], missing)
        return repeated if any_repeated else None


def _check_prices(rows: Rows, columns: dict[str, Any]) -> None:
    high = pc.max_element_wise(columns["open"], columns["close"], columns["low"])
    rows.require(pc.greater_equal(columns["high"], high), "high", "expected at least open, close and low")
    low = pc.min_element_wise(columns["open"], columns["close"])
    rows.require(pc.less_equal(columns["low"], low), "low", "expected at most open, close and high")


def _is_last_moment(times: Any) -> Any:
    """Which times are the last millisecond or microsecond of a second."""
    fraction = pc.subtract(times, pc.multiply(pc.divide(times, _SECOND), _SECOND))
    return pc.or_(pc.equal(fraction, _SECOND - 1), pc.equal(fraction, _SECOND - _MILLISECOND))


def _step_to_end(close: int, open_time: int | None) -> int:
    """How many microseconds after its stamp a candle ends that is stamped with its last moment; 0 where it is not."""
    for step in (1, _MILLISECOND):
        if close % _SECOND == _SECOND - step:
            return step
    if open_time is not None and (close - open_time) % (60 * _SECOND) == 59 * _SECOND:
        return _SECOND
    return 0
