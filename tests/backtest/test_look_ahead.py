"""A strategy on bars knows nothing too early: on a random walk, following bars earns nothing; knowing them early would."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from statistics import fmean, stdev

import pytest
from tests.strategy.bars import HOUR, START, event, instruments

from barter_python import (
    Backtest,
    BarData,
    BarStrategy,
    Candle,
    ConstantLatency,
    InstrumentState,
    MarketEvent,
    PublicTrade,
    Side,
    Trader,
)
from barter_python.data.bar import Bar

SEEDS, BARS = 200, 30
INSTRUMENTS = instruments("BTCUSDT", spec=None)


class Follower(BarStrategy[BarData]):
    """Holds while the latest bar rose."""

    def instrument_data(self, instrument: object) -> BarData:
        return BarData(HOUR, candles=HOUR)

    def on_bar(self, bar: Bar, instrument: InstrumentState[BarData], trader: Trader, /) -> None:
        if bar.close > bar.open:
            trader.order_to_weight(instrument, 0.9)
        else:
            trader.close(instrument)


def walk(seed: int, *, early: bool) -> list[MarketEvent]:
    """Trades of a random walk without drift, and candles of them: of the past, or, wrongly stamped, of the hour to come."""
    random, price, events = Random(seed), 100.0, []
    for number in range(BARS):
        start = START + number * HOUR
        path = [price]
        for _ in range(4):
            path.append(path[-1] * (1 + random.choice((-0.005, 0.005))))
        price = path[-1]
        known = start if early else start + HOUR
        candle = event(known, Candle(known, path[0], max(path), min(path), price, 1_000.0, 4, HOUR))
        trades = [
            event(start + timedelta(minutes=1 + 14 * step), PublicTrade(f"{number}-{step}", traded, 1_000.0, Side.BUY))
            for step, traded in enumerate(path)
        ]
        events += [candle, *trades] if early else [*trades, candle]
    return events


def earned(seed: int, *, early: bool) -> float:
    """What a run earns, as a fraction: the fills, and what is left at the last price."""
    market = walk(seed, early=early)
    backtest = Backtest(
        market, Follower(), instruments=INSTRUMENTS, cash=10_000, fees=0, latency=ConstantLatency(timedelta(), timedelta())
    )
    total, held = Decimal(10_000), Decimal(0)
    for trade in backtest.run().record.trades:
        signed = trade.quantity if trade.side.value == "Buy" else -trade.quantity
        total, held = total - signed * trade.price, held + signed
    last = [traded.kind.price for traded in market if isinstance(traded.kind, PublicTrade)][-1]
    return float(total + held * Decimal(str(last))) / 10_000 - 1


def t_value(*, early: bool) -> float:
    """How many standard errors the mean over all seeds is above zero."""
    returns = [earned(seed, early=early) for seed in range(SEEDS)]
    return fmean(returns) / (stdev(returns) / SEEDS**0.5)


def test_following_bars_earns_nothing_on_a_random_walk() -> None:
    assert t_value(early=False) == pytest.approx(0, abs=3)


def test_the_test_would_see_a_bar_that_is_known_early() -> None:
    assert t_value(early=True) > 10
