"""Intervals. Rust origin: barter::statistic::time (doc-test)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from barter_python.statistic.time import ANNUAL_252, ANNUAL_365, DAILY, TimeInterval, interval_name, interval_seconds

DAY = 86_400


@pytest.mark.parametrize(
    ("interval", "name", "seconds"),
    [
        pytest.param(DAILY, "Daily", DAY, id="daily"),
        pytest.param(ANNUAL_252, "Annual(252)", 252 * DAY, id="annual-252"),
        pytest.param(ANNUAL_365, "Annual(365)", 365 * DAY, id="annual-365"),
        pytest.param(timedelta(hours=2), "Duration 120 (minutes)", 7200, id="two-hours"),
        pytest.param(timedelta(seconds=119), "Duration 1 (minutes)", 119, id="minutes-are-truncated"),
        pytest.param(timedelta(milliseconds=1999), "Duration 0 (minutes)", 1, id="seconds-are-truncated"),
        pytest.param(timedelta(seconds=-119), "Duration -1 (minutes)", -119, id="negative-minutes-towards-zero"),
        pytest.param(timedelta(milliseconds=-1999), "Duration 0 (minutes)", -1, id="negative-seconds-towards-zero"),
    ],
)
def test_interval(interval: TimeInterval, name: str, seconds: int) -> None:
    assert (name, seconds) == (interval_name(interval), interval_seconds(interval))
