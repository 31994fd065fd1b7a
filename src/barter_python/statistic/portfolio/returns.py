"""Daily returns and the ratios of them. Rust origin: none; Rust's ratios are of positions, not of days.

Ratios are floats, and scaled to a year. Each is checked against empyrical on the same returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from math import expm1, log1p, sqrt
from typing import Final

from barter_python.numeric import in_exact_context
from barter_python.statistic.portfolio.curve import EquityPoint, is_midnight
from barter_python.statistic.portfolio.figure import Figure, not_available

__all__ = [
    "DAYS_PER_YEAR",
    "alpha_beta",
    "annual_return",
    "calmar_ratio",
    "daily_points",
    "daily_rate",
    "mean",
    "returns",
    "sharpe_ratio",
    "sortino_ratio",
    "standard_deviation",
    "total_return",
    "volatility",
]

DAYS_PER_YEAR: Final = 365
_DAYS_MIN: Final = 30
_SECONDS_PER_DAY: Final = 86_400
_NOISE: Final = 1e-15
"""A deviation below it is rounding of equal returns."""


def daily_points(curve: Sequence[EquityPoint]) -> list[EquityPoint]:
    """The start, the last point of each UTC day, which is the next midnight, and the end."""
    inner = [point for point in curve[1:-1] if is_midnight(point.time)]
    return [*curve[:1], *inner, *curve[-1:]] if len(curve) > 1 else list(curve)


@in_exact_context
def returns(points: Sequence[EquityPoint]) -> list[float] | None:
    """Changes of equity from point to point as fractions of the earlier one.

    Returns:
        One less than there are points; None where equity was not positive before the last point, so that there is no return.
    """
    if any(point.equity <= 0 for point in points[:-1]):
        return None
    return [float((after.equity - before.equity) / before.equity) for before, after in pairwise(points)]


def daily_rate(annual: float, days_per_year: int = DAYS_PER_YEAR) -> float:
    """What a day earns at an annual rate, compounded."""
    return expm1(log1p(annual) / days_per_year)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of at least one value."""
    return sum(values) / len(values)


def standard_deviation(values: Sequence[float]) -> float:
    """The standard deviation of a sample of at least two; zero where they differ by rounding only."""
    middle = mean(values)
    deviation = sqrt(sum((value - middle) ** 2 for value in values) / (len(values) - 1))
    return deviation if deviation > _NOISE else 0.0


@in_exact_context
def total_return(curve: Sequence[EquityPoint]) -> Figure:
    """Equity at the end / equity at the start - 1."""
    start, end = curve[0].equity, curve[-1].equity
    if start <= 0:
        return not_available(len(curve), "equity at the start is not positive")
    return Figure(float((end - start) / start), len(curve))


def annual_return(curve: Sequence[EquityPoint], count: int, days_per_year: int = DAYS_PER_YEAR) -> Figure:
    """(Equity at the end / equity at the start) ^ (days of a year / days) - 1; of at least 30 days.

    Args:
        curve: Of the run.
        count: Number of its daily returns.
        days_per_year: So many days are a year.
    """
    total, days = total_return(curve), _days(curve[0].time, curve[-1].time)
    if total.value is None:
        return not_available(count, str(total.reason))
    if days < _DAYS_MIN:
        return not_available(count, f"{days:.3g} days, at least {_DAYS_MIN} are needed")
    if total.value <= -1:
        return Figure(-1.0, count)
    return Figure(expm1(log1p(total.value) * days_per_year / days), count)


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / _SECONDS_PER_DAY


def volatility(daily: Sequence[float] | None, days_per_year: int = DAYS_PER_YEAR) -> Figure:
    """Standard deviation of daily returns, scaled by the root of the days of a year."""
    missing = _missing(daily)
    if daily is None or missing is not None:
        return missing or _no_returns()
    return Figure(standard_deviation(daily) * sqrt(days_per_year), len(daily))


def sharpe_ratio(daily: Sequence[float] | None, risk_free: float = 0.0, days_per_year: int = DAYS_PER_YEAR) -> Figure:
    """(Mean of daily returns - riskless return of a day) / standard deviation, scaled by the root of the days of a year.

    Args:
        daily: Returns of days.
        risk_free: Annual, as a fraction.
        days_per_year: So many days are a year.
    """
    missing = _missing(daily)
    if daily is None or missing is not None:
        return missing or _no_returns()
    deviation = standard_deviation(daily)
    if not deviation:
        return not_available(len(daily), "returns do not vary")
    return Figure((mean(daily) - daily_rate(risk_free, days_per_year)) / deviation * sqrt(days_per_year), len(daily))


def sortino_ratio(daily: Sequence[float] | None, risk_free: float = 0.0, days_per_year: int = DAYS_PER_YEAR) -> Figure:
    """As the Sharpe ratio, by the downside deviation: the root of the mean of squared shortfalls of the riskless return."""
    missing = _missing(daily)
    if daily is None or missing is not None:
        return missing or _no_returns()
    if not standard_deviation(daily):
        return not_available(len(daily), "returns do not vary")
    riskless = daily_rate(risk_free, days_per_year)
    downside = sqrt(mean([min(0.0, value - riskless) ** 2 for value in daily]))
    if downside <= _NOISE:
        return not_available(len(daily), "no return is below the riskless one")
    return Figure((mean(daily) - riskless) / downside * sqrt(days_per_year), len(daily))


def calmar_ratio(annual: Figure, drawdown_max: Figure) -> Figure:
    """Annual return / largest drawdown."""
    if annual.value is None:
        return annual
    if not drawdown_max.value:
        return not_available(annual.observations, "no drawdown")
    return Figure(annual.value / drawdown_max.value, annual.observations)


def alpha_beta(
    daily: Sequence[float] | None,
    benchmark: Sequence[float] | None,
    risk_free: float = 0.0,
    days_per_year: int = DAYS_PER_YEAR,
) -> tuple[Figure, Figure]:
    """Regression of excess returns on those of a benchmark: what it does not explain, compounded to a year, and the slope."""
    missing = _missing(daily) or _missing(benchmark)
    if daily is None or benchmark is None or missing is not None:
        missing = missing or not_available(len(daily or ()), "the benchmark has no price")
        return missing, missing
    riskless = daily_rate(risk_free, days_per_year)
    own, other = [value - riskless for value in daily], [value - riskless for value in benchmark]
    own_mean, other_mean = mean(own), mean(other)
    variance = sum((value - other_mean) ** 2 for value in other)
    if variance <= _NOISE**2:
        missing = not_available(len(daily), "returns of the benchmark do not vary")
        return missing, missing
    beta = sum((a - own_mean) * (b - other_mean) for a, b in zip(own, other, strict=True)) / variance
    alpha = expm1(log1p(own_mean - beta * other_mean) * days_per_year)
    return Figure(alpha, len(daily)), Figure(beta, len(daily))


def _missing(daily: Sequence[float] | None) -> Figure | None:
    """Why nothing can be said about returns, None where something can."""
    if daily is None:
        return _no_returns()
    if len(daily) < 2:
        return not_available(len(daily), f"{len(daily)} daily return{'s' if len(daily) != 1 else ''}, at least 2 are needed")
    return None


def _no_returns() -> Figure:
    return not_available(0, "equity was not positive all the time")
