"""Every indicator that TA-Lib has gives what TA-Lib gives, on random numbers and on markets."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import talib
from tests.data.indicator.series import made_up, recorded

from barter_python.data.event import Candle
from barter_python.data.indicator import (
    AccumulationDistribution,
    Adx,
    Aroon,
    Atr,
    Beta,
    BollingerBands,
    Cci,
    ChaikinMoneyFlow,
    ChaikinOscillator,
    Correlation,
    Dema,
    DonchianChannel,
    Ema,
    HeikinAshi,
    Hma,
    Kama,
    KeltnerChannel,
    LinearRegression,
    Macd,
    Mfi,
    Momentum,
    Natr,
    Obv,
    ParabolicSar,
    PivotHigh,
    PivotLow,
    Returns,
    Rma,
    Roc,
    Rsi,
    Sma,
    StandardDeviation,
    Stochastic,
    StochRsi,
    Supertrend,
    Tema,
    TrueRange,
    Vwap,
    Vwma,
    WilliamsR,
    Wma,
    typical_price,
)

TOLERANCE = 1e-9
"""Of values above one: a part of them."""


class Columns:
    """The prices of bars as arrays."""

    def __init__(self, bars: Sequence[Candle]) -> None:
        self.open, self.high, self.low, self.close, self.volume = (
            np.array([getattr(bar, name) for bar in bars]) for name in ("open", "high", "low", "close", "volume")
        )


@dataclass
class Case:
    """An indicator, and what it is in TA-Lib.

    Attributes:
        make: Creates the indicator.
        oracle: The columns of TA-Lib.
        columns: What of the value is compared with each of them.
        feed: Feeds a bar.
        warm_up: Bars to leave out, where TA-Lib begins in another way; None where the first value must be the same.
        scale: What the value is divided by, where that may be so small against the prices that their own rounding shows.
    """

    make: Callable[[], Any]
    oracle: Callable[[Columns], Any]
    columns: Callable[[Any], Sequence[float]] = lambda value: (value,)
    feed: Callable[[Any, Candle], Any] = lambda indicator, bar: indicator.update(bar)
    warm_up: int | None = None
    scale: Callable[[Columns], Any] | None = None


def by_close(indicator: Any, bar: Candle) -> Any:
    return indicator.update(bar.close)


def by_volume(indicator: Any, bar: Candle) -> Any:
    return indicator.update(bar.close, bar.volume)


def line(c: Columns) -> Any:
    """TA-Lib sums the prices as they are, and loses digits of the slope: it is given what is left without their common part."""
    common = float(c.close[0])
    end, slope, start = (f(c.close - common, 14) for f in (talib.LINEARREG, talib.LINEARREG_SLOPE, talib.LINEARREG_INTERCEPT))
    return [end + common, slope, start + common]


def pivot(indicator: Any, price: float) -> tuple[float]:
    indicator.update(price)
    return (100.0 if indicator.is_new else 0.0,)


CASES = {
    "SMA": Case(lambda: Sma(20), lambda c: talib.SMA(c.close, 20), feed=by_close),
    "EMA": Case(lambda: Ema(20), lambda c: talib.EMA(c.close, 20), feed=by_close),
    "RMA": Case(lambda: Rma(20), lambda c: talib.RMA(c.close, 20), feed=by_close),
    "WMA": Case(lambda: Wma(20), lambda c: talib.WMA(c.close, 20), feed=by_close),
    "DEMA": Case(lambda: Dema(20), lambda c: talib.DEMA(c.close, 20), feed=by_close),
    "TEMA": Case(lambda: Tema(20), lambda c: talib.TEMA(c.close, 20), feed=by_close),
    "HMA": Case(lambda: Hma(21), lambda c: talib.HMA(c.close, 21), feed=by_close),
    "KAMA": Case(lambda: Kama(30), lambda c: talib.KAMA(c.close, 30), feed=by_close),
    "VWAP": Case(
        Vwap,
        lambda c: talib.VWAP(c.high, c.low, c.close, c.volume),
        feed=lambda vwap, bar: vwap.update(typical_price(bar), bar.volume),
        warm_up=100,
    ),
    "VWMA": Case(lambda: Vwma(20), lambda c: talib.VWMA(c.close, c.volume, 20), feed=by_volume),
    "MOM": Case(lambda: Momentum(10), lambda c: talib.MOM(c.close, 10), feed=by_close),
    "ROC": Case(lambda: Roc(10), lambda c: talib.ROC(c.close, 10), feed=by_close),
    "ROCP": Case(lambda: Returns(10), lambda c: talib.ROCP(c.close, 10), feed=by_close),
    "RSI": Case(lambda: Rsi(14), lambda c: talib.RSI(c.close, 14), feed=by_close),
    "MACD": Case(Macd, lambda c: talib.MACD(c.close, 12, 26, 9), tuple, feed=by_close),
    "CCI": Case(
        lambda: Cci(20),
        lambda c: talib.CCI(c.high, c.low, c.close, 20),
        scale=lambda c: talib.AVGDEV(talib.TYPPRICE(c.high, c.low, c.close), 20),
    ),
    "STOCH": Case(Stochastic, lambda c: talib.STOCH(c.high, c.low, c.close, 14, 3, 0, 3, 0), tuple),
    "STOCHF": Case(lambda: Stochastic(5, 1, 3), lambda c: talib.STOCHF(c.high, c.low, c.close, 5, 3, 0), tuple),
    "STOCHRSI": Case(lambda: StochRsi(14, 10, 1, 3), lambda c: talib.STOCHRSI(c.close, 14, 10, 3, 0), tuple, by_close),
    "WILLR": Case(WilliamsR, lambda c: talib.WILLR(c.high, c.low, c.close, 14)),
    "ADX": Case(
        Adx, lambda c: [f(c.high, c.low, c.close, 14) for f in (talib.ADX, talib.PLUS_DI, talib.MINUS_DI)], tuple, warm_up=27
    ),
    "AROON": Case(
        Aroon,
        lambda c: [*talib.AROON(c.high, c.low, 14), talib.AROONOSC(c.high, c.low, 14)],
        lambda v: (v.down, v.up, v.oscillator),
    ),
    "SAR": Case(ParabolicSar, lambda c: talib.SAR(c.high, c.low), lambda value: (value.line,)),
    "SUPERTREND": Case(
        Supertrend,
        lambda c: talib.SUPERTREND(c.high, c.low, c.close, 10, 3.0),
        lambda v: (v.line, 1 if v.is_up else -1),
        warm_up=10,
    ),
    "TRANGE": Case(TrueRange, lambda c: talib.TRANGE(c.high, c.low, c.close)),
    "ATR": Case(Atr, lambda c: talib.ATR(c.high, c.low, c.close, 14)),
    "NATR": Case(Natr, lambda c: talib.NATR(c.high, c.low, c.close, 14)),
    "BBANDS": Case(BollingerBands, lambda c: talib.BBANDS(c.close, 20, 2.0, 2.0, 0), tuple, by_close),
    "KC": Case(KeltnerChannel, lambda c: talib.KC(c.high, c.low, c.close, 20, 10, 2.0), tuple, warm_up=400),
    "DONCHIAN": Case(DonchianChannel, lambda c: talib.DONCHIAN(c.high, c.low, 20), tuple),
    "STDDEV": Case(lambda: StandardDeviation(20), lambda c: talib.STDDEV(c.close, 20), feed=by_close),
    "LINEARREG": Case(lambda: LinearRegression(14), line, tuple, by_close),
    "CORREL": Case(lambda: Correlation(30), lambda c: talib.CORREL(c.close, c.volume, 30), feed=by_volume),
    "BETA": Case(
        lambda: Beta(20), lambda c: talib.BETA(c.low, c.high, 20), feed=lambda beta, bar: beta.update(bar.high, bar.low)
    ),
    "OBV": Case(Obv, lambda c: talib.OBV(c.close, c.volume), feed=by_volume),
    "MFI": Case(Mfi, lambda c: talib.MFI(c.high, c.low, c.close, c.volume, 14)),
    "AD": Case(AccumulationDistribution, lambda c: talib.AD(c.high, c.low, c.close, c.volume)),
    "ADOSC": Case(ChaikinOscillator, lambda c: talib.ADOSC(c.high, c.low, c.close, c.volume, 3, 10)),
    "CMF": Case(ChaikinMoneyFlow, lambda c: talib.CMF(c.high, c.low, c.close, c.volume, 20)),
    "HA": Case(HeikinAshi, lambda c: talib.HA(c.open, c.high, c.low, c.close), lambda value: value[:4]),
    "FRACTAL high": Case(
        lambda: PivotHigh(3, 2),
        lambda c: talib.FRACTAL(c.high, c.low, 3, 2)[0],
        feed=lambda p, bar: pivot(p, bar.high),
        columns=tuple,
    ),
    "FRACTAL low": Case(
        lambda: PivotLow(2, 4),
        lambda c: talib.FRACTAL(c.high, c.low, 2, 4)[1],
        feed=lambda p, bar: pivot(p, bar.low),
        columns=tuple,
    ),
}
SERIES = made_up() | recorded()


def values(case: Case, bars: Sequence[Candle]) -> list[list[float]]:
    """What the indicator says at each bar, NaN where it says nothing."""
    indicator = case.make()
    told = []
    for bar in bars:
        value = case.feed(indicator, bar)
        told.append(None if value is None else [float(column) for column in case.columns(value)])
    width = max(len(row) for row in told if row is not None)
    return [[math.nan] * width if row is None else row for row in told]


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_indicator_equals_that_of_ta_lib(case: Case, name: str) -> None:
    bars = SERIES[name]
    columns = Columns(bars)
    expected = np.atleast_2d(np.array(case.oracle(columns), dtype=float)).T
    actual = np.array(values(case, bars))
    if case.scale is not None:
        part_of_price = case.scale(columns) / columns.close
        is_rounding = (part_of_price > 0.0) & (part_of_price < 1e-6)
        assert is_rounding.mean() < 0.1
        expected[is_rounding] = actual[is_rounding]

    if case.warm_up is None:
        assert np.isnan(expected).tolist() == np.isnan(actual).tolist()
    start = case.warm_up or 0
    assert np.allclose(expected[start:], actual[start:], rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True), worst(expected, actual)


def worst(expected: Any, actual: Any) -> str:
    off = np.nan_to_num(abs(expected - actual) / np.maximum(1.0, abs(expected)))
    row, column = np.unravel_index(off.argmax(), off.shape)
    return f"bar {row}, column {column}: {expected[row, column]!r} and {actual[row, column]!r}"
