"""Two series beside each other: correlation, beta."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from math import sqrt
from typing import Final, TypeAlias

from barter_python.data.indicator.indicator import Ready
from barter_python.data.indicator.parameter import at_least
from barter_python.data.indicator.returns import Returns, check_prices

__all__ = ["Beta", "Correlation"]

_Sums: TypeAlias = tuple[float, float, float, float, float]
"""Of x, y, x^2, y^2, xy."""
_NOTHING: Final = (0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(slots=True)
class Correlation:
    """Pearson's correlation of two series over n updates, from -1 to 1. 0 where one of them does not move.

    Formula: covariance / (standard deviation x standard deviation)
    Source: TA-Lib CORREL
    """

    length: int
    value: float | None = field(default=None, init=False)
    _pair: _RollingPair = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._pair = _RollingPair(self.length)

    def update(self, value: float, other: float, /) -> float | None:
        """Take in a value of each series, and return the correlation."""
        pair = self._pair
        pair.update(value, other)
        if pair.is_full:
            spread = sqrt(pair.first_variance * pair.second_variance)
            self.value = max(-1.0, min(1.0, pair.covariance / spread)) if spread else 0.0
        return self.value


@dataclass(slots=True)
class Beta:
    """How much a price moves with the market, by n returns of each. 0 where the market does not move.

    Formula: covariance of the returns / variance of the market's returns
    Source: TA-Lib BETA, whose first series is the market
    """

    length: int
    value: float | None = field(default=None, init=False)
    _pair: _RollingPair = field(init=False, repr=False)
    _return: Returns = field(default_factory=Returns, init=False, repr=False)
    _market_return: Returns = field(default_factory=Returns, init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._pair = _RollingPair(self.length)

    def update(self, price: float, market: float, /) -> float | None:
        """Take in the price and that of the market, and return the beta.

        Raises:
            MarketDataError: One of them is not positive.
        """
        check_prices(price, market)
        change, market_change = self._return.update(price), self._market_return.update(market)
        if change is None or market_change is None:
            return None
        pair = self._pair
        pair.update(change, market_change)
        if pair.is_full:
            variance = pair.second_variance
            self.value = pair.covariance / variance if variance else 0.0
        return self.value


@dataclass(slots=True)
class _RollingPair:
    """Variances and covariance of the last `length` values of two series. See `rolling` for how they are kept."""

    length: int
    first_variance: float = field(default=0.0, init=False)
    second_variance: float = field(default=0.0, init=False)
    covariance: float = field(default=0.0, init=False)
    is_full: bool = field(default=False, init=False)
    _block: list[tuple[float, float]] = field(default_factory=list, init=False, repr=False)
    _origin: tuple[float, float] = field(default=(0.0, 0.0), init=False, repr=False)
    _earlier: list[_Sums] = field(default_factory=list, init=False, repr=False)
    _recent: _Sums = field(default=_NOTHING, init=False, repr=False)

    def update(self, first: float, second: float) -> None:
        self._block.append((first, second))
        if not self._earlier:
            if len(self._block) == self.length:
                self._begin_block()
            return
        self._recent = _added(self._recent, self._distances((first, second)))
        self._evaluate(_added(self._earlier.pop(), self._recent))

    def _distances(self, pair: tuple[float, float]) -> _Sums:
        x, y = pair[0] - self._origin[0], pair[1] - self._origin[1]
        return (x, y, x * x, y * y, x * y)

    def _begin_block(self) -> None:
        self.is_full = True
        self._origin = self._block[-1]
        self._earlier = list(accumulate(map(self._distances, reversed(self._block)), _added))
        self._block = []
        self._recent = _NOTHING
        self._evaluate(self._earlier.pop())

    def _evaluate(self, sums: _Sums) -> None:
        length = self.length
        x, y = sums[0] / length, sums[1] / length
        self.first_variance = max(0.0, sums[2] / length - x * x)
        self.second_variance = max(0.0, sums[3] / length - y * y)
        self.covariance = sums[4] / length - x * y


def _added(left: _Sums, right: _Sums) -> _Sums:
    return (left[0] + right[0], left[1] + right[1], left[2] + right[2], left[3] + right[3], left[4] + right[4])
