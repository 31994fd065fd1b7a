"""A bar that is being built. Nothing but its builder sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, Inexact
from typing import Final

from barter_python.data.bar.bar import Bar
from barter_python.data.bar.spec import BarSpec

__all__ = ["EXACT", "OpenBar"]

EXACT: Final = Context(prec=2_000, traps=[Inexact])
"""Adds and multiplies floats written as decimals without rounding: products of the widest have less than 1,400 digits."""


@dataclass(slots=True)
class OpenBar:
    """What has been traded since a bar began.

    Attributes:
        open_time: Of the bar.
        volume: Sum of amounts.
        turnover: Sum of price times amount, None where it is not known of all parts.
    """

    open_time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: Decimal
    turnover: Decimal | None
    trade_count: int

    @classmethod
    def from_trade(cls, open_time: datetime, price: float, amount: Decimal, value: Decimal) -> OpenBar:
        """Begin with a trade."""
        return cls(open_time, price, price, price, price, amount, value, 1)

    @classmethod
    def from_bar(cls, open_time: datetime, bar: Bar) -> OpenBar:
        """Begin with a finer bar."""
        return cls(open_time, bar.open, bar.high, bar.low, bar.close, bar.volume_exact, bar.turnover_exact, bar.trade_count)

    def add_trade(self, price: float, amount: Decimal, value: Decimal) -> None:
        """Add a trade."""
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.close = price
        self.volume = EXACT.add(self.volume, amount)
        if self.turnover is not None:
            self.turnover = EXACT.add(self.turnover, value)
        self.trade_count += 1

    def add_bar(self, bar: Bar) -> None:
        """Add a finer bar that follows."""
        self.high = max(self.high, bar.high)
        self.low = min(self.low, bar.low)
        self.close = bar.close
        self.volume = EXACT.add(self.volume, bar.volume_exact)
        turnover, more = self.turnover, bar.turnover_exact
        self.turnover = None if turnover is None or more is None else EXACT.add(turnover, more)
        self.trade_count += bar.trade_count

    def closed(self, spec: BarSpec, close_time: datetime) -> Bar:
        """The bar, now that it is complete."""
        return Bar(
            spec,
            self.open_time,
            close_time,
            self.open,
            self.high,
            self.low,
            self.close,
            self.volume,
            self.turnover,
            self.trade_count,
        )
