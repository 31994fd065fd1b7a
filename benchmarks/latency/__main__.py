"""From a message arriving at the socket to an order leaving it, on one core, as a ratio to a bare aiohttp echo of the same run.

    python -m benchmarks.latency

A venue in this process sends a market at random times with bursts; a client in another process orders on every trade. Measured
is the time from the venue sending the trade to the venue having read the order: on the same websocket for the echo, as a POST for
live trading. For paper trading it ends at the simulated exchange within the client, so without the way back. Each percentile is
the lowest of all rounds, because whatever else runs on the machine only adds to it; how many times as high the highest is shows
how quiet the machine was.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

from benchmarks.latency.measure import Load, Measured, cores, measure

PERCENTILES = (50.0, 99.0, 99.9)
ROWS = {
    "echo": "bare aiohttp echo",
    "post": "bare aiohttp, POST out",
    "live": "live, order out as a POST",
    "live-audited": "live, with audits",
    "paper": "paper, order at the exchange",
    "paper-audited": "paper, with audits",
}


def percentile(values: list[int], percent: float) -> int:
    """The smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * percent // 100) - 1)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=25_000, help="in each round, of which one in five leads to an order")
    parser.add_argument("--warm-up", type=int, default=2_500, help="so many first messages do not count")
    parser.add_argument("--per-second", type=float, default=1_000, help="messages, on average")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--freeze", action="store_true", help="clients call gc.freeze() once they have started")
    options = parser.parse_args()
    load = Load(options.messages, options.warm_up, options.per_second, options.freeze)
    console, rounds = Console(highlight=False, width=130), dict[str, list[Measured]]()
    for number in range(options.rounds):
        for kind, row in ROWS.items():
            console.print(f"round {number + 1}: {row}")
            rounds.setdefault(kind, []).append(asyncio.run(measure(kind, load)))
    print_table(console, rounds, load)


def print_table(console: Console, rounds: dict[str, list[Measured]], load: Load) -> None:
    """One row for each kind of client, and what it ran on."""
    table = Table(
        title=f"{load.messages:,} messages, {load.per_second:,.0f} in a second, with bursts of ten; an order on one in five"
    )
    table.add_column("p50, p99, p99.9", no_wrap=True)
    for name in ("microseconds", "times the echo", "times the POST", "highest round"):
        table.add_column(name, justify="right", no_wrap=True)
    echo, post = (min_of_rounds([measured.total for measured in rounds[kind]]) for kind in ("echo", "post"))
    for kind, measured in rounds.items():
        _add_row(table, ROWS[kind], [run.total for run in measured], echo, post)
        if measured[0].handed_over:
            _add_row(table, "  from the websocket library on", [run.handed_over for run in measured], echo, post)
    console.print(table)
    preempted = ", ".join(f"{kind} {min(run.preempted for run in measured):,}" for kind, measured in rounds.items())
    where = "client and venue on one core each" if cores() else "not kept on cores of their own"
    frozen = ", frozen" if load.is_frozen else ""
    console.print(
        f"CPython {sys.version.split()[0]}, aiohttp {version('aiohttp')}{frozen}, {where}; client interrupted: {preempted}"
    )


def min_of_rounds(rounds: list[list[int]]) -> list[int]:
    """The lowest of each percentile, in nanoseconds."""
    return [min(percentile(run, percent) for run in rounds) for percent in PERCENTILES]


def _add_row(table: Table, name: str, rounds: list[list[int]], echo: list[int], post: list[int]) -> None:
    low = min_of_rounds(rounds)
    high = [max(percentile(run, percent) for run in rounds) for percent in PERCENTILES]
    microseconds = "".join(f"{value / 1000:8,.0f}" for value in low)
    table.add_row(name, microseconds, _ratios(low, echo), _ratios(low, post), _ratios(high, low))


def _ratios(values: list[int], base: list[int]) -> str:
    return "".join(f"{value / divisor:6.1f}" for value, divisor in zip(values, base, strict=True))


if __name__ == "__main__":
    main()
