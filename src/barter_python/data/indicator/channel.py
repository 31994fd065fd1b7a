"""Bands around the price: Bollinger, Keltner, Donchian."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

from barter_python.data.indicator.average import Ema
from barter_python.data.indicator.extreme import RollingMax, RollingMin
from barter_python.data.indicator.indicator import Ohlcv, Ready
from barter_python.data.indicator.parameter import at_least, positive
from barter_python.data.indicator.price import typical_price
from barter_python.data.indicator.rolling import RollingMoments
from barter_python.data.indicator.volatility import Atr

__all__ = ["BollingerBands", "ChannelValue", "DonchianChannel", "KeltnerChannel"]


class ChannelValue(NamedTuple):
    """The lines of a channel, in the unit of the values."""

    upper: float
    middle: float
    lower: float


@dataclass(slots=True)
class BollingerBands:
    """Bollinger bands.

    Formula: middle = SMA(n); upper, lower = middle +- multiplier x population standard deviation over n
    Source: TA-Lib BBANDS; J. Bollinger
    """

    length: int = 20
    multiplier: float = 2.0
    value: ChannelValue | None = field(default=None, init=False)
    _moments: RollingMoments = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        positive(multiplier=self.multiplier)
        self._moments = RollingMoments(self.length)

    def update(self, value: float, /) -> ChannelValue | None:
        """Take in a value, and return the bands."""
        moments = self._moments
        moments.update(value)
        if moments.is_full:
            middle, width = moments.mean, self.multiplier * sqrt(moments.variance)
            self.value = ChannelValue(middle + width, middle, middle - width)
        return self.value


@dataclass(slots=True)
class KeltnerChannel:
    """Keltner channel.

    Formula: middle = EMA(n) of (high + low + close) / 3; upper, lower = middle +- multiplier x ATR(atr_length)
    Source: TA-Lib KC, whose ATR begins when the average does, so that the two agree after warm-up; C. Keltner, L. Raschke
    """

    length: int = 20
    atr_length: int = 10
    multiplier: float = 2.0
    value: ChannelValue | None = field(default=None, init=False)
    _average: Ema = field(init=False, repr=False)
    _atr: Atr = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length, atr_length=self.atr_length)
        positive(multiplier=self.multiplier)
        self._average, self._atr = Ema(self.length), Atr(self.atr_length)

    def update(self, bar: Ohlcv, /) -> ChannelValue | None:
        """Take in a bar, and return the channel."""
        middle, atr = self._average.update(typical_price(bar)), self._atr.update(bar)
        if middle is not None and atr is not None:
            width = self.multiplier * atr
            self.value = ChannelValue(middle + width, middle, middle - width)
        return self.value


@dataclass(slots=True)
class DonchianChannel:
    """Donchian channel. The latest bar is part of it: a breakout is one of the value before the update.

    Formula: upper = highest high, lower = lowest low over n bars; middle = (upper + lower) / 2
    Source: TA-Lib DONCHIAN; R. Donchian
    """

    length: int = 20
    value: ChannelValue | None = field(default=None, init=False)
    _highest: RollingMax = field(init=False, repr=False)
    _lowest: RollingMin = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._highest, self._lowest = RollingMax(self.length), RollingMin(self.length)

    def update(self, bar: Ohlcv, /) -> ChannelValue | None:
        """Take in a bar, and return the channel."""
        upper, lower = self._highest.update(bar.high), self._lowest.update(bar.low)
        if self._highest.is_full:
            self.value = ChannelValue(upper, (upper + lower) / 2.0, lower)
        return self.value
