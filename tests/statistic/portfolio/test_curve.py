"""The equity curve: the same points as if the final grid had been known from the start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from barter_python.statistic.portfolio.curve import EquityCurve, EquityPoint, is_midnight

START = datetime(2025, 1, 1, 7, 11, 13, 500_000, tzinfo=UTC)
DAY = timedelta(days=1)


def sample(times: list[datetime]) -> list[EquityPoint]:
    """Points of a run in which equity is the number of events so far."""
    curve = EquityCurve(START)
    for count, time in enumerate(times):
        if time > curve.time_next:
            curve.append_until(time, EquityPoint(curve.time_next, Decimal(count), Decimal(0)))
    return curve.points


def by_hand(times: list[datetime], step: timedelta) -> list[tuple[datetime, int]]:
    """At each time of a grid after an event, and each midnight, that lies before the last event: how many there were."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    grid = {time + (epoch - time) % step for time in [START + timedelta.resolution, *times]}
    midnight = START.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight < times[-1]:
        midnight += DAY
        grid.add(midnight)
    return [(due, sum(time <= due for time in times)) for due in sorted(grid) if due < times[-1]]


@pytest.mark.parametrize(
    ("gap_seconds", "count", "step"),
    [
        pytest.param(0.3, 900, timedelta(seconds=1), id="minutes"),
        pytest.param(5.0, 9_000, timedelta(seconds=10), id="half a day"),
        pytest.param(70.0, 9_000, timedelta(minutes=1), id="a week"),
        pytest.param(1_500.0, 9_000, timedelta(hours=2), id="half a year"),
        pytest.param(80_000.0, 3_000, timedelta(days=1), id="seven years"),
    ],
)
def test_thinning_leaves_what_a_coarser_grid_would_have_had(gap_seconds: float, count: int, step: timedelta) -> None:
    random, time, times = Random(count), START, []
    for _ in range(count):
        # In bursts, with gaps between them.
        time += timedelta(microseconds=round(random.expovariate(1) ** 2 / 2 * gap_seconds * 1e6))
        times.append(time)
    found = sample(times)

    assert by_hand(times, step) == [(point.time, int(point.equity)) for point in found]
    assert 5_000 > len([point for point in found if not is_midnight(point.time)])


def test_what_would_be_added_leaves_the_curve_alone() -> None:
    curve = EquityCurve(START)
    point = EquityPoint(START, Decimal(7), Decimal(0))
    found = curve.points_until(START + 3 * DAY, point)

    assert curve.points == []
    assert [
        START + timedelta(seconds=0.5),
        *(START.replace(hour=0, minute=0, second=0, microsecond=0) + n * DAY for n in (1, 2, 3)),
    ] == [point.time for point in found]
