"""Whether a result may be luck."""

from __future__ import annotations

from math import sqrt
from random import Random
from statistics import NormalDist, mean

import pytest

from barter_python.statistic.portfolio.returns import sharpe_ratio
from barter_python.statistic.portfolio.significance import (
    Distribution,
    bootstrap,
    deflated_sharpe_ratio,
    expected_sharpe_max,
    probabilistic_sharpe_ratio,
    trip_drawdowns,
)

NORMAL = NormalDist()


def draws(count: int, middle: float, deviation: float, seed: int = 5) -> list[float]:
    random = Random(seed)
    return [random.gauss(middle, deviation) for _ in range(count)]


def test_sharpe_ratio_grows_with_the_root_of_the_number_of_like_trips() -> None:
    def year(trips: int) -> list[float]:
        days = [0.0] * 360
        for trip in range(trips):
            days[trip * 360 // trips] = 0.002 if trip % 2 == 0 else -0.001
        return days

    few, many = sharpe_ratio(year(20)).value, sharpe_ratio(year(180)).value

    assert few is not None
    assert many is not None
    assert pytest.approx(3.0, rel=0.03) == many / few


def test_a_sharpe_ratio_of_normal_returns_is_as_sure_as_its_deviation_says() -> None:
    returns = draws(2_000, 0.001, 0.02)
    sharpe = sharpe_ratio(returns).value
    assert sharpe is not None
    daily = sharpe / sqrt(365)

    assert pytest.approx(NORMAL.cdf(daily * sqrt(1_999) / sqrt(1 + daily**2 / 2)), abs=5e-3) == probabilistic_sharpe_ratio(
        returns
    )
    assert pytest.approx(0.5) == probabilistic_sharpe_ratio(returns, daily)


def test_skewed_returns_by_hand() -> None:
    # Mean 0.25, sample deviation 0.5, skewness 2 / sqrt(3), kurtosis 7 / 3.
    sharpe, skewness, kurtosis = 0.5, 2 / sqrt(3), 7 / 3
    right = NORMAL.cdf(sharpe * sqrt(3) / sqrt(1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe**2))

    assert pytest.approx(right, rel=1e-12) == probabilistic_sharpe_ratio([0.0, 0.0, 0.0, 1.0])


@pytest.mark.parametrize("returns", [[], [0.1], [0.1, 0.1, 0.1]])
def test_what_does_not_vary_has_no_probability(returns: list[float]) -> None:
    assert probabilistic_sharpe_ratio(returns) is None
    assert deflated_sharpe_ratio(returns, [0.1, 0.2]) is None


def test_the_best_of_many_must_be_better() -> None:
    returns, trials = draws(500, 0.001, 0.02), draws(100, 0.0, 0.04)
    alone, among = probabilistic_sharpe_ratio(returns), deflated_sharpe_ratio(returns, trials)

    # The largest of a hundred normal draws is about 2.5 deviations above the mean.
    assert pytest.approx(2.53 * 0.04, rel=0.15) == expected_sharpe_max(trials)
    assert alone is not None
    assert among is not None
    assert among < alone
    assert deflated_sharpe_ratio(returns, trials[:1]) is None


def test_a_bootstrap_is_as_wide_as_the_error_of_the_mean_and_can_be_had_again() -> None:
    returns = draws(400, 0.001, 0.02)
    found = bootstrap(returns, mean, seed=1, draws=2_000, block=1)

    assert pytest.approx(mean(returns), abs=2e-4) == found.quantile(0.5)
    assert pytest.approx(2 * 1.96 * 0.02 / sqrt(400), rel=0.1) == found.quantile(0.975) - found.quantile(0.025)
    assert bootstrap(returns, mean, seed=1).values == bootstrap(returns, mean, seed=1).values
    assert bootstrap(returns, mean, seed=1).values != bootstrap(returns, mean, seed=2).values


def test_blocks_keep_together_what_lasts() -> None:
    runs = [value for value in draws(40, 0.0, 0.02) for _ in range(10)]
    spread = [
        found.quantile(0.975) - found.quantile(0.025)
        for found in (bootstrap(runs, mean, seed=3, block=length) for length in (1, 10))
    ]

    assert spread[1] > 2 * spread[0]


def test_trips_in_another_order() -> None:
    found = trip_drawdowns([10.0, -10.0], 100.0, seed=1)

    # Either the loss comes first, of 100, or the profit does, and the loss is of 110.
    assert {10 / 110, 0.1} == set(found.values)
    assert 0.4 < found.share_above(0.095) < 0.6


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.5, 2.5), (1.0, 4.0), (0.25, 1.75)])
def test_quantiles_are_interpolated(share: float, value: float) -> None:
    assert value == Distribution([1.0, 2.0, 3.0, 4.0]).quantile(share)
