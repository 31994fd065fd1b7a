"""`barter replay`: a recorded session as a backtest."""

from __future__ import annotations

from pathlib import Path

import click

from barter_python.backtest.replay import Replay, ReplayArgs, replay
from barter_python.cli.difference import describe
from barter_python.cli.loading import load_plugins
from barter_python.cli.outcome import ReplayDiffersError, make_folder, prepare_report, run_origin, write_html, write_result
from barter_python.engine.state.trading import TradingState
from barter_python.errors import ConfigError, DecodeError
from barter_python.recording.recording import Recording
from barter_python.report.run import print_result
from barter_python.report.tear_sheets import print_summary
from barter_python.report.text import counted
from barter_python.result.document import report_document
from barter_python.session.failure import raise_for_shutdown
from barter_python.session.origin import Origin, session_origin
from barter_python.session.plugin import failures_explained
from barter_python.strategy.initial_state import initial_state

__all__ = ["replay_command"]


@click.command("replay", short_help="Replay a recorded session.")
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("--strategy", help="module:Class or path/to/file.py:Class. Default: that of the session, with its parameters.")
@click.option("--risk", help="Risk manager, module:Class or path/to/file.py:Class. Default: that of the session.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Argument of the strategy's constructor; repeatable. Default: those of the session.",
)
@click.option("--id", "replay_id", default="replay", show_default=True, help="Name of the run, part of the result.")
@click.option("--result", type=click.Path(path_type=Path, dir_okay=False), help="Write the result there, as JSON.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write a report there, as HTML.")
@click.option(
    "--rust-tear-sheets", "has_tear_sheets", is_flag=True, help="Print Rust's tear sheets too: per position, as in Rust."
)
def replay_command(
    recording: Path,
    strategy: str | None,
    risk: str | None,
    parameters: tuple[str, ...],
    replay_id: str,
    result: Path | None,
    report: Path | None,
    has_tear_sheets: bool,
) -> None:
    """Replay a session that `barter paper --record` or `barter live --record` has recorded in the file RECORDING.

    The strategy decides anew and simulated exchanges fill anew, on the market data, the commands and the latencies of the
    session. The same strategy does the same; where it does not, the first difference is shown and the exit code is 8.
    """
    session = Recording(recording)
    origin = _origin(recording, session)
    given = parameters if parameters or strategy is not None else origin.parameters
    plugin, manager, plugins = load_plugins(strategy or origin.strategy, given, risk or origin.risk)
    if result is not None:
        make_folder(result, "--result")
    prepare_report(report)
    instruments = origin.instruments()
    trading = TradingState.ENABLED if origin.is_trading else TradingState.DISABLED
    executions = () if origin.is_live else origin.config.system.executions
    with failures_explained(plugins):
        if origin.tag:
            plugin.begin_session(origin.tag)
        state = initial_state(instruments, session.header.time, origin.balances(), plugin, trading)
        args = ReplayArgs(instruments, executions, state, plugin, manager, replay_id, origin.config.risk_free_return)
        args.valuation = origin.config.system.valuation
        replayed = replay(session, args)
    summary = replayed.summary
    summary.origin = run_origin("replay", recording=str(recording), **origin.document(origin.tag, instruments))
    document = report_document(summary)
    print_result(document)
    if has_tear_sheets:
        print_summary(summary.trading_summary)
    if result is not None:
        write_result(result, "--result", document)
        click.echo(f"Result: {result}")
    if report is not None:
        write_html(report, "--report", document)
        click.echo(f"Report: {report}")
    if not replayed.session.is_complete:
        click.echo("warning: the session was cut off, its recording has no end", err=True)
    raise_for_shutdown(summary)
    _compare(replayed)


def _origin(path: Path, recording: Recording) -> Origin:
    try:
        return session_origin.read(recording.header.session)
    except DecodeError as error:
        raise ConfigError(
            f"{path}: {error.message}, expected a session of barter paper or barter live; see backtest.replay for others"
        ) from None


def _compare(replayed: Replay) -> None:
    session = replayed.session
    if replayed.differences:
        raise ReplayDiffersError("\n  ".join(["the replay differs from the session:", *map(describe, replayed.differences)]))
    click.echo(
        f"The same as the session: {counted(len(session.requests), 'request')}, {counted(len(session.orders), 'order update')}, "
        f"{counted(len(session.trades), 'fill')}, at the same moments."
    )
