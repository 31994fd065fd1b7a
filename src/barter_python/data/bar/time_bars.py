"""Builds bars of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from barter_python.data.bar.bar import Bar
from barter_python.data.bar.open_bar import OpenBar
from barter_python.data.bar.spec import EmptyInterval, TimeBars
from barter_python.errors import MarketDataError
from barter_python.timed import EPOCH

__all__ = ["NO_BARS", "TimeBarBuilder"]

NO_BARS: Final[Sequence[Bar]] = ()


@dataclass(slots=True)
class TimeBarBuilder:
    """Bars of one length. A bar closes when the clock reaches its end; what belongs to an interval before is late.

    Attributes:
        late: Trades and finer bars that came late, and are part of no bar.
    """

    spec: TimeBars
    late: int = field(default=0, init=False)
    _start: datetime = field(default=EPOCH, init=False, repr=False)
    _end: datetime = field(default=EPOCH, init=False, repr=False)
    _bar: OpenBar | None = field(default=None, init=False, repr=False)
    _last_close: float | None = field(default=None, init=False, repr=False)

    def advance(self, time: datetime) -> Sequence[Bar]:
        """Move the clock on, never back, and return the bars that have closed."""
        if time < self._end:
            return NO_BARS
        bar, end = self._bar, self._end
        closed = []
        if bar is not None:
            closed.append(bar.closed(self.spec, end))
            self._bar, self._last_close = None, bar.close
            end += self.spec.interval
        self._start = self._start_of(time)
        self._end = self._start + self.spec.interval
        if self._last_close is not None and self.spec.empty is EmptyInterval.FLAT:
            closed += self._flat_bars(end, self._last_close)
        return closed

    def update_from_trade(self, time: datetime, price: float, amount: float, value: float) -> Sequence[Bar]:
        """Take in a trade, and return the bars that its time closes."""
        closed = self.advance(time) if time >= self._end else NO_BARS
        if time < self._start:
            self.late += 1
            return closed
        bar = self._bar
        if bar is None:
            bar = self._bar = OpenBar(self._start, price, price, price, price)
        bar.add_trade(price, amount, value)
        return closed

    def check(self, bar: Bar) -> None:
        """Check that a finer bar fits.

        Raises:
            MarketDataError: It is part of two bars.
        """
        if bar.open_time < self._start_of(bar.last_moment):
            raise MarketDataError(
                f"bar from {bar.open_time} to {bar.close_time} is part of two bars of {self.spec.interval}, "
                f"expected one whose interval divides that"
            )

    def update_from_bar(self, bar: Bar) -> Sequence[Bar]:
        """Take in a finer bar that has closed, and return the bars that its time closes."""
        start = self._start_of(bar.last_moment)
        closed = self.advance(start)
        if start < self._start:
            self.late += 1
            return closed
        if self._bar is None and bar.is_empty and self._last_close in (None, bar.close):
            self._last_close = bar.close  # an interval without a trade has no part in the first price
        else:
            if self._bar is None:
                self._bar = OpenBar(self._start, bar.open, bar.high, bar.low, bar.close)
            self._bar.add_bar(bar)
        return [*closed, *self.advance(bar.close_time)]

    def _start_of(self, time: datetime) -> datetime:
        return time - (time - EPOCH) % self.spec.interval

    def _flat_bars(self, end: datetime, price: float) -> list[Bar]:
        """Those of the intervals from the one with this end to the one before the clock's."""
        interval, flat = self.spec.interval, []
        while end <= self._start:
            flat.append(Bar(self.spec, end - interval, end, price, price, price, price, 0.0, 0.0, 0))
            end += interval
        return flat
