"""Drawdowns: declines of a value from its peak. Rust origin: barter::statistic::metric::drawdown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from barter_python.numeric import ZERO, checked_div, in_money_context
from barter_python.statistic.algorithm import calculate_mean, calculate_mean_integer
from barter_python.timed import EPOCH, Timed

__all__ = [
    "Drawdown",
    "DrawdownGenerator",
    "MaxDrawdown",
    "MaxDrawdownGenerator",
    "MeanDrawdown",
    "MeanDrawdownGenerator",
]

_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(slots=True)
class Drawdown:
    """The deepest decline between a peak and its recovery.

    Attributes:
        value: Decline as a fraction of the peak (0.1 is ten percent).
        time_start: Of the peak, aware UTC.
        time_end: Of the recovery, or of the last value where it has not recovered.
    """

    value: Decimal = ZERO
    time_start: datetime = EPOCH
    time_end: datetime = EPOCH

    def duration(self) -> timedelta:
        """Time from peak to recovery."""
        return self.time_end - self.time_start


MaxDrawdown = Drawdown
"""The deepest of several drawdowns. Rust: a newtype around `Drawdown`."""


@dataclass(slots=True)
class DrawdownGenerator:
    """Finds drawdowns in a series of values.

    Attributes:
        peak: Highest value since the last recovery, None before the first value.
        drawdown_max: Deepest decline since the peak, as a fraction of it.
        time_peak: Of the peak.
        time_now: Of the last value.
    """

    peak: Decimal | None = None
    drawdown_max: Decimal = ZERO
    time_peak: datetime | None = None
    time_now: datetime = EPOCH

    @classmethod
    def init(cls, point: Timed[Decimal]) -> DrawdownGenerator:
        """Start with a first value."""
        return cls(point.value, ZERO, point.time, point.time)

    @in_money_context
    def update(self, point: Timed[Decimal]) -> Drawdown | None:
        """Take the next value; returns the drawdown that ends with it, if one does."""
        self.time_now = point.time
        if self.peak is None:
            self.peak, self.time_peak = point.value, point.time
            return None
        if point.value > self.peak:
            ended = self.generate()
            self.peak, self.time_peak, self.drawdown_max = point.value, point.time, ZERO
            return ended
        current = checked_div(self.peak - point.value, self.peak)
        if current is not None and current > self.drawdown_max:
            self.drawdown_max = current
        return None

    def generate(self) -> Drawdown | None:
        """The drawdown in progress, if there is one."""
        if self.time_peak is None or not self.drawdown_max:
            return None
        return Drawdown(self.drawdown_max, self.time_peak, self.time_now)


@dataclass(slots=True)
class MaxDrawdownGenerator:
    """Keeps the deepest drawdown."""

    max: Drawdown | None = None

    @classmethod
    def init(cls, drawdown: Drawdown) -> MaxDrawdownGenerator:
        """Start with a first drawdown."""
        return cls(drawdown)

    def update(self, next_drawdown: Drawdown) -> None:
        """Take the next drawdown."""
        if self.max is None or next_drawdown.value.copy_abs() > self.max.value.copy_abs():
            self.max = next_drawdown

    def generate(self) -> Drawdown | None:
        """The deepest so far, None before the first."""
        return self.max


@dataclass(slots=True)
class MeanDrawdown:
    """Mean of several drawdowns.

    Attributes:
        mean_drawdown: Mean decline as a fraction.
        mean_drawdown_ms: Mean duration in whole milliseconds.
    """

    mean_drawdown: Decimal = ZERO
    mean_drawdown_ms: int = 0


@dataclass(slots=True)
class MeanDrawdownGenerator:
    """Keeps the mean of all drawdowns."""

    count: int = 0
    mean_drawdown: MeanDrawdown | None = field(default=None)

    @classmethod
    def init(cls, drawdown: Drawdown) -> MeanDrawdownGenerator:
        """Start with a first drawdown."""
        return cls(1, MeanDrawdown(drawdown.value, _milliseconds(drawdown)))

    def update(self, next_drawdown: Drawdown) -> None:
        """Take the next drawdown."""
        self.count += 1
        mean, duration = self.mean_drawdown, _milliseconds(next_drawdown)
        if mean is None:
            self.mean_drawdown = MeanDrawdown(next_drawdown.value, duration)
            return
        self.mean_drawdown = MeanDrawdown(
            calculate_mean(mean.mean_drawdown, next_drawdown.value, Decimal(self.count)),
            calculate_mean_integer(mean.mean_drawdown_ms, duration, self.count),
        )

    def generate(self) -> MeanDrawdown | None:
        """The mean so far, None before the first."""
        return self.mean_drawdown


def _milliseconds(drawdown: Drawdown) -> int:
    """Duration in whole milliseconds, truncated towards zero as in Rust."""
    duration = drawdown.duration()
    milliseconds = abs(duration) // _MILLISECOND
    return milliseconds if duration >= timedelta() else -milliseconds
