"""`barter backtest`: a strategy on market data files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from barter_python.backtest.files import MarketDataFiles
from barter_python.backtest.run import BacktestArgsConstant, BacktestArgsDynamic
from barter_python.cli.loading import load_config, load_plugins, run_with_progress
from barter_python.cli.outcome import make_folder, prepare_report, run_origin, write_html, write_result
from barter_python.cli.time_option import utc_time
from barter_python.codec.config import backtest_config
from barter_python.codec.scalar import instant
from barter_python.data.file.time_range import TimeRange
from barter_python.report.run import print_result
from barter_python.report.tear_sheets import print_summary
from barter_python.result.document import report_document
from barter_python.session.failure import raise_for_shutdown
from barter_python.session.plugin import failures_explained
from barter_python.strategy.initial_state import initial_state

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
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write a report there, as HTML.")
@click.option(
    "--rust-tear-sheets", "has_tear_sheets", is_flag=True, help="Print Rust's tear sheets too: per position, as in Rust."
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
    report: Path | None,
    has_tear_sheets: bool,
) -> None:
    """Run a strategy with the configuration CONFIG on market data files.

    Prints the trading summary and writes the result as JSON. The same files, configuration and strategy give the same
    result, to the last digit.
    """
    loaded = load_config(config)
    plugin, manager, plugins = load_plugins(strategy, parameters, risk)
    make_folder(output, "--output")
    prepare_report(report)
    instruments = loaded.system.indexed_instruments()
    market_data = MarketDataFiles(data, instruments, TimeRange(start, end))
    missing = market_data.missing()
    with failures_explained(plugins):
        state = initial_state(instruments, market_data.time_first_event(), loaded.system.initial_balances(), plugin)
    summary = run_with_progress(
        BacktestArgsConstant(instruments, loaded.system.executions, market_data, state, valuation=loaded.system.valuation),
        BacktestArgsDynamic(backtest_id, loaded.risk_free_return, plugin, manager),
        plugins,
        market_data.count(),
    )
    summary.origin = run_origin(
        "backtest",
        config=backtest_config.write(loaded),
        data=[str(path) for path in data],
        start=None if start is None else instant.write(start),
        end=None if end is None else instant.write(end),
        strategy=strategy,
        parameters=list(parameters),
        risk=risk,
    )
    summary.warnings = (missing,) if missing else ()
    document = report_document(summary)
    print_result(document)
    if has_tear_sheets:
        print_summary(summary.trading_summary)
    if missing:
        click.echo(f"warning: {missing}", err=True)
    write_result(output, "--output", document)
    click.echo(f"Result: {output}")
    if report is not None:
        write_html(report, "--report", document)
        click.echo(f"Report: {report}")
    raise_for_shutdown(summary)
