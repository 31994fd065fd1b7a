"""Online statistics against the textbook: two passes over exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.support.properties import PROPERTY

from barter_python.statistic.summary.dataset import DataSetSummary

TOLERANCE = Fraction(1, 10**20)
VALUES = st.lists(
    st.decimals(min_value=-1000, max_value=1000, places=8, allow_nan=False, allow_infinity=False), min_size=1, max_size=40
)


def summarise(values: list[Decimal]) -> DataSetSummary:
    summary = DataSetSummary()
    for value in values:
        summary.update(value)
    return summary


def exact_mean(values: list[Decimal]) -> Fraction:
    return sum(map(Fraction, values), Fraction()) / len(values)


def exact_squared_deviations(values: list[Decimal]) -> Fraction:
    mean = exact_mean(values)
    return sum(((Fraction(value) - mean) ** 2 for value in values), Fraction())


@PROPERTY
@given(VALUES)
def test_count_and_sum_are_exact(values: list[Decimal]) -> None:
    summary = summarise(values)
    assert (len(values), sum(map(Fraction, values), Fraction())) == (summary.count, Fraction(summary.sum))


@PROPERTY
@given(VALUES)
def test_range_is_exact(values: list[Decimal]) -> None:
    extent = summarise(values).dispersion.range
    assert (max(values), min(values), max(values) - min(values)) == (extent.high, extent.low, extent.range())


@PROPERTY
@given(VALUES)
def test_mean_equals_the_two_pass_mean(values: list[Decimal]) -> None:
    assert abs(exact_mean(values) - Fraction(summarise(values).mean)) < TOLERANCE


@PROPERTY
@given(VALUES)
def test_squared_deviations_equal_those_of_two_passes(values: list[Decimal]) -> None:
    actual = Fraction(summarise(values).dispersion.recurrence_relation_m)
    assert abs(exact_squared_deviations(values) - actual) < TOLERANCE


@PROPERTY
@given(VALUES)
def test_variance_is_that_of_the_population(values: list[Decimal]) -> None:
    actual = Fraction(summarise(values).dispersion.variance)
    assert abs(exact_squared_deviations(values) / len(values) - actual) < TOLERANCE


@PROPERTY
@given(VALUES)
def test_standard_deviation_is_the_positive_root_of_the_variance(values: list[Decimal]) -> None:
    actual = Fraction(summarise(values).dispersion.std_dev)
    assert actual >= 0
    assert abs(exact_squared_deviations(values) / len(values) - actual**2) < TOLERANCE


@PROPERTY
@given(VALUES)
def test_mean_lies_between_the_lowest_and_the_highest(values: list[Decimal]) -> None:
    mean = Fraction(summarise(values).mean)
    assert min(map(Fraction, values)) - TOLERANCE <= mean <= max(map(Fraction, values)) + TOLERANCE
