"""What a command prints and writes at the end of a session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from barter_python.cli.outcome import run_origin, write_html, write_result
from barter_python.cli.trading.options import TradingOptions
from barter_python.errors import ConfigError
from barter_python.report.run import print_result
from barter_python.report.tear_sheets import print_summary
from barter_python.result.document import report_document
from barter_python.session.failure import raise_for_shutdown
from barter_python.session.origin import Origin
from barter_python.session.plan import SessionOutcome

__all__ = ["report"]


def report(outcome: SessionOutcome, options: TradingOptions, origin: Origin, *, is_interrupted: bool) -> None:
    """Print the summary, and write what is wanted of it.

    Raises:
        ConfigError: The result cannot be written.
        EngineStoppedError: The engine had to stop.
        click.Abort: The user interrupted the session.
    """
    summary = outcome.summary
    summary.origin = run_origin("live" if origin.is_live else "paper", **origin.document(outcome.tag, summary.instruments))
    summary.warnings = outcome.warnings
    document = report_document(summary)
    failed = _write(options, document)  # before anything is printed: the terminal may be gone
    print_result(document)
    if options.has_tear_sheets:
        print_summary(summary.trading_summary)
    for warning in outcome.warnings:
        click.echo(f"warning: {warning}", err=True)
    if failed is not None:
        raise failed
    for name, path in (("Result", options.result), ("Report", options.report), ("Audits", options.audit)):
        if path is not None:
            click.echo(f"{name}: {path}")
    raise_for_shutdown(summary)
    if is_interrupted:
        raise click.Abort


def _write(options: TradingOptions, document: Mapping[str, Any]) -> ConfigError | None:
    """Write what can be written; the first error."""
    failed = None
    for path, option, write in ((options.result, "--result", write_result), (options.report, "--report", write_html)):
        try:
            if path is not None:
                write(path, option, document)
        except ConfigError as error:
            failed = failed or error
    return failed
