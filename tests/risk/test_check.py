"""Building blocks of risk managers. Rust origin: barter::risk::check."""

from __future__ import annotations

import pytest
from tests.support.builders import D

from barter_python.instrument.side import Side
from barter_python.risk.check import (
    CheckFailHigherThan,
    CheckHigherThan,
    calculate_abs_percent_difference,
    calculate_delta,
    calculate_quote_notional,
)

HUGE = "1e28"


@pytest.mark.parametrize(
    ("value", "passes"),
    [
        pytest.param("9.99", True, id="below"),
        pytest.param("10", True, id="equal"),
        pytest.param("10.01", False, id="above"),
        pytest.param("-11", True, id="negative"),
    ],
)
def test_check_higher_than(value: str, passes: bool) -> None:
    expected = None if passes else CheckFailHigherThan(limit=D(10), input=D(value))
    assert expected == CheckHigherThan(D(10)).check(D(value))


def test_check_names_itself_and_its_failure() -> None:
    assert CheckHigherThan.name() == "CheckHigherThan"
    assert str(CheckFailHigherThan(limit=D(10), input=D(11))) == "CheckHigherThanFailed: input 11 > limit 10"


@pytest.mark.parametrize(
    ("quantity", "price", "contract_size", "expected"),
    [
        pytest.param("2", "100", "1", "200", id="spot"),
        pytest.param("2", "100", "0.01", "2.00", id="contract"),
        pytest.param(HUGE, "10", "1", None, id="overflow-of-the-value"),
        pytest.param(HUGE, "1", "10", None, id="overflow-by-the-contract"),
    ],
)
def test_calculate_quote_notional(quantity: str, price: str, contract_size: str, expected: str | None) -> None:
    actual = calculate_quote_notional(D(quantity), D(price), D(contract_size))
    assert (None if expected is None else D(expected)) == actual


@pytest.mark.parametrize(
    ("current", "other", "expected"),
    [
        pytest.param("110", "100", "0.1", id="above"),
        pytest.param("90", "100", "0.1", id="below"),
        pytest.param("100", "100", "0", id="equal"),
        pytest.param("100", "0", None, id="of-nothing"),
        pytest.param("-90", "-100", "-0.1", id="negative-reference-as-in-rust"),
    ],
)
def test_calculate_abs_percent_difference(current: str, other: str, expected: str | None) -> None:
    assert (None if expected is None else D(expected)) == calculate_abs_percent_difference(D(current), D(other))


@pytest.mark.parametrize(
    ("delta", "contract_size", "side", "quantity", "expected"),
    [
        pytest.param("1", "1", Side.BUY, "2", "2", id="spot-bought"),
        pytest.param("1", "1", Side.SELL, "2", "-2", id="spot-sold"),
        pytest.param("0.5", "100", Side.BUY, "2", "100", id="option-bought"),
        pytest.param("0.5", "100", Side.SELL, "2", "-100", id="option-sold"),
        pytest.param("-0.5", "100", Side.SELL, "2", "100", id="put-sold"),
    ],
)
def test_calculate_delta(delta: str, contract_size: str, side: Side, quantity: str, expected: str) -> None:
    assert D(expected) == calculate_delta(D(delta), D(contract_size), side, D(quantity))
