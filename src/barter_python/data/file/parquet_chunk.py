"""A run of rows of a market data table, and its columns as checked Python values.

Everything is done for a whole column at once; single rows are only looked at to say which one is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from math import inf
from typing import Any, Final, TypeVar

from barter_python.data.book import Level
from barter_python.data.exchange.decimal_text import AMOUNTS, PRICES, DecimalTexts
from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.check import HIGHEST, LOWEST, NON_NEGATIVE, NOT_BEFORE_CLOSE, POSITIVE
from barter_python.data.file.parquet_time import datetimes_from_microseconds
from barter_python.errors import MarketDataError
from barter_python.timed import EPOCH

__all__ = ["Chunk"]

V = TypeVar("V")

# Arrow's functions take 70 microseconds to convert a Python number.
_ZERO: Final = pa.scalar(0.0)
_INFINITY: Final = pa.scalar(inf)
_NOTHING: Final = pa.scalar(0)
_FIRST_RUN: Final = pa.array([0], pa.int32())
_STARTS: Final = pa.array([True])


class Chunk:
    """Some rows of a file.

    Attributes:
        batch: The rows.
    """

    __slots__ = ("_first", "_numbers", "_place", "_times", "batch")

    def __init__(self, batch: Any, place: str, first: int, numbers: Any = None) -> None:
        self.batch = batch
        self._place = place
        self._first = first
        self._numbers = numbers
        self._times: list[tuple[Any, list[datetime]]] = []

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    def select(self, rows: Any, columns: Sequence[str] | None = None) -> Chunk:
        """The rows at these positions, with these columns or all."""
        numbers = rows if self._numbers is None else self._numbers.take(rows)
        batch = self.batch if columns is None else self.batch.select(columns)
        return Chunk(batch.take(rows), self._place, self._first, numbers)

    def with_column(self, name: str, column: Any) -> Chunk:
        """The same rows with one more column."""
        return Chunk(self.batch.append_column(name, column), self._place, self._first, self._numbers)

    def error(self, row: int, problem: str) -> MarketDataError:
        """An error at a row of this chunk."""
        number = row if self._numbers is None else self._numbers[row].as_py()
        return MarketDataError(f"{self._place}, row {self._first + number + 1}: {problem}")

    def column(self, name: str) -> Any:
        """A column without nulls."""
        column = self.batch.column(name)
        if column.null_count:
            raise self.error(_first(pc.is_null(column)), f"{name} is null, expected a value")
        return column

    def texts(self, name: str) -> list[str]:
        """A column of plain text."""
        values: list[str] = self.column(name).to_pylist()
        return values

    def words(self, name: str, meaning: Mapping[str, V]) -> list[V]:
        """A column of few different words, each replaced by what it means."""
        column = self.column(name)
        words = column.dictionary.to_pylist()
        codes: list[int] = column.indices.to_pylist()
        try:
            return list(map([meaning[word] for word in words].__getitem__, codes))
        except KeyError:
            for row, code in enumerate(codes):
                if words[code] not in meaning:
                    expected = ", ".join(map(repr, meaning))
                    raise self.error(row, f"{name} is {words[code]!r}, expected one of: {expected}") from None
            return [meaning[words[code]] for code in codes]  # an unknown word that no row uses

    def positive(self, name: str) -> list[float]:
        """A column of positive, finite numbers."""
        return self._numbers_in(name, pc.greater, POSITIVE)

    def non_negative(self, name: str) -> list[float]:
        """A column of finite numbers that are not negative."""
        return self._numbers_in(name, pc.greater_equal, NON_NEGATIVE)

    def check_candles(self) -> None:
        """Check what `check.check_event` does of candles: the parts fit together, and the stamp is not before the close."""
        open_, high, low, close = (self.column(name) for name in ("open", "high", "low", "close"))
        self._require("high", high, pc.greater_equal(high, pc.max_element_wise(open_, low, close)), HIGHEST)
        self._require("low", low, pc.less_equal(low, pc.min_element_wise(open_, close)), LOWEST)
        stamps = self.column("time_exchange")
        self._require("time_exchange", stamps, pc.greater_equal(stamps, self.column("time")), NOT_BEFORE_CLOSE)

    def counts(self, name: str) -> list[int]:
        """A column of integers that are not negative."""
        column = self.column(name)
        self._require(name, column, pc.greater_equal(column, _NOTHING), NON_NEGATIVE)
        values: list[int] = column.to_pylist()
        return values

    def times(self, name: str) -> list[datetime]:
        """A column of times. Columns with the same times share their objects, as those of most order book events do."""
        column = self.column(name)
        for known, times in self._times:
            if known.equals(column):
                return times
        times = datetimes_from_microseconds(column.cast(pa.int64()))
        self._times.append((column, times))
        return times

    def optional_times(self, name: str) -> list[datetime | None]:
        """A column of times that may be unknown."""
        column = self.batch.column(name)
        if not column.null_count:
            return list(self.times(name))
        microseconds = column.cast(pa.int64()).to_pylist()
        return [None if value is None else EPOCH + timedelta(0, 0, value) for value in microseconds]

    def optional_lengths(self, name: str) -> list[timedelta | None]:
        """A column of positive lengths of time that may be unknown."""
        column = self.batch.column(name)
        self._require(name, column, pc.greater(column, _NOTHING), POSITIVE)
        known = {value: None if value is None else timedelta(0, 0, value) for value in pc.unique(column).to_pylist()}
        return list(map(known.__getitem__, column.to_pylist()))

    def decimals(self, name: str, known: DecimalTexts) -> list[Decimal]:
        """A column of decimal text."""
        texts = self.texts(name)
        try:
            return list(map(known.__getitem__, texts))
        except MarketDataError:
            for row, text in enumerate(texts):
                try:
                    known[text]
                except MarketDataError as error:
                    raise self.error(row, f"{name}: {error}") from None
            raise

    def best_levels(self, price: str, amount: str) -> Iterable[Level | None]:
        """Two columns of decimal text as levels, None where both are null."""
        prices, amounts = self.batch.column(price), self.batch.column(amount)
        if not prices.null_count and not amounts.null_count:
            return self._runs_of_levels(price, amount)
        present = pc.is_valid(prices)
        half = pc.xor(present, pc.is_valid(amounts))
        if pc.any(half).as_py():
            raise self.error(_first(half), f"only one of {price} and {amount} is null, expected both or none")
        levels = iter(list(self.select(pc.indices_nonzero(present)).best_levels(price, amount)))
        return (next(levels) if there else None for there in present.to_pylist())

    def _runs_of_levels(self, price: str, amount: str) -> Iterable[Level]:
        """Equal neighbours share one level: half of all updates change the other side."""
        if not len(self):
            return ()
        columns = self.batch.column(price), self.batch.column(amount)
        changes = pc.or_(*(pc.not_equal(column[1:], column[:-1]) for column in columns))
        runs = pc.cumulative_sum(pa.concat_arrays([_FIRST_RUN, changes.cast(pa.int32())]))
        starts = pc.indices_nonzero(pa.concat_arrays([_STARTS, changes]))
        distinct = self.select(starts, [price, amount])
        levels = list(map(Level, distinct.decimals(price, PRICES), distinct.decimals(amount, AMOUNTS)))
        return map(levels.__getitem__, runs.to_pylist())

    def book_levels(self, name: str) -> list[list[Level]]:
        """A column of lists of levels."""
        column = self.column(name)
        flat = Chunk(pa.RecordBatch.from_struct_array(column.flatten()), self._place, self._first, pc.list_parent_indices(column))
        if self._numbers is not None:
            flat._numbers = self._numbers.take(flat._numbers)
        levels = list(map(Level, flat.decimals("price", PRICES), flat.decimals("amount", AMOUNTS)))
        ends = accumulate(pc.list_value_length(column).to_pylist(), initial=0)
        return [levels[start:end] for start, end in pairwise(ends)]

    def _numbers_in(self, name: str, compare: Callable[[Any, float], Any], expected: str) -> list[float]:
        column = self.column(name)
        # NaN compares false with everything, so it does not pass.
        self._require(name, column, pc.and_(compare(column, _ZERO), pc.less(column, _INFINITY)), expected)
        values: list[float] = column.to_pylist()
        return values

    def _require(self, name: str, column: Any, good: Any, expected: str) -> None:
        if pc.all(good).as_py() is False:
            row = _first(pc.invert(good))
            raise self.error(row, f"{name} is {column[row].as_py()}, {expected}")


def _first(true: Any) -> int:
    """Position of the first true value."""
    return int(pc.index(true, True).as_py())
