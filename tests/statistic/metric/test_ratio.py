"""Return and risk-adjusted ratios. Rust origin: barter::statistic::metric::{rate_of_return, sharpe, sortino, calmar} (tests)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.support.builders import D

from barter_python.numeric import DECIMAL_MAX, DECIMAL_MIN
from barter_python.statistic.metric.ratio import CalmarRatio, RateOfReturn, SharpeRatio, SortinoRatio
from barter_python.statistic.time import ANNUAL_252, ANNUAL_365, DAILY, TimeInterval

HOURS_2, HOURS_4, HOURS_8 = timedelta(hours=2), timedelta(hours=4), timedelta(hours=8)
ROOT_252_BY_20 = "0.7937253933193771771504847261"
"""0.05 times the square root of 252."""

Ratio = SharpeRatio | SortinoRatio | CalmarRatio


@pytest.mark.parametrize(
    ("mean_return", "interval"),
    [
        pytest.param("0.0025", DAILY, id="daily"),
        pytest.param("0", DAILY, id="zero"),
        pytest.param("-0.0025", DAILY, id="negative"),
        pytest.param("0.0025", HOURS_4, id="four-hours"),
    ],
)
def test_rate_of_return_calculate(mean_return: str, interval: TimeInterval) -> None:
    assert RateOfReturn(D(mean_return), interval) == RateOfReturn.calculate(D(mean_return), interval)


@pytest.mark.parametrize(
    ("value", "interval", "target", "expected"),
    [
        pytest.param("0.01", DAILY, ANNUAL_252, "2.52", id="daily-to-annual-252"),
        pytest.param("0.01", DAILY, ANNUAL_365, "3.65", id="daily-to-annual-365"),
        pytest.param("0.01", HOURS_2, HOURS_8, "0.04", id="two-to-eight-hours"),
        pytest.param("0.04", HOURS_8, HOURS_2, "0.01", id="eight-to-two-hours"),
        pytest.param("0", DAILY, ANNUAL_252, "0", id="zero"),
        pytest.param("-0.01", DAILY, ANNUAL_252, "-2.52", id="negative"),
        pytest.param("0.0000000001", DAILY, ANNUAL_252, "0.0000000252", id="tiny"),
        pytest.param("10000000000", DAILY, ANNUAL_252, "2520000000000", id="huge"),
        pytest.param("0.01", timedelta(), DAILY, "792281625142643375935439503.35", id="from-no-time"),
        pytest.param("1e28", DAILY, ANNUAL_252, str(DECIMAL_MAX), id="overflow"),
    ],
)
def test_rate_of_return_scales_with_time(value: str, interval: TimeInterval, target: TimeInterval, expected: str) -> None:
    assert RateOfReturn(D(expected), target) == RateOfReturn(D(value), interval).scale(target)


@pytest.mark.parametrize(
    ("ratio", "interval", "risk_free", "mean", "risk", "expected"),
    [
        pytest.param(SharpeRatio, HOURS_2, "0.001", "0.002", "0", DECIMAL_MAX, id="sharpe-without-risk"),
        pytest.param(SharpeRatio, DAILY, "0.002", "0.001", "0", DECIMAL_MAX, id="sharpe-without-risk-and-excess"),
        pytest.param(SharpeRatio, HOURS_2, "0.0015", "0.0025", "0.02", D("0.05"), id="sharpe-two-hours"),
        pytest.param(SharpeRatio, DAILY, "0.0015", "0.0025", "0.02", D("0.05"), id="sharpe-daily"),
        pytest.param(SortinoRatio, DAILY, "0.0015", "0.0025", "0.02", D("0.05"), id="sortino-daily"),
        pytest.param(SortinoRatio, DAILY, "0.001", "0.002", "0", DECIMAL_MAX, id="sortino-without-risk-positive-excess"),
        pytest.param(SortinoRatio, DAILY, "0.002", "0.001", "0", DECIMAL_MIN, id="sortino-without-risk-negative-excess"),
        pytest.param(SortinoRatio, DAILY, "0.001", "0.001", "0", D(0), id="sortino-without-risk-no-excess"),
        pytest.param(SortinoRatio, DAILY, "0.001", "-0.002", "0.015", D("-0.2"), id="sortino-negative-return"),
        pytest.param(SortinoRatio, HOURS_4, "0.0015", "0.0025", "0.02", D("0.05"), id="sortino-four-hours"),
        pytest.param(SortinoRatio, DAILY, "0.0000000001", "0.0000000002", "0.0000000001", D(1), id="sortino-tiny"),
        pytest.param(SortinoRatio, DAILY, "10000000000", "20000000000", "10000000000", D(1), id="sortino-huge"),
        pytest.param(CalmarRatio, DAILY, "0.0015", "0.0025", "0.02", D("0.05"), id="calmar-daily"),
        pytest.param(CalmarRatio, DAILY, "0.001", "0.002", "0", DECIMAL_MAX, id="calmar-without-drawdown-positive-excess"),
        pytest.param(CalmarRatio, DAILY, "0.002", "0.001", "0", DECIMAL_MIN, id="calmar-without-drawdown-negative-excess"),
        pytest.param(CalmarRatio, DAILY, "0.002", "-0.001", "0", DECIMAL_MIN, id="calmar-without-drawdown-negative-return"),
        pytest.param(CalmarRatio, DAILY, "0.001", "0.001", "0", D(0), id="calmar-without-drawdown-no-excess"),
        pytest.param(CalmarRatio, DAILY, "0.001", "-0.002", "0.015", D("-0.2"), id="calmar-negative-return"),
        pytest.param(CalmarRatio, HOURS_4, "0.0015", "0.0025", "0.02", D("0.05"), id="calmar-four-hours"),
        pytest.param(CalmarRatio, DAILY, "0.0000000001", "0.0000000002", "0.0000000001", D(1), id="calmar-tiny"),
        pytest.param(CalmarRatio, DAILY, "10000000000", "20000000000", "10000000000", D(1), id="calmar-huge"),
        pytest.param(
            CalmarRatio, DAILY, "0.001", "0.002", "-0.015", D("0.0666666666666666666666666667"), id="calmar-negative-drawdown"
        ),
        pytest.param(SharpeRatio, DAILY, "0", "1e28", "1e-20", DECIMAL_MAX, id="divergence-8-sharpe-overflow"),
        pytest.param(SortinoRatio, DAILY, "1e28", "0", "1e-20", DECIMAL_MIN, id="divergence-8-sortino-overflow"),
    ],
)
def test_ratio_calculate(
    ratio: type[Ratio], interval: TimeInterval, risk_free: str, mean: str, risk: str, expected: Decimal
) -> None:
    assert ratio(expected, interval) == ratio.calculate(D(risk_free), D(mean), D(risk), interval)


@pytest.mark.parametrize("ratio", [SharpeRatio, SortinoRatio, CalmarRatio])
@pytest.mark.parametrize(
    ("value", "interval", "target", "expected"),
    [
        pytest.param("0.05", DAILY, ANNUAL_252, ROOT_252_BY_20, id="daily-to-annual-252"),
        pytest.param("0.05", HOURS_2, HOURS_8, "0.1", id="two-to-eight-hours"),
        pytest.param("0.1", HOURS_8, HOURS_2, "0.05", id="eight-to-two-hours"),
        pytest.param("-0.05", HOURS_2, HOURS_8, "-0.1", id="negative"),
        pytest.param("1e28", DAILY, ANNUAL_252, str(DECIMAL_MAX), id="overflow"),
        pytest.param(str(DECIMAL_MIN), DAILY, ANNUAL_252, str(DECIMAL_MAX), id="overflow-of-minus-infinity-as-in-rust"),
        pytest.param(str(DECIMAL_MIN), DAILY, DAILY, str(DECIMAL_MIN), id="minus-infinity-to-the-same"),
    ],
)
def test_ratio_scales_with_the_root_of_time(
    ratio: type[Ratio], value: str, interval: TimeInterval, target: TimeInterval, expected: str
) -> None:
    assert ratio(D(expected), target) == ratio(D(value), interval).scale(target)
