"""File formats and how to tell them apart."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Final

from barter_python.errors import MarketDataError

__all__ = ["FileFormat", "format_of", "require_pyarrow"]


class FileFormat(Enum):
    """Decided by the suffix of a file."""

    PARQUET = "parquet"
    JSON_LINES = "jsonl"
    JSON_LINES_GZIP = "jsonl.gz"
    JSON = "json"
    """Read only: the example files of barter-rs, a JSON array or JSON lines."""


_SUFFIXES: Final = {f".{item.value}": item for item in FileFormat}


def format_of(path: Path, *, writing: bool = False) -> FileFormat:
    """The format of a file.

    Raises:
        MarketDataError: The suffix belongs to no format.
    """
    known = {suffix: item for suffix, item in _SUFFIXES.items() if not (writing and item is FileFormat.JSON)}
    for suffix, item in known.items():
        if path.name.lower().endswith(suffix):
            return item
    raise MarketDataError(f"{path}: the suffix is {path.suffix!r}, expected one of: {', '.join(known)}")


def require_pyarrow(path: Path) -> None:
    """Check that Parquet can be used.

    Raises:
        MarketDataError: pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise MarketDataError(f"{path}: Parquet needs pyarrow, run: pip install 'barter-python[data]'") from error
