"""What a command prints and writes at the end of a session."""

from __future__ import annotations

from pathlib import Path

import click

from barter_python.cli.outcome import write_result
from barter_python.errors import ConfigError
from barter_python.report.run import print_backtest
from barter_python.session.failure import raise_for_shutdown
from barter_python.session.plan import SessionOutcome

__all__ = ["report"]


def report(outcome: SessionOutcome, result: Path | None, audit: Path | None, *, is_interrupted: bool) -> None:
    """Print the trading summary, and write the result.

    Raises:
        ConfigError: The result cannot be written.
        EngineStoppedError: The engine had to stop.
        click.Abort: The user interrupted the session.
    """
    failed = None
    if result is not None:  # before anything is printed: the terminal may be gone
        try:
            write_result(result, "--result", outcome.summary)
        except ConfigError as error:
            failed = error
    print_backtest(outcome.summary)
    for warning in outcome.warnings:
        click.echo(f"warning: {warning}", err=True)
    if failed is not None:
        raise failed
    if result is not None:
        click.echo(f"Result: {result}")
    if audit is not None:
        click.echo(f"Audits: {audit}")
    raise_for_shutdown(outcome.summary)
    if is_interrupted:
        raise click.Abort
