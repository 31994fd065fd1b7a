"""A bar that is being built. Nothing but its builder sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from barter_python.data.bar.bar import Bar
from barter_python.data.bar.exact_sum import TERMS_MAX, folded, rest, total
from barter_python.data.bar.spec import BarSpec

__all__ = ["OpenBar"]


@dataclass(slots=True)
class OpenBar:
    """What has been traded since a bar began. The first trade, or the first finer bar, is added like all others.

    Attributes:
        open_time: Of the bar.
        amounts: Terms of the volume.
        values: Terms of the turnover, None where it is not known of all parts.
    """

    open_time: datetime
    open: float
    high: float
    low: float
    close: float
    amounts: list[float] = field(default_factory=list)
    values: list[float] | None = field(default_factory=list)
    trade_count: int = 0

    def add_trade(self, price: float, amount: float, value: float) -> None:
        """Add a trade."""
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.close = price
        self.trade_count += 1
        self.amounts.append(amount)
        if self.values is not None:
            self.values.append(value)
        if len(self.amounts) > TERMS_MAX:
            self._fold()

    def add_bar(self, bar: Bar) -> None:
        """Add a finer bar that follows."""
        self.high = max(self.high, bar.high)
        self.low = min(self.low, bar.low)
        self.close = bar.close
        self.trade_count += bar.trade_count
        self.amounts += (bar.volume, bar.volume_rest)
        if bar.turnover is None:
            self.values = None
        elif self.values is not None:
            self.values += (bar.turnover, bar.turnover_rest)
        if len(self.amounts) > TERMS_MAX:
            self._fold()

    def closed(self, spec: BarSpec, close_time: datetime) -> Bar:
        """The bar, now that it is complete."""
        values = self.values
        return Bar(
            spec,
            self.open_time,
            close_time,
            self.open,
            self.high,
            self.low,
            self.close,
            total(self.amounts),
            None if values is None else total(values),
            self.trade_count,
            rest(self.amounts),
            0.0 if values is None else rest(values),
        )

    def _fold(self) -> None:
        self.amounts = folded(self.amounts)
        if self.values is not None:
            self.values = folded(self.values)
