"""Moving averages: simple, exponential, Wilder's, weighted."""

from __future__ import annotations

from dataclasses import dataclass, field

from barter_python.data.indicator.indicator import Ready
from barter_python.data.indicator.parameter import at_least
from barter_python.data.indicator.rolling import FirstMean, RollingLine, RollingSum

__all__ = ["Ema", "Rma", "Sma", "Wma"]


@dataclass(slots=True)
class Sma:
    """Simple moving average.

    Formula: sum of the last n values / n
    Source: TA-Lib SMA
    """

    length: int
    value: float | None = field(default=None, init=False)
    _sum: RollingSum = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._sum = RollingSum(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the average."""
        total = self._sum.update(value)
        if self._sum.is_full:
            self.value = total / self.length
        return self.value


@dataclass(slots=True)
class Ema:
    """Exponential moving average. It begins with the mean of the first n values.

    Formula: previous + 2 / (n + 1) x (value - previous)
    Source: TA-Lib EMA
    """

    length: int
    value: float | None = field(default=None, init=False)
    _first: FirstMean = field(init=False, repr=False)
    _weight: float = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._first = FirstMean(self.length)
        self._weight = 2.0 / (self.length + 1.0)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the average."""
        previous = self.value
        self.value = self._first.update(value) if previous is None else previous + self._weight * (value - previous)
        return self.value


@dataclass(slots=True)
class Rma:
    """Wilder's smoothed moving average. It begins with the mean of the first n values.

    Formula: previous + (value - previous) / n
    Source: TA-Lib RMA; J. W. Wilder, New Concepts in Technical Trading Systems (1978)
    """

    length: int
    value: float | None = field(default=None, init=False)
    _first: FirstMean = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._first = FirstMean(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the average."""
        previous = self.value
        self.value = self._first.update(value) if previous is None else previous + (value - previous) / self.length
        return self.value


@dataclass(slots=True)
class Wma:
    """Weighted moving average: the newest value counts n times, the oldest once.

    Formula: sum of weight x value / sum of weights, weights 1 to n from the oldest to the newest
    Source: TA-Lib WMA
    """

    length: int
    value: float | None = field(default=None, init=False)
    _line: RollingLine = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._line = RollingLine(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the average."""
        self._line.update(value)
        if self._line.is_full:
            self.value = self._line.weighted_mean
        return self.value
