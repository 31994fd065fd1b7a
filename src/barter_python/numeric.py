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
from math import log10
from typing import Final, ParamSpec, TypeVar

__all__ = [
    "CONTEXT",
    "DECIMAL_MAX",
    "DECIMAL_MIN",
    "EXACT",
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
    "in_exact_context",
    "in_money_context",
    "money_context",
    "rounded_amount",
    "sqrt",
]

P = ParamSpec("P")
R = TypeVar("R")

CONTEXT: Final = Context(prec=29, rounding=ROUND_HALF_EVEN, Emin=0, Emax=28, traps=[InvalidOperation, DivisionByZero, Overflow])
"""The context in which all money is computed."""

EXACT: Final = Context(prec=150, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
"""The context of sums that must agree to the last digit: no sum of products of three numbers of money is rounded in it."""

DECIMAL_MAX: Final = Decimal("79228162514264337593543950335")
"""Largest number of the wire format (2^96 - 1). Ratios use it for plus infinity."""
DECIMAL_MIN: Final = Decimal("-79228162514264337593543950335")
"""Smallest number of the wire format. Ratios use it for minus infinity."""

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
TWO: Final = Decimal(2)
HUNDRED: Final = Decimal(100)

_SCALE_MAX: Final = 28
_AMOUNT_STEP: Final = Decimal("1E-16")
_AMOUNT_CONTEXT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
_EXPONENT_DIGITS_MAX: Final = 4
_TEXT_DIGITS_MAX: Final = 400  # bounds the work on hostile input; honest numbers have at most 29 significant digits
_WIDE: Final = Context(prec=1200, rounding=ROUND_HALF_UP)
_INFINITY: Final = float("inf")
_MANTISSA_MAX: Final = 2**96 - 1
_MANTISSA_DIGITS: Final = 29
_FLOAT_MANTISSA_MAX: Final = 2**52 - 1
_FLOAT_DIGITS: Final = 16
_SHORT_MIN: Final = 1e-6
_SHORT_MAX: Final = 1e15
_SHORT_MANTISSA_MAX: Final = 0.87 * 2**52
_FLOAT_POWERS: Final = tuple(float(10**exponent) for exponent in range(_SCALE_MAX + 1))
_POWERS: Final = tuple(10**exponent for exponent in range(_SCALE_MAX + 1))
_TAILS: Final = tuple(4 * (power - 1) // 9 + 1 for power in _POWERS)
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
    return _in_context(CONTEXT, function)


def in_exact_context(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function so that its arithmetic runs in `EXACT`, whoever calls it."""
    return _in_context(EXACT, function)


def _in_context(context: Context, function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        previous = getcontext()
        if previous is context:
            return function(*args, **kwargs)
        setcontext(context)
        try:
            return function(*args, **kwargs)
        finally:
            setcontext(previous)

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


def rounded_amount(amount: Decimal) -> Decimal:
    """An amount as accounts keep it: at most 16 decimals, half to even, so that sums of ordinary sizes are exact in `CONTEXT`.

    Returned as it is where there is nothing to round.
    """
    rounded = amount.quantize(_AMOUNT_STEP, context=_AMOUNT_CONTEXT)
    return amount if rounded == amount else CONTEXT.plus(rounded)


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
    if value is None:
        return None
    scaled = value.scaleb(int(exponent), context=_WIDE)
    if int(exponent) < 0 and scaled.adjusted() - len(scaled.as_tuple().digits) + 1 < -_SCALE_MAX:
        return None  # unlike a plain number, it is not rounded
    return _fit(scaled)


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


def _from_float(value: float) -> Decimal | None:
    """The shortest text of the float where that is provably what Rust's two steps lead to, else those two steps.

    A float differs from its shortest text by at most half a unit of its 53rd bit. With a mantissa well below 52 bits
    that is less than the 0.444.. of a decimal that could change the rounding.
    """
    if _SHORT_MIN < value < _SHORT_MAX:
        scale = int(log10(_FLOAT_MANTISSA_MAX / value))
        text = repr(value)
        if value * _FLOAT_POWERS[scale] < _SHORT_MANTISSA_MAX and "e" not in text:
            whole, _, fraction = text.partition(".")
            if len(fraction) <= scale:
                return Decimal(whole if fraction == "0" else text)
    return _from_float_stepwise(value)


def _from_float_stepwise(value: float) -> Decimal | None:
    """Rust's two steps: the exact value within 96 bits, then decimals dropped one by one, each half up, down to 52 bits."""
    if value != value or value in (_INFINITY, -_INFINITY):
        return None
    numerator, denominator = abs(value).as_integer_ratio()
    fitted = _fit_ratio(numerator, denominator)
    if fitted is None:
        return None
    mantissa, scale = fitted
    while scale > 0 and mantissa > _FLOAT_MANTISSA_MAX:
        drop = min(scale, max(1, len(str(mantissa)) - _FLOAT_DIGITS))
        mantissa, tail = divmod(mantissa, _POWERS[drop])
        # Rounding 0.445 half up digit by digit gives 0.5: what counts is whether the tail reaches 4..45.
        mantissa += tail >= _TAILS[drop]
        scale -= drop
    while scale > 0 and mantissa % 10 == 0:
        mantissa, scale = mantissa // 10, scale - 1
    return Decimal(mantissa if value > 0 else -mantissa).scaleb(-scale, context=_WIDE)


def _fit_ratio(numerator: int, denominator: int) -> tuple[int, int] | None:
    """Mantissa (half up) and scale of a ratio whose denominator is a power of two, as much of it as 96 bits hold."""
    scale = min(denominator.bit_length() - 1, _SCALE_MAX)
    excess = len(str(numerator // denominator)) + scale - _MANTISSA_DIGITS
    scale = max(0, scale - max(0, excess))
    while True:
        mantissa = (2 * numerator * _POWERS[scale] + denominator) // (2 * denominator)
        if mantissa <= _MANTISSA_MAX:
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
        result = _float_cache[value] = _from_float(value)
        return result
