"""Shapes of prices: Heikin-Ashi bars, pivot highs and lows."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from barter_python.data.indicator.extreme import RollingMax
from barter_python.data.indicator.indicator import Ohlcv, Ready
from barter_python.data.indicator.parameter import at_least

__all__ = ["HeikinAshi", "HeikinAshiValue", "PivotHigh", "PivotLow"]


class HeikinAshiValue(NamedTuple):
    """A Heikin-Ashi bar: its prices are averages, at which nothing can be traded. It may feed what is fed by bars."""

    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(slots=True)
class HeikinAshi:
    """Heikin-Ashi bars. The first opens in the middle of its body.

    Formula: close = (open + high + low + close) / 4; open = middle of the body of the Heikin-Ashi bar before;
        high and low are the extremes of the bar's and of these
    Source: TA-Lib HA; D. Valcu (2004)
    """

    value: HeikinAshiValue | None = field(default=None, init=False)

    ready = Ready()

    def update(self, bar: Ohlcv, /) -> HeikinAshiValue | None:
        """Take in a bar, and return the Heikin-Ashi bar."""
        before = self.value
        body = (bar.open + bar.close) if before is None else (before.open + before.close)
        open_, close = body / 2.0, (bar.open + bar.high + bar.low + bar.close) / 4.0
        self.value = HeikinAshiValue(open_, max(bar.high, open_, close), min(bar.low, open_, close), close, bar.volume)
        return self.value


@dataclass(slots=True)
class PivotHigh:
    """The latest value higher than the `left` values before it and the `right` values after it, which it takes to be known.

    Formula: value > each of the `left` before it and the `right` after it
    Source: TA-Lib FRACTAL; B. Williams

    Attributes:
        is_new: Whether the latest update has shown it: it is `right` updates old then.
    """

    left: int = 2
    right: int = 2
    value: float | None = field(default=None, init=False)
    is_new: bool = field(default=False, init=False)
    _earlier: RollingMax = field(init=False, repr=False)
    _later: RollingMax = field(init=False, repr=False)
    _waiting: deque[float] = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, left=self.left, right=self.right)
        self._earlier, self._later = RollingMax(self.left), RollingMax(self.right)
        self._waiting = deque(maxlen=self.right)

    def update(self, value: float, /) -> float | None:
        """Take in a value, for example the high of a bar, and return the latest pivot."""
        self.is_new = False
        later = self._later.update(value)
        waiting = self._waiting
        if len(waiting) == self.right:
            candidate = waiting[0]
            if self._earlier.is_full and candidate > self._earlier.greatest and candidate > later:
                self.value, self.is_new = candidate, True
            self._earlier.update(candidate)
        waiting.append(value)
        return self.value


@dataclass(slots=True)
class PivotLow:
    """The latest value lower than the `left` values before it and the `right` values after it, which it takes to be known.

    Formula: value < each of the `left` before it and the `right` after it
    Source: TA-Lib FRACTAL; B. Williams
    """

    left: int = 2
    right: int = 2
    value: float | None = field(default=None, init=False)
    _negated: PivotHigh = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        self._negated = PivotHigh(self.left, self.right)

    @property
    def is_new(self) -> bool:
        """Whether the latest update has shown it: it is `right` updates old then."""
        return self._negated.is_new

    def update(self, value: float, /) -> float | None:
        """Take in a value, for example the low of a bar, and return the latest pivot."""
        pivot = self._negated.update(-value)
        self.value = None if pivot is None else -pivot
        return self.value
