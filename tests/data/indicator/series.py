"""Series of bars to compare indicators on: random numbers, markets with the traits of real ones, and real ones where recorded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.support.captures import SPOT, SPOT_CONTINUED, USDM, captured_trades

from barter_python.data.bar import BarBuilder, TickBars
from barter_python.data.event import Candle

START = datetime(2025, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Market:
    """How the prices of bars move.

    Attributes:
        price: At the start.
        tick: Distance between two prices.
        volatility: Standard deviation of the change over a bar, as a fraction.
        clustering: How much a large change makes the next ones larger, from 0 to 1.
        jump: Probability of a jump by twenty standard deviations.
        still: Probability that a bar has one price, and no volume in half of the cases.
        drift: Mean change over a bar, as a fraction.
    """

    price: float
    tick: float
    volatility: float
    clustering: float = 0.0
    jump: float = 0.0
    still: float = 0.0
    drift: float = 0.0

    def bars(self, count: int, seed: int) -> list[Candle]:
        random, price, scale = Random(seed), self.price, 1.0
        bars = []
        for number in range(count):
            shock = random.gauss(0.0, 1.0)
            scale = math.sqrt(1.0 - self.clustering + self.clustering * (0.1 * shock * shock + 0.9) * scale * scale)
            if random.random() < self.jump:
                shock += random.choice((-20.0, 20.0))
            is_still = random.random() < self.still
            close = price if is_still else self._on_tick(price * math.exp(self.drift + self.volatility * scale * shock))
            reach = 0.0 if is_still else self.volatility * abs(random.gauss(0.0, 1.0)) * price
            high = max(price, close, self._on_tick(max(price, close) + reach))
            low = min(price, close, self._on_tick(min(price, close) - reach / 2.0))
            volume = 0.0 if is_still and random.random() < 0.5 else round(random.lognormvariate(0.0, 1.5), 5)
            bars.append(Candle(START + (number + 1) * MINUTE, price, high, low, close, volume, 1))
            price = close
        return bars

    def _on_tick(self, price: float) -> float:
        return max(self.tick, round(round(price / self.tick) * self.tick, 10))


def noise(count: int, seed: int) -> list[Candle]:
    """Bars whose prices have nothing to do with each other."""
    random = Random(seed)
    bars = []
    for number in range(count):
        low, open_, close, high = sorted(random.uniform(50.0, 150.0) for _ in range(4))
        if random.random() < 0.5:
            open_, close = close, open_
        bars.append(Candle(START + (number + 1) * MINUTE, open_, high, low, close, random.uniform(1.0, 1_000.0), 1))
    return bars


def made_up() -> dict[str, Sequence[Candle]]:
    """Seeded series of 10,000 bars by name."""
    return {
        "noise": noise(10_000, 1),
        "a large price in clusters of volatility": Market(60_000.0, 0.01, 0.0008, clustering=0.98).bars(10_000, 2),
        "a coarse grid with jumps": Market(3.2, 0.01, 0.001, jump=0.001).bars(10_000, 3),
        "a thin market that drifts and stands still": Market(0.4, 0.0001, 0.002, still=0.3, drift=0.0001).bars(10_000, 4),
    }


def recorded() -> dict[str, Sequence[Candle]]:
    """Bars of so many trades from captures, by name; none where there are no captures."""
    captures = {"spot": (SPOT, 3), "spot, the next day": (SPOT_CONTINUED, 3), "USD-M": (USDM, 10)}
    return {name: _tick_bars(path, trades) for name, (path, trades) in captures.items() if path.is_file()}


def _tick_bars(path: Path, trades: int) -> list[Candle]:
    builder = BarBuilder([TickBars(trades)])
    return [bar.candle() for event in captured_trades(path) for bar in builder.update_from_market(event)]
