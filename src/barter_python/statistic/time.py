"""Intervals to which metrics are scaled. Rust origin: barter::statistic::time.

`Daily`, `Annual252` and `Annual365` are the usual ones; a `timedelta` is an interval of its own.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import Final, TypeAlias

__all__ = ["ANNUAL_252", "ANNUAL_365", "DAILY", "NamedInterval", "TimeInterval", "interval_name", "interval_seconds"]


class NamedInterval(Enum):
    """A customary interval; the value is its length in days. On the wire each is a marker."""

    DAILY = 1
    ANNUAL_252 = 252
    ANNUAL_365 = 365


DAILY: Final = NamedInterval.DAILY
ANNUAL_252: Final = NamedInterval.ANNUAL_252
"""A year of stock exchange trading days."""
ANNUAL_365: Final = NamedInterval.ANNUAL_365
"""A year of a market that never closes."""

TimeInterval: TypeAlias = NamedInterval | timedelta

_MICROSECONDS: Final = 1_000_000
_NAMES: Final = {DAILY: "Daily", ANNUAL_252: "Annual(252)", ANNUAL_365: "Annual(365)"}


def interval_seconds(interval: TimeInterval) -> int:
    """Length in whole seconds, truncated towards zero as in Rust."""
    if isinstance(interval, NamedInterval):
        return interval.value * 86_400
    microseconds = interval // timedelta(microseconds=1)
    seconds = abs(microseconds) // _MICROSECONDS
    return seconds if microseconds >= 0 else -seconds


def interval_name(interval: TimeInterval) -> str:
    """Name for tables, for example `Annual(365)`."""
    if isinstance(interval, NamedInterval):
        return _NAMES[interval]
    seconds = interval_seconds(interval)
    minutes = abs(seconds) // 60
    return f"Duration {minutes if seconds >= 0 else -minutes} (minutes)"
