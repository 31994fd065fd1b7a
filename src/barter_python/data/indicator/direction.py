"""Whether there is a trend, and which: directional movement, Aroon."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from barter_python.data.indicator.average import Rma
from barter_python.data.indicator.extreme import RollingMax, RollingMin
from barter_python.data.indicator.indicator import Ohlcv, Ready
from barter_python.data.indicator.parameter import at_least
from barter_python.data.indicator.volatility import TrueRange

__all__ = ["Adx", "AdxValue", "Aroon", "AroonValue"]


class AdxValue(NamedTuple):
    """Strength of the trend, and of the movement up and down, each from 0 to 100."""

    adx: float
    plus_di: float
    minus_di: float


@dataclass(slots=True)
class Adx:
    """Average directional index with the directional indicators. Sums begin with that of n - 1 bars.

    Formula: +di = 100 x s(+dm) / s(tr), -di likewise; adx = RMA(n) of 100 x |+di - -di| / (+di + -di); s = s - s / n + new;
        +dm = rise of the high where it is more than the fall of the low, else 0, -dm the other way round
    Source: TA-Lib ADX, PLUS_DI, MINUS_DI; J. W. Wilder (1978)
    """

    length: int = 14
    value: AdxValue | None = field(default=None, init=False)
    _before: tuple[float, float] | None = field(default=None, init=False, repr=False)
    _updates: int = field(default=0, init=False, repr=False)
    _plus: float = field(default=0.0, init=False, repr=False)
    _minus: float = field(default=0.0, init=False, repr=False)
    _range: float = field(default=0.0, init=False, repr=False)
    _dx: float = field(default=0.0, init=False, repr=False)
    _true_range: TrueRange = field(init=False, repr=False)
    _average: Rma = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(2, length=self.length)
        self._true_range, self._average = TrueRange(), Rma(self.length)

    def update(self, bar: Ohlcv, /) -> AdxValue | None:
        """Take in a bar, and return the index."""
        high, low = bar.high, bar.low
        before, self._before = self._before, (high, low)
        true_range = self._true_range.update(bar)
        if before is None or true_range is None:
            return None
        rise, fall = high - before[0], before[1] - low
        plus = rise if rise > 0.0 and rise > fall else 0.0
        minus = fall if fall > 0.0 and fall > rise else 0.0
        if self._updates < self.length - 1:
            self._updates += 1
            self._plus, self._minus, self._range = self._plus + plus, self._minus + minus, self._range + true_range
            return None
        length = self.length
        self._plus += plus - self._plus / length
        self._minus += minus - self._minus / length
        self._range += true_range - self._range / length
        return self._evaluate()

    def _evaluate(self) -> AdxValue | None:
        plus_di = minus_di = 0.0
        if self._range > 0.0:
            plus_di, minus_di = 100.0 * self._plus / self._range, 100.0 * self._minus / self._range
            if plus_di + minus_di > 0.0:
                self._dx = 100.0 * abs(plus_di - minus_di) / (plus_di + minus_di)
        adx = self._average.update(self._dx)
        if adx is not None:
            self.value = AdxValue(adx, plus_di, minus_di)
        return self.value


class AroonValue(NamedTuple):
    """How recent the highest high and the lowest low are, from 0 to 100, and how much more so the high."""

    up: float
    down: float
    oscillator: float


@dataclass(slots=True)
class Aroon:
    """Aroon. Of equal extremes the latest counts.

    Formula: up = 100 x (n - bars since the highest high of n + 1 bars) / n, down likewise; oscillator = up - down
    Source: TA-Lib AROON, AROONOSC; T. Chande (1995)
    """

    length: int = 14
    value: AroonValue | None = field(default=None, init=False)
    _highest: RollingMax = field(init=False, repr=False)
    _lowest: RollingMin = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._highest, self._lowest = RollingMax(self.length + 1), RollingMin(self.length + 1)

    def update(self, bar: Ohlcv, /) -> AroonValue | None:
        """Take in a bar, and return the lines."""
        highest, lowest, length = self._highest, self._lowest, self.length
        highest.update(bar.high)
        lowest.update(bar.low)
        if highest.is_full:
            up, down = 100.0 * (length - highest.age) / length, 100.0 * (length - lowest.age) / length
            self.value = AroonValue(up, down, up - down)
        return self.value
