"""What an update of each indicator costs, as a ratio to a bare moving sum in the same run.

    python -m benchmarks.indicators
    python -m benchmarks.indicators --updates 5000000 --only Sma Rsi

The bare moving sum appends to a deque, adds the new value and subtracts the oldest. Indicators have their usual parameters, or a
length of 20. `size` has the bytes of the pickled state after the first 9,973 updates and after all, `error` the difference to
the same indicator fed with the last 9,973 bars alone, as a part of the value; sums over everything have none. Times are of the
processor, so that other programs on the machine count less.
"""

from __future__ import annotations

import argparse
import pickle
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from inspect import signature
from random import Random
from time import process_time
from typing import Any

from rich.console import Console
from rich.table import Table

from barter_python.data import indicator
from barter_python.data.event import Candle
from benchmarks.workload import START

LENGTH = 20
BARS = 9_973
"""They are fed again and again; a prime, so that windows do not begin where they began before."""
CUMULATIVE = {"AccumulationDistribution", "Obv", "Vwap"}

FEEDS: dict[tuple[str, ...], Callable[[Candle], tuple[Any, ...]]] = {
    ("bar",): lambda bar: (bar,),
    ("value",): lambda bar: (bar.close,),
    ("price",): lambda bar: (bar.close,),
    ("price", "volume"): lambda bar: (bar.close, bar.volume),
    ("value", "other"): lambda bar: (bar.high, bar.low),
    ("price", "market"): lambda bar: (bar.high, bar.low),
    ("line", "other"): lambda bar: (bar.close, bar.open),
}
"""What of a bar feeds an indicator, by the parameters of its update."""


def names() -> list[str]:
    """Every indicator, in the order of the package."""
    return [name for name in indicator.__all__ if hasattr(getattr(indicator, name), "ready") and name != "Chain"]


def made(name: str) -> Any:
    """An indicator with its usual parameters."""
    kind = getattr(indicator, name)
    return (
        kind(LENGTH) if any(parameter.default is parameter.empty for parameter in signature(kind).parameters.values()) else kind()
    )


def feed(made_indicator: Any) -> Callable[[Candle], tuple[Any, ...]]:
    """What of a bar feeds it."""
    return FEEDS[tuple(signature(made_indicator.update).parameters)]


def walk(count: int, seed: int = 11) -> list[Candle]:
    """Bars of a seeded walk around 60,000."""
    random, price, bars = Random(seed), 60_000.0, []
    for number in range(1, count + 1):
        close = round(price + random.uniform(-50.0, 50.0) + (60_000.0 - price) / 100.0, 2)
        high, low = max(price, close) + round(random.uniform(0, 20), 2), min(price, close) - round(random.uniform(0, 20), 2)
        bars.append(
            Candle(START + number * timedelta(minutes=1), price, high, low, close, round(random.uniform(0.0, 9.0), 5), number)
        )
        price = close
    return bars


def bare_moving_sum() -> Callable[[float], float]:
    """The floor."""
    values: deque[float] = deque()
    total = 0.0

    def update(value: float) -> float:
        nonlocal total
        values.append(value)
        total += value
        if len(values) > LENGTH:
            total -= values.popleft()
        return total

    return update


def seconds(update: Callable[..., object], arguments: Sequence[tuple[Any, ...]], rounds: int) -> float:
    """Processor seconds of an update."""
    started = process_time()
    for _ in range(rounds):
        for fed in arguments:
            update(*fed)
    return (process_time() - started) / (rounds * len(arguments))


def numbers(value: Any) -> list[float]:
    """The numbers of a value; a word counts as none."""
    columns = value if isinstance(value, tuple) else (value,)
    return [float(column) for column in columns if isinstance(column, int | float)]


def difference(left: Any, right: Any) -> float:
    """The largest difference of two values, as a part of them where they are above one."""
    return max((abs(a - b) / max(1.0, abs(a)) for a, b in zip(numbers(left), numbers(right), strict=True)), default=0.0)


def measure(name: str, bars: Sequence[Candle], rounds: int, floor: float) -> tuple[str, ...]:
    """The row of an indicator."""
    tested, fresh = made(name), made(name)
    arguments = [feed(tested)(bar) for bar in bars]
    seconds(fresh.update, arguments, 1)
    size = len(pickle.dumps(fresh))
    cost = min(seconds(tested.update, arguments, rounds) for _ in range(2))
    error = "" if name in CUMULATIVE else f"{difference(tested.value, fresh.value):.0e}"
    return name, f"{cost / floor:.1f}", f"{cost * 1e9:,.0f}", f"{size:,} {len(pickle.dumps(tested)):,}", error


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=200_000, help="of each indicator, in two runs of which the faster counts")
    parser.add_argument("--only", nargs="+", choices=names(), default=names(), metavar="NAME", help="indicators to measure")
    options = parser.parse_args()
    bars = walk(BARS)
    closes = [(bar.close,) for bar in bars]
    floor = min(seconds(bare_moving_sum(), closes, 20) for _ in range(5))
    rounds = max(1, options.updates // 2 // BARS)
    table = Table(title=f"{2 * rounds * BARS:,} updates of each, one core; the bare moving sum takes {floor * 1e9:,.0f} ns")
    table.add_column("")
    for column in ("times the bare sum", "ns", "size", "error"):
        table.add_column(column, justify="right")
    for name in options.only:
        table.add_row(*measure(name, bars, rounds, floor))
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
