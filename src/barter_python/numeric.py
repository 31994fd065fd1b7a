"""The numbers of money: one decimal context for everything that is accounted.

Rust computes with `rust_decimal`: 96-bit mantissa, at most 28 decimals, half-even rounding. `CONTEXT` reproduces it to 1e-24:
29 digits, `Emin=0` so that no result has more than 28 decimals, overflow beyond 1e29 trapped. Python's operators use the
context of the current thread, so every entry point that computes money runs inside `money_context` (or is decorated with
`in_money_context`): results never depend on what a user did to `decimal.getcontext()`.

Rust origin: rust_decimal (`Decimal`, `from_f64`, `from_str`, `checked_*`, `sqrt`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)
from functools import wraps
from typing import Final, ParamSpec, TypeVar

__all__ = [
    "CONTEXT",
    "DECIMAL_MAX",
    "DECIMAL_MIN",
    "HUNDRED",
    "ONE",
    "TWO",
    "ZERO",
    "checked_add",
    "checked_div",
    "checked_mul",
    "checked_sub",
    "decimal_from_float",
    "decimal_from_scientific",
    "decimal_from_text",
    "in_money_context",
    "money_context",
    "sqrt",
]

P = ParamSpec("P")
R = TypeVar("R")

CONTEXT: Final = Context(prec=29, rounding=ROUND_HALF_EVEN, Emin=0, Emax=28, traps=[InvalidOperation, DivisionByZero, Overflow])
"""The context in which all money is computed."""

DECIMAL_MAX: Final = Decimal("79228162514264337593543950335")
"""Largest number of the wire format (2^96 - 1). Ratios use it for plus infinity."""
DECIMAL_MIN: Final = Decimal("-79228162514264337593543950335")
"""Smallest number of the wire format. Ratios use it for minus infinity."""

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
TWO: Final = Decimal(2)
HUNDRED: Final = Decimal(100)

_SCALE_MAX: Final = 28
_EXPONENT_DIGITS_MAX: Final = 4
_TEXT_DIGITS_MAX: Final = 400  # bounds the work on hostile input; honest numbers have at most 29 significant digits
_WIDE: Final = Context(prec=1200, rounding=ROUND_HALF_UP)
_LAST_DECIMAL: Final = Decimal(1).scaleb(-_SCALE_MAX)
_FLOAT_INTEGER_BITS: Final = 52
_FLOAT_CACHE_SIZE: Final = 1 << 16


@contextmanager
def money_context() -> Iterator[None]:
    """Run a block in `CONTEXT`, and restore the caller's context afterwards."""
    previous = getcontext()
    setcontext(CONTEXT)
    try:
        yield
    finally:
        setcontext(previous)


def in_money_context(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function so that its arithmetic runs in `CONTEXT`, whoever calls it."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if getcontext() is CONTEXT:
            return function(*args, **kwargs)
        with money_context():
            return function(*args, **kwargs)

    return wrapper


def checked_add(left: Decimal, right: Decimal) -> Decimal | None:
    """Sum, or None where it exceeds the range of the wire format."""
    return _in_range(CONTEXT.add, left, right)


def checked_sub(left: Decimal, right: Decimal) -> Decimal | None:
    """Difference, or None where it exceeds the range of the wire format."""
    return _in_range(CONTEXT.subtract, left, right)


def checked_mul(left: Decimal, right: Decimal) -> Decimal | None:
    """Product, or None where it exceeds the range of the wire format."""
    return _in_range(CONTEXT.multiply, left, right)


def checked_div(left: Decimal, right: Decimal) -> Decimal | None:
    """Quotient, or None for a division by zero or a result beyond the range of the wire format."""
    if not right:
        return None
    return _in_range(CONTEXT.divide, left, right)


def _in_range(operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal | None:
    try:
        result = operation(left, right)
    except Overflow:
        return None
    return result if DECIMAL_MIN <= result <= DECIMAL_MAX else None


def sqrt(value: Decimal) -> Decimal | None:
    """Square root, or None for a negative value."""
    if value < 0:
        return None
    return CONTEXT.sqrt(value)


def decimal_from_text(text: str) -> Decimal | None:
    """Read a plain number as Rust's `Decimal::from_str`: rounded half up at the 28th decimal, trailing zeros kept.

    Returns:
        The number, or None where the text is no plain number (an exponent is none) or is out of range.
    """
    if not text or len(text) > _TEXT_DIGITS_MAX or not text.isascii():
        return None
    unsigned = text[1:] if text[0] in "+-" else text
    whole, _, fraction = unsigned.partition(".")
    if unsigned[:1] == "_" or not (whole + fraction).replace("_", "").isdigit():
        return None
    return _fit(_WIDE.create_decimal(text.replace("_", "")))


def decimal_from_scientific(text: str) -> Decimal | None:
    """Read a number with an exponent, such as `1.5e-3`, as Rust's `Decimal::from_scientific`; None where it is none."""
    mantissa, separator, exponent = text.replace("E", "e").partition("e")
    if not separator or not exponent.lstrip("+-").isdigit() or len(exponent) > _EXPONENT_DIGITS_MAX:
        return None
    value = decimal_from_text(mantissa)
    return None if value is None else _fit(value.scaleb(int(exponent), context=_WIDE))


def _fit(value: Decimal) -> Decimal | None:
    """Round half up to at most 28 decimals and 96 bits of mantissa; None where even the integer part is too large."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return None
    if value.adjusted() > _SCALE_MAX + 1 and value:
        return None
    if exponent > 0:
        value = value.quantize(ONE, context=_WIDE)
        exponent = 0
    scale = min(-exponent, _SCALE_MAX)
    while True:
        rounded = value.quantize(ONE.scaleb(-scale), context=_WIDE) if scale != -exponent else value
        if abs(int(rounded.scaleb(scale, context=_WIDE))) <= int(DECIMAL_MAX):
            return rounded
        if scale == 0:
            return None
        scale -= 1


def _from_float_exact(value: float) -> Decimal | None:
    if value != value or value in (float("inf"), float("-inf")):
        return None
    fitted = _fit_truncating(Decimal(value))
    if fitted is None:
        return None
    mantissa, scale = fitted
    negative, mantissa = mantissa < 0, abs(mantissa)
    while scale > 0 and mantissa >= 1 << _FLOAT_INTEGER_BITS:
        mantissa, rest = divmod(mantissa, 10)
        mantissa += rest >= 5
        scale -= 1
    while scale > 0 and mantissa % 10 == 0:
        mantissa, scale = mantissa // 10, scale - 1
    return Decimal((int(negative and mantissa != 0), tuple(map(int, str(mantissa))), -scale))


def _fit_truncating(value: Decimal) -> tuple[int, int] | None:
    """Mantissa and scale of the exact value of a float, as much of it as 96 bits hold."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    scale = min(max(-exponent, 0), _SCALE_MAX)
    while True:
        mantissa = int(value.scaleb(scale, context=_WIDE).quantize(ONE, context=_WIDE))
        if abs(mantissa) <= int(DECIMAL_MAX):
            return mantissa, scale
        if scale == 0:
            return None
        scale -= 1


_float_cache: dict[float, Decimal | None] = {}


def decimal_from_float(value: float) -> Decimal | None:
    """Convert a market price to money, digit for digit as Rust's `Decimal::from_f64`.

    Equal to the shortest text of the float up to 15 digits, and cut to 15 or 16 digits beyond. Results are remembered in a
    bounded cache, because market prices repeat.

    Returns:
        The number, or None for NaN, infinities and values beyond 96 bits.
    """
    try:
        return _float_cache[value]
    except KeyError:
        if len(_float_cache) >= _FLOAT_CACHE_SIZE:
            _float_cache.clear()
        result = _float_cache[value] = _from_float_exact(value)
        return result
