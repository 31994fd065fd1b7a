"""How far and how fast values have moved: momentum, rate of change, RSI, MACD, CCI."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import fsum
from typing import NamedTuple

from barter_python.data.indicator.average import Ema, Rma
from barter_python.data.indicator.indicator import Ohlcv, Ready
from barter_python.data.indicator.parameter import at_least
from barter_python.data.indicator.price import typical_price
from barter_python.data.indicator.rolling import RollingSum
from barter_python.errors import ConfigError

__all__ = ["Cci", "Macd", "MacdValue", "Momentum", "Roc", "Rsi"]


@dataclass(slots=True)
class Momentum:
    """Change over n updates.

    Formula: value - value n updates ago
    Source: TA-Lib MOM
    """

    length: int
    value: float | None = field(default=None, init=False)
    _values: deque[float] = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._values = deque(maxlen=self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the change."""
        values = self._values
        if len(values) == self.length:
            self.value = value - values[0]
        values.append(value)
        return self.value


@dataclass(slots=True)
class Roc:
    """Rate of change over n updates, in percent. 0 where the earlier value is 0.

    Formula: 100 x (value / value n updates ago - 1)
    Source: TA-Lib ROC
    """

    length: int
    value: float | None = field(default=None, init=False)
    _values: deque[float] = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._values = deque(maxlen=self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the rate."""
        values = self._values
        if len(values) == self.length:
            earlier = values[0]
            self.value = 100.0 * (value / earlier - 1.0) if earlier else 0.0
        values.append(value)
        return self.value


@dataclass(slots=True)
class Rsi:
    """Relative strength index, from 0 to 100. 0 where nothing has moved.

    Formula: 100 x gain / (gain + loss), each the RMA(n) of the rises and of the falls from value to value
    Source: TA-Lib RSI; J. W. Wilder (1978)
    """

    length: int = 14
    value: float | None = field(default=None, init=False)
    _last: float | None = field(default=None, init=False, repr=False)
    _gain: Rma = field(init=False, repr=False)
    _loss: Rma = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._gain, self._loss = Rma(self.length), Rma(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the index."""
        last, self._last = self._last, value
        if last is None:
            return None
        change = value - last
        gain = self._gain.update(change if change > 0.0 else 0.0)
        loss = self._loss.update(-change if change < 0.0 else 0.0)
        if gain is not None and loss is not None:
            moved = gain + loss
            self.value = 100.0 * gain / moved if moved > 0.0 else 0.0
        return self.value


class MacdValue(NamedTuple):
    """The lines of a MACD, in the unit of the values."""

    macd: float
    signal: float
    histogram: float


@dataclass(slots=True)
class Macd:
    """Moving average convergence/divergence.

    Formula: macd = EMA(fast) - EMA(slow), both begun with the value that makes the slow one ready; signal = EMA(smooth) of macd;
        histogram = macd - signal
    Source: TA-Lib MACD; G. Appel (1979)
    """

    fast: int = 12
    slow: int = 26
    smooth: int = 9
    value: MacdValue | None = field(default=None, init=False)
    _skip: int = field(init=False, repr=False)
    _fast: Ema = field(init=False, repr=False)
    _slow: Ema = field(init=False, repr=False)
    _signal: Ema = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, fast=self.fast, slow=self.slow, smooth=self.smooth)
        if self.fast >= self.slow:
            raise ConfigError(f"fast is {self.fast}, expected less than slow, which is {self.slow}")
        self._skip = self.slow - self.fast
        self._fast, self._slow, self._signal = Ema(self.fast), Ema(self.slow), Ema(self.smooth)

    def update(self, value: float, /) -> MacdValue | None:
        """Take in a value, and return the lines."""
        slow = self._slow.update(value)
        if self._skip:
            self._skip -= 1
            return None
        fast = self._fast.update(value)
        if fast is not None and slow is not None:
            macd = fast - slow
            signal = self._signal.update(macd)
            if signal is not None:
                self.value = MacdValue(macd, signal, macd - signal)
        return self.value


@dataclass(slots=True)
class Cci:
    """Commodity channel index. 0 where nothing has moved. An update costs more the greater n is: the deviations are all summed.

    Formula: (p - mean of p) / (0.015 x mean of |p - mean of p|) over n bars, p = (high + low + close) / 3
    Source: TA-Lib CCI; D. Lambert (1980)
    """

    length: int = 20
    value: float | None = field(default=None, init=False)
    _prices: deque[float] = field(init=False, repr=False)
    _sum: RollingSum = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._prices = deque(maxlen=self.length)
        self._sum = RollingSum(self.length)

    def update(self, bar: Ohlcv, /) -> float | None:
        """Take in a bar, and return the index."""
        price = typical_price(bar)
        self._prices.append(price)
        mean = self._sum.update(price) / self.length
        if self._sum.is_full:
            deviation = fsum([abs(known - mean) for known in self._prices]) / self.length
            self.value = (price - mean) / (0.015 * deviation) if deviation > 1e-14 * abs(mean) else 0.0
        return self.value
