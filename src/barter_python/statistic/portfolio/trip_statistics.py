"""What round trips tell together. Rust origin: barter::statistic::metric::{win_rate, profit_factor}, of positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from barter_python.numeric import ZERO, in_exact_context
from barter_python.statistic.portfolio.figure import Figure, not_available
from barter_python.statistic.portfolio.trip import Trip

__all__ = ["TripStatistics", "trip_statistics"]


@dataclass(slots=True)
class TripStatistics:
    """Figures of closed round trips, each of price PnL, fees and funding together.

    Attributes:
        trips: How many there were.
        wins: With a profit.
        losses: With a loss.
        profit_gross: Sum of all profits.
        loss_gross: Sum of all losses, positive.
        win_rate: Wins / trips.
        profit_factor: Gross profit / gross loss.
        expectancy: Profit of a trip on average.
        profit_mean: Of those with a profit.
        loss_mean: Of those with a loss, positive.
        holding_mean: Seconds from the first to the last fill on average.
    """

    trips: int
    wins: int
    losses: int
    profit_gross: Decimal
    loss_gross: Decimal
    win_rate: Figure
    profit_factor: Figure
    expectancy: Figure
    profit_mean: Figure
    loss_mean: Figure
    holding_mean: Figure


@in_exact_context
def trip_statistics(trips: Sequence[Trip], profits: Sequence[Decimal]) -> TripStatistics:
    """The figures of trips.

    Args:
        trips: Closed ones.
        profits: Of each, in one currency.
    """
    gains, losses = [value for value in profits if value > ZERO], [-value for value in profits if value < ZERO]
    profit, loss, count = sum(gains, ZERO), sum(losses, ZERO), len(profits)
    holding = sum((trip.time_exit - trip.time_enter for trip in trips if trip.time_exit is not None), timedelta())
    return TripStatistics(
        count,
        len(gains),
        len(losses),
        profit,
        loss,
        _ratio(Decimal(len(gains)), Decimal(count), count, "no trips"),
        _ratio(profit, loss, count, "no losses" if count else "no trips"),
        _ratio(profit - loss, Decimal(count), count, "no trips"),
        _ratio(profit, Decimal(len(gains)), len(gains), "no profits"),
        _ratio(loss, Decimal(len(losses)), len(losses), "no losses"),
        Figure(holding.total_seconds() / count, count) if count else not_available(0, "no trips"),
    )


def _ratio(part: Decimal, whole: Decimal, observations: int, reason: str) -> Figure:
    return Figure(float(part / whole), observations) if whole else not_available(observations, reason)
