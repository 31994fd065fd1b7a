"""On a random walk, nothing that bars tell earns anything; what they will tell would."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from random import Random
from statistics import fmean, stdev

import pytest
from tests.data.bar.trades import at, minutes

from barter_python.data.bar import BarBuilder, BarSpec, TickBars, VolumeBars

SEEDS = 200


def earned(spec: BarSpec, seed: int, *, knows_the_next: bool) -> float:
    """What following the direction of each bar earns until the next one is told, at prices of trades after it was told."""
    random, builder, price = Random(seed), BarBuilder([spec]), 10_000.0
    told: list[tuple[float, float]] = []
    is_pending = False
    direction = 0.0
    for second in range(0, 3_600, 5):
        price += random.choice((-1.0, 1.0))
        if is_pending:
            told.append((direction, price))
            is_pending = False
        for bar in builder.update_from_trade(at(second), price, 1.0):
            direction, is_pending = bar.close - bar.open, True
    return sum(
        (later_direction if knows_the_next else direction) * (later - price)
        for (direction, price), (later_direction, later) in pairwise(told)
    )


@pytest.mark.parametrize("spec", [minutes(), TickBars(10), VolumeBars(12)], ids=["time", "ticks", "volume"])
def test_nothing_is_known_early(spec: BarSpec) -> None:
    results = [earned(spec, seed, knows_the_next=False) for seed in range(SEEDS)]
    foreseen = [earned(spec, seed, knows_the_next=True) for seed in range(SEEDS)]
    error = stdev(results) / sqrt(SEEDS)

    assert abs(fmean(results)) < 3 * error
    assert fmean(foreseen) > 20 * error
