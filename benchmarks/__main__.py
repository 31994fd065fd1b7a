"""`make bench`: prints the performance table.

Absolute speeds depend on the machine; what counts are the ratios to the bare loop of the same run.
"""

from __future__ import annotations

import argparse
import gc
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from barter_python.backtest.files import MarketDataFiles
from barter_python.backtest.market_data import MarketDataInMemory
from barter_python.backtest.run import BacktestArgsConstant, BacktestArgsDynamic, run_backtest
from barter_python.data.event import MarketEvent
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file.writer import write_market_data
from barter_python.engine.run import sync_run, sync_run_with_audit
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.risk.manager import DefaultRiskManager
from benchmarks import workload


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ticks", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3, help="the fastest of so many runs counts")
    parser.add_argument("--no-memory", action="store_true", help="leave out the comparison of memory")
    parser.add_argument("--stream", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stream is not None:
        _stream(options.stream)
        return
    console = Console(highlight=False)
    events = workload.ticks(options.ticks)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ticks.parquet"
        write(path, events)
        _print_speed(console, events, path, options.repeat)
        if not options.no_memory:
            _print_memory(console, Path(folder), path, options.ticks)


def write(path: Path, events: list[MarketEvent]) -> None:
    """Write events of the one instrument to a market data file."""
    write_market_data(path, (_named(event) for event in events))


def _named(event: MarketEvent) -> NamedMarketEvent:
    return NamedMarketEvent(
        event.time_exchange, event.time_received, event.exchange, InstrumentNameExchange("BTCUSDT"), event.kind
    )


def _print_speed(console: Console, events: list[MarketEvent], path: Path, repeat: int) -> None:
    floor = _fastest(lambda: workload.bare_loop(events), repeat)
    table = Table(title=f"{len(events):,} trade ticks, double moving average, CPython {sys.version.split()[0]}")
    table.add_column("")
    table.add_column("events/s", justify="right")
    table.add_column("times the bare loop", justify="right")
    measured: list[tuple[str, Callable[[], object]]] = [
        ("engine, without audits", lambda: sync_run(events, workload.engine())),
        ("engine, with audits", lambda: sync_run_with_audit(events, workload.engine(), workload.Discard())),
        ("backtest from memory, orders filled", lambda: _backtest(events, None)),
        ("backtest from memory, with audits", lambda: _backtest(events, None, audits=True)),
        ("backtest streamed from Parquet", lambda: _backtest(None, path)),
    ]
    table.add_row("bare loop, same strategy", f"{len(events) / floor:,.0f}", "1.0")
    for name, run in measured:
        seconds = _fastest(run, repeat)
        table.add_row(name, f"{len(events) / seconds:,.0f}", f"{seconds / floor:.1f}")
    console.print(table)


def _backtest(events: list[MarketEvent] | None, path: Path | None, *, audits: bool = False) -> object:
    strategy = workload.strategy()
    data = MarketDataInMemory(events) if events is not None else MarketDataFiles([path], workload.INSTRUMENTS)
    constant = BacktestArgsConstant(workload.INSTRUMENTS, [workload.execution()], data, workload.state(strategy))
    dynamic = BacktestArgsDynamic("bench", Decimal(0), strategy, DefaultRiskManager())
    return run_backtest(constant, dynamic, audit_tx=workload.Discard() if audits else None)


def _fastest(run: Callable[[], object], repeat: int) -> float:
    return min(_seconds(run) for _ in range(repeat))


def _seconds(run: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    started = perf_counter()
    run()
    seconds = perf_counter() - started
    gc.enable()
    return seconds


def _print_memory(console: Console, folder: Path, path: Path, ticks: int) -> None:
    """Peak memory of a streamed backtest, in processes of their own: it must not grow with the length of the data."""
    long = folder / "long.parquet"
    write_market_data(long, (_named(event) for event in _repeated(workload.ticks(ticks), 5)))
    short_peak, long_peak = _peak_memory(path), _peak_memory(long)
    console.print(
        f"Peak memory of a streamed backtest: {short_peak / 2**20:,.0f} MiB for {ticks:,} ticks, "
        f"{long_peak / 2**20:,.0f} MiB for {5 * ticks:,}: {long_peak / short_peak:.2f} times"
    )


def _repeated(events: list[MarketEvent], times: int) -> Iterator[MarketEvent]:
    length = events[-1].time_exchange - events[0].time_exchange + workload.STEP
    for round_ in range(times):
        for event in events:
            time = event.time_exchange + round_ * length
            yield MarketEvent(time, time, event.exchange, event.instrument, event.kind)


def _peak_memory(path: Path) -> int:
    """Peak resident memory in bytes of a process that streams a file."""
    command = [sys.executable, "-m", "benchmarks", "--stream", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


def _stream(path: Path) -> None:
    """Stream one file, and print the peak resident memory of this process in bytes."""
    _backtest(None, path)
    status = Path("/proc/self/status")
    if status.exists():  # unlike getrusage, this does not start with the peak of the parent process
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        print(int(peak.split()[1]) * 1024)
    else:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
