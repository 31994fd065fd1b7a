"""`barter backtest`: a strategy on market data files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from barter_python.backtest.display import print_backtest
from barter_python.backtest.files import MarketDataFiles
from barter_python.backtest.run import BacktestArgsConstant, BacktestArgsDynamic
from barter_python.cli.outcome import make_folder, raise_for_shutdown, write_result
from barter_python.cli.session import initial_balances, initial_state, load_config, load_plugins, run_with_progress
from barter_python.cli.time_option import utc_time
from barter_python.data.file.time_range import TimeRange
from barter_python.instrument.index import IndexedInstruments

__all__ = ["backtest_command"]


@click.command("backtest", short_help="Run a strategy on market data files.")
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--data",
    "data",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Market data file, catalog, or a folder inside of one; repeat it to merge several by time.",
)
@click.option("--from", "start", type=utc_time, metavar="TIME", help="Leave out what happened before, e.g. 2024-08-08 (UTC).")
@click.option("--to", "end", type=utc_time, metavar="TIME", help="Leave out what happened then or later.")
@click.option("--strategy", required=True, help="module:Class or path/to/file.py:Class.")
@click.option("--risk", help="Risk manager, module:Class or path/to/file.py:Class. Default: approve everything.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Argument of the strategy's constructor; repeatable.",
)
@click.option("--id", "backtest_id", default="backtest", show_default=True, help="Name of the run, part of the result.")
@click.option(
    "--output",
    default=Path("backtest.json"),
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the result goes.",
)
def backtest_command(
    config: Path,
    data: tuple[Path, ...],
    start: datetime | None,
    end: datetime | None,
    strategy: str,
    risk: str | None,
    parameters: tuple[str, ...],
    backtest_id: str,
    output: Path,
) -> None:
    """Run a strategy with the configuration CONFIG on market data files.

    Prints the trading summary and writes the result as JSON. The same files, configuration and strategy give the same
    result, to the last digit.
    """
    loaded = load_config(config)
    plugin, manager, plugins = load_plugins(strategy, parameters, risk)
    make_folder(output, "--output")
    instruments = IndexedInstruments.new(item.to_instrument() for item in loaded.system.instruments)
    market_data = MarketDataFiles(data, instruments, TimeRange(start, end))
    balances = initial_balances(loaded.system.executions)
    state = initial_state(instruments, market_data.time_first_event(), balances, plugin)
    summary = run_with_progress(
        BacktestArgsConstant(instruments, loaded.system.executions, market_data, state),
        BacktestArgsDynamic(backtest_id, loaded.risk_free_return, plugin, manager),
        plugins,
        market_data.count(),
    )
    print_backtest(summary)
    write_result(output, "--output", summary)
    click.echo(f"Result: {output}")
    raise_for_shutdown(summary)
