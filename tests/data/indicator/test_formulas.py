"""Indicators that TA-Lib does not have, or not with these parameters, beside their formula computed from the whole window."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import fmean, pstdev
from typing import Any

import pytest
from benchmarks.indicators import walk

from barter_python.data.event import Candle
from barter_python.data.indicator import (
    Beta,
    Cci,
    Cross,
    Crossing,
    Ema,
    HeikinAshi,
    Ichimoku,
    Macd,
    Mfi,
    ParabolicSar,
    PivotHigh,
    PivotLow,
    RealisedVolatility,
    Returns,
    Roc,
    Rsi,
    Sma,
    StandardDeviation,
    Stochastic,
    StochRsi,
    Vwma,
    WilliamsR,
    ZScore,
)
from barter_python.errors import ConfigError, MarketDataError

BARS = walk(300)
CLOSES = [bar.close for bar in BARS]


def middle(bars: Sequence[Candle]) -> float:
    return (max(bar.high for bar in bars) + min(bar.low for bar in bars)) / 2


def z_score(closes: Sequence[float]) -> float:
    return (closes[-1] - fmean(closes[-20:])) / pstdev(closes[-20:])


def volatility(closes: Sequence[float]) -> float:
    last = closes[-11:]
    return math.sqrt(sum(math.log(b / a) ** 2 for a, b in pairwise(last)))


BY_CLOSE: dict[str, tuple[Callable[[], Any], int, Callable[[Sequence[float]], float]]] = {
    "z-score": (lambda: ZScore(20), 20, z_score),
    "logarithmic return": (lambda: Returns(3, True), 4, lambda closes: math.log(closes[-1] / closes[-4])),
    "realised volatility": (lambda: RealisedVolatility(10), 11, volatility),
    "realised volatility of a year": (
        lambda: RealisedVolatility(10, 365.0),
        11,
        lambda closes: volatility(closes) * math.sqrt(36.5),
    ),
}


@pytest.mark.parametrize(("make", "first", "formula"), BY_CLOSE.values(), ids=BY_CLOSE)
def test_an_indicator_of_values(make: Callable[[], Any], first: int, formula: Callable[[Sequence[float]], float]) -> None:
    tested = make()

    assert [None] * (first - 1) + [
        pytest.approx(formula(CLOSES[: end + 1]), rel=1e-10, abs=1e-12) for end in range(first - 1, len(CLOSES))
    ] == [tested.update(close) for close in CLOSES]


def test_ichimoku() -> None:
    tested = Ichimoku(3, 7, 12, 5)
    told = [tested.update(bar) for bar in BARS]

    assert [None] * 16 == told[:16]
    for end in range(17, len(BARS) + 1):
        now, then = BARS[:end], BARS[: end - 5]
        ahead = (middle(then[-3:]) + middle(then[-7:])) / 2
        assert (middle(now[-3:]), middle(now[-7:]), ahead, middle(then[-12:])) == told[end - 1]


def test_the_signal_of_a_stochastic_rsi_is_smoothed_twice() -> None:
    strength, tested = Rsi(5), StochRsi(5, 8, 3, 2)
    values = [value for close in CLOSES if (value := strength.update(close)) is not None]
    raw = [
        100 * (values[end - 1] - min(values[end - 8 : end])) / (max(values[end - 8 : end]) - min(values[end - 8 : end]))
        for end in range(8, len(values) + 1)
    ]
    k = [fmean(raw[end - 3 : end]) for end in range(3, len(raw) + 1)]
    expected = [pytest.approx((k[end], fmean(k[end - 1 : end + 1])), abs=1e-9) for end in range(1, len(k))]

    told = [tested.update(close) for close in CLOSES]

    assert expected == [value for value in told if value is not None]


UP, DOWN, NONE = Cross.UP, Cross.DOWN, Cross.NONE
CROSSINGS: dict[str, tuple[list[tuple[float | None, float | None]], list[Cross | None]]] = {
    "the first side is no crossing": ([(2, 1), (3, 1)], [NONE, NONE]),
    "up and down": ([(1, 2), (3, 2), (3, 2), (1, 2)], [NONE, UP, NONE, DOWN]),
    "a touch that goes on is one": ([(1, 2), (2, 2), (3, 2)], [NONE, NONE, UP]),
    "a touch that turns back is none": ([(1, 2), (2, 2), (1, 2)], [NONE, NONE, NONE]),
    "lines that are not ready": ([(None, 2), (1, None), (1, 2), (3, 2)], [None, None, NONE, UP]),
    "told once": ([(1, 2), (3, 2), (None, 2), (3, 2)], [NONE, UP, None, NONE]),
}


@pytest.mark.parametrize(("lines", "expected"), CROSSINGS.values(), ids=CROSSINGS)
def test_crossings(lines: list[tuple[float | None, float | None]], expected: list[Cross | None]) -> None:
    tested = Crossing()

    assert expected == [tested.update(*line) for line in lines]


def test_a_pivot_is_known_when_what_follows_is() -> None:
    highs, lows = PivotHigh(1, 2), PivotLow(1, 2)
    told = [(highs.update(value), highs.is_new) for value in [1, 3, 2, 2, 5, 4, 4]]

    assert [(None, False)] * 3 + [(3, True), (3, False), (3, False), (5, True)] == told
    assert [None, None, None, 1, 1] == [lows.update(value) for value in [2, 1, 3, 2, 4]]


def bar(high: float, low: float, close: float, volume: float = 1.0, open_: float | None = None) -> Candle:
    return Candle(BARS[0].close_time, close if open_ is None else open_, high, low, close, volume, 1)


STILL = [bar(5.0, 5.0, 5.0, 0.0)] * 50
STANDING: dict[str, tuple[Any, Callable[[Any], Any], Any]] = {
    "RSI": (Rsi(14), lambda rsi: rsi.update(5.0), 0.0),
    "ROC of nothing": (Roc(1), lambda roc: roc.update(0.0), 0.0),
    "CCI": (Cci(5), lambda cci: cci.update(STILL[0]), 0.0),
    "MFI": (Mfi(5), lambda mfi: mfi.update(STILL[0]), 0.0),
    "stochastic": (Stochastic(), lambda stochastic: stochastic.update(STILL[0]), (0.0, 0.0)),
    "Williams %R": (WilliamsR(), lambda williams: williams.update(STILL[0]), 0.0),
    "standard deviation": (StandardDeviation(5), lambda deviation: deviation.update(0.1), 0.0),
    "z-score": (ZScore(5), lambda score: score.update(0.1), 0.0),
    "VWMA": (Vwma(5), lambda average: average.update(5.0, 0.0), None),
}


@pytest.mark.parametrize(("tested", "update", "expected"), STANDING.values(), ids=STANDING)
def test_a_market_that_stands_still_gives_a_number(tested: Any, update: Callable[[Any], Any], expected: Any) -> None:
    assert expected == [update(tested) for _ in range(50)][-1]


def test_volume_that_has_left_the_window_leaves_nothing_behind() -> None:
    average, flow = Vwma(3), Mfi(3)
    for number, volume in enumerate([0.1, 0.2, 0.7, 1e9, 0.0, 0.0, 0.0, 0.0]):
        told = average.update(10.0, volume), flow.update(bar(10.0 + number, 9.0, 9.5, volume))

    assert (None, 0.0) == told


def test_a_heikin_ashi_bar_feeds_what_is_fed_by_bars() -> None:
    smooth, tested = HeikinAshi(), Stochastic(2, 1, 1)
    for each in BARS[:3]:
        value = smooth.update(each)
        assert value is not None
        tested.update(value)

    assert tested.ready


@pytest.mark.parametrize("price", [0.0, -1.0, math.nan, math.inf])
def test_a_return_of_what_is_no_price_is_refused_and_changes_nothing(price: float) -> None:
    simple, beta = Returns(), Beta(5)

    with pytest.raises(MarketDataError, match=f"price is {price}, expected a positive number"):
        simple.update(price)
    with pytest.raises(MarketDataError, match=f"price is {price}, expected a positive number"):
        beta.update(10.0, price)

    assert (Returns(), Beta(5)) == (simple, beta)


BAD: dict[str, tuple[Callable[[], object], str]] = {
    "no length": (lambda: Sma(0), "length is 0, expected an integer of at least 1"),
    "a length that is no integer": (lambda: Ema(2.5), "length is 2.5, expected an integer of at least 1"),  # type: ignore[arg-type]
    "a length of True": (lambda: Ema(True), "length is True, expected an integer of at least 1"),
    "a deviation of one value": (lambda: StandardDeviation(1), "length is 1, expected an integer of at least 2"),
    "fast as slow as slow": (lambda: Macd(26, 26), "fast is 26, expected less than slow, which is 26"),
    "a factor that is no number": (lambda: ParabolicSar(float("nan")), "acceleration is nan, expected a positive number"),
    "more than the maximum": (lambda: ParabolicSar(0.3), "acceleration is 0.3, expected at most the maximum, which is 0.2"),
    "a year without periods": (lambda: RealisedVolatility(5, 0.0), "periods_per_year is 0.0, expected a positive number"),
    "an endless text": (lambda: Sma("9" * 999), "^.{0,260}$"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("make", "message"), BAD.values(), ids=BAD)
def test_a_bad_parameter_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        make()
