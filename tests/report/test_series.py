"""What is drawn, against the document by other means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import empyrical
import pandas as pd
import pytest
from tests.report.documents import document

from barter_python.report.series import (
    benchmark_equity,
    candles,
    daily_returns,
    drawdowns,
    histogram,
    kept_by_extremes,
    monthly_returns,
    rolling,
)

START = datetime(2025, 1, 1, tzinfo=UTC)


def portfolio() -> dict:
    return document("funding")["portfolio"]


def daily_series() -> pd.Series:
    daily = daily_returns(portfolio())
    return pd.Series(daily.values, index=pd.DatetimeIndex([time - timedelta(microseconds=1) for time in daily.times]))


def test_months_and_years_compound_to_what_empyrical_makes_of_the_days() -> None:
    months = monthly_returns(portfolio())

    expected = empyrical.aggregate_returns(daily_series(), "monthly")
    assert list(expected.index) == list(months.months)
    assert list(expected) == pytest.approx(list(months.months.values()), rel=1e-9)
    assert empyrical.aggregate_returns(daily_series(), "yearly").to_dict() == pytest.approx(months.years, rel=1e-9)


def test_rolling_ratios_are_those_of_empyrical() -> None:
    series = daily_series()
    sharpe, volatility = rolling(list(series), 30, 0.0)

    assert list(empyrical.roll_sharpe_ratio(series, 30, annualization=365)) == pytest.approx(sharpe, rel=1e-9)
    assert list(empyrical.roll_annual_volatility(series, 30, annualization=365)) == pytest.approx(volatility, rel=1e-9)


def test_the_deepest_drawdown_is_the_figure() -> None:
    found = portfolio()

    assert found["statistics"]["drawdown_max"]["value"] == pytest.approx(-min(drawdowns(found["curve"]["equity"])), rel=1e-12)


def test_the_benchmark_starts_with_the_equity_and_ends_with_its_return() -> None:
    found = portfolio()
    held = benchmark_equity(found)

    assert held is not None
    assert float(found["curve"]["equity"][0]) == held[0]
    assert found["statistics"]["benchmark_return"]["value"] == pytest.approx(held[-1] / held[0] - 1, rel=1e-9)


def test_without_positive_equity_there_are_no_months() -> None:
    found = portfolio()
    found["curve"]["equity"][3] = "0"
    at = [place for place, time in enumerate(found["curve"]["time"]) if time.endswith("T00:00:00Z")][2]
    found["curve"]["equity"][at] = "-1"

    assert {} == monthly_returns(found).months


def test_thinning_keeps_the_extremes_and_the_ends() -> None:
    values = [float((number * 7919) % 1009) for number in range(10_000)]
    values[4321], values[777] = 5_000.0, -5_000.0

    kept = kept_by_extremes(values, 400)

    assert len(kept) <= 400
    assert {0, 777, 4321, 9_999} <= set(kept)
    assert sorted(kept) == kept
    assert list(range(10)) == kept_by_extremes(values[:10], 400)


def test_candles_have_the_extremes_of_their_prices() -> None:
    prices = [(START + timedelta(seconds=20 * number), float((number * 37) % 101)) for number in range(900)]

    built = candles(prices, 100)

    assert timedelta(minutes=3) == built.length
    assert prices[0][1] == built.open[0]
    assert prices[-1][1] == built.close[-1]
    assert [max(p for _, p in prices[part : part + 9]) for part in range(0, 900, 9)] == built.high
    assert [min(p for _, p in prices[part : part + 9]) for part in range(0, 900, 9)] == built.low


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([0.01, -0.02, 0.0, 0.03, 0.0001], id="mixed"),
        pytest.param([0.01], id="one"),
        pytest.param([0.0, 0.0], id="zeros"),
    ],
)
def test_every_value_is_in_its_bin(values: list[float]) -> None:
    middles, counts, width = histogram(values, 10)

    assert len(values) == sum(counts)
    for value in values:
        reach = width / 2 * (1 + 1e-9)
        assert any(count and abs(middle - value) <= reach for middle, count in zip(middles, counts, strict=True))
    assert ([], [], 0.0) == histogram([], 10)
