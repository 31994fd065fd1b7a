"""Entry point of the `barter` command: errors become one message and a stable exit code.

0  success
1  a defect of barter-python: please report the traceback
2  the command line is wrong
3  the configuration is wrong, or a file cannot be written
4  the market data is unusable
5  the strategy or the risk manager cannot be loaded, or raised
6  the engine had to stop, or an account could not be connected
7  real orders were refused: not clearly asked for, or the keys are wrong or those of another account
8  a replay departs from its session
130  interrupted
"""

from __future__ import annotations

import sys
from typing import Final

import click
from rich.console import Console

from barter_python.cli.backtest import backtest_command
from barter_python.cli.data import data_group
from barter_python.cli.demo import demo_command
from barter_python.cli.init import init_command
from barter_python.cli.live import live_command
from barter_python.cli.outcome import ReplayDiffersError
from barter_python.cli.paper import paper_command
from barter_python.cli.rehearse import rehearse_command
from barter_python.cli.replay import replay_command
from barter_python.cli.report import report_command
from barter_python.cli.trading.context import TradingContext
from barter_python.errors import (
    BarterError,
    ConfigError,
    DecodeError,
    IndexLookupError,
    InstrumentDefinitionError,
    MarketDataError,
    StrategyError,
)
from barter_python.session.account import AccountRefusedError
from barter_python.session.failure import EngineStoppedError

__all__ = ["cli", "main", "run"]

_EXIT_CODES: Final[tuple[tuple[type[BarterError], int], ...]] = (
    (StrategyError, 5),
    (MarketDataError, 4),
    (EngineStoppedError, 6),
    (AccountRefusedError, 7),
    (ReplayDiffersError, 8),
    (ConfigError, 3),
    (DecodeError, 3),
    (InstrumentDefinitionError, 3),
    (IndexLookupError, 3),
)
_INTERRUPTED: Final = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="barter-python", prog_name="barter")
def cli() -> None:
    """Backtest and run trading strategies on the barter engine."""


cli.add_command(demo_command)
cli.add_command(init_command)
cli.add_command(backtest_command)
cli.add_command(paper_command)
cli.add_command(live_command)
cli.add_command(replay_command)
cli.add_command(report_command)
cli.add_command(rehearse_command)
cli.add_command(data_group)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None, context: TradingContext | None = None) -> int:
    """Run the command and return the exit code.

    Args:
        arguments: Of the command line, None for those of the process.
        context: The world around `paper` and `live`, None for the real one.
    """
    try:
        cli.main(arguments, prog_name="barter", standalone_mode=False, obj=context)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return _INTERRUPTED
    except BarterError as error:
        Console(stderr=True, highlight=False).print("[bold red]error:[/bold red]", end=" ")
        click.echo("; ".join((error.message, *getattr(error, "__notes__", ()))), err=True)
        return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 1)
    return 0


if __name__ == "__main__":
    main()
