"""The statistics of a portfolio, each with the number of observations it rests on. Rust origin: none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from barter_python.numeric import ZERO, in_exact_context
from barter_python.statistic.portfolio.curve import EquityPoint
from barter_python.statistic.portfolio.drawdown import EquityDrawdown, drawdown_figure, drawdown_max
from barter_python.statistic.portfolio.figure import Figure, not_available
from barter_python.statistic.portfolio.portfolio import Portfolio
from barter_python.statistic.portfolio.returns import (
    DAYS_PER_YEAR,
    alpha_beta,
    annual_return,
    calmar_ratio,
    daily_points,
    returns,
    sharpe_ratio,
    sortino_ratio,
    total_return,
    volatility,
)
from barter_python.statistic.portfolio.trip import Trip
from barter_python.statistic.portfolio.trip_statistics import TripStatistics, trip_statistics

__all__ = ["PortfolioStatistics", "benchmark_curve", "portfolio_statistics", "trip_profits"]


@dataclass(slots=True)
class PortfolioStatistics:
    """Figures of a run. Fractions are of equity: 0.01 is one percent.

    Attributes:
        risk_free: Annual return of a riskless investment that the ratios count with, as a fraction.
        days_per_year: To which ratios are scaled.
        days: Length of the run.
        total_return: Equity at the end / at the start - 1.
        annual_return: The same of a year, compounded.
        volatility: Standard deviation of daily returns, of a year.
        sharpe_ratio: Excess return by deviation, of a year.
        sortino_ratio: Excess return by downside deviation, of a year.
        calmar_ratio: Annual return by largest drawdown.
        drawdown_max: Largest decline from a peak.
        drawdown: When that was; None without a decline.
        day_best: Largest daily return.
        day_worst: Smallest daily return.
        exposure_mean: Net value of positions / equity, on average by time.
        leverage_mean: Gross value of positions / equity, on average by time.
        leverage_max: The largest of all points.
        time_in_market: Share of the time with a position.
        turnover: Value of all fills / equity on average by time.
        benchmark_return: Total return of holding the benchmark instrument.
        benchmark_sharpe_ratio: Its Sharpe ratio.
        alpha: Annual return that the benchmark does not explain.
        beta: Slope of excess returns by those of the benchmark.
        trips: Of closed round trips, in the valuation asset.
    """

    risk_free: float
    days_per_year: int
    days: float
    total_return: Figure
    annual_return: Figure
    volatility: Figure
    sharpe_ratio: Figure
    sortino_ratio: Figure
    calmar_ratio: Figure
    drawdown_max: Figure
    drawdown: EquityDrawdown | None
    day_best: Figure
    day_worst: Figure
    exposure_mean: Figure
    leverage_mean: Figure
    leverage_max: Figure
    time_in_market: Figure
    turnover: Figure
    benchmark_return: Figure
    benchmark_sharpe_ratio: Figure
    alpha: Figure
    beta: Figure
    trips: TripStatistics


def portfolio_statistics(portfolio: Portfolio, risk_free: float = 0.0, days_per_year: int = DAYS_PER_YEAR) -> PortfolioStatistics:
    """The figures of a run.

    Args:
        portfolio: What it has earned.
        risk_free: Annual return of a riskless investment, as a fraction above -1.
        days_per_year: 365 for markets that never close.
    """
    curve = portfolio.curve
    daily = returns(daily_points(curve))
    count = len(daily or ())
    annual, deepest = annual_return(curve, count, days_per_year), drawdown_figure(curve)
    benchmark = benchmark_curve(curve)
    benchmark_daily = None if benchmark is None else returns(daily_points(benchmark))
    alpha, beta = alpha_beta(daily, benchmark_daily, risk_free, days_per_year)
    no_benchmark = not_available(0, "the benchmark has no price")
    closed, profits = trip_profits(portfolio, portfolio.trips)
    return PortfolioStatistics(
        risk_free,
        days_per_year,
        (portfolio.time_end - portfolio.time_start).total_seconds() / 86_400,
        total_return(curve),
        annual,
        volatility(daily, days_per_year),
        sharpe_ratio(daily, risk_free, days_per_year),
        sortino_ratio(daily, risk_free, days_per_year),
        calmar_ratio(annual, deepest),
        deepest,
        drawdown_max(curve) if deepest.value else None,
        _extreme(daily, max),
        _extreme(daily, min),
        _mean_by_time(curve, lambda point: point.exposure_net / point.equity),
        _mean_by_time(curve, lambda point: point.exposure_gross / point.equity),
        _leverage_max(curve),
        _time_in_market(portfolio),
        _turnover(portfolio),
        no_benchmark if benchmark is None else total_return(benchmark),
        no_benchmark if benchmark is None else sharpe_ratio(benchmark_daily, risk_free, days_per_year),
        alpha,
        beta,
        trip_statistics(closed, profits),
    )


def benchmark_curve(curve: Sequence[EquityPoint]) -> list[EquityPoint] | None:
    """The price of the benchmark as if it were equity, the first known one also before it; None where there is none."""
    first = next((point.benchmark for point in curve if point.benchmark is not None), None)
    if first is None:
        return None
    found = []
    for point in curve:
        first = first if point.benchmark is None else point.benchmark
        found.append(EquityPoint(point.time, first, ZERO))
    return found


@in_exact_context
def trip_profits(portfolio: Portfolio, trips: Sequence[Trip]) -> tuple[list[Trip], list[Decimal]]:
    """Trips of instruments whose currency has a known worth at the end, and the profit of each in the valuation asset."""
    rates = {row.instrument: row.rate for row in portfolio.rows}
    valued = [(trip, rate) for trip in trips if (rate := rates.get(trip.instrument)) is not None]
    return [trip for trip, _ in valued], [trip.pnl * rate for trip, rate in valued]


def _extreme(daily: Sequence[float] | None, choose: Callable[[Sequence[float]], float]) -> Figure:
    return Figure(choose(daily), len(daily)) if daily else not_available(0, "no daily returns")


@in_exact_context
def _mean_by_time(curve: Sequence[EquityPoint], value: Callable[[EquityPoint], Decimal]) -> Figure:
    """Each point counts until the next."""
    seconds = (curve[-1].time - curve[0].time).total_seconds()
    if not seconds:
        return not_available(len(curve), "the run took no time")
    if any(point.equity <= ZERO for point in curve[:-1]):
        return not_available(len(curve), "equity was not positive all the time")
    weighted = [float(value(here)) * (there.time - here.time).total_seconds() for here, there in pairwise(curve)]
    return Figure(sum(weighted) / seconds, len(curve))


@in_exact_context
def _leverage_max(curve: Sequence[EquityPoint]) -> Figure:
    if any(point.equity <= ZERO for point in curve):
        return not_available(len(curve), "equity was not positive all the time")
    return Figure(max(float(point.exposure_gross / point.equity) for point in curve), len(curve))


def _time_in_market(portfolio: Portfolio) -> Figure:
    count = len(portfolio.trips) + len(portfolio.trips_open)
    seconds = (portfolio.time_end - portfolio.time_start).total_seconds()
    if not seconds:
        return not_available(count, "the run took no time")
    return Figure(min(1.0, portfolio.seconds_in_market / seconds), count)


@in_exact_context
def _turnover(portfolio: Portfolio) -> Figure:
    fills = sum(row.trades for row in portfolio.rows)
    value = sum((row.turnover * row.rate for row in portfolio.rows if row.rate is not None), ZERO)
    equity = _mean_by_time(portfolio.curve, lambda point: point.equity)
    if not equity.value or equity.value <= 0:
        return not_available(fills, equity.reason or "equity is not positive")
    return Figure(float(value) / equity.value, fills)
