"""What a command does with the end of a run."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from barter_python.errors import BarterError, ConfigError
from barter_python.report.page.page import MISSING_PLOTLY, has_plotly, report_html
from barter_python.result.document import write_document
from barter_python.result.private_file import write_private

__all__ = ["ReplayDiffersError", "make_folder", "prepare_report", "run_origin", "write_html", "write_result", "write_text"]


class ReplayDiffersError(BarterError):
    """A replay departs from its session."""


def make_folder(path: Path, option: str) -> None:
    """Make the folder of a result before the run that leads to it, so that no result is lost for want of one.

    Args:
        path: Where the result goes.
        option: Asked for it.

    Raises:
        ConfigError: It cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{option} {path}: cannot be written: {error.strerror}") from error


def run_origin(command: str, **members: Any) -> dict[str, Any]:
    """What a run was made of, for its document: results do not depend on the version of Python, which so is not part of it."""
    return {"command": command, "version": version("barter-python"), **members}


def prepare_report(path: Path | None) -> None:
    """Make the folder of a report that is wanted, and see that it can be made, before the run that leads to it.

    Raises:
        ConfigError: The folder cannot be made, or plotly is not installed.
    """
    if path is None:
        return
    if not has_plotly():
        raise ConfigError(f"--report {path}: {MISSING_PLOTLY}")
    make_folder(path, "--report")


def write_result(path: Path, option: str, document: Mapping[str, Any]) -> None:
    """Write the document of a result to a file.

    Raises:
        ConfigError: It cannot be written.
    """
    try:
        write_document(path, document)
    except OSError as error:
        raise ConfigError(f"{option} {path}: cannot be written: {error.strerror}") from error


def write_html(path: Path, option: str, document: Mapping[str, Any]) -> None:
    """Write the report of a result to a file.

    Raises:
        ConfigError: It cannot be written, or plotly is not installed.
    """
    write_text(path, option, report_html(document))


def write_text(path: Path, option: str, written: str) -> None:
    """Write a file that only its owner may read.

    Raises:
        ConfigError: It cannot be written.
    """
    try:
        write_private(path, written.encode())
    except OSError as error:
        raise ConfigError(f"{option} {path}: cannot be written: {error.strerror}") from error
