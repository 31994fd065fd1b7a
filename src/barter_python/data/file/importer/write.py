"""Writes an import as a market data file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from barter_python.data.event import MarketEvent
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file.format import FileFormat, format_of
from barter_python.data.file.import_options import ImportOptions
from barter_python.data.file.import_report import ImportReport
from barter_python.data.file.importer.importer import MarketDataImport
from barter_python.data.file.importer.source import ImportSource
from barter_python.data.file.parquet_writer import ParquetSink
from barter_python.data.file.whole_file import WholeFile
from barter_python.data.file.writer import write_market_data
from barter_python.errors import MarketDataError
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["import_market_data"]


def import_market_data(
    sources: ImportSource | Sequence[ImportSource],
    target: Path,
    options: ImportOptions | None = None,
    *,
    on_progress: Callable[[int, datetime], None] | None = None,
) -> ImportReport:
    """Write a market data file; its suffix decides the format. A failure leaves no file and keeps an old one.

    Args:
        sources: Files or frames; several continue each other.
        target: The file to write.
        options: What the sources do not tell.
        on_progress: Called now and then with the number of events so far and the venue's stamp of the latest.

    Raises:
        MarketDataError: A source or one of its rows is unusable, or the target cannot be written.
        ConfigError: An option is wrong.
    """
    target = Path(target)
    file_format = format_of(target, writing=True)
    data = MarketDataImport(sources, options)
    if file_format is not FileFormat.PARQUET:
        write_market_data(target, _named_events(data), source=data.title)
        return data.report()
    file = WholeFile(target)
    try:
        sink = ParquetSink(file.partial)
    except OSError as error:
        raise MarketDataError(f"{target}: {error}, expected a place to write to") from error
    try:
        written = 0
        for batch in data.batches():
            sink.write_batch(batch)
            written += len(batch)
            if on_progress is not None:
                on_progress(written, batch.column("time_exchange")[-1].as_py())
        sink.finish(data.info())
        sink.close()
        file.publish()
    finally:
        sink.close()
        file.discard()
    return data.report()


def _named_events(data: MarketDataImport) -> Iterator[NamedMarketEvent]:
    markets = [(item.exchange, item.instrument) for item in data.info().instruments]
    for events in data.events({market: InstrumentIndex(index) for index, market in enumerate(markets)}):
        for event in events:
            assert isinstance(event, MarketEvent)  # no import tells of lost connections
            exchange, name = markets[event.instrument]
            yield NamedMarketEvent(event.time_exchange, event.time_received, exchange, InstrumentNameExchange(name), event.kind)
