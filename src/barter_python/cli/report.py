"""`barter report`: results that were written before, for people and for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from barter_python.cli.outcome import make_folder, write_html, write_text
from barter_python.errors import ConfigError, DecodeError
from barter_python.report.comparison import comparison_table, named
from barter_python.report.page.page import MISSING_PLOTLY, comparison_html, has_plotly
from barter_python.report.run import print_result
from barter_python.report.tear_sheets import summary_console
from barter_python.result.document import read_result
from barter_python.result.export import FRAMES, FrameFormat, write_frame

__all__ = ["report_command"]

_FORMATS: Final = ("html", "csv", "parquet", "json")


@click.command("report", short_help="Report on results: summary, HTML, tables, side by side.")
@click.argument("results", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMATS), default="html", show_default=True, help="What is written.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Where it goes: a file for html, else a folder. Default: beside the first result.",
)
def report_command(results: tuple[Path, ...], form: str, output: Path | None) -> None:
    """Print the summary of a RESULT, and write its report as HTML, or its tables.

    Several results are put side by side. The tables are equity, returns, trips, trades, orders and positions, a file each.
    """
    documents = [_read(path) for path in results]
    if len(documents) > 1:
        _compare(documents, results, form, output)
    elif form == "html":
        _report(documents[0], output or results[0].with_suffix(".html"))
    else:
        _export(documents[0], form, output or results[0].with_suffix(""))  # type: ignore[arg-type] # checked by click


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_result(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except DecodeError as error:
        raise ConfigError(error.message) from error


def _report(document: Mapping[str, Any], path: Path) -> None:
    print_result(document)
    for warning in document["warnings"]:
        click.echo(f"warning: {warning}", err=True)
    if not has_plotly():
        click.echo(f"No {path}: {MISSING_PLOTLY}", err=True)
        return
    make_folder(path, "--output")
    write_html(path, "--output", document)
    click.echo(f"Report: {path}")


def _compare(documents: Sequence[Mapping[str, Any]], files: Sequence[Path], form: str, output: Path | None) -> None:
    if form != "html":
        raise ConfigError(f"--format {form}: {len(files)} results were given, expected one")
    runs = named(documents, [str(path) for path in files])
    comparison_table(runs, summary_console())
    path = output or files[0].with_name("comparison.html")
    if not has_plotly():
        click.echo(f"No {path}: {MISSING_PLOTLY}", err=True)
        return
    make_folder(path, "--output")
    write_text(path, "--output", comparison_html(runs))
    click.echo(f"Report: {path}")


def _export(document: Mapping[str, Any], form: FrameFormat, folder: Path) -> None:
    for name in FRAMES:
        path = folder / f"{name}.{form}"
        make_folder(path, "--output")
        try:
            write_frame(document, name, form, path)
        except OSError as error:
            raise ConfigError(f"--output {path}: cannot be written: {error.strerror}") from error
        click.echo(f"Table: {path}")
