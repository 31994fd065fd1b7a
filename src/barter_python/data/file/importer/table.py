"""Tables whose columns have types: Parquet, Feather, and frames in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from barter_python.data.file.arrow import pa, pq
from barter_python.data.file.parquet_schema import METADATA_KEY
from barter_python.errors import MarketDataError

__all__ = ["FeatherSource", "FrameSource", "ParquetSource"]

_BATCH_ROWS: Final = 1 << 16
_DAMAGED: Final = (pa.ArrowException, OSError, UnicodeDecodeError)


class ParquetSource:
    """A Parquet file of any program."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as table:
            if METADATA_KEY in (table.metadata.metadata or {}):
                raise MarketDataError(f"{path}: this is a market data file already, expected one of another program")
            self._header = tuple(table.schema_arrow.names)

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self._path)

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self._header

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self._header)

    def batches(self, positions: Sequence[int]) -> Iterator[Any]:
        """Some columns."""
        names = [self._header[position] for position in positions]
        with self._open() as table:
            for batch in table.iter_batches(_BATCH_ROWS, columns=names, use_threads=False):
                yield _plain(batch.select(names))

    @contextmanager
    def _open(self) -> Iterator[Any]:
        try:
            with pq.ParquetFile(self._path, pre_buffer=False) as table:
                yield table
        except _DAMAGED as error:
            raise MarketDataError(f"{self._path}: {error}, expected a complete Parquet file") from error


class FeatherSource:
    """A Feather file: Arrow's own format, memory-mapped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as file:
            self._header = tuple(file.schema.names)

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self._path)

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self._header

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self._header)

    def batches(self, positions: Sequence[int]) -> Iterator[Any]:
        """Some columns."""
        with self._open() as file:
            for number in range(file.num_record_batches):
                yield from _pieces(file.get_batch(number).select(list(positions)))

    @contextmanager
    def _open(self) -> Iterator[Any]:
        try:
            with pa.memory_map(str(self._path)) as mapped:
                yield pa.ipc.open_file(mapped)
        except _DAMAGED as error:
            raise MarketDataError(f"{self._path}: {error}, expected a complete Feather file (version 2)") from error


class FrameSource:
    """A frame in memory. Its columns are not copied where its library holds them as Arrow does.

    Raises:
        MarketDataError: The object does not speak the Arrow PyCapsule protocol, or has columns of no Arrow type.
    """

    def __init__(self, frame: Any) -> None:
        self._name = f"the {type(frame).__name__}"
        if not hasattr(frame, "__arrow_c_stream__"):
            raise MarketDataError(
                f"{self._name}: there is no __arrow_c_stream__, expected a path, or a frame of pandas 2.2, polars or pyarrow"
            )
        try:
            self._table = pa.table(frame)
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise MarketDataError(f"{self._name}: {error}, expected columns of numbers, text and times") from error

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._name

    @property
    def path(self) -> None:
        """None: it is in memory."""

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns, the index included."""
        return tuple(self._table.schema.names)

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self._table.num_columns)

    def batches(self, positions: Sequence[int]) -> Iterator[Any]:
        """Some columns."""
        for batch in self._table.select(list(positions)).to_batches(_BATCH_ROWS):
            yield _plain(batch)


def _pieces(batch: Any) -> Iterator[Any]:
    for start in range(0, len(batch), _BATCH_ROWS):
        yield _plain(batch.slice(start, _BATCH_ROWS))


def _plain(batch: Any) -> Any:
    """The batch with text as `string`, and values in place of dictionaries."""
    arrays = []
    for column in batch.columns:
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = column.dictionary.cast(_readable(kind.value_type)).take(column.indices)
            kind = column.type
        arrays.append(column.cast(_readable(kind)))
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _readable(kind: Any) -> Any:
    """The type that a column of this one is read as: all text is `string`."""
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind
