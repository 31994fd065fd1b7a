"""Returns and their volatility."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import log, sqrt

from barter_python.data.indicator.indicator import Ready
from barter_python.data.indicator.parameter import at_least, positive
from barter_python.data.indicator.rolling import RollingSum
from barter_python.errors import MarketDataError

__all__ = ["RealisedVolatility", "Returns", "check_prices"]


@dataclass(slots=True)
class Returns:
    """Return over n updates, as a fraction: 0.01 is one percent.

    Formula: price / price n updates ago - 1; where logarithmic, the natural logarithm of price / price n updates ago
    Source: TA-Lib ROCP
    """

    length: int = 1
    is_logarithmic: bool = False
    value: float | None = field(default=None, init=False)
    _prices: deque[float] = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._prices = deque(maxlen=self.length)

    def update(self, price: float, /) -> float | None:
        """Take in a price, and return the return.

        Raises:
            MarketDataError: The price is not positive.
        """
        check_prices(price)
        prices = self._prices
        if len(prices) == self.length:
            ratio = price / prices[0]
            self.value = log(ratio) if self.is_logarithmic else ratio - 1.0
        prices.append(price)
        return self.value


@dataclass(slots=True)
class RealisedVolatility:
    """Realised volatility: of n returns together or, with `periods_per_year`, scaled to a year.

    Formula: sqrt(sum of squared logarithmic returns), of a year sqrt(sum x periods_per_year / n)
    Source: T. Andersen, T. Bollerslev, Answering the Skeptics (1998)
    """

    length: int
    periods_per_year: float | None = None
    value: float | None = field(default=None, init=False)
    _return: Returns = field(init=False, repr=False)
    _squares: RollingSum = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        if self.periods_per_year is not None:
            positive(periods_per_year=self.periods_per_year)
        self._return, self._squares = Returns(is_logarithmic=True), RollingSum(self.length)

    def update(self, price: float, /) -> float | None:
        """Take in a price, and return the volatility.

        Raises:
            MarketDataError: The price is not positive.
        """
        change = self._return.update(price)
        if change is None:
            return None
        squares = self._squares.update(change * change)
        if self._squares.is_full:
            scale = 1.0 if self.periods_per_year is None else self.periods_per_year / self.length
            self.value = sqrt(squares * scale)
        return self.value


def check_prices(*prices: float) -> None:
    """Check prices of which returns are taken.

    Raises:
        MarketDataError: One is not positive.
    """
    for price in prices:
        if not 0.0 < price < float("inf"):
            raise MarketDataError(f"price is {price}, expected a positive number")
