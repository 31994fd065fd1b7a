"""Codecs of single values: text, numbers, times, names.

Money is written as text without an exponent, and read from text, from an integer, or from a float by way of its shortest text.
Times are RFC 3339 with 0, 3 or 6 decimals of a second; finer ones are cut when read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Final, TypeVar

from barter_python.codec.problem import mismatch, one_of
from barter_python.codec.shape import Codec, convert
from barter_python.errors import DecodeError
from barter_python.numeric import decimal_from_scientific, decimal_from_text
from barter_python.timed import EPOCH

__all__ = ["boolean", "decimal", "enumeration", "epoch_milliseconds", "instant", "marker", "names", "number", "signed", "text"]
__all__ += ["unsigned", "unsigned_byte", "write_decimal"]

T = TypeVar("T")
EnumT = TypeVar("EnumT", bound=Enum)

_I64_MIN: Final = -(1 << 63)
_I64_MAX: Final = (1 << 63) - 1
_U64_MAX: Final = (1 << 64) - 1
_DECIMAL_EXPECTED: Final = (
    "a decimal number of at most 28 decimals between -79228162514264337593543950335 and 79228162514264337593543950335"
)
_TIME_EXPECTED: Final = "a time such as '2024-01-01T00:00:00.123Z'"
_MILLISECOND: Final = timedelta(milliseconds=1)
_DIGITS_MAX: Final = 28
_RFC_3339: Final = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?)(?:([Zz])|([+-]\d\d):?(\d\d))", re.ASCII)


def _read_text(document: object) -> str:
    if type(document) is str:
        return document
    raise mismatch(document, "text")


text: Final[Codec[str]] = Codec(_read_text, str)
"""Text, unchanged."""


def _read_boolean(document: object) -> bool:
    if type(document) is bool:
        return document
    raise mismatch(document, "true or false")


boolean: Final[Codec[bool]] = Codec(_read_boolean, bool)


def _integer(low: int, high: int) -> Codec[int]:
    def read(document: object) -> int:
        if type(document) is int and low <= document <= high:
            return document
        raise mismatch(document, f"an integer from {low} to {high}")

    return Codec(read, int)


unsigned: Final = _integer(0, _U64_MAX)
"""An integer of 64 bits that is not negative."""
signed: Final = _integer(_I64_MIN, _I64_MAX)
"""An integer of 64 bits."""
unsigned_byte: Final = _integer(0, 255)


def _read_number(document: object) -> float:
    if type(document) is float or type(document) is int:
        return float(document)
    raise mismatch(document, "a number")


number: Final[Codec[float]] = Codec(_read_number, lambda value: value if isfinite(value) else None)
"""A float, also read from an integer. NaN and the infinities are written as null, as Rust does, and cannot be read back."""


def _read_decimal(document: object) -> Decimal:
    kind = type(document)
    if kind is str:
        assert isinstance(document, str)
        digits = document[1:] if document[:1] == "-" else document
        # So many digits always fit into the 96 bits of Rust's decimal, where Python's own parser gives the same number.
        if len(digits) <= _DIGITS_MAX and digits.isascii() and digits.replace(".", "", 1).isdigit():
            return Decimal(document)
        value = decimal_from_text(document)
        if value is None:
            value = decimal_from_scientific(document)
    elif kind is int and _I64_MIN <= document <= _U64_MAX:  # type: ignore[operator]
        return Decimal(document)  # type: ignore[arg-type]
    elif kind is float or kind is int:
        value = _decimal_of_float(document)  # type: ignore[arg-type]
    else:
        value = None
    if value is None:
        raise mismatch(document, _DECIMAL_EXPECTED)
    return value


def _decimal_of_float(document: float) -> Decimal | None:
    """A float is the number that its shortest text says; so are integers beyond 64 bits, which are floats to Rust's parser."""
    try:
        shortest = repr(float(document))
    except OverflowError:
        return None
    if "e" in shortest:
        shortest = format(Decimal(shortest), "f")
    return decimal_from_text(shortest.removesuffix(".0"))


def write_decimal(value: Decimal) -> str:
    """Plain text without an exponent, trailing zeros kept; a number beyond 96 bits is rounded to what will be read again."""
    plain = str(value)
    if "E" in plain:
        plain = format(value, "f")
    if len(plain) <= _DIGITS_MAX:
        return plain
    fitting = decimal_from_text(plain)
    return plain if fitting is None else format(fitting, "f")


decimal: Final[Codec[Decimal]] = Codec(_read_decimal, write_decimal)
"""Money, prices, quantities and ratios."""


def _read_instant(document: object) -> datetime:
    if type(document) is not str:
        raise mismatch(document, _TIME_EXPECTED)
    try:
        # The parser takes any ISO 8601; these characters leave it only what RFC 3339 allows.
        if (
            document[10] == "T"
            and document[-1] == "Z"
            and document[19] in ".Z"
            and document[7] == "-"
            and document[16] == ":"
            and document[-2] != "."
        ):
            return datetime.fromisoformat(document)
    except (IndexError, ValueError):
        pass
    return _read_instant_with_offset(document)


def _read_instant_with_offset(document: str) -> datetime:
    found = _RFC_3339.fullmatch(document)
    if found is None:
        raise mismatch(document, _TIME_EXPECTED)
    date, time, zulu, hours, minutes = found.groups()
    try:
        return datetime.fromisoformat(f"{date}T{time}{'Z' if zulu else hours + ':' + minutes}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise mismatch(document, _TIME_EXPECTED) from None


def _write_instant(value: datetime) -> str:
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise TypeError(f"{value!r} has no time zone, expected an aware UTC time")
        value = value.astimezone(UTC)
    plain = value.isoformat()[:-6]
    return (plain[:-3] if plain.endswith("000") and len(plain) > 20 else plain) + "Z"


instant: Final[Codec[datetime]] = Codec(_read_instant, _write_instant)
"""A time, aware UTC."""


def _from_epoch(milliseconds: int) -> datetime:
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise mismatch(milliseconds, "milliseconds since 1970 up to the year 9999") from None


epoch_milliseconds: Final[Codec[datetime]] = convert(unsigned, _from_epoch, lambda value: (value - EPOCH) // _MILLISECOND)
"""A time (aware UTC) as integer milliseconds since 1970, the form of expiries."""


def marker(value: T) -> Codec[T]:
    """Null for a value that carries nothing, such as a Rust unit struct."""

    def read(document: object) -> T:
        if document is not None:
            raise mismatch(document, "null")
        return value

    return Codec(read, lambda _: None)


def names(values: Mapping[str, T], aliases: Mapping[str, str] | None = None) -> Codec[T]:
    """One of a fixed set of names; `{"name": null}` is read as well, as serde does.

    Args:
        values: What each name means.
        aliases: Further names that are read but not written, and the name each stands for.
    """
    known = {**values, **{alias: values[name] for alias, name in (aliases or {}).items()}}
    written = {value: name for name, value in values.items()}

    def read(document: object) -> T:
        if type(document) is str:
            found = known.get(document)
            if found is not None:
                return found
        elif type(document) is dict and len(document) == 1:
            return _read_tag(document)
        raise one_of(document, values)

    def _read_tag(document: dict[str, object]) -> T:
        (name, payload), *_ = document.items()
        if name not in known:
            raise one_of(name, values)
        if payload is not None:
            raise DecodeError(mismatch(payload, "null").problem, f"$.{name}")
        return known[name]

    return Codec(read, lambda value: written[value])


def enumeration(kind: type[EnumT], aliases: Mapping[str, str] | None = None) -> Codec[EnumT]:
    """An enum whose values are the names on the wire."""
    return names({item.value: item for item in kind}, aliases)
