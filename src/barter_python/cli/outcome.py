"""What a command does with the end of a run."""

from __future__ import annotations

from pathlib import Path

from barter_python.errors import BarterError, ConfigError
from barter_python.result.document import write_report
from barter_python.result.summary import BacktestSummary

__all__ = ["ReplayDiffersError", "make_folder", "write_result"]


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


def write_result(path: Path, option: str, summary: BacktestSummary) -> None:
    """Write the result of a run to a file.

    Raises:
        ConfigError: It cannot be written.
    """
    try:
        write_report(path, summary)
    except OSError as error:
        raise ConfigError(f"{option} {path}: cannot be written: {error.strerror}") from error
