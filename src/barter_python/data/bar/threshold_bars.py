"""Builds bars of a number of trades, of a volume, of a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from barter_python.data.bar.bar import Bar, exact
from barter_python.data.bar.open_bar import OpenBar
from barter_python.data.bar.spec import TickBars, ValueBars, VolumeBars
from barter_python.data.bar.time_bars import NO_BARS
from barter_python.errors import MarketDataError

__all__ = ["ThresholdBarBuilder", "ThresholdBars"]

ThresholdBars: TypeAlias = TickBars | VolumeBars | ValueBars


@dataclass(slots=True)
class ThresholdBarBuilder:
    """Bars of one size, in order of arrival: nothing comes late. A bar closes with the trade, or the finer bar, that fills it."""

    spec: ThresholdBars
    _limit: Decimal = field(init=False, repr=False)
    _bar: OpenBar | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        match self.spec:
            case TickBars(trades):
                self._limit = Decimal(trades)
            case VolumeBars(size) | ValueBars(size):
                self._limit = exact(float(size))

    def update_from_trade(self, time: datetime, price: float, amount: Decimal, value: Decimal) -> Sequence[Bar]:
        """Take in a trade, and return the bar that it fills."""
        bar = self._bar
        if bar is None:
            bar = self._bar = OpenBar.from_trade(time, price, amount, value)
        else:
            bar.add_trade(price, amount, value)
        return self._closed(bar, time)

    def check(self, bar: Bar) -> None:
        """Check that a finer bar tells its size.

        Raises:
            MarketDataError: Its value is not known.
        """
        if type(self.spec) is ValueBars and bar.turnover_exact is None:
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
            open_bar = self._bar = OpenBar.from_bar(bar.open_time, bar)
        else:
            open_bar.add_bar(bar)
        return self._closed(open_bar, time)

    def _closed(self, bar: OpenBar, time: datetime) -> Sequence[Bar]:
        spec = self.spec
        if type(spec) is TickBars:
            size: Decimal | int | None = bar.trade_count
        else:
            size = bar.volume if type(spec) is VolumeBars else bar.turnover
        if size is None or size < self._limit:
            return NO_BARS
        self._bar = None
        return (bar.closed(spec, time),)
