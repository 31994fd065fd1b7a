"""Market data files as the source of a backtest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from barter_python.backtest.merge import Chunk, merge_by_time
from barter_python.data.event import MarketEvent
from barter_python.data.file.market_data_file import MarketDataFile, open_market_data
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["MarketDataFiles", "instrument_keys"]


class MarketDataFiles:
    """Events streamed from market data files, merged by time. Memory does not grow with the length of the files.

    Args:
        sources: Files made by `barter data import` or `barter data convert`, or written by `MarketDataWriter`; or what is read
            like them, such as a `MarketDataImport`.
        instruments: Events of instruments that are not indexed here are skipped.
    """

    def __init__(self, sources: Sequence[Path | MarketDataFile], instruments: IndexedInstruments) -> None:
        self._files = [open_market_data(source) if isinstance(source, Path) else source for source in sources]
        self._instruments = instrument_keys(instruments)

    def time_first_event(self) -> datetime:
        """The venue stamp of the first event of any file."""
        for chunk in self.stream():
            for event in chunk:
                if isinstance(event, MarketEvent):
                    return event.time_exchange
        names = ", ".join(f"{exchange.value} {name}" for exchange, name in self._instruments)
        files = ", ".join(str(file.path) for file in self._files)
        raise MarketDataError(f"{files}: no event of any configured instrument, expected events of: {names}")

    def count(self) -> int | None:
        """Number of events of the indexed instruments; None where counting would mean reading a file first."""
        if not all(file.has_summary for file in self._files):
            return None
        return sum(
            instrument.events
            for file in self._files
            for instrument in file.info().instruments
            if (instrument.exchange, instrument.instrument) in self._instruments
        )

    def stream(self) -> Iterator[Chunk]:
        """All events of all files."""
        return merge_by_time([file.events(self._instruments) for file in self._files])


def instrument_keys(instruments: IndexedInstruments) -> Mapping[tuple[ExchangeId, str], InstrumentIndex]:
    """The index of each instrument under what identifies it in a file: its exchange and the venue's name."""
    return {(keyed.value.exchange.value, str(keyed.value.name_exchange)): keyed.key for keyed in instruments.instruments()}
