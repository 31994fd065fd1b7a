"""Opens what rows are imported from: delimited text, Parquet, Feather, and frames in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from barter_python.data.file.importer.delimited import DelimitedSource
from barter_python.data.file.importer.table import FeatherSource, FrameSource, ParquetSource
from barter_python.errors import MarketDataError

__all__ = ["ArrowStream", "ImportSource", "Source", "open_source"]


class ArrowStream(Protocol):
    """A frame of pandas, polars, pyarrow or any other library that speaks the Arrow PyCapsule protocol."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows, for Arrow."""
        ...


ImportSource: TypeAlias = str | Path | ArrowStream


class Source(Protocol):
    """Rows that can be read any number of times."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    @property
    def path(self) -> Path | None:
        """Where it is, None in memory."""
        ...

    @property
    def header(self) -> tuple[str, ...] | None:
        """Names of the columns, None where it has none."""
        ...

    @property
    def width(self) -> int:
        """Number of columns."""
        ...

    def batches(self, positions: Sequence[int]) -> Iterator[Any]:
        """Some columns, as record batches. Text is of Arrow's type `string`, and there are no dictionaries.

        Raises:
            MarketDataError: The source is damaged.
        """
        ...


_TEXT_SUFFIXES = (".csv", ".csv.gz", ".csv.zst", ".csv.bz2", ".tsv", ".txt", ".zip")
_SUFFIXES = (*_TEXT_SUFFIXES, ".parquet", ".feather", ".arrow")


def open_source(source: ImportSource) -> Source:
    """Open a source; the suffix of a file tells its format.

    Raises:
        MarketDataError: There is no such file, it is empty, of no known format, or damaged.
    """
    if not isinstance(source, str | Path):
        return FrameSource(source)
    path = Path(source)
    name = path.name.lower()
    if not name.endswith(_SUFFIXES):
        raise MarketDataError(f"{path}: the suffix is {path.suffix!r}, expected one of: {', '.join(_SUFFIXES)}")
    if not path.is_file():
        raise MarketDataError(f"{path}: there is no such file")
    if not path.stat().st_size:
        raise MarketDataError(f"{path}: the file is empty, expected rows")
    if name.endswith(_TEXT_SUFFIXES):
        return DelimitedSource(path)
    return ParquetSource(path) if name.endswith(".parquet") else FeatherSource(path)
