"""How far the prices of a bar reach: true range, average true range."""

from __future__ import annotations

from dataclasses import dataclass, field

from barter_python.data.indicator.average import Rma
from barter_python.data.indicator.indicator import Ohlcv, Ready
from barter_python.data.indicator.parameter import at_least

__all__ = ["Atr", "Natr", "TrueRange"]


@dataclass(slots=True)
class TrueRange:
    """Range of a bar, the gap to the close before it included.

    Formula: max(high - low, |high - close before|, |low - close before|)
    Source: TA-Lib TRANGE; J. W. Wilder (1978)
    """

    value: float | None = field(default=None, init=False)
    _close: float | None = field(default=None, init=False, repr=False)

    ready = Ready()

    def update(self, bar: Ohlcv, /) -> float | None:
        """Take in a bar, and return its true range."""
        before, self._close = self._close, bar.close
        if before is not None:
            high, low = bar.high, bar.low
            self.value = (high if high > before else before) - (low if low < before else before)
        return self.value


@dataclass(slots=True)
class Atr:
    """Average true range.

    Formula: RMA(n) of the true range
    Source: TA-Lib ATR; J. W. Wilder (1978)
    """

    length: int = 14
    value: float | None = field(default=None, init=False)
    _range: TrueRange = field(init=False, repr=False)
    _average: Rma = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, length=self.length)
        self._range, self._average = TrueRange(), Rma(self.length)

    def update(self, bar: Ohlcv, /) -> float | None:
        """Take in a bar, and return the average."""
        true_range = self._range.update(bar)
        if true_range is not None:
            self.value = self._average.update(true_range)
        return self.value


@dataclass(slots=True)
class Natr:
    """Average true range in percent of the close.

    Formula: 100 x ATR(n) / close
    Source: TA-Lib NATR
    """

    length: int = 14
    value: float | None = field(default=None, init=False)
    _atr: Atr = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        self._atr = Atr(self.length)

    def update(self, bar: Ohlcv, /) -> float | None:
        """Take in a bar, and return the percentage."""
        atr = self._atr.update(bar)
        if atr is not None:
            self.value = 100.0 * atr / bar.close if bar.close else 0.0
        return self.value
