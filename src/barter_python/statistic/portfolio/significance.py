"""Whether a result may be luck: resampled returns, the distribution of a Sharpe ratio, trips in another order. Rust origin: none.

Sharpe ratios here are those of one return, not of a year: `sharpe_ratio(..).value / sqrt(365)`. Random numbers come from
generators that are seeded by an argument, so that a result can be had again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, e, sqrt
from random import Random
from statistics import NormalDist
from typing import Final

from barter_python.statistic.portfolio.returns import mean, standard_deviation

__all__ = [
    "Distribution",
    "bootstrap",
    "deflated_sharpe_ratio",
    "expected_sharpe_max",
    "probabilistic_sharpe_ratio",
    "trip_drawdowns",
]

_EULER_MASCHERONI: Final = 0.5772156649015329
_NORMAL: Final = NormalDist()


@dataclass(slots=True)
class Distribution:
    """Values of a statistic under repetition.

    Attributes:
        values: In ascending order, at least one.
    """

    values: list[float]

    def quantile(self, share: float) -> float:
        """The value below which a share of all lies, from 0 to 1, interpolated."""
        place = share * (len(self.values) - 1)
        below = int(place)
        above = min(below + 1, len(self.values) - 1)
        return self.values[below] + (self.values[above] - self.values[below]) * (place - below)

    def share_above(self, threshold: float) -> float:
        """Which share of all values is above a threshold."""
        return sum(value > threshold for value in self.values) / len(self.values)


def bootstrap(
    returns: Sequence[float],
    statistic: Callable[[Sequence[float]], float],
    *,
    seed: int,
    draws: int = 1_000,
    block: int | None = None,
) -> Distribution:
    """What a statistic would have been on other days like these.

    Each repetition joins blocks of successive returns, of which the first follows the last (the circular block bootstrap), so
    that what lasts for some days stays together.

    Args:
        returns: Of days, in order, at least one.
        statistic: Of as many returns.
        seed: Start of the random numbers.
        draws: Number of repetitions.
        block: Length of a block; by default the third root of the number of returns, rounded.

    Source: Politis and Romano, A circular block-resampling procedure for stationary data, 1992.
    """
    count = len(returns)
    length = max(1, round(count ** (1 / 3))) if block is None else block
    random, around = Random(f"{seed} bootstrap"), [*returns, *returns[: length - 1]]
    values = []
    for _ in range(draws):
        starts = (random.randrange(count) for _ in range(ceil(count / length)))
        sample = [value for start in starts for value in around[start : start + length]]
        values.append(statistic(sample[:count]))
    return Distribution(sorted(values))


def probabilistic_sharpe_ratio(returns: Sequence[float], sharpe_reference: float = 0.0) -> float | None:
    """Probability that the true Sharpe ratio is above a reference, by the moments of the returns.

    Args:
        returns: Excess returns.
        sharpe_reference: Of one return, as of a benchmark.

    Returns:
        From 0 to 1; None for fewer than two returns, and where they do not vary.

    Source: Bailey and Lopez de Prado, The Sharpe ratio efficient frontier, 2012.
    """
    count = len(returns)
    deviation = standard_deviation(returns) if count > 1 else 0.0
    if not deviation:
        return None
    middle = mean(returns)
    spread = sqrt(mean([(value - middle) ** 2 for value in returns]))
    skewness = mean([((value - middle) / spread) ** 3 for value in returns])
    kurtosis = mean([((value - middle) / spread) ** 4 for value in returns])
    sharpe = middle / deviation
    variance = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe**2
    if variance <= 0.0:
        return None
    return _NORMAL.cdf((sharpe - sharpe_reference) * sqrt(count - 1) / sqrt(variance))


def expected_sharpe_max(sharpes: Sequence[float]) -> float:
    """The largest Sharpe ratio to expect of so many trials none of which is any good.

    Args:
        sharpes: Of all trials, of one return each; at least two.

    Source: Bailey and Lopez de Prado, The deflated Sharpe ratio, 2014.
    """
    count = len(sharpes)
    upper = (1.0 - _EULER_MASCHERONI) * _NORMAL.inv_cdf(1.0 - 1.0 / count)
    lower = _EULER_MASCHERONI * _NORMAL.inv_cdf(1.0 - 1.0 / (count * e))
    return standard_deviation(sharpes) * (upper + lower)


def deflated_sharpe_ratio(returns: Sequence[float], sharpes: Sequence[float]) -> float | None:
    """Probability that the true Sharpe ratio of the chosen trial is above what chance alone gives the best of all.

    Args:
        returns: Excess returns of the trial that was chosen.
        sharpes: Sharpe ratios of all trials, of one return each.

    Returns:
        From 0 to 1; None where there is none, see `probabilistic_sharpe_ratio`, or fewer than two trials.
    """
    return probabilistic_sharpe_ratio(returns, expected_sharpe_max(sharpes)) if len(sharpes) > 1 else None


def trip_drawdowns(profits: Sequence[float], equity_start: float, *, seed: int, draws: int = 1_000) -> Distribution:
    """The largest drawdowns that the same round trips would have had in another order, as fractions of the peak.

    Args:
        profits: Of each trip, in the currency of the equity.
        equity_start: Before the first, positive.
        seed: Start of the random numbers.
        draws: Number of orders.
    """
    random, shuffled = Random(f"{seed} trips"), list(profits)
    values = []
    for _ in range(draws):
        random.shuffle(shuffled)
        equity = peak = equity_start
        deepest = 0.0
        for profit in shuffled:
            equity += profit
            peak = max(peak, equity)
            deepest = max(deepest, (peak - equity) / peak)
        values.append(deepest)
    return Distribution(sorted(values))
