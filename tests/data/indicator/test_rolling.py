from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.properties import PROPERTY

from barter_python.data.indicator.extreme import RollingMax, RollingMin
from barter_python.data.indicator.pair import Correlation
from barter_python.data.indicator.rolling import CompensatedSum, RollingLine, RollingMoments, RollingSum

LENGTHS = st.integers(1, 12)
AMOUNTS = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1e6), st.floats(1e9, 1e12)), min_size=1, max_size=60)
VALUES = st.lists(st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6)), min_size=1, max_size=60)
LEVELS = st.lists(st.tuples(st.sampled_from([0.0, 1.0, 6e4, 1e7]), st.integers(1, 20)), min_size=1, max_size=5)


def windows(values: list[float], length: int) -> list[list[float]]:
    return [values[max(0, end - length) : end] for end in range(1, len(values) + 1)]


@PROPERTY
@given(AMOUNTS, LENGTHS)
def test_a_sum_of_amounts_is_that_of_its_window_whatever_came_before(amounts: list[float], length: int) -> None:
    total = RollingSum(length)

    assert [pytest.approx(float(sum(map(Fraction, window))), rel=1e-14, abs=0) for window in windows(amounts, length)] == [
        total.update(amount) for amount in amounts
    ]


@PROPERTY
@given(LEVELS, st.integers(2, 12), st.randoms(use_true_random=False))
def test_a_variance_keeps_its_digits_where_the_level_jumps(levels: list[tuple[float, int]], length: int, random: object) -> None:
    values = [level + random.uniform(-1.0, 1.0) for level, count in levels for _ in range(count)]  # type: ignore[attr-defined]
    moments = RollingMoments(length)
    for value, window in zip(values, windows(values, length), strict=True):
        moments.update(value)
        if len(window) == length:
            exact = [Fraction(each) for each in window]
            mean = sum(exact) / length
            assert pytest.approx(float(mean), rel=1e-13) == moments.mean
            assert pytest.approx(float(sum((each - mean) ** 2 for each in exact) / length), rel=1e-10) == moments.variance


@pytest.mark.parametrize("place", range(200))
def test_a_variance_keeps_its_digits_beside_an_outlier_wherever_it_stands(place: int) -> None:
    values = [60_000.0 + (number * 7919 % 100) / 100.0 for number in range(400)]
    values[place] = 1e9
    moments = RollingMoments(100)
    for value in values[: place + 150]:
        moments.update(value)

    window = [Fraction(value) for value in values[place + 50 : place + 150]]
    mean = sum(window) / 100
    assert pytest.approx(float(sum((value - mean) ** 2 for value in window) / 100), rel=1e-11) == moments.variance


@pytest.mark.parametrize("value", [0.1, 61_837.63, 1e-9])
def test_what_stands_still_has_no_variance(value: float) -> None:
    moments = RollingMoments(7)
    for each in [1.0, 1e9, 3.0, *[value] * 7]:
        moments.update(each)

    assert (value, 0.0) == (moments.mean, moments.variance)


@PROPERTY
@given(VALUES, st.integers(2, 12))
def test_weighted_means_and_slopes(values: list[float], length: int) -> None:
    line = RollingLine(length)
    for value, window in zip(values, windows(values, length), strict=True):
        line.update(value)
        if len(window) == length:
            exact = [Fraction(each) for each in window]
            weighted = sum(weight * each for weight, each in enumerate(exact, 1)) / Fraction(length * (length + 1), 2)
            middle = Fraction(length + 1, 2)
            spread = sum((weight - middle) ** 2 for weight in range(1, length + 1))
            slope = sum((weight - middle) * each for weight, each in enumerate(exact, 1)) / spread
            size = max(1.0, *map(abs, window))
            assert pytest.approx(float(weighted), rel=1e-13, abs=1e-13 * size) == line.weighted_mean
            assert pytest.approx(float(slope), rel=1e-12, abs=1e-9) == line.slope()


@PROPERTY
@given(VALUES, LENGTHS)
def test_extremes_and_their_age(values: list[float], length: int) -> None:
    highest, lowest = RollingMax(length), RollingMin(length)
    for value, window in zip(values, windows(values, length), strict=True):
        latest_first = window[::-1]
        assert (max(window), min(window)) == (highest.update(value), lowest.update(value))
        assert (latest_first.index(max(window)), latest_first.index(min(window))) == (highest.age, lowest.age)
        assert (len(window) == length) == highest.is_full == lowest.is_full


def test_a_compensated_sum_keeps_what_additions_round_off() -> None:
    total = CompensatedSum()
    for value in [1e16, 1.0, 1.0, -1e16]:
        total.update(value)

    assert 2.0 == total.total


@pytest.mark.parametrize(("sign", "expected"), [(1.0, 1.0), (-1.0, -1.0), (0.0, 0.0)])
def test_a_line_is_correlated_with_itself(sign: float, expected: float) -> None:
    correlation = Correlation(5)
    for value in [9e9, *range(100)]:
        correlation.update(60_000.0 + value / 100.0, sign * value)

    assert pytest.approx(expected, abs=1e-12) == correlation.value
