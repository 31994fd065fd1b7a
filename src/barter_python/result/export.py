"""The tables of a result as files, for other programs. Needs the extra `data`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import msgspec

from barter_python.codec.scalar import instant
from barter_python.result.frames import ResultFrames
from barter_python.result.private_file import write_private

if TYPE_CHECKING:
    import pyarrow

__all__ = ["FRAMES", "FrameFormat", "write_frame"]

FrameFormat: TypeAlias = Literal["csv", "parquet", "json"]
"""JSON is a list of objects, one a row."""

FRAMES: Final = ("equity", "returns", "trips", "trades", "orders", "positions")
"""Members of `ResultFrames`."""


def write_frame(document: Mapping[str, Any], name: str, form: FrameFormat, path: Path) -> None:
    """Write a table of a result; money is decimal128 in Parquet, else text with all digits.

    Raises:
        ConfigError: The run was not accounted for, or pyarrow is not installed.
        OSError: It cannot be written.
    """
    table: pyarrow.Table = getattr(ResultFrames(document, "decimal" if form == "parquet" else "text"), name)
    written = BytesIO()
    if form == "parquet":
        from pyarrow import parquet

        parquet.write_table(table, written)
    elif form == "csv":
        from pyarrow import csv

        csv.write_csv(table, written)
    else:
        written.write(msgspec.json.encode([_plain(row) for row in table.to_pylist()]))
    write_private(path, written.getvalue())


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: instant.write(value) if isinstance(value, datetime) else value for name, value in row.items()}
