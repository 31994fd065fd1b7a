"""Online mean and variance. Rust origin: barter::statistic::algorithm (tests)."""

from __future__ import annotations

import pytest
from tests.support.builders import D

from barter_python.statistic.algorithm import (
    calculate_mean,
    calculate_mean_integer,
    calculate_population_variance,
    calculate_recurrence_relation_m,
    calculate_sample_variance,
)


@pytest.mark.parametrize(
    ("prev_mean", "next_value", "count", "expected"),
    [
        pytest.param("0", "0.1", "1", "0.1", id="first"),
        pytest.param("0.1", "-0.2", "2", "-0.05", id="second"),
        pytest.param("-0.05", "-0.05", "3", "-0.05", id="third-equals-the-mean"),
        pytest.param("-0.05", "0.2", "4", "0.0125", id="fourth"),
        pytest.param("0.0125", "0.15", "5", "0.04", id="fifth"),
        pytest.param("0.04", "-0.17", "6", "0.005", id="sixth"),
    ],
)
def test_calculate_mean(prev_mean: str, next_value: str, count: str, expected: str) -> None:
    """The values 0.1, -0.2, -0.05, 0.2, 0.15, -0.17, one after the other."""
    assert D(expected) == calculate_mean(D(prev_mean), D(next_value), D(count))


@pytest.mark.parametrize(
    ("prev_mean", "next_value", "count", "expected"),
    [
        pytest.param(0, 7, 1, 7, id="first"),
        pytest.param(10, 20, 2, 15, id="even"),
        pytest.param(10, 11, 2, 10, id="rising-step-is-truncated"),
        pytest.param(10, 9, 2, 10, id="falling-step-is-truncated-towards-zero"),
        pytest.param(-10, -11, 2, -10, id="negative-step-is-truncated-towards-zero"),
        pytest.param(0, -7, 2, -3, id="half-below-zero"),
    ],
)
def test_calculate_mean_integer(prev_mean: int, next_value: int, count: int, expected: int) -> None:
    assert expected == calculate_mean_integer(prev_mean, next_value, count)


@pytest.mark.parametrize(
    ("prev_m", "prev_mean", "new_value", "new_mean", "expected"),
    [
        pytest.param("0", "0", "10", "10", "0", id="10"),
        pytest.param("0", "10", "100", "55", "4050", id="10,100"),
        pytest.param("4050", "55", "-10", "33.333333333333333333", "6866.666666666666666645", id="10,100,-10"),
        pytest.param("0", "0", "-5", "-5", "0", id="-5"),
        pytest.param("0", "-5", "-50", "-27.5", "1012.5", id="-5,-50"),
        pytest.param("1012.5", "-27.5", "-1000", "-351.666666666666666667", "631516.6666666666666663425", id="-5,-50,-1000"),
        pytest.param("0", "0", "90000", "90000", "0", id="90000"),
        pytest.param("0", "90000", "-90000", "0", "16200000000", id="90000,-90000"),
        pytest.param("16200000000", "0", "0", "0", "16200000000", id="90000,-90000,0"),
    ],
)
def test_calculate_recurrence_relation_m(prev_m: str, prev_mean: str, new_value: str, new_mean: str, expected: str) -> None:
    assert D(expected) == calculate_recurrence_relation_m(D(prev_m), D(prev_mean), D(new_value), D(new_mean))


@pytest.mark.parametrize(
    ("m", "count", "expected"),
    [
        pytest.param("0", "1", "0", id="one-value"),
        pytest.param("5", "0", "0", id="no-value"),
        pytest.param("1050", "5", "262.5", id="five-values"),
        pytest.param("1012.5", "123223", "0.0082168768564055120027267858", id="many-values"),
        pytest.param("16200000000", "3", "8100000000", id="large-values"),
        pytest.param("99999.9999", "23232", "4.3045929964271878093926219276", id="long-fraction"),
    ],
)
def test_calculate_sample_variance(m: str, count: str, expected: str) -> None:
    assert D(expected) == calculate_sample_variance(D(m), D(count))


@pytest.mark.parametrize(
    ("m", "count", "expected"),
    [
        pytest.param("0", "1", "0", id="one-value"),
        pytest.param("5", "0", "0", id="no-value"),
        pytest.param("1050", "5", "210", id="five-values"),
        pytest.param("1012.5", "123223", "0.0082168101734254157097295148", id="many-values"),
        pytest.param("16200000000", "3", "5400000000", id="large-values"),
        pytest.param("99999.9999", "23232", "4.3044077091942148760330578512", id="long-fraction"),
    ],
)
def test_calculate_population_variance(m: str, count: str, expected: str) -> None:
    assert D(expected) == calculate_population_variance(D(m), D(count))
