"""Reads market data from Parquet; see `parquet_schema` for the table.

Events are built column by column, a few thousand rows at a time: the memory in use does not depend on the length of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from barter_python.data.event import MarketStreamEvent
from barter_python.data.file.arrow import pa, pc, pq
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.data.file.info import MarketDataInfo
from barter_python.data.file.parquet_chunk import Chunk
from barter_python.data.file.parquet_events import events_of_chunk
from barter_python.data.file.parquet_markets import Instruments, MarketSelector
from barter_python.data.file.parquet_schema import (
    ADDED_COLUMNS,
    CHUNK_ROWS,
    COLUMNS,
    METADATA_KEY,
    SCHEMA,
    VERSION,
    FileMetadata,
)
from barter_python.errors import MarketDataError
from barter_python.timed import EPOCH

__all__ = ["ParquetFile"]

_SHARED: Final = ("time_exchange", "time_received", "exchange", "instrument", "kind")


class ParquetFile:
    """A market data file in Parquet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as table:
            self._info = _read_info(path, table)

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    @property
    def has_summary(self) -> bool:
        """True: it is in the metadata."""
        return True

    def info(self) -> MarketDataInfo:
        """What it contains."""
        return self._info

    def events(self, instruments: Instruments) -> Iterator[list[MarketStreamEvent]]:
        """Read the events of some instruments; see `MarketDataFile.events`."""
        selector = MarketSelector(instruments)
        first, latest = 0, None
        for batch in self._batches():
            with paused_garbage_collection():
                chunk = Chunk(batch, str(self._path), first)
                latest = _check_order(chunk, latest)
                events = events_of_chunk(*selector.select(chunk))
            first += len(chunk)
            if events:
                yield events

    def _batches(self) -> Iterator[Any]:
        with self._open() as table:
            for batch in table.iter_batches(CHUNK_ROWS, columns=_columns(self._info), use_threads=False):
                yield _with_added_columns(batch)

    @contextmanager
    def _open(self) -> Iterator[Any]:
        try:
            # Buffering ahead would read whole row groups into memory.
            with pq.ParquetFile(self._path, pre_buffer=False) as table:
                yield table
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise MarketDataError(f"{self._path}: {error}, expected a complete Parquet file") from error


def _read_info(path: Path, table: Any) -> MarketDataInfo:
    metadata = (table.metadata.metadata or {}).get(METADATA_KEY)
    if metadata is None:
        raise MarketDataError(
            f"{path}: metadata {METADATA_KEY.decode()!r} is missing, expected a market data file made by MarketDataWriter"
        )
    try:
        version = msgspec.json.decode(metadata, type=_Version).version
        if version != VERSION:
            raise MarketDataError(f"{path}: version is {version}, expected {VERSION}: made by another release of barter-python")
        info = msgspec.json.decode(metadata, type=FileMetadata).info
    except msgspec.MsgspecError as error:
        raise MarketDataError(f"{path}: metadata {METADATA_KEY.decode()!r} is damaged: {error}") from error
    if unknown := sorted(info.kinds - COLUMNS.keys()):
        raise MarketDataError(f"{path}: kind is {unknown[0]!r}, expected one of: {', '.join(COLUMNS)}")
    for field in SCHEMA:
        if field.name in ADDED_COLUMNS and field.name not in table.schema_arrow.names:
            continue
        found = table.schema_arrow.field(field.name).type if field.name in table.schema_arrow.names else "missing"
        if found != field.type:
            raise MarketDataError(f"{path}: column {field.name} is {found}, expected {field.type}")
    return info


class _Version(msgspec.Struct):
    version: int


def _columns(info: MarketDataInfo) -> list[str]:
    """The columns that the kinds in the file have; the others are null anyway."""
    return list(dict.fromkeys((*_SHARED, *(name for kind in sorted(info.kinds) for name in COLUMNS[kind]))))


def _with_added_columns(batch: Any) -> Any:
    for name in ADDED_COLUMNS - set(batch.schema.names):
        batch = batch.append_column(name, pa.nulls(len(batch), SCHEMA.field(name).type))
    return batch


def _check_order(chunk: Chunk, latest: int | None) -> int | None:
    """Check that the times of reception do not decrease, and return the last one."""
    times = chunk.batch.column("time_received").cast(pa.int64())
    known = times.drop_null()
    if not len(known):
        return latest
    if latest is not None and known[0].as_py() < latest:
        raise _out_of_order(chunk, times, 0, latest)
    backwards = pc.less(known[1:], known[:-1])
    if pc.any(backwards).as_py():
        place = pc.index(backwards, True).as_py()
        raise _out_of_order(chunk, times, place + 1, known[place].as_py())
    last: int = known[-1].as_py()
    return last


def _out_of_order(chunk: Chunk, times: Any, place: int, latest: int) -> MarketDataError:
    row = pc.indices_nonzero(pc.is_valid(times))[place].as_py()
    time, before = (EPOCH + timedelta(0, 0, value) for value in (times[row].as_py(), latest))
    return chunk.error(row, f"time_received is {time}, out of order: expected {before} or later")
