"""Lines that a trend is followed along: parabolic SAR, Supertrend, Ichimoku."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from barter_python.data.indicator.channel import DonchianChannel
from barter_python.data.indicator.indicator import Ohlcv, Ready
from barter_python.data.indicator.parameter import at_least, positive
from barter_python.data.indicator.price import median_price
from barter_python.data.indicator.volatility import Atr
from barter_python.errors import ConfigError

__all__ = ["Ichimoku", "IchimokuValue", "ParabolicSar", "Supertrend", "TrendValue"]


class TrendValue(NamedTuple):
    """A line that a trend is followed along, in the unit of the prices, and the direction of the trend."""

    line: float
    is_up: bool


@dataclass(slots=True)
class ParabolicSar:
    """Parabolic stop and reverse. The first trend is down where the second low falls by more than the high rises, else up.

    Formula: next = sar + a x (e - sar), never inside the last two bars; e = extreme of the trend; a grows by `acceleration` with
        each new extreme up to `maximum`; where a bar touches the line, the trend turns and the line goes on from the extreme
    Source: TA-Lib SAR; J. W. Wilder (1978)
    """

    acceleration: float = 0.02
    maximum: float = 0.2
    value: TrendValue | None = field(default=None, init=False)
    _before: tuple[float, float] | None = field(default=None, init=False, repr=False)
    _is_up: bool = field(default=True, init=False, repr=False)
    _line: float = field(default=0.0, init=False, repr=False)
    _extreme: float = field(default=0.0, init=False, repr=False)
    _factor: float = field(default=0.0, init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        positive(acceleration=self.acceleration, maximum=self.maximum)
        if self.acceleration > self.maximum:
            raise ConfigError(f"acceleration is {self.acceleration}, expected at most the maximum, which is {self.maximum}")

    def update(self, bar: Ohlcv, /) -> TrendValue | None:
        """Take in a bar, and return the line as it stood for this bar."""
        high, low = bar.high, bar.low
        before, self._before = self._before, (high, low)
        if before is None:
            return None
        if self.value is None:
            self._begin(high, low, before)
            before = (high, low)
        if low <= self._line if self._is_up else high >= self._line:
            self._turn(high, low, before)
        else:
            self.value = TrendValue(self._line, self._is_up)
            if high > self._extreme if self._is_up else low < self._extreme:
                self._extreme = high if self._is_up else low
                self._factor = min(self.maximum, self._factor + self.acceleration)
        self._line = self._outside(self._line + self._factor * (self._extreme - self._line), high, low, before)
        return self.value

    def _begin(self, high: float, low: float, before: tuple[float, float]) -> None:
        fall = before[1] - low
        self._is_up = not (fall > 0.0 and fall > high - before[0])
        self._line, self._extreme = (before[1], high) if self._is_up else (before[0], low)
        self._factor = self.acceleration

    def _turn(self, high: float, low: float, before: tuple[float, float]) -> None:
        self._is_up = not self._is_up
        self._line = self._outside(self._extreme, high, low, before)
        self._extreme = high if self._is_up else low
        self._factor = self.acceleration
        self.value = TrendValue(self._line, self._is_up)

    def _outside(self, line: float, high: float, low: float, before: tuple[float, float]) -> float:
        return min(line, low, before[1]) if self._is_up else max(line, high, before[0])


@dataclass(slots=True)
class Supertrend:
    """Supertrend. The first trend is up.

    Formula: bands = (high + low) / 2 +- multiplier x ATR(n), each moved towards the price only, unless the close before was
        beyond it; the trend turns where the close is beyond its line, which is the lower band while it is up, else the upper
    Source: TA-Lib SUPERTREND; O. Seban
    """

    length: int = 10
    multiplier: float = 3.0
    value: TrendValue | None = field(default=None, init=False)
    _atr: Atr = field(init=False, repr=False)
    _upper: float = field(default=float("inf"), init=False, repr=False)
    _lower: float = field(default=float("-inf"), init=False, repr=False)
    _close: float = field(default=0.0, init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        positive(multiplier=self.multiplier)
        self._atr = Atr(self.length)

    def update(self, bar: Ohlcv, /) -> TrendValue | None:
        """Take in a bar, and return the line."""
        atr = self._atr.update(bar)
        if atr is not None:
            middle, width = median_price(bar), self.multiplier * atr
            upper, lower = middle + width, middle - width
            if upper < self._upper or self._close > self._upper:
                self._upper = upper
            if lower > self._lower or self._close < self._lower:
                self._lower = lower
            before = self.value
            is_up = before is None or (bar.close >= self._lower if before.is_up else bar.close > self._upper)
            self.value = TrendValue(self._lower if is_up else self._upper, is_up)
        self._close = bar.close
        return self.value


class IchimokuValue(NamedTuple):
    """The lines of Ichimoku, in the unit of the prices.

    Attributes:
        conversion: Tenkan-sen.
        base: Kijun-sen.
        span_a: Senkou span A that lies over the latest bar.
        span_b: Senkou span B that lies over the latest bar.
    """

    conversion: float
    base: float
    span_a: float
    span_b: float


@dataclass(slots=True)
class Ichimoku:
    """Ichimoku Kinko Hyo. The lagging span is no line of its own here: it is the close, looked at against the past.

    Formula: m(n) = (highest high + lowest low) / 2 over n bars; conversion = m(conversion), base = m(base);
        span_a = (conversion + base) / 2 and span_b = m(span) of `displacement` bars ago
    Source: G. Hosoda (1969)
    """

    conversion: int = 9
    base: int = 26
    span: int = 52
    displacement: int = 26
    value: IchimokuValue | None = field(default=None, init=False)
    _conversion: DonchianChannel = field(init=False, repr=False)
    _base: DonchianChannel = field(init=False, repr=False)
    _span: DonchianChannel = field(init=False, repr=False)
    _ahead: deque[tuple[float, float]] = field(init=False, repr=False)

    ready = Ready()

    def __post_init__(self) -> None:
        at_least(1, conversion=self.conversion, base=self.base, span=self.span, displacement=self.displacement)
        self._conversion, self._base = DonchianChannel(self.conversion), DonchianChannel(self.base)
        self._span = DonchianChannel(self.span)
        self._ahead = deque(maxlen=self.displacement)

    def update(self, bar: Ohlcv, /) -> IchimokuValue | None:
        """Take in a bar, and return the lines."""
        conversion, base, span = self._conversion.update(bar), self._base.update(bar), self._span.update(bar)
        if conversion is not None and base is not None and span is not None:
            if len(self._ahead) == self.displacement:
                self.value = IchimokuValue(conversion.middle, base.middle, *self._ahead[0])
            self._ahead.append(((conversion.middle + base.middle) / 2.0, span.middle))
        return self.value
