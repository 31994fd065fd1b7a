"""The spread of values and their line: standard deviation, z-score, linear regression."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

from barter_python.data.indicator.indicator import Ready
from barter_python.data.indicator.parameter import at_least
from barter_python.data.indicator.rolling import RollingLine, RollingMoments

__all__ = ["LinearRegression", "LinearRegressionValue", "StandardDeviation", "ZScore"]


@dataclass(slots=True)
class StandardDeviation:
    """Standard deviation of the population: of the last n values.

    Formula: sqrt(mean of (value - mean)^2)
    Source: TA-Lib STDDEV
    """

    length: int
    value: float | None = field(default=None, init=False)
    _moments: RollingMoments = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._moments = RollingMoments(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the deviation."""
        self._moments.update(value)
        if self._moments.is_full:
            self.value = sqrt(self._moments.variance)
        return self.value


@dataclass(slots=True)
class ZScore:
    """Distance to the mean in standard deviations. 0 where there is no deviation.

    Formula: (value - mean) / population standard deviation, over the last n values
    Source: the standard score of statistics
    """

    length: int
    value: float | None = field(default=None, init=False)
    _moments: RollingMoments = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._moments = RollingMoments(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return its score."""
        moments = self._moments
        moments.update(value)
        if moments.is_full:
            deviation = sqrt(moments.variance)
            self.value = (value - moments.mean) / deviation if deviation else 0.0
        return self.value


class LinearRegressionValue(NamedTuple):
    """A line of least squares.

    Attributes:
        end: Its value at the latest update.
        slope: Its rise for each update.
        start: Its value at the oldest update, which TA-Lib calls the intercept.
    """

    end: float
    slope: float
    start: float


@dataclass(slots=True)
class LinearRegression:
    """Line of least squares through the last n values.

    Formula: slope = sum of (x - mean x)(y - mean y) / sum of (x - mean x)^2, x = 0 to n - 1; start = mean y - slope x mean x
    Source: TA-Lib LINEARREG, LINEARREG_SLOPE, LINEARREG_INTERCEPT
    """

    length: int
    value: LinearRegressionValue | None = field(default=None, init=False)
    _line: RollingLine = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._line = RollingLine(self.length)

    def update(self, value: float, /) -> LinearRegressionValue | None:
        """Take in a value, and return the line."""
        line = self._line
        line.update(value)
        if line.is_full:
            slope = line.slope()
            half = slope * (self.length - 1) / 2.0
            self.value = LinearRegressionValue(line.mean + half, slope, line.mean - half)
        return self.value
