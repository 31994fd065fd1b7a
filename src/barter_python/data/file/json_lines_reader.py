"""Reads market data from JSON lines, and from the files of barter-rs; see `json_lines_writer` for the lines.

barter-rs numbers the instruments of its files. Its shorter example is one JSON array, which is read into memory as a whole.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BufferedReader, RawIOBase
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias, cast

import msgspec

from barter_python.data.event import MarketEvent, MarketReconnecting, MarketStreamEvent
from barter_python.data.file.check import check_event
from barter_python.data.file.format import FileFormat
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.data.file.info import KIND_TAGS, MarketDataInfo, MarketDataTally
from barter_python.data.file.json_shape import StreamDocument, StreamResultDocument, kind_from_document, time_from_text
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["JsonLinesFile"]

_CHUNK_LINES: Final = 1 << 13
_BUFFER_BYTES: Final = 1 << 18
_EXCHANGES: Final = {exchange.value: exchange for exchange in ExchangeId}
_NOT_JSON: Final = (msgspec.MsgspecError, UnicodeDecodeError)
_line: Final = msgspec.json.Decoder(StreamDocument)
_array: Final = msgspec.json.Decoder(list[StreamResultDocument])

_Indexes: TypeAlias = Mapping[str | int, InstrumentIndex]


class JsonLinesFile:
    """A market data file of JSON lines."""

    def __init__(self, path: Path, file_format: FileFormat) -> None:
        self._path = path
        self._format = file_format
        self._info: MarketDataInfo | None = None

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    @property
    def has_summary(self) -> bool:
        """Whether the file was read once."""
        return self._info is not None

    def info(self) -> MarketDataInfo:
        """What it contains; the first call reads the whole file."""
        if self._info is None:
            names: list[str] = []
            tally = MarketDataTally()
            for events in self._read(_Builder({exchange: _Numbering(names) for exchange in _EXCHANGES})):
                for event in events:
                    if isinstance(event, MarketReconnecting):
                        tally.reconnects += 1
                        continue
                    name = names[event.instrument]
                    tally.add(event.exchange, name, KIND_TAGS[type(event.kind)], event.time_exchange, event.time_received)
            self._info = tally.info(self._format.value)
        return self._info

    def events(self, instruments: Mapping[tuple[ExchangeId, str], InstrumentIndex]) -> Iterator[list[MarketStreamEvent]]:
        """Read the events of some instruments; see `MarketDataFile.events`."""
        indexes: dict[str, dict[str | int, InstrumentIndex]] = {}
        for (exchange, name), index in instruments.items():
            of_exchange = indexes.setdefault(exchange.value, {})
            of_exchange[name] = of_exchange[int(index)] = index
        return self._read(_Builder(indexes))

    def _read(self, builder: _Builder) -> Iterator[list[MarketStreamEvent]]:
        for place, first, documents in self._documents():
            with paused_garbage_collection():
                events = []
                for number, document in enumerate(documents, first):
                    try:
                        event = builder.build(document)
                    except MarketDataError as error:
                        raise MarketDataError(f"{self._path}, {place} {number}: {error}") from error
                    if event is not None:
                        events.append(event)
            if events:
                yield events

    def _documents(self) -> Iterator[tuple[str, int, list[StreamDocument]]]:
        """Runs of documents, with the place that errors name: `line` or `item`, and the number of the first."""
        number = 0
        try:
            with _open(self._path, self._format) as file:
                if self._format is FileFormat.JSON and file.peek().lstrip()[:1] == b"[":
                    yield "item", 1, _decode_array(self._path, file.read())
                    return
                while lines := list(islice(file, _CHUNK_LINES)):
                    yield "line", number + 1, _decode_lines(self._path, number + 1, lines)
                    number += len(lines)
        except (OSError, EOFError, zlib.error) as error:
            raise MarketDataError(f"{self._path}, after line {number}: {error}, expected a readable, complete file") from error
        if not number:
            raise MarketDataError(f"{self._path}: the file is empty, expected market data")


def _open(path: Path, file_format: FileFormat) -> BufferedReader:
    if file_format is FileFormat.JSON_LINES_GZIP:
        return BufferedReader(cast(RawIOBase, gzip.GzipFile(path)), _BUFFER_BYTES)
    return BufferedReader(path.open("rb", 0), _BUFFER_BYTES)


def _decode_lines(path: Path, first: int, lines: list[bytes]) -> list[StreamDocument]:
    with paused_garbage_collection():
        try:
            return list(map(_line.decode, lines))
        except _NOT_JSON:
            for number, line in enumerate(lines, first):
                try:
                    _line.decode(line)
                except _NOT_JSON as error:
                    raise MarketDataError(f"{path}, line {number}: {error}, expected a market event") from error
            raise


def _decode_array(path: Path, text: bytes) -> list[StreamDocument]:
    try:
        return [document.unwrapped() for document in _array.decode(text)]
    except _NOT_JSON as error:
        raise MarketDataError(f"{path}: {error}, expected a JSON array of market events") from error


class _Builder:
    """Makes events of documents, and checks their order."""

    def __init__(self, indexes: Mapping[str, _Indexes]) -> None:
        self._indexes = indexes
        self._latest: datetime | None = None

    def build(self, document: StreamDocument) -> MarketStreamEvent | None:
        """The event, None where its instrument is not wanted."""
        item = document.item
        if item is None or document.reconnecting is not None:
            return self._reconnecting(document)
        time_received = time_from_text("time_received", item.time_received)
        if self._latest is not None and time_received < self._latest:
            raise MarketDataError(f"time_received is {time_received}, out of order: expected {self._latest} or later")
        self._latest = time_received
        indexes = self._indexes.get(item.exchange)
        index = None if indexes is None else indexes.get(item.instrument)
        if index is None:
            _exchange(item.exchange)
            return None
        time_exchange, kind = time_from_text("time_exchange", item.time_exchange), kind_from_document(item.kind)
        check_event(kind, time_exchange)
        return MarketEvent(time_exchange, time_received, _exchange(item.exchange), index, kind)

    def _reconnecting(self, document: StreamDocument) -> MarketReconnecting | None:
        if document.reconnecting is None or document.item is not None:
            raise MarketDataError("there is both or none of two members, expected one of: Item, Reconnecting")
        exchange = _exchange(document.reconnecting)
        return MarketReconnecting(exchange) if document.reconnecting in self._indexes else None


def _exchange(name: str) -> ExchangeId:
    try:
        return _EXCHANGES[name]
    except KeyError:
        raise MarketDataError(f"exchange is {name!r}, expected one of: {', '.join(_EXCHANGES)}") from None


class _Numbering(dict[str | int, InstrumentIndex]):
    """Numbers the instruments of an exchange as they come, so that every event of a file is wanted."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names

    def get(self, name: str | int, default: object = None) -> InstrumentIndex:
        """The number of an instrument."""
        if name not in self:
            self[name] = InstrumentIndex(len(self._names))
            self._names.append(str(name))
        return self[name]
