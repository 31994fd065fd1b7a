"""Imports market data of any origin, a batch of rows at a time: the memory in use does not depend on the number of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from barter_python.data.event import MarketStreamEvent
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.data.file.import_options import ImportKind, ImportOptions
from barter_python.data.file.import_report import ImportReport, ImportTally
from barter_python.data.file.importer.books import BookSnapshotConversion, BookUpdateConversion
from barter_python.data.file.importer.candles import CandleConversion
from barter_python.data.file.importer.canonical import canonical_batch
from barter_python.data.file.importer.layout import Layout
from barter_python.data.file.importer.market import MarketOfRows
from barter_python.data.file.importer.reading import locate
from barter_python.data.file.importer.rows import Rows
from barter_python.data.file.importer.source import ImportSource
from barter_python.data.file.importer.stamps import StampReader
from barter_python.data.file.importer.trades import QuoteConversion, TradeConversion
from barter_python.data.file.info import MarketDataInfo, MarketDataTally
from barter_python.data.file.parquet_chunk import Chunk
from barter_python.data.file.parquet_events import events_of_chunk
from barter_python.data.file.parquet_markets import Instruments, MarketSelector
from barter_python.data.file.parquet_schema import CHUNK_ROWS
from barter_python.data.file.parquet_tally import count_events
from barter_python.errors import MarketDataError

__all__ = ["MarketDataImport"]


class MarketDataImport:
    """Market data of any origin, read like a market data file.

        candles = MarketDataImport(frame, ImportOptions(exchange=.., instrument="BTCUSDT", stamp=CandleStamp.OPEN))
        backtest(..., MarketDataFiles([candles], instruments), ...)

    Args:
        sources: Files, or frames that speak the Arrow PyCapsule protocol; several continue each other. A source that can be read
            only once, such as a stream of record batches, is held in memory.
        options: What the sources do not tell.

    Raises:
        MarketDataError: A source cannot be read, or its layout is not known.
        ConfigError: An option is wrong.
    """

    def __init__(self, sources: ImportSource | Sequence[ImportSource], options: ImportOptions | None = None) -> None:
        self._options = options or ImportOptions()
        self._sources = locate(sources, self._options)
        self._report: ImportReport | None = None
        if self._layout.kind is ImportKind.FUNDING:
            raise MarketDataError(
                f"{self._sources[0].source.name}: these are funding rates, which are read by read_funding_rates"
            )
        self._market(ImportTally())

    @property
    def path(self) -> Path:
        """Of the first source, or what messages call it."""
        source = self._sources[0].source
        return source.path or Path(source.name)

    @property
    def has_summary(self) -> bool:
        """Whether everything was read once."""
        return self._report is not None

    @property
    def title(self) -> str:
        """The names of all sources."""
        return ", ".join(located.source.path.name if located.source.path else located.source.name for located in self._sources)

    def report(self) -> ImportReport:
        """What the import has found and left out; reads everything unless that has happened before.

        Raises:
            MarketDataError: A row is refused; the message names the source, the row and the column.
        """
        if self._report is None:
            for _ in self.batches():
                pass
        assert self._report is not None  # set at the end of a pass
        return self._report

    def info(self) -> MarketDataInfo:
        """The events; reads everything unless that has happened before."""
        return self.report().info

    def events(self, instruments: Instruments) -> Iterator[list[MarketStreamEvent]]:
        """Read the events of some instruments; see `MarketDataFile.events`."""
        selector = MarketSelector(instruments)
        for batch in self.batches():
            for first in range(0, len(batch), CHUNK_ROWS):
                with paused_garbage_collection():
                    chunk = Chunk(batch.slice(first, CHUNK_ROWS), self.title, first)
                    events = events_of_chunk(*selector.select(chunk))
                if events:
                    yield events

    def batches(self) -> Iterator[Any]:
        """All events as record batches of the table of market data files; see `parquet_schema`.

        Raises:
            MarketDataError: A row is refused; the message names the source, the row and the column.
        """
        tally, events = ImportTally(), MarketDataTally()
        for note in self._layout.notes:
            tally.note(note)
        for batch in self._convert(tally):
            for counted in count_events(batch):
                events.add_all(counted)
            yield batch
        if not events.instruments:
            raise MarketDataError(f"{self.title}: no row gave an event, {_reasons(tally)}")
        self._report = self._reported(tally, events)

    @property
    def _layout(self) -> Layout:
        return self._sources[0].layout

    def _market(self, tally: ImportTally) -> MarketOfRows:
        return MarketOfRows(self._sources[0].source.name, self._layout, self._options, tally)

    def _convert(self, tally: ImportTally) -> Iterator[Any]:
        conversion = _conversion(self._layout, self._options, tally)
        market = self._market(tally)
        for located in self._sources:
            stamps = StampReader(self._options.unit, self._options.timezone)
            for rows in located.rows():
                tally.rows += len(rows)
                selected = market.select(rows)
                columns = conversion.convert(selected, stamps) if len(selected) else None
                if columns is not None:
                    yield canonical_batch(market.columns(columns, selected))
            tally.stamps[located.source.name] = stamps.form
        if isinstance(conversion, BookUpdateConversion) and (columns := conversion.finish()) is not None:
            yield canonical_batch(market.columns(columns, None))

    def _reported(self, tally: ImportTally, events: MarketDataTally) -> ImportReport:
        first = self._sources[0]
        is_candles = self._layout.kind is ImportKind.CANDLES
        return ImportReport(
            layout=self._layout.name,
            kind=self._layout.kind,
            info=events.info("parquet", self.title),
            rows=tally.rows,
            columns=first.labels,
            columns_unused=first.unused,
            stamps=tally.stamps,
            stamp=self._layout.stamp,
            interval=tally.interval if is_candles else None,
            left_out=tally.left_out,
            gaps=tuple(tally.gaps),
            gap_count=tally.gap_count,
            missing=tally.missing,
            longest_pause=tally.longest_pause,
            notes=tuple(tally.notes),
        )


class _Conversion(Protocol):
    """Turns rows of one kind into columns of events."""

    def convert(self, rows: Rows, stamps: StampReader) -> dict[str, Any] | None: ...


def _conversion(layout: Layout, options: ImportOptions, tally: ImportTally) -> _Conversion:
    match layout.kind:
        case ImportKind.CANDLES:
            return CandleConversion(layout, options, tally)
        case ImportKind.TRADES:
            return TradeConversion(layout, tally)
        case ImportKind.QUOTES:
            return QuoteConversion(tally)
        case ImportKind.BOOK_SNAPSHOTS:
            return BookSnapshotConversion(layout, tally)
        case _:
            return BookUpdateConversion(tally)


def _reasons(tally: ImportTally) -> str:
    found = ", ".join(f"{reason}: {count}" for reason, count in tally.left_out.items())
    return f"expected at least one{f' ({found})' if found else ''}"
