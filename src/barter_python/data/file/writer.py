"""Writes market data files that are complete or not there at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol

from barter_python.data.event import MarketReconnecting
from barter_python.data.exchange.named import NamedMarketEvent, NamedMarketStreamEvent
from barter_python.data.file.check import check_event
from barter_python.data.file.format import FileFormat, format_of, require_pyarrow
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.data.file.info import KIND_TAGS, MarketDataInfo, MarketDataTally
from barter_python.data.file.json_lines_writer import JsonLinesSink
from barter_python.data.file.whole_file import WholeFile
from barter_python.errors import MarketDataError

__all__ = ["MarketDataWriter", "write_market_data"]

_BUFFERED_EVENTS = 1 << 13


class MarketDataSink(Protocol):
    """An open file of one format."""

    def write(self, events: list[NamedMarketStreamEvent]) -> None:
        """Append events."""
        ...

    def finish(self, info: MarketDataInfo) -> None:
        """Write what comes after the last event."""
        ...

    def close(self) -> None:
        """Close the file, whether it is finished or not."""
        ...


def write_market_data(path: Path, events: Iterable[NamedMarketStreamEvent], *, source: str = "") -> MarketDataInfo:
    """Write a file; see `MarketDataWriter`."""
    with MarketDataWriter(path, source=source) as writer:
        writer.write(events)
    return writer.info


class MarketDataWriter:
    """Writes events in order of arrival; the suffix (`.parquet`, `.jsonl`, `.jsonl.gz`) decides the format.

    Writes beside the target and renames at the end of the `with` block; an exception leaves no file and keeps an old one.

    Attributes:
        source: What the file is made from, kept in its metadata (Parquet only).
        dropped: Order book updates that were left out, kept in its metadata (Parquet only).
        gaps: How often order book updates were missing, kept in its metadata (Parquet only).
        cut_lines: Last lines of sources that were cut off, kept in its metadata (Parquet only).

    Raises:
        MarketDataError: No such format, a value is impossible, `time_received` goes backwards, or there was no event at all.
    """

    def __init__(self, path: Path, *, source: str = "") -> None:
        self.source = source
        self.dropped = self.gaps = self.cut_lines = 0
        self._path = Path(path)
        self._format = format_of(self._path, writing=True)
        self._file = WholeFile(self._path)
        self._tally = MarketDataTally()
        self._events = 0
        self._latest: datetime | None = None
        self._buffer: list[NamedMarketStreamEvent] = []
        try:
            self._sink = self._open()
        except OSError as error:
            raise MarketDataError(f"{self._path}: {error}, expected a place to write to") from error

    @property
    def info(self) -> MarketDataInfo:
        """What was written so far."""
        info = self._tally.info(self._format.value, self.source, self.dropped)
        return replace(info, gaps=self.gaps, cut_lines=self.cut_lines)

    def write(self, events: Iterable[NamedMarketStreamEvent]) -> None:
        """Append events.

        Raises:
            MarketDataError: A value is impossible, or `time_received` goes backwards.
        """
        for event in events:
            self._events += 1
            if isinstance(event, MarketReconnecting):
                self._tally.reconnects += 1
            else:
                self._count(event)
            self._buffer.append(event)
            if len(self._buffer) >= _BUFFERED_EVENTS:
                self._flush()

    def __enter__(self) -> MarketDataWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        try:
            if error is None:
                self._finish()
            self._sink.close()
            if error is None:
                self._file.publish()
        finally:
            self._sink.close()
            self._file.discard()

    def _open(self) -> MarketDataSink:
        if self._format is FileFormat.PARQUET:
            require_pyarrow(self._path)
            from barter_python.data.file.parquet_writer import ParquetSink

            return ParquetSink(self._file.partial)
        return JsonLinesSink(self._file.partial, compressed=self._format is FileFormat.JSON_LINES_GZIP)

    def _finish(self) -> None:
        if not self._tally.instruments:
            raise MarketDataError(f"{self._path}: there is no event to write")
        self._flush()
        self._sink.finish(self.info)

    def _flush(self) -> None:
        with paused_garbage_collection():
            self._sink.write(self._buffer)
        self._buffer = []

    def _count(self, event: NamedMarketEvent) -> None:
        try:
            if self._latest is not None and event.time_received < self._latest:
                raise MarketDataError(f"time_received is {event.time_received}, out of order: expected {self._latest} or later")
            check_event(event.kind, event.time_exchange)
        except MarketDataError as error:
            raise MarketDataError(f"{self._path}, event {self._events}: {error}") from error
        self._latest = event.time_received
        tag = KIND_TAGS[type(event.kind)]
        self._tally.add(event.exchange, event.instrument, tag, event.time_exchange, event.time_received)
