"""Moving averages that follow the values faster: double and triple exponential, Hull's, Kaufman's."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import isqrt

from barter_python.data.indicator.average import Ema, Wma
from barter_python.data.indicator.indicator import Ready
from barter_python.data.indicator.parameter import at_least
from barter_python.data.indicator.rolling import RollingSum

__all__ = ["Dema", "Hma", "Kama", "Tema"]


@dataclass(slots=True)
class Dema:
    """Double exponential moving average.

    Formula: 2 x e1 - e2, where e1 = EMA(n) of the values, e2 = EMA(n) of e1
    Source: TA-Lib DEMA; P. Mulloy (1994)
    """

    length: int
    value: float | None = field(default=None, init=False)
    _once: Ema = field(init=False, repr=False)
    _twice: Ema = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._once, self._twice = Ema(self.length), Ema(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the average."""
        once = self._once.update(value)
        twice = None if once is None else self._twice.update(once)
        if once is not None and twice is not None:
            self.value = 2.0 * once - twice
        return self.value


@dataclass(slots=True)
class Tema:
    """Triple exponential moving average.

    Formula: 3 x e1 - 3 x e2 + e3, each the EMA(n) of the one before
    Source: TA-Lib TEMA; P. Mulloy (1994)
    """

    length: int
    value: float | None = field(default=None, init=False)
    _once: Ema = field(init=False, repr=False)
    _twice: Ema = field(init=False, repr=False)
    _thrice: Ema = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._once, self._twice, self._thrice = Ema(self.length), Ema(self.length), Ema(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the average."""
        once = self._once.update(value)
        twice = None if once is None else self._twice.update(once)
        thrice = None if twice is None else self._thrice.update(twice)
        if once is not None and twice is not None and thrice is not None:
            self.value = 3.0 * once - 3.0 * twice + thrice
        return self.value


@dataclass(slots=True)
class Hma:
    """Hull's moving average.

    Formula: WMA(floor(sqrt n)) of 2 x WMA(floor(n / 2)) - WMA(n)
    Source: TA-Lib HMA; A. Hull (2005)
    """

    length: int
    value: float | None = field(default=None, init=False)
    _half: Wma = field(init=False, repr=False)
    _full: Wma = field(init=False, repr=False)
    _smooth: Wma = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._half, self._full, self._smooth = Wma(self.length // 2), Wma(self.length), Wma(isqrt(self.length))

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the average."""
        half, full = self._half.update(value), self._full.update(value)
        if half is not None and full is not None:
            self.value = self._smooth.update(2.0 * half - full)
        return self.value


@dataclass(slots=True)
class Kama:
    """Kaufman's adaptive moving average: as fast as EMA(2) in a trend, as slow as EMA(30) without one.

    Formula: previous + c^2 x (value - previous); c = e x (2/3 - 2/31) + 2/31; e = |change over n| / sum of the n single changes
    Source: TA-Lib KAMA; P. J. Kaufman, Smarter Trading (1995)
    """

    length: int
    value: float | None = field(default=None, init=False)
    _values: deque[float] = field(init=False, repr=False)
    _path: RollingSum = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._values = deque(maxlen=self.length + 1)
        self._path = RollingSum(self.length)

    def update(self, value: float, /) -> float | None:
        """Take in a value, and return the average."""
        values = self._values
        last = values[-1] if values else value
        if values:
            self._path.update(abs(value - last))
        values.append(value)
        if self._path.is_full:
            path, change = self._path.total, abs(value - values[0])
            efficiency = change / path if path > change else 1.0
            constant = (efficiency * (2.0 / 3.0 - 2.0 / 31.0) + 2.0 / 31.0) ** 2
            previous = last if self.value is None else self.value
            self.value = previous + constant * (value - previous)
        return self.value
