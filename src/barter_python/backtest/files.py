"""Market data files as the source of a backtest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from barter_python.backtest.merge import Chunk, merge_by_time
from barter_python.data.catalog.catalog import CatalogSeries, find_series
from barter_python.data.event import MarketEvent
from barter_python.data.file.market_data_file import MarketDataFile, open_market_data
from barter_python.data.file.time_range import TimeRange
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["MarketDataFiles", "instrument_keys"]

_LISTED_MAX: Final = 12


class MarketDataFiles:
    """Events streamed from market data files, merged by time. Memory does not grow with the length of the files.

    Args:
        sources: Files made by `barter data import` or `barter data convert`, or written by `MarketDataWriter`; catalogs, or
            folders inside of them; or what is read like a file, such as a `MarketDataImport`.
        instruments: Events of instruments that are not indexed here are skipped.
        time_range: The part to read, by the stamps of the venue.
    """

    def __init__(
        self,
        sources: Sequence[Path | MarketDataFile],
        instruments: IndexedInstruments,
        time_range: TimeRange | None = None,
    ) -> None:
        self._range = time_range or TimeRange()
        self._files = [file for source in _distinct(sources) for file in _open(source, self._range)]
        self._instruments = instrument_keys(instruments)

    def time_first_event(self) -> datetime:
        """The venue stamp of the first event of any file."""
        for chunk in self.stream():
            for event in chunk:
                if isinstance(event, MarketEvent):
                    return event.time_exchange
        files = ", ".join(str(file.path) for file in self._files)
        raise MarketDataError(
            f"{files}: no event of any configured instrument{self._when()}, expected events of: {_listed(self._instruments)}; "
            f"found events of: {_listed(self._contents())}"
        )

    def missing(self) -> str:
        """Which configured instruments no file has, and what the files have instead, as one sentence; empty where all are there.

        Only Parquet files tell without being read: where there are others, nothing is known to be missing.
        """
        if not all(file.has_summary for file in self._files):
            return ""
        contents = self._contents()
        absent = [key for key in self._instruments if key not in contents]
        return f"no market data of {_listed(absent)}; the files have: {_listed(contents)}" if absent else ""

    def _contents(self) -> list[tuple[ExchangeId, str]]:
        found = {(item.exchange, item.instrument) for file in self._files for item in file.info().instruments}
        return sorted(found, key=lambda key: (key[0].value, key[1]))

    def count(self) -> int | None:
        """Number of events of the indexed instruments; None where counting would mean reading them first."""
        if not self._range.is_everything or not all(file.has_summary for file in self._files):
            return None
        return sum(
            instrument.events
            for file in self._files
            for instrument in file.info().instruments
            if (instrument.exchange, instrument.instrument) in self._instruments
        )

    def stream(self) -> Iterator[Chunk]:
        """All events of all files."""
        return merge_by_time([self._events(file) for file in self._files])

    def _events(self, file: MarketDataFile) -> Iterator[Chunk]:
        events = file.events(self._instruments)
        return events if isinstance(file, CatalogSeries) else self._range.select(events)

    def _when(self) -> str:
        return "" if self._range.is_everything else " in the period"


def _listed(keys: Iterable[tuple[ExchangeId, str]]) -> str:
    names = [f"{exchange.value} {name}" for exchange, name in keys]
    more = f" and {len(names) - _LISTED_MAX:,} more" if len(names) > _LISTED_MAX else ""
    return ", ".join(names[:_LISTED_MAX]) + more or "none"


def _distinct(sources: Sequence[Path | MarketDataFile]) -> Sequence[Path | MarketDataFile]:
    seen: set[Path] = set()
    for path in sources:
        if not isinstance(path, Path):
            continue
        if (resolved := path.resolve()) in seen:
            raise MarketDataError(f"{path}: the file is given twice, expected each once: its market would be there twice")
        seen.add(resolved)
    return sources


def _open(source: Path | MarketDataFile, time_range: TimeRange) -> Sequence[MarketDataFile]:
    if not isinstance(source, Path):
        return [source]
    return find_series(source, time_range) if source.is_dir() else [open_market_data(source)]


def instrument_keys(instruments: IndexedInstruments) -> Mapping[tuple[ExchangeId, str], InstrumentIndex]:
    """The index of each instrument under what identifies it in a file: its exchange and the venue's name."""
    return {(keyed.value.exchange.value, str(keyed.value.name_exchange)): keyed.key for keyed in instruments.instruments()}
