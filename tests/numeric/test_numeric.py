"""The numbers of money. Rust origin: rust_decimal; figures from the recorded behaviour of the Rust original."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, getcontext, localcontext

import pytest
from tests.support.builders import D

from barter_python.numeric import (
    CONTEXT,
    DECIMAL_MAX,
    DECIMAL_MIN,
    checked_add,
    checked_div,
    checked_mul,
    checked_sub,
    decimal_from_float,
    decimal_from_scientific,
    decimal_from_text,
    in_money_context,
    money_context,
    sqrt,
)

MAX = "79228162514264337593543950335"
TINIEST = "0.0000000000000000000000000001"
"""The last of 28 decimals."""
THREE_TINIEST = "0.0000000000000000000000000003"


@pytest.mark.parametrize(
    ("operation", "left", "right", "expected"),
    [
        pytest.param(checked_add, "0.1", "0.2", "0.3", id="add"),
        pytest.param(checked_add, MAX, "1", None, id="add-beyond-the-largest"),
        pytest.param(checked_add, MAX, "0", MAX, id="add-nothing-to-the-largest"),
        pytest.param(checked_sub, "0.3", "0.1", "0.2", id="sub"),
        pytest.param(checked_sub, f"-{MAX}", "1", None, id="sub-beyond-the-smallest"),
        pytest.param(checked_mul, "1.5", "-2", "-3", id="mul"),
        pytest.param(checked_mul, MAX, "2", None, id="mul-beyond-the-largest"),
        pytest.param(checked_mul, MAX, MAX, None, id="mul-far-beyond-the-largest"),
        pytest.param(checked_mul, TINIEST, "0.1", "0", id="mul-below-the-last-decimal"),
        pytest.param(checked_mul, TINIEST, "0.5", "0", id="mul-half-of-the-last-decimal-to-even"),
        pytest.param(
            checked_mul, "0.0000000000000000000000000003", "0.5", "0.0000000000000000000000000002", id="mul-half-to-even"
        ),
        pytest.param(checked_div, "20", "3", "6.6666666666666666666666666667", id="div"),
        pytest.param(checked_div, "1", "0", None, id="div-by-zero"),
        pytest.param(checked_div, "0", "0", None, id="div-zero-by-zero"),
        pytest.param(checked_div, MAX, "0.1", None, id="div-beyond-the-largest"),
        pytest.param(checked_div, "1", "3", "0.3333333333333333333333333333", id="div-28-decimals"),
        pytest.param(checked_div, "2", "3", "0.6666666666666666666666666667", id="div-rounds"),
    ],
)
def test_checked_operations(
    operation: Callable[[Decimal, Decimal], Decimal | None], left: str, right: str, expected: str | None
) -> None:
    assert (None if expected is None else D(expected)) == operation(D(left), D(right))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("0", "0", id="zero"),
        pytest.param("4", "2", id="square"),
        pytest.param("2", "1.4142135623730950488016887242", id="two"),
        pytest.param("252", "15.874507866387543543009694522", id="trading-days"),
        pytest.param("-1", None, id="negative"),
    ],
)
def test_sqrt(value: str, expected: str | None) -> None:
    actual = sqrt(D(value))
    if expected is None or actual is None:
        assert expected is actual
    else:
        assert abs(D(expected) - actual) < D("1e-24")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(0.0, "0", id="zero"),
        pytest.param(-0.0, "0", id="minus-zero"),
        pytest.param(1.0, "1", id="one"),
        pytest.param(-2.5, "-2.5", id="negative"),
        pytest.param(0.1, "0.1", id="a-tenth"),
        pytest.param(0.30000000000000004, "0.3", id="beyond-15-digits-is-cut"),
        pytest.param(10_000.0, "10000", id="price"),
        pytest.param(4350.2754, "4350.275400000001", id="rust-rounds-in-two-steps"),
        pytest.param(0.6666666666666666, "0.666666666666667", id="last-digit-rounded"),
        pytest.param(3.3333333333333335, "3.333333333333334", id="last-digit-rounded-up"),
        pytest.param(1e22, "10000000000000000000000", id="large"),
        pytest.param(1e28, "9999999999999999583119736832", id="huge-is-expanded-exactly"),
        pytest.param(9.9e-29, "0.0000000000000000000000000001", id="rounds-up-to-the-last-decimal"),
        pytest.param(1e29, None, id="beyond-96-bits"),
        pytest.param(1e-29, "0", id="below-the-last-decimal"),
        pytest.param(float("nan"), None, id="nan"),
        pytest.param(float("inf"), None, id="infinity"),
        pytest.param(float("-inf"), None, id="minus-infinity"),
    ],
)
def test_decimal_from_float(value: float, expected: str | None) -> None:
    assert (None if expected is None else D(expected)) == decimal_from_float(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1.50", "1.50", id="trailing-zeros-are-kept"),
        pytest.param("+1", "1", id="plus"),
        pytest.param("-0.5", "-0.5", id="minus"),
        pytest.param("1_000", "1000", id="underscore"),
        pytest.param(MAX, MAX, id="largest"),
        pytest.param("79228162514264337593543950336", None, id="beyond-the-largest"),
        pytest.param("0.00000000000000000000000000005", TINIEST, id="half-of-the-last-decimal-up"),
        pytest.param("0.00000000000000000000000000004", "0.0000000000000000000000000000", id="less-than-half-down"),
        pytest.param("", None, id="empty"),
        pytest.param("-", None, id="sign-only"),
        pytest.param(".", None, id="point-only"),
        pytest.param("1e3", None, id="exponent"),
        pytest.param("1.2.3", None, id="two-points"),
        pytest.param(" 1", None, id="blank"),
        pytest.param("NaN", None, id="nan"),
        pytest.param("Infinity", None, id="infinity"),
        pytest.param("\u0661", None, id="foreign-digit"),
        pytest.param("1" * 401, None, id="too-long"),
    ],
)
def test_decimal_from_text(text: str, expected: str | None) -> None:
    actual = decimal_from_text(text)
    assert expected == (None if actual is None else f"{actual:f}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1.5e-3", "0.0015", id="negative-exponent"),
        pytest.param("1.5E3", "1500", id="capital"),
        pytest.param("2e+2", "200", id="plus"),
        pytest.param("15", None, id="no-exponent"),
        pytest.param("e5", None, id="no-mantissa"),
        pytest.param("1e", None, id="no-digits"),
        pytest.param("1e30", None, id="beyond-the-largest"),
        pytest.param("1e99999", None, id="far-beyond-the-largest"),
    ],
)
def test_decimal_from_scientific(text: str, expected: str | None) -> None:
    assert (None if expected is None else D(expected)) == decimal_from_scientific(text)


def test_limits_are_those_of_96_bits() -> None:
    assert (DECIMAL_MAX, DECIMAL_MIN) == (2**96 - 1, 1 - 2**96)


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        pytest.param(lambda: D(1) / D(0), DivisionByZero, id="division-by-zero"),
        pytest.param(lambda: D(0) / D(0), InvalidOperation, id="zero-by-zero"),
        pytest.param(lambda: D(10) ** 20 * D(10) ** 20, Overflow, id="overflow"),
    ],
)
def test_money_context_never_computes_nonsense(operation: Callable[[], Decimal], error: type[Exception]) -> None:
    with money_context(), pytest.raises(error):
        operation()


def test_money_context_restores_the_context_of_the_caller() -> None:
    with localcontext(Context(prec=3)) as caller:
        with money_context():
            assert getcontext() is CONTEXT
        assert getcontext() is caller


def test_money_context_restores_after_an_error() -> None:
    before = getcontext()

    def fail() -> None:
        with money_context():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert getcontext() is before


def test_decorated_function_does_not_depend_on_the_context_of_the_caller() -> None:
    @in_money_context
    def third() -> Decimal:
        """A third."""
        return D(1) / D(3)

    with localcontext(Context(prec=3)):
        assert D("0.3333333333333333333333333333") == third()
    assert third.__doc__ == "A third."
