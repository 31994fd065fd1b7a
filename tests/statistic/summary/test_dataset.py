"""Summaries of series. Rust origin: barter::statistic::summary::dataset (tests of mod and dispersion, doc-test)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.support.builders import D, decimals

from barter_python.statistic.summary.dataset import DataSetSummary, Dispersion, Range

TOLERANCE = D("0.000000000001")


def assert_close(expected: tuple[str, str, str], actual: Dispersion) -> None:
    """Sum of squared deviations, variance and standard deviation."""
    for wanted, got in zip(map(D, expected), (actual.recurrence_relation_m, actual.variance, actual.std_dev), strict=True):
        assert abs(wanted - got) <= TOLERANCE


@pytest.mark.parametrize(
    ("count", "high", "low", "expected"),
    [
        pytest.param(1, "1.1", "1.1", ("0", "0", "0"), id="first"),
        pytest.param(2, "1.2", "1.1", ("0.005", "0.0025", "0.05"), id="second"),
        pytest.param(3, "1.3", "1.1", ("0.02", "0.006666666667", "0.081649658092"), id="third"),
        pytest.param(4, "1.4", "1.1", ("0.05", "0.0125", "0.111803398875"), id="fourth"),
        pytest.param(5, "1.4", "0.6", ("0.388", "0.0776", "0.278567765544"), id="fifth-is-the-lowest"),
    ],
)
def test_dispersion_update(count: int, high: str, low: str, expected: tuple[str, str, str]) -> None:
    values = decimals("1.1 1.2 1.3 1.4 0.6")
    means = decimals("0 1.1 1.15 1.2 1.25 1.12")
    actual = Dispersion()
    for number in range(count):
        actual.update(means[number], means[number + 1], values[number], D(number + 1))
    assert Range(True, D(high), D(low)) == actual.range
    assert_close(expected, actual)


def test_range_of_rising_values() -> None:
    actual = Range()
    for value in decimals("0.1 1.01 1.02 1.03 1.04 1.05 1.06 1.07 9999"):
        actual.update(value)
    assert (Range(True, D(9999), D("0.1")), D("9998.9")) == (actual, actual.range())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param("", Range(), id="no-values"),
        pytest.param("5", Range(True, D(5), D(5)), id="one-value-is-both"),
        pytest.param("-3 -1 -2", Range(True, D(-1), D(-3)), id="all-below-zero"),
        pytest.param("3 1 2", Range(True, D(3), D(1)), id="all-above-zero"),
    ],
)
def test_range_update(values: str, expected: Range) -> None:
    actual = Range()
    for value in decimals(values):
        actual.update(value)
    assert expected == actual


def test_range_init_is_the_first_value() -> None:
    assert Range(True, D(7), D(7)) == Range.init(D(7))


@pytest.mark.parametrize(
    ("values", "total", "mean", "value_range", "expected"),
    [
        pytest.param("1.1", "1.1", "1.1", ("1.1", "1.1"), ("0", "0", "0"), id="first"),
        pytest.param("1.1 1.2", "2.3", "1.15", ("1.2", "1.1"), ("0.005", "0.0025", "0.05"), id="second"),
        pytest.param("1.1 1.2 1.3", "3.6", "1.2", ("1.3", "1.1"), ("0.02", "0.006666666667", "0.081649658092"), id="third"),
    ],
)
def test_data_set_summary_update(
    values: str, total: str, mean: str, value_range: tuple[str, str], expected: tuple[str, str, str]
) -> None:
    actual = DataSetSummary()
    for value in decimals(values):
        actual.update(value)
    assert (Decimal(len(decimals(values))), D(total), D(mean)) == (actual.count, actual.sum, actual.mean)
    assert Range(True, D(value_range[0]), D(value_range[1])) == actual.dispersion.range
    assert_close(expected, actual.dispersion)


def test_data_set_summary_of_one_two_three() -> None:
    actual = DataSetSummary()
    for value in decimals("1 2 3"):
        actual.update(value)
    assert (D(3), D(6), D(2)) == (actual.count, actual.sum, actual.mean)
