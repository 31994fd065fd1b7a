"""Candles of an instrument: when each of them began, and the way of the price within it. Rust origin: none.

A candle does not tell whether its high or its low came first. The price is taken to go from the open to the nearer of the two
(the low, where both are equally near), then to the farther, then to the close, in three legs of equal time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal
from itertools import pairwise
from typing import Final

from barter_python.data.event import Candle
from barter_python.numeric import ZERO, decimal_from_float, in_money_context

__all__ = ["CandleSeries", "Leg", "intrabar_path", "legs"]

_MICROSECOND: Final = timedelta(microseconds=1)
_PRICES: Final = Context(prec=12)


class CandleSeries:
    """The candles of one length.

    Args:
        interval: Their length; None where they do not tell it.
        close_time: Up to when candles of another length have been matched, None for the first series.

    Attributes:
        interval: See above.
        close_time: When the latest candle closed; None before the first.
    """

    __slots__ = ("_count", "_shortest", "_shortest_count", "close_time", "interval")

    def __init__(self, interval: timedelta | None, close_time: datetime | None) -> None:
        self.interval = interval
        self.close_time = close_time
        self._shortest: timedelta | None = None
        self._shortest_count = 0
        self._count = 0

    def is_replaced_by(self, interval: timedelta | None) -> bool:
        """Whether candles of this length are shorter, or the first that tell their length."""
        return interval is not None and (self.interval is None or interval < self.interval)

    def begin(self, candle: Candle) -> datetime | None:
        """Take in the next candle; returns when it began, None where it does not say and is the first.

        Without an interval it is inferred from the closes: where they come at a regular distance, a candle after a gap is as
        long as the others; else it began when the one before it closed.
        """
        before, self.close_time = self.close_time, candle.close_time
        interval = self.interval
        if interval is None:
            if before is None:
                return None
            interval = self._inferred(candle.close_time - before)
        began = candle.close_time - interval
        return began if before is None else max(began, before)

    def _inferred(self, distance: timedelta) -> timedelta:
        self._count += 1
        if self._shortest is None or distance < self._shortest:
            self._shortest, self._shortest_count = distance, 0
        self._shortest_count += distance == self._shortest
        is_regular = 2 * self._shortest_count > self._count and not distance % self._shortest
        return self._shortest if is_regular else distance


@dataclass(slots=True, frozen=True)
class Leg:
    """A straight part of a candle's path.

    Attributes:
        time_start: Aware UTC.
        price_start: In quote currency.
        time_end: Aware UTC, not before the start.
        price_end: In quote currency.
    """

    time_start: datetime
    price_start: Decimal
    time_end: datetime
    price_end: Decimal

    def price_at(self, time: datetime, tick_size: Decimal | None) -> Decimal:
        """Where the price is, rounded to the nearest tick, or to 12 digits without one; never outside the leg."""
        span = (self.time_end - self.time_start) // _MICROSECOND
        if not span:
            return self.price_end
        passed = Decimal((time - self.time_start) // _MICROSECOND)
        price = _PRICES.plus(self.price_start + (self.price_end - self.price_start) * passed / span)
        if tick_size:
            price = (price / tick_size).to_integral_value() * tick_size
        low, high = sorted((self.price_start, self.price_end))
        return min(max(price, low), high)

    def time_at(self, price: Decimal) -> datetime:
        """When the price is there."""
        distance = self.price_end - self.price_start
        if not distance:
            return self.time_start
        span = (self.time_end - self.time_start) // _MICROSECOND
        return self.time_start + int(span * (price - self.price_start) / distance) * _MICROSECOND


def legs(began: datetime, closed: datetime, path: tuple[Decimal, Decimal, Decimal, Decimal]) -> Iterator[Leg]:
    """The legs of a path."""
    third = (closed - began) / 3
    times = (began, began + third, began + 2 * third, closed)
    for (time_start, price_start), (time_end, price_end) in pairwise(zip(times, path, strict=True)):
        yield Leg(time_start, price_start, time_end, price_end)


@in_money_context
def intrabar_path(candle: Candle) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
    """Open, nearer extreme, farther extreme, close, in quote currency; None for a candle with an impossible price."""
    prices = [decimal_from_float(price) for price in (candle.open, candle.high, candle.low, candle.close)]
    open_, high, low, close = prices
    if open_ is None or high is None or low is None or close is None or low <= ZERO:
        return None
    high, low = max(open_, high, low, close), min(open_, high, low, close)
    if open_ - low <= high - open_:
        return open_, low, high, close
    return open_, high, low, close
