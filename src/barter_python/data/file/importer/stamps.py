"""Stamps of any form as microseconds since 1970-01-01 UTC."""

from __future__ import annotations

from typing import Any, Final

from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.import_options import TimeUnit
from barter_python.data.file.importer.rows import Rows, first_failure
from barter_python.errors import ConfigError

__all__ = ["StampReader"]

_PER_SECOND: Final = {
    TimeUnit.SECOND: 1,
    TimeUnit.MILLISECOND: 1_000,
    TimeUnit.MICROSECOND: 1_000_000,
    TimeUnit.NANOSECOND: 1_000_000_000,
}
_MICROSECONDS: Final = 1_000_000
_EARLIEST: Final = 315_532_800  # 1980-01-01; the ranges of the units do not overlap
_LATEST: Final = 4_102_444_800  # 2100-01-01
_PERIOD: Final = "between 1980 and 2100"
_TEXT_FORM: Final = "expected a time such as 2024-01-31T00:00:00Z"


class StampReader:
    """Reads the stamps of one source: what the first of them is decides for all.

    Args:
        unit: Of numeric stamps, None to find it.
        timezone: Of stamps without an offset, None to refuse them.

    Raises:
        ConfigError: There is no such time zone.
    """

    def __init__(self, unit: TimeUnit | None, timezone: str | None) -> None:
        self._told = unit
        self._unit = unit
        self._timezone = timezone
        self._form = ""
        if timezone is not None and not _is_time_zone(timezone):
            raise ConfigError(f"timezone: found {timezone[:200]!r}, expected one such as UTC or Europe/Paris")

    @property
    def form(self) -> str:
        """In words, how the stamps are written; empty before the first was read."""
        return self._form

    def read(self, rows: Rows, role: str) -> Any:
        """The stamps of a column that is not empty.

        Raises:
            MarketDataError: A value is no time, or of another form or unit than those before.
        """
        column = rows.column(role, _TEXT_FORM)
        if pa.types.is_string(column.type):
            column = self._text_as_numbers(rows, role, column)
        kind = column.type
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            return self._numbers(rows, role, column)
        if pa.types.is_string(kind):
            return self._texts(rows, role, column)
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            return self._times(rows, role, column)
        raise rows.value_error(0, role, f"{_TEXT_FORM} or Unix time, not {kind}")

    def _text_as_numbers(self, rows: Rows, role: str, column: Any) -> Any:
        if not _is_castable(column[:1], pa.float64()):
            return column
        if _is_castable(column, pa.int64()):
            return column.cast(pa.int64())
        return rows.cast(column, role, pa.float64(), "expected Unix time, as in the first row")

    def _numbers(self, rows: Rows, role: str, column: Any) -> Any:
        if self._unit is None:
            self._unit = _unit_of(float(column[0].as_py()))
            if self._unit is None:
                raise rows.value_error(0, role, f"expected Unix time in s, ms, us or ns, {_PERIOD}")
        self._set_form(
            rows, role, f"Unix time in {self._unit.value}, {'found by magnitude' if self._told is None else 'as told'}"
        )
        per_second = _PER_SECOND[self._unit]
        # NaN is neither.
        plausible = pc.and_(pc.greater_equal(column, _EARLIEST * per_second), pc.less_equal(column, _LATEST * per_second))
        if not pc.all(plausible).as_py():
            row = pc.index(plausible, False).as_py()
            other = _unit_of(float(column[row].as_py()))
            hint = "" if other is None else f": it seems to be {other.value}"
            told = "in the first row" if self._told is None else "told"
            raise rows.value_error(row, role, f"expected Unix time in {self._unit.value}, as {told}, {_PERIOD}{hint}")
        return _as_microseconds(column, per_second)

    def _texts(self, rows: Rows, role: str, column: Any) -> Any:
        if _is_castable(column[:1], pa.timestamp("ns", "UTC")):
            self._set_form(rows, role, "text with offset")
            return _text_as_microseconds(rows, role, column, "UTC", f"{_TEXT_FORM}, with an offset as in the first row")
        if not _is_castable(column[:1], pa.timestamp("ns")):
            raise rows.value_error(0, role, f"{_TEXT_FORM}, or Unix time")
        self._require_timezone(rows, role)
        naive = _text_as_microseconds(rows, role, column, None, f"{_TEXT_FORM[:-1]}, without an offset as in the first row")
        return self._local(rows, role, naive.cast(pa.timestamp("us")))

    def _times(self, rows: Rows, role: str, column: Any) -> Any:
        if pa.types.is_timestamp(column.type) and column.type.tz is not None:
            self._set_form(rows, role, "times with offset")
            return column.cast(pa.timestamp("us", "UTC"), safe=False).cast(pa.int64())
        return self._local(rows, role, column.cast(pa.timestamp("us"), safe=False))

    def _local(self, rows: Rows, role: str, naive: Any) -> Any:
        self._require_timezone(rows, role)
        self._set_form(rows, role, f"times without offset, in {self._timezone} as told")
        try:
            return pc.assume_timezone(naive, self._timezone).cast(pa.int64())
        except pa.ArrowInvalid:
            row = first_failure(naive, lambda times: pc.assume_timezone(times, self._timezone))
            raise rows.value_error(row, role, f"expected a time that exists once in {self._timezone}") from None

    def _set_form(self, rows: Rows, role: str, form: str) -> None:
        if self._form not in ("", form):
            raise rows.value_error(0, role, f"expected {self._form}, like the rows before")
        self._form = form

    def _require_timezone(self, rows: Rows, role: str) -> None:
        if self._timezone is None:
            raise rows.value_error(0, role, "expected a time with an offset: tell the time zone, UTC for example")


def _is_time_zone(name: str) -> bool:
    try:
        pc.assume_timezone(pa.array([0], pa.timestamp("us")), name)
    except pa.ArrowInvalid:
        return False
    return True


def _is_castable(column: Any, kind: Any) -> bool:
    try:
        column.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


def _unit_of(number: float) -> TimeUnit | None:
    for unit, per_second in _PER_SECOND.items():
        if _EARLIEST * per_second <= number <= _LATEST * per_second:
            return unit
    return None


def _as_microseconds(column: Any, per_second: int) -> Any:
    if pa.types.is_integer(column.type):
        column = column.cast(pa.int64())
        if per_second <= _MICROSECONDS:
            return pc.multiply(column, _MICROSECONDS // per_second)
        return pc.divide(column, per_second // _MICROSECONDS)
    numbers = pc.multiply(column.cast(pa.float64()), _MICROSECONDS / per_second)
    return pc.round(numbers).cast(pa.int64())


def _text_as_microseconds(rows: Rows, role: str, column: Any, zone: str | None, expected: str) -> Any:
    try:
        return column.cast(pa.timestamp("us", zone)).cast(pa.int64())
    except pa.ArrowInvalid:  # nanoseconds, or no time at all
        times = rows.cast(column, role, pa.timestamp("ns", zone), expected)
        return times.cast(pa.timestamp("us", zone), safe=False).cast(pa.int64())
