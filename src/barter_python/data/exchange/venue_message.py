"""Reading one JSON message of a venue, and the values in it, so that whatever is wrong with it is a MarketDataError.

Venues write numbers and times as JSON numbers or as text, and times as milliseconds, as seconds with decimals, or as ISO 8601.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from math import inf, nan
from typing import Annotated, Final, TypeAlias, TypeVar

import msgspec

from barter_python.data.book import Level
from barter_python.data.exchange.decimal_text import AMOUNTS, PRICES
from barter_python.errors import MarketDataError, shown
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH

__all__ = [
    "ABSENT",
    "UNREADABLE",
    "Milliseconds",
    "convert_each",
    "read",
    "read_each",
    "signed_amount",
    "time_from_iso",
    "time_from_milliseconds",
    "time_from_milliseconds_text",
    "time_from_seconds_text",
    "to_amount",
    "to_levels",
    "to_price",
    "to_side",
]

T = TypeVar("T")
E = TypeVar("E")

Milliseconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=253_402_300_800_000)]
"""Unix time, before the year 10000."""

ABSENT: Final = msgspec.Raw()
"""Default of a member that is read later, or not at all."""

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What a decoder raises: text that is no UTF-8, and lists in lists without end, are no errors of msgspec."""

_entries: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode

_MILLISECOND: Final = timedelta(milliseconds=1)
_SHOWN_MAX: Final = 200
_MICROSECONDS_END: Final = 253_402_300_800_000_000
_DIGITS_MAX: Final = 18
_SECONDS_DECIMALS: Final = 6
_MILLISECONDS_DECIMALS: Final = 3


def read(decode: Callable[[bytes], T], message: bytes | msgspec.Raw, venue: str, member: str | None = None) -> T:
    """Decode a message, or a member of one.

    Args:
        decode: Of the type that is expected.
        message: JSON, or ABSENT for a member that the message does not have.
        venue: To name in errors.
        member: Name of the member, None for a whole message.

    Raises:
        MarketDataError: It is no JSON, or a member is missing or has another type; tells which, and begins to show it.
    """
    try:
        return decode(bytes(message))
    except UNREADABLE as error:
        if member is not None and not bytes(message):
            raise MarketDataError(f"not a message of {venue}: {member} is missing") from error
        where = "" if member is None else f" in {member}"
        beginning = bytes(message)[:_SHOWN_MAX].decode("utf-8", "backslashreplace")
        raise MarketDataError(f"not a message of {venue}: {error}{where}: {beginning}") from error


def read_each(decode: Callable[[bytes], T], entries: msgspec.Raw, venue: str, member: str) -> list[T | MarketDataError]:
    """Decode the entries of a list in order; those that cannot be read as their errors.

    Args:
        decode: Of the type of an entry.
        entries: JSON, or ABSENT where the message has no list.
        venue: To name in errors.
        member: Name of the list.

    Raises:
        MarketDataError: It is no list.
    """
    return convert_each(read(_entries, entries, venue, member), lambda entry: read(decode, entry, venue, member))


def convert_each(entries: Iterable[T | MarketDataError], convert: Callable[[T], E]) -> list[E | MarketDataError]:
    """Convert entries in order; those that are impossible become their errors, and errors stay what they are."""
    converted: list[E | MarketDataError] = []
    for entry in entries:
        try:
            converted.append(entry if isinstance(entry, MarketDataError) else convert(entry))
        except MarketDataError as error:
            converted.append(error)
    return converted


def to_price(value: str | float) -> float:
    """A price, positive.

    Raises:
        MarketDataError: It is none.
    """
    price = _number(value)
    if 0.0 < price < inf:
        return price
    raise MarketDataError(f"price is {shown(value)}, expected a positive number")


def to_amount(value: str | float) -> float:
    """An amount, zero or positive.

    Raises:
        MarketDataError: It is none.
    """
    amount = _number(value)
    if 0.0 <= amount < inf:
        return amount
    raise MarketDataError(f"amount is {shown(value)}, expected zero or a positive number")


def to_levels(levels: Iterable[tuple[str, str]]) -> list[Level]:
    """Levels of an order book from pairs of price and amount.

    Raises:
        MarketDataError: A price is not positive, or an amount is negative, or one is no decimal number.
    """
    return [Level(PRICES[price], AMOUNTS[amount]) for price, amount in levels]


def signed_amount(value: str | float) -> tuple[Side, float]:
    """The side of the taker and the positive amount, where a venue writes what was sold as a negative amount.

    Raises:
        MarketDataError: It is no number, or zero, which has no side.
    """
    amount = _number(value)
    if amount == 0.0 or not -inf < amount < inf:
        raise MarketDataError(f"amount is {shown(value)}, expected a number other than zero")
    return (Side.BUY, amount) if amount > 0.0 else (Side.SELL, -amount)


def to_side(value: str, sides: Mapping[str, Side]) -> Side:
    """The side that a venue writes as `value`.

    Raises:
        MarketDataError: It is none of the venue's words for a side.
    """
    side = sides.get(value)
    if side is None:
        raise MarketDataError(f"side is {shown(value)}, expected one of {', '.join(map(repr, sides))}")
    return side


def time_from_milliseconds(milliseconds: int) -> datetime:
    """Aware UTC from a Unix time."""
    return EPOCH + milliseconds * _MILLISECOND


def time_from_milliseconds_text(text: str) -> datetime:
    """Aware UTC from `1606292218213.4578`, a Unix time in milliseconds; below a microsecond truncated.

    Raises:
        MarketDataError: It is no such time.
    """
    return _time_from_text(text, _MILLISECONDS_DECIMALS)


def time_from_seconds_text(text: str) -> datetime:
    """Aware UTC from `1534614057.321597`, a Unix time in seconds; below a microsecond truncated.

    Raises:
        MarketDataError: It is no such time.
    """
    return _time_from_text(text, _SECONDS_DECIMALS)


def time_from_iso(text: str) -> datetime:
    """Aware UTC from `2014-11-07T08:19:27.028459Z`; below a microsecond truncated.

    Raises:
        MarketDataError: It is no such time, or has no time zone.
    """
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise MarketDataError(f"time is {shown(text)}, expected an ISO 8601 time with its time zone")


def _time_from_text(text: str, decimals: int) -> datetime:
    """Without floats: half a microsecond is more than a float of seconds can tell."""
    whole, point, fraction = text.partition(".")
    digits = whole + fraction[:decimals].ljust(decimals, "0")
    plain = text.isascii() and whole.isdigit() and (fraction.isdigit() or not point) and len(digits) <= _DIGITS_MAX
    microseconds = int(digits) if plain else _MICROSECONDS_END
    if microseconds >= _MICROSECONDS_END:
        raise MarketDataError(f"time is {shown(text)}, expected a Unix time before the year 10000")
    return EPOCH + timedelta(0, 0, microseconds)


def _number(value: str | float) -> float:
    """NaN for what is none."""
    if isinstance(value, str) and ("_" in value or not value.isascii() or value != value.strip()):
        return nan  # Python reads these as numbers, venues do not write them
    try:
        return float(value)
    except ValueError:
        return nan
