"""Short ways to write trades and bars down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from barter_python.data.bar import Bar, BarBuilder, TimeBars

START = datetime(2025, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

Trade = tuple[float, float, float]
"""Seconds after the start, price, amount."""


def at(seconds: float) -> datetime:
    return START + seconds * SECOND


def built(builder: BarBuilder, trades: Iterable[Trade]) -> list[Bar]:
    return [bar for seconds, price, amount in trades for bar in builder.update_from_trade(at(seconds), price, amount)]


def shown(bars: Iterable[Bar]) -> list[tuple[float, ...]]:
    """Seconds to the close, open, high, low, close, volume, trades."""
    return [
        ((bar.close_time - START) / SECOND, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trade_count) for bar in bars
    ]


def minutes(count: int = 1) -> TimeBars:
    return TimeBars(count * MINUTE)
