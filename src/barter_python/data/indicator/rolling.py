"""Sums over the last values of a series, from which indicators are made.

A sum that is kept up by adding the new value and subtracting the oldest collects the rounding of all updates. Here nothing is
ever subtracted. The window is the end of one block of `length` values and the beginning of the next: its sum is that of the end,
looked up among those computed when the block was complete, and that of the beginning, to which each update adds. So the rounding
is that of `length` additions however long the series is, an update costs the same on average whatever the length, and a sum of
zeros is exactly zero.

Sums whose purpose is a difference (a variance, a slope) are of distances to an origin, so that the digits that count are not lost
among those that all values share. The origin is the last value of the block before, which is always part of the window: whatever
the values have done, its distances are no greater than their range.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

__all__ = ["CompensatedSum", "FirstMean", "RollingLine", "RollingMoments", "RollingSum"]


@dataclass(slots=True)
class RollingSum:
    """Sum of the last `length` values.

    Attributes:
        total: The sum of all values so far until there are `length`.
        is_full: Whether there are.
    """

    length: int
    total: float = field(default=0.0, init=False)
    is_full: bool = field(default=False, init=False)
    _earlier: list[float] = field(default_factory=list, init=False, repr=False)
    _block: list[float] = field(default_factory=list, init=False, repr=False)
    _recent: float = field(default=0.0, init=False, repr=False)

    def update(self, value: float) -> float:
        """Take in a value, and return the sum."""
        self._block.append(value)
        self._recent += value
        self.total = self._earlier.pop() + self._recent if self._earlier else self._recent
        if len(self._block) == self.length:
            self.is_full = True
            self._earlier = list(accumulate(reversed(self._block)))
            self.total = self._earlier.pop()
            self._block = []
            self._recent = 0.0
        return self.total


@dataclass(slots=True)
class RollingMoments:
    """Mean and variance of the last `length` values.

    Attributes:
        mean: The mean.
        variance: The population variance: divided by the number of values.
        is_full: Whether there are `length` values. Before, the mean and the variance have no meaning.
    """

    length: int
    mean: float = field(default=0.0, init=False)
    variance: float = field(default=0.0, init=False)
    is_full: bool = field(default=False, init=False)
    _block: list[float] = field(default_factory=list, init=False, repr=False)
    _origin: float = field(default=0.0, init=False, repr=False)
    _earlier: list[tuple[float, float]] = field(default_factory=list, init=False, repr=False)
    _recent: float = field(default=0.0, init=False, repr=False)
    _recent_squares: float = field(default=0.0, init=False, repr=False)

    def update(self, value: float) -> None:
        """Take in a value."""
        self._block.append(value)
        if not self._earlier:
            if len(self._block) == self.length:
                self._begin_block()
            return
        distance = value - self._origin
        self._recent += distance
        self._recent_squares += distance * distance
        total, squares = self._earlier.pop()
        self._evaluate(total + self._recent, squares + self._recent_squares)

    def _begin_block(self) -> None:
        """Measure from the newest value: where nothing moves, all distances are exactly 0."""
        self.is_full = True
        self._origin = origin = self._block[-1]
        distances = [value - origin for value in reversed(self._block)]
        squares = [distance * distance for distance in distances]
        self._earlier = list(zip(accumulate(distances), accumulate(squares), strict=True))
        self._block = []
        self._recent = self._recent_squares = 0.0
        self._evaluate(*self._earlier.pop())

    def _evaluate(self, total: float, squares: float) -> None:
        mean = total / self.length
        self.mean = self._origin + mean
        self.variance = max(0.0, squares / self.length - mean * mean)


@dataclass(slots=True)
class RollingLine:
    """The last `length` values weighted by their age: sums that give weighted averages and lines of regression.

    Attributes:
        mean: The mean.
        weighted_mean: The mean with the weights 1 for the oldest to `length` for the newest.
        is_full: Whether there are `length` values. Before, the means have no meaning.
    """

    length: int
    mean: float = field(default=0.0, init=False)
    weighted_mean: float = field(default=0.0, init=False)
    is_full: bool = field(default=False, init=False)
    _block: list[float] = field(default_factory=list, init=False, repr=False)
    _origin: float = field(default=0.0, init=False, repr=False)
    _earlier: list[tuple[float, float]] = field(default_factory=list, init=False, repr=False)
    _recent: float = field(default=0.0, init=False, repr=False)
    _recent_weighted: float = field(default=0.0, init=False, repr=False)

    def update(self, value: float) -> None:
        """Take in a value."""
        self._block.append(value)
        if not self._earlier:
            if len(self._block) == self.length:
                self._begin_block()
            return
        age = len(self._block)
        distance = value - self._origin
        self._recent += distance
        self._recent_weighted += age * distance
        total, weighted = self._earlier.pop()
        self._evaluate(total + self._recent, weighted + (self.length - age) * self._recent + self._recent_weighted)

    def slope(self) -> float:
        """Rise of the line of least squares, for each update."""
        return 6.0 * (self.weighted_mean - self.mean) / (self.length - 1.0)

    def _begin_block(self) -> None:
        """Measure from the newest value: where nothing moves, all distances are exactly 0."""
        self.is_full = True
        self._origin = origin = self._block[-1]
        totals = list(accumulate(value - origin for value in reversed(self._block)))
        # One more value before the others moves all their weights up by one: the weighted sums are sums of the sums.
        self._earlier = list(zip(totals, accumulate(totals), strict=True))
        self._block = []
        self._recent = self._recent_weighted = 0.0
        self._evaluate(*self._earlier.pop())

    def _evaluate(self, total: float, weighted: float) -> None:
        self.mean = self._origin + total / self.length
        self.weighted_mean = self._origin + 2.0 * weighted / (self.length * (self.length + 1.0))


@dataclass(slots=True)
class FirstMean:
    """Mean of the first `length` values, with which recursive averages begin."""

    length: int
    _total: float = field(default=0.0, init=False, repr=False)
    _updates: int = field(default=0, init=False, repr=False)

    def update(self, value: float) -> float | None:
        """Take in a value, and return the mean with the last of them."""
        self._total += value
        self._updates += 1
        return self._total / self.length if self._updates == self.length else None


@dataclass(slots=True)
class CompensatedSum:
    """Sum of all values; what its additions round off is kept aside and added last.

    Source: A. Neumaier (1974)
    """

    total: float = field(default=0.0, init=False)
    _sum: float = field(default=0.0, init=False, repr=False)
    _rest: float = field(default=0.0, init=False, repr=False)

    def update(self, value: float) -> float:
        """Take in a value, and return the sum."""
        before = self._sum
        self._sum = total = before + value
        self._rest += (before - total) + value if abs(before) >= abs(value) else (value - total) + before
        self.total = total + self._rest
        return self.total
