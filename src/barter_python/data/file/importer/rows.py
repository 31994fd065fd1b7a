"""Rows of a source with their columns under the names of their roles, and the values in them.

Everything is done for a whole column at once; single rows are only looked at to say which one is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from math import inf
from typing import Any, Final

from barter_python.data.exchange.decimal_text import text_from_decimal
from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.check import NON_NEGATIVE, POSITIVE
from barter_python.errors import MarketDataError
from barter_python.instrument.side import Side

__all__ = ["Rows", "first_failure"]

_ZERO: Final = pa.scalar(0.0)
_INFINITY: Final = pa.scalar(inf)
_NUMBER_FORM: Final = "such as 1234.5, without thousands separators"
_PLAIN_DECIMAL: Final = r"^[0-9]+(\.[0-9]+)?$"
_VALUE_MAX: Final = 200
_BOOLEANS: Final = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
_SIDES: Final = {"buy": Side.BUY, "b": Side.BUY, "bid": Side.BUY, "sell": Side.SELL, "s": Side.SELL, "ask": Side.SELL}


class Rows:
    """Some rows of a source.

    Attributes:
        batch: The columns, under the names of their roles.
    """

    __slots__ = ("_first", "_labels", "_numbers", "_place", "batch")

    def __init__(self, batch: Any, place: str, first: int, labels: Mapping[str, str], numbers: Any = None) -> None:
        self.batch = batch
        self._place = place
        self._first = first
        self._labels = labels
        self._numbers = numbers

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    def __contains__(self, role: str) -> bool:
        return role in self._labels

    def take(self, rows: Any) -> Rows:
        """The rows at these positions."""
        numbers = rows if self._numbers is None else self._numbers.take(rows)
        return Rows(self.batch.take(rows), self._place, self._first, self._labels, numbers)

    def error(self, row: int, problem: str, role: str | None = None) -> MarketDataError:
        """An error in a row, and in a column where a role is given."""
        column = "" if role is None else f", column {self._labels[role]!r}"
        number = row if self._numbers is None else self._numbers[row].as_py()
        return MarketDataError(f"{self._place}, row {self._first + number + 1}{column}: {problem}")

    def value_error(self, row: int, role: str, expected: str) -> MarketDataError:
        """An error that shows the value in a row and a column."""
        value = self.batch.column(role)[row].as_py()
        found = "nothing" if value is None or value == "" else repr(value)[:_VALUE_MAX]
        return self.error(row, f"found {found}, {expected}", role)

    def require(self, good: Any, role: str, expected: str) -> None:
        """Check that a condition holds in all rows, nulls not counted.

        Raises:
            MarketDataError: It does not; the message names the first row.
        """
        if pc.all(good).as_py() is False:
            raise self.value_error(pc.index(good, False).as_py(), role, expected)

    def column(self, role: str, expected: str) -> Any:
        """A column without nulls, dictionaries resolved."""
        column = self.batch.column(role)
        if column.null_count:
            raise self.value_error(pc.index(pc.is_null(column), True).as_py(), role, expected)
        return column

    def is_empty(self, role: str) -> Any:
        """Which rows have no value."""
        column = self.batch.column(role)
        if not pa.types.is_string(column.type):
            return pc.is_null(column)
        return pc.fill_null(pc.equal(pc.binary_length(column), 0), True)

    def positive(self, role: str) -> Any:
        """A column of positive, finite numbers."""
        return self._numbers_in(role, pc.greater, POSITIVE)

    def non_negative(self, role: str) -> Any:
        """A column of finite numbers that are not negative."""
        return self._numbers_in(role, pc.greater_equal, NON_NEGATIVE)

    def counts(self, role: str) -> Any:
        """A column of whole numbers that are not negative."""
        expected = "expected a whole number that is not negative"
        numbers = self.cast(self.column(role, expected), role, pa.float64(), expected)
        self.require(pc.and_(pc.greater_equal(numbers, _ZERO), pc.equal(numbers, pc.floor(numbers))), role, expected)
        return self.cast(numbers, role, pa.int64(), expected)

    def texts(self, role: str) -> Any:
        """A column of text that is not empty; numbers as they are written."""
        expected = "expected a value"
        column = self.column(role, expected)
        if not pa.types.is_string(column.type):
            return column.cast(pa.string())
        self.require(pc.greater(pc.binary_length(column), 0), role, expected)
        return column

    def decimal_texts(self, role: str) -> Any:
        """A column that `positive` or `non_negative` has passed, as plain decimal text."""
        column = self.batch.column(role)
        texts = pc.utf8_trim_whitespace(column) if pa.types.is_string(column.type) else column.cast(pa.string())
        plain = pc.match_substring_regex(texts, _PLAIN_DECIMAL)
        if pc.all(plain).as_py() is not False:
            return texts
        return pa.array([None if text is None else text_from_decimal(Decimal(text)) for text in texts.to_pylist()], pa.string())

    def booleans(self, role: str) -> Any:
        """A column of `true` and `false`, in any case."""
        if pa.types.is_boolean(self.batch.schema.field(role).type):
            return self.column(role, "expected true or false")
        return self._meanings(role, _BOOLEANS, "expected true or false").cast(pa.bool_())

    def sides(self, role: str, *more: str) -> Any:
        """A column of `buy` and `sell`, in any case, as `Buy` and `Sell`; null for the words in `more`."""
        meanings = {word: side.value for word, side in _SIDES.items()} | dict.fromkeys(more)
        return self._meanings(role, meanings, "expected buy or sell")

    def cast(self, column: Any, role: str, kind: Any, expected: str) -> Any:
        """The column as another type. Spaces around text do not matter.

        Raises:
            MarketDataError: A value has no such form; the message names the first row.
        """
        try:
            return column.cast(kind)
        except pa.ArrowInvalid:
            pass
        if pa.types.is_string(column.type):
            column = pc.utf8_trim_whitespace(column)
        try:
            return column.cast(kind)
        except pa.ArrowInvalid:
            raise self.value_error(first_failure(column, lambda values: values.cast(kind)), role, expected) from None

    def _numbers_in(self, role: str, compare: Callable[[Any, Any], Any], expected: str) -> Any:
        if pa.types.is_string(self.batch.schema.field(role).type):
            expected = f"{expected} {_NUMBER_FORM}"
        numbers = self.cast(self.column(role, expected), role, pa.float64(), expected)
        # NaN compares false with everything, so it does not pass.
        self.require(pc.and_(compare(numbers, _ZERO), pc.less(numbers, _INFINITY)), role, expected)
        return numbers

    def _meanings(self, role: str, meanings: Mapping[str, object], expected: str) -> Any:
        words = self.column(role, expected).cast(pa.string()).dictionary_encode()
        known = [word.strip().lower() for word in words.dictionary.to_pylist()]
        for code, word in enumerate(known):
            if word not in meanings:
                raise self.value_error(pc.index(words.indices, pa.scalar(code, pa.int32())).as_py(), role, expected)
        return pa.array([meanings[word] for word in known]).take(words.indices)


def first_failure(column: Any, convert: Callable[[Any], object]) -> int:
    """Position of the first value that cannot be converted, in a column where there is one."""
    good, bad = 0, len(column)  # the longest prefix known to be good, the shortest known to be bad
    while bad - good > 1:
        middle = (good + bad) // 2
        try:
            convert(column[good:middle])
            good = middle
        except pa.ArrowInvalid:
            bad = middle
    return good
