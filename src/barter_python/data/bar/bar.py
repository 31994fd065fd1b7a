"""Bars: what a market did over a stretch of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from barter_python.data.bar.spec import BarSpec, TimeBars
from barter_python.data.event import Candle

__all__ = ["Bar", "bar_from_candle"]

_MILLISECOND: Final = 1_000
_SECOND: Final = 1_000_000


@dataclass(slots=True)
class Bar:
    """Prices and volume of a stretch of a market. Treat it as immutable.

    The volume and the turnover are exact sums, rounded once to 15 digits: what a longer bar is built from makes no difference.

    Attributes:
        spec: What made it.
        open_time: Start of its interval; of a bar that is not of time, its first trade. Aware UTC.
        close_time: End of its interval, which is no part of it; of a bar that is not of time, its last trade. Aware UTC.
        open: First price, in quote currency.
        high: Highest price.
        low: Lowest price.
        close: Last price.
        volume: Traded amount, in base units or contracts.
        turnover: Sum of price times amount; None where it was built from candles, which do not tell it.
        trade_count: Number of trades.
        volume_rest: What the exact sum of amounts has beyond the volume; longer bars are built with it.
        turnover_rest: The same of the turnover.
    """

    spec: BarSpec
    open_time: datetime
    close_time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    turnover: float | None
    trade_count: int
    volume_rest: float = field(default=0.0, repr=False)
    turnover_rest: float = field(default=0.0, repr=False)

    @property
    def last_moment(self) -> datetime:
        """The latest moment that is part of it: the close time of a bar of time is not."""
        return self.close_time if self.interval is None else self.close_time - timedelta.resolution

    @property
    def vwap(self) -> float | None:
        """Volume-weighted average price; None without volume, and where it was built from candles."""
        return None if self.turnover is None or not self.volume else self.turnover / self.volume

    @property
    def interval(self) -> timedelta | None:
        """Length of a bar of time, None for others."""
        return self.spec.interval if type(self.spec) is TimeBars else None

    @property
    def is_empty(self) -> bool:
        """Whether it stands for an interval without a trade: one price, no volume, no trades."""
        return not self.trade_count and not self.volume and self.high == self.low

    def candle(self) -> Candle:
        """The bar as market data."""
        return Candle(self.close_time, self.open, self.high, self.low, self.close, self.volume, self.trade_count, self.interval)


def bar_from_candle(candle: Candle, interval: timedelta) -> Bar:
    """A candle as a bar of time.

    Args:
        candle: One of a venue or a file. A close in the last millisecond of a second, as some venues stamp it, is that second's
            end.
        interval: Its length.
    """
    close_time = candle.close_time
    missing = _SECOND - close_time.microsecond
    if missing <= _MILLISECOND:
        close_time += timedelta(microseconds=missing)
    return Bar(
        TimeBars(interval),
        close_time - interval,
        close_time,
        candle.open,
        candle.high,
        candle.low,
        candle.close,
        candle.volume,
        None,
        candle.trade_count,
    )
