"""Documents of results to report on."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import Any

from tests.result.portfolio_runs import BTC, RUNS, Ordered, Pair, Run, play

from barter_python.result.document import report_document

NAMED = {run.name: run for run in RUNS}


@cache
def _written(name: str) -> str:
    return json.dumps(report_document(play(NAMED.get(name) or MADE[name])))


def document(name: str) -> dict[str, Any]:
    """Of a run, as it is read from a file."""
    read: dict[str, Any] = json.loads(_written(name))
    return read


def _many(count: int) -> Run:
    random = Random("many")
    pairs = tuple(Pair(f"C{number}", "USDT", 10.0 + number) for number in range(count))
    orders = []
    for pair in pairs[:-1]:
        for _ in range(random.randrange(1, 4)):
            hour = random.randrange(5, 500)
            orders += [Ordered(hour, pair.name, "3"), Ordered(hour + random.randrange(3, 60), pair.name, "-3")]
    return Run("fifty", pairs, tuple(orders), hours=600)


def _busy(fills: int) -> Run:
    orders = (Ordered(1 + number // 8, "BTCUSDT", "0.01" if number % 2 == 0 else "-0.01") for number in range(fills))
    return Run("busy", (BTC,), tuple(orders), hours=fills // 8 + 5)


MADE = {"fifty": _many(50), "busy": _busy(20_000)}
