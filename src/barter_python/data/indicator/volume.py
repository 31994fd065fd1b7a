"""Price and volume together: VWAP, VWMA, OBV, MFI, accumulation/distribution, Chaikin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from barter_python.data.indicator.indicator import Ohlcv, Ready
from barter_python.data.indicator.parameter import at_least
from barter_python.data.indicator.price import typical_price
from barter_python.data.indicator.rolling import CompensatedSum, RollingSum
from barter_python.errors import ConfigError

__all__ = ["AccumulationDistribution", "ChaikinMoneyFlow", "ChaikinOscillator", "Mfi", "Obv", "Vwap", "Vwma"]

_ROUNDING: Final = 1e-14
"""Two means of three prices that differ by no more than such a part of them are the same."""


@dataclass(slots=True)
class Vwap:
    """Volume-weighted average price of trades or bars since the start or the last `reset`. None before anything was traded.

    Formula: sum of price x volume / sum of volume
    Source: TA-Lib VWAP, with the typical price of bars
    """

    value: float | None = field(default=None, init=False)
    _paid: CompensatedSum = field(default_factory=CompensatedSum, init=False, repr=False)
    _volume: CompensatedSum = field(default_factory=CompensatedSum, init=False, repr=False)

    ready = Ready()

    def reset(self) -> None:
        """Begin anew, as at the start of a session."""
        self.value = None
        self._paid, self._volume = CompensatedSum(), CompensatedSum()

    def update(self, price: float, volume: float, /) -> float | None:
        """Take in a price and what was traded at it, and return the average."""
        paid, traded = self._paid.update(price * volume), self._volume.update(volume)
        if traded > 0.0:
            self.value = paid / traded
        return self.value


@dataclass(slots=True)
class Vwma:
    """Volume-weighted moving average of the last n trades or bars. None where none of them has volume.

    Formula: sum of price x volume / sum of volume, over n updates
    Source: TA-Lib VWMA
    """

    length: int
    value: float | None = field(default=None, init=False)
    _paid: RollingSum = field(init=False, repr=False)
    _volume: RollingSum = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._paid, self._volume = RollingSum(self.length), RollingSum(self.length)

    def update(self, price: float, volume: float, /) -> float | None:
        """Take in a price and what was traded at it, and return the average."""
        paid, traded = self._paid.update(price * volume), self._volume.update(volume)
        if self._volume.is_full:
            self.value = paid / traded if traded > 0.0 else None
        return self.value


@dataclass(slots=True)
class Obv:
    """On-balance volume, which begins with the first volume.

    Formula: previous + volume where the price has risen, previous - volume where it has fallen
    Source: TA-Lib OBV; J. Granville (1963)
    """

    value: float | None = field(default=None, init=False)
    _last: float = field(default=0.0, init=False, repr=False)
    _sum: CompensatedSum = field(default_factory=CompensatedSum, init=False, repr=False)

    ready = Ready()

    def update(self, price: float, volume: float, /) -> float | None:
        """Take in a price and what was traded at it, and return the balance."""
        if self.value is None or price > self._last:
            self.value = self._sum.update(volume)
        elif price < self._last:
            self.value = self._sum.update(-volume)
        self._last = price
        return self.value


@dataclass(slots=True)
class Mfi:
    """Money flow index, from 0 to 100. 0 where nothing has moved.

    Formula: 100 x rise / (rise + fall), the sums over n bars of p x volume where p has risen and where it has fallen;
        p = (high + low + close) / 3
    Source: TA-Lib MFI; G. Quong, A. Soudack (1989)
    """

    length: int = 14
    value: float | None = field(default=None, init=False)
    _last: float | None = field(default=None, init=False, repr=False)
    _rise: RollingSum = field(init=False, repr=False)
    _fall: RollingSum = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._rise, self._fall = RollingSum(self.length), RollingSum(self.length)

    def update(self, bar: Ohlcv, /) -> float | None:
        """Take in a bar, and return the index."""
        price = typical_price(bar)
        last, self._last = self._last, price
        if last is None:
            return None
        flow, still = price * bar.volume, _ROUNDING * (price + last)
        rise = self._rise.update(flow if price - last > still else 0.0)
        fall = self._fall.update(flow if last - price > still else 0.0)
        if self._rise.is_full:
            self.value = 100.0 * rise / (rise + fall) if rise + fall else 0.0
        return self.value


@dataclass(slots=True)
class AccumulationDistribution:
    """Accumulation/distribution line. A bar without a range adds nothing.

    Formula: previous + volume x ((close - low) - (high - close)) / (high - low)
    Source: TA-Lib AD; M. Chaikin
    """

    value: float | None = field(default=None, init=False)
    _sum: CompensatedSum = field(default_factory=CompensatedSum, init=False, repr=False)

    ready = Ready()

    def update(self, bar: Ohlcv, /) -> float:
        """Take in a bar, and return the line."""
        self.value = value = self._sum.update(_added(bar))
        return value


@dataclass(slots=True)
class ChaikinOscillator:
    """Chaikin's oscillator of the accumulation/distribution line. Both averages begin with its first value.

    Formula: EMA(fast) - EMA(slow) of the accumulation/distribution line
    Source: TA-Lib ADOSC; M. Chaikin
    """

    fast: int = 3
    slow: int = 10
    value: float | None = field(default=None, init=False)
    _updates: int = field(default=0, init=False, repr=False)
    _fast: float = field(default=0.0, init=False, repr=False)
    _slow: float = field(default=0.0, init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, fast=self.fast, slow=self.slow)
        if self.fast >= self.slow:
            raise ConfigError(f"fast is {self.fast}, expected less than slow, which is {self.slow}")

    def update(self, bar: Ohlcv, /) -> float | None:
        """Take in a bar, and return the oscillator."""
        if self._updates:
            # Kept are the distances of both averages to the line: it may have gone far, and they have not.
            added = _added(bar)
            self._fast = (1.0 - 2.0 / (self.fast + 1.0)) * (self._fast - added)
            self._slow = (1.0 - 2.0 / (self.slow + 1.0)) * (self._slow - added)
        self._updates += 1
        if self._updates >= self.slow:
            self.value = self._fast - self._slow
        return self.value


@dataclass(slots=True)
class ChaikinMoneyFlow:
    """Chaikin's money flow, from -1 to 1. 0 where nothing was traded.

    Formula: sum of volume x ((close - low) - (high - close)) / (high - low) over n bars / sum of volume
    Source: TA-Lib CMF; M. Chaikin
    """

    length: int = 20
    value: float | None = field(default=None, init=False)
    _bought: RollingSum = field(init=False, repr=False)
    _volume: RollingSum = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._bought, self._volume = RollingSum(self.length), RollingSum(self.length)

    def update(self, bar: Ohlcv, /) -> float | None:
        """Take in a bar, and return the flow."""
        bought, volume = self._bought.update(_closing_share(bar) * bar.volume), self._volume.update(bar.volume)
        if self._volume.is_full:
            self.value = 2.0 * bought / volume - 1.0 if volume > 0.0 else 0.0
        return self.value


def _added(bar: Ohlcv) -> float:
    """What a bar adds to the accumulation/distribution line."""
    return bar.volume * (2.0 * _closing_share(bar) - 1.0)


def _closing_share(bar: Ohlcv) -> float:
    """Where in its range the bar has closed: 0 at the low, 1 at the high, 0.5 without a range."""
    span = bar.high - bar.low
    return (bar.close - bar.low) / span if span > 0.0 else 0.5
