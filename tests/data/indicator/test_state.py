"""What every indicator promises as a part of an engine's state: it is compared, copied, bounded, and does not drift."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from dataclasses import replace
from math import fsum

import pytest
from benchmarks.indicators import CUMULATIVE, difference, feed, made, names, walk

from barter_python.data.event import Candle
from barter_python.data.indicator import AccumulationDistribution, Chain, Obv, Rsi, Sma, Vwap

CALM = walk(20_000)
WILD = [
    replace(bar, open=bar.open * 1e5, high=bar.high * 1e5, low=bar.low * 1e5, close=bar.close * 1e5, volume=bar.volume * 1e5)
    for bar in walk(1_000, seed=12)
]


def fed(name: str, bars: Sequence[Candle]) -> object:
    tested = made(name)
    arguments = feed(tested)
    for bar in bars:
        tested.update(*arguments(bar))
    return tested


@pytest.mark.parametrize("name", names())
def test_two_that_were_fed_the_same_are_equal_and_so_are_copies(name: str) -> None:
    tested = fed(name, CALM[:500])
    copies = [fed(name, CALM[:500]), copy.deepcopy(tested), pickle.loads(pickle.dumps(tested))]

    assert [tested] * 3 == copies
    arguments = feed(tested)(CALM[500])
    told = tested.update(*arguments)  # type: ignore[attr-defined]
    assert [told] * 3 == [copied.update(*arguments) for copied in copies]  # type: ignore[attr-defined]
    assert [tested] * 3 == copies


@pytest.mark.parametrize("name", names())
def test_one_that_was_fed_something_else_is_another(name: str) -> None:
    assert fed(name, CALM[:500]) != fed(name, [*CALM[:499], replace(CALM[499], open=1.0, high=9e4, low=0.5, close=2.0)])


@pytest.mark.parametrize("name", names())
def test_nothing_is_told_before_it_is_ready(name: str) -> None:
    tested = made(name)
    arguments = feed(tested)
    for bar in CALM[:200]:
        told = tested.update(*arguments(bar))
        assert (told is not None, tested.value) == (tested.ready, told)
    assert tested.ready


@pytest.mark.parametrize("name", names())
def test_it_does_not_grow(name: str) -> None:
    tested = made(name)
    arguments = feed(tested)
    sizes = []
    for number, bar in enumerate(CALM, 1):
        tested.update(*arguments(bar))
        if number % 97 == 0:
            sizes.append(len(pickle.dumps(tested)))

    assert max(sizes[100:]) <= 1.3 * max(sizes[:100])


@pytest.mark.parametrize("name", [name for name in names() if name not in CUMULATIVE])
def test_it_does_not_drift(name: str) -> None:
    """What was long ago, and 100,000 times as large, has left no trace."""
    long, short = fed(name, [*WILD, *CALM]), fed(name, CALM[4_000:])

    assert difference(long.value, short.value) < 1e-10  # type: ignore[attr-defined]


def test_sums_of_everything_do_not_drift() -> None:
    bars = [*WILD, *CALM]
    paid, volume = fsum(bar.close * bar.volume for bar in bars), fsum(bar.volume for bar in bars)
    balance = fsum(
        bar.volume if before is None or bar.close > before.close else -bar.volume if bar.close < before.close else 0.0
        for before, bar in zip([None, *bars], bars, strict=False)
    )
    line = fsum(bar.volume * (2.0 * ((bar.close - bar.low) / (bar.high - bar.low)) - 1.0) for bar in bars)
    vwap, obv, distribution = Vwap(), Obv(), AccumulationDistribution()
    for bar in bars:
        vwap.update(bar.close, bar.volume)
        obv.update(bar.close, bar.volume)
        distribution.update(bar)

    assert pytest.approx((paid / volume, balance, line), rel=1e-15) == (vwap.value, obv.value, distribution.value)


def test_an_average_since_the_start_begins_anew() -> None:
    vwap = Vwap()
    vwap.update(10.0, 1.0)
    vwap.reset()

    assert (False, None, 20.0) == (vwap.ready, vwap.update(20.0, 0.0), vwap.update(20.0, 2.0))


def test_indicators_are_chained() -> None:
    chain = Chain(Rsi(2), Sma(3))
    rsi, average = Rsi(2), Sma(3)
    told = []
    for bar in CALM[:20]:
        strength = rsi.update(bar.close)
        told.append(None if strength is None else average.update(strength))

    assert told == [chain.update(bar.close) for bar in CALM[:20]]
    assert (True, average.value) == (chain.ready, chain.value)
    assert copy.deepcopy(chain) == chain
    assert Chain(Rsi(2), Sma(3)) != chain
