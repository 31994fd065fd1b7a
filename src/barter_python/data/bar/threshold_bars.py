"""Builds bars of a number of trades, of a volume, of a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from barter_python.data.bar.bar import Bar
from barter_python.data.bar.open_bar import OpenBar
from barter_python.data.bar.spec import TickBars, ValueBars, VolumeBars
from barter_python.data.bar.time_bars import NO_BARS
from barter_python.errors import MarketDataError

__all__ = ["ThresholdBarBuilder", "ThresholdBars"]

ThresholdBars: TypeAlias = TickBars | VolumeBars | ValueBars

_CLOSE_BY: Final = 1.0 - 1e-9
"""A running sum below this part of the threshold is below it, whatever its additions have rounded off."""


@dataclass(slots=True)
class ThresholdBarBuilder:
    """Bars of one size, in order of arrival: nothing comes late. A bar closes with the trade, or the finer bar, that fills it."""

    spec: ThresholdBars
    _limit: float = field(init=False, repr=False)
    _bar: OpenBar | None = field(default=None, init=False, repr=False)
    _size: float = field(default=0.0, init=False, repr=False)

    def __post_init__(self) -> None:
        match self.spec:
            case TickBars(limit) | VolumeBars(limit) | ValueBars(limit):
                self._limit = float(limit)

    def update_from_trade(self, time: datetime, price: float, amount: float, value: float) -> Sequence[Bar]:
        """Take in a trade, and return the bar that it fills."""
        bar = self._bar
        if bar is None:
            bar = self._bar = OpenBar(time, price, price, price, price)
        bar.add_trade(price, amount, value)
        kind = type(self.spec)
        self._size += 1.0 if kind is TickBars else amount if kind is VolumeBars else value
        return NO_BARS if self._size < self._limit * _CLOSE_BY else self._closed(bar, time)

    def check(self, bar: Bar) -> None:
        """Check that a finer bar tells its size.

        Raises:
            MarketDataError: Its value is not known.
        """
        if type(self.spec) is ValueBars and bar.turnover is None:
            raise MarketDataError(
                "turnover of a bar is not known, expected bars that were built from trades: candles do not tell it"
            )

    def update_from_bar(self, bar: Bar, time: datetime) -> Sequence[Bar]:
        """Take in a finer bar, and return the bar that it fills.

        Args:
            bar: The finer bar.
            time: When it closed.
        """
        if bar.is_empty:
            return NO_BARS
        open_bar = self._bar
        if open_bar is None:
            open_bar = self._bar = OpenBar(bar.open_time, bar.open, bar.high, bar.low, bar.close)
        open_bar.add_bar(bar)
        kind = type(self.spec)
        self._size += bar.trade_count if kind is TickBars else bar.volume if kind is VolumeBars else bar.turnover or 0.0
        return NO_BARS if self._size < self._limit * _CLOSE_BY else self._closed(open_bar, time)

    def _closed(self, bar: OpenBar, time: datetime) -> Sequence[Bar]:
        closed = bar.closed(self.spec, time)
        kind = type(self.spec)
        size = closed.trade_count if kind is TickBars else closed.volume if kind is VolumeBars else closed.turnover
        if size is None or size < self._limit:
            return NO_BARS
        self._bar, self._size = None, 0.0
        return (closed,)
