"""Where a value stands within its latest range: stochastic oscillator, stochastic RSI, Williams %R."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from barter_python.data.indicator.average import Sma
from barter_python.data.indicator.extreme import RollingMax, RollingMin
from barter_python.data.indicator.indicator import Ohlcv, Ready
from barter_python.data.indicator.momentum import Rsi
from barter_python.data.indicator.parameter import at_least

__all__ = ["StochRsi", "Stochastic", "StochasticValue", "WilliamsR"]

_NO_RANGE: Final = 1e-12
"""A part of the highest value so small that it is rounding: an RSI that does not move leaves such a range."""


class StochasticValue(NamedTuple):
    """The two lines of a stochastic oscillator, each from 0 to 100."""

    k: float
    d: float


@dataclass(slots=True)
class Stochastic:
    """Stochastic oscillator. 0 counts where there is no range.

    Formula: k = SMA(smooth) of 100 x (close - lowest low) / (highest high - lowest low) over n bars; d = SMA(smooth_d) of k
    Source: TA-Lib STOCH, with smooth 1 STOCHF; G. Lane
    """

    length: int = 14
    smooth: int = 3
    smooth_d: int = 3
    value: StochasticValue | None = field(default=None, init=False)
    _highest: RollingMax = field(init=False, repr=False)
    _lowest: RollingMin = field(init=False, repr=False)
    _k: Sma = field(init=False, repr=False)
    _d: Sma = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length, smooth=self.smooth, smooth_d=self.smooth_d)
        self._highest, self._lowest = RollingMax(self.length), RollingMin(self.length)
        self._k, self._d = Sma(self.smooth), Sma(self.smooth_d)

    def update(self, bar: Ohlcv, /) -> StochasticValue | None:
        """Take in a bar, and return the lines."""
        return self.update_prices(bar.high, bar.low, bar.close)

    def update_prices(self, high: float, low: float, close: float) -> StochasticValue | None:
        """Take in the prices of a bar, and return the lines."""
        highest, lowest = self._highest.update(high), self._lowest.update(low)
        if self._highest.is_full:
            span = highest - lowest
            k = self._k.update(100.0 * (close - lowest) / span if span > _NO_RANGE * abs(highest) else 0.0)
            d = None if k is None else self._d.update(k)
            if k is not None and d is not None:
                self.value = StochasticValue(k, d)
        return self.value


@dataclass(slots=True)
class StochRsi:
    """Stochastic oscillator of the relative strength index.

    Formula: the stochastic oscillator of RSI(rsi_length) in place of high, low and close
    Source: TA-Lib STOCHRSI, which has smooth 1; T. Chande, S. Kroll (1994)
    """

    rsi_length: int = 14
    length: int = 14
    smooth: int = 3
    smooth_d: int = 3
    value: StochasticValue | None = field(default=None, init=False)
    _rsi: Rsi = field(init=False, repr=False)
    _stochastic: Stochastic = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, rsi_length=self.rsi_length)
        self._rsi = Rsi(self.rsi_length)
        self._stochastic = Stochastic(self.length, self.smooth, self.smooth_d)

    def update(self, value: float, /) -> StochasticValue | None:
        """Take in a value, and return the lines."""
        rsi = self._rsi.update(value)
        if rsi is not None:
            self.value = self._stochastic.update_prices(rsi, rsi, rsi)
        return self.value


@dataclass(slots=True)
class WilliamsR:
    """Williams %R, from -100 to 0. 0 where there is no range.

    Formula: -100 x (highest high - close) / (highest high - lowest low) over n bars
    Source: TA-Lib WILLR; L. Williams (1973)
    """

    length: int = 14
    value: float | None = field(default=None, init=False)
    _highest: RollingMax = field(init=False, repr=False)
    _lowest: RollingMin = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._highest, self._lowest = RollingMax(self.length), RollingMin(self.length)

    def update(self, bar: Ohlcv, /) -> float | None:
        """Take in a bar, and return the index."""
        highest, lowest = self._highest.update(bar.high), self._lowest.update(bar.low)
        if self._highest.is_full:
            span = highest - lowest
            self.value = -100.0 * (highest - bar.close) / span if span else 0.0
        return self.value
