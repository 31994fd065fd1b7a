"""Market data files as the source of a backtest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from barter_python.backtest.merge import Chunk, merge_by_time
from barter_python.data.event import MarketEvent
from barter_python.data.file.market_data_file import open_market_data
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["MarketDataFiles", "instrument_keys"]

_LISTED_MAX: Final = 12


class MarketDataFiles:
    """Events streamed from market data files, merged by time. Memory does not grow with the length of the files.

    Args:
        paths: Files made by `barter data convert`, or written by `MarketDataWriter`.
        instruments: Events of instruments that are not indexed here are skipped.
    """

    def __init__(self, paths: Sequence[Path], instruments: IndexedInstruments) -> None:
        self._files = [open_market_data(path) for path in _distinct(paths)]
        self._instruments = instrument_keys(instruments)

    def time_first_event(self) -> datetime:
        """The venue stamp of the first event of any file."""
        for chunk in self.stream():
            for event in chunk:
                if isinstance(event, MarketEvent):
                    return event.time_exchange
        files = ", ".join(str(file.path) for file in self._files)
        raise MarketDataError(
            f"{files}: no event of any configured instrument, expected events of: {_listed(self._instruments)}; "
            f"found events of: {_listed(self._contents())}"
        )

    def missing(self) -> str:
        """Which configured instruments no file has, and what the files have instead, as one sentence; empty where all are there.

        Only Parquet files tell without being read: where there are others, nothing is known to be missing.
        """
        if any(file.path.suffix != ".parquet" for file in self._files):
            return ""
        contents = self._contents()
        absent = [key for key in self._instruments if key not in contents]
        return f"no market data of {_listed(absent)}; the files have: {_listed(contents)}" if absent else ""

    def _contents(self) -> list[tuple[ExchangeId, str]]:
        found = {(item.exchange, item.instrument) for file in self._files for item in file.info().instruments}
        return sorted(found, key=lambda key: (key[0].value, key[1]))

    def count(self) -> int | None:
        """Number of events of the indexed instruments; None where counting would mean reading a file first."""
        if any(file.path.suffix != ".parquet" for file in self._files):
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


def _listed(keys: Iterable[tuple[ExchangeId, str]]) -> str:
    names = [f"{exchange.value} {name}" for exchange, name in keys]
    more = f" and {len(names) - _LISTED_MAX:,} more" if len(names) > _LISTED_MAX else ""
    return ", ".join(names[:_LISTED_MAX]) + more or "none"


def _distinct(paths: Sequence[Path]) -> Sequence[Path]:
    seen: set[Path] = set()
    for path in paths:
        if (resolved := Path(path).resolve()) in seen:
            raise MarketDataError(f"{path}: the file is given twice, expected each once: its market would be there twice")
        seen.add(resolved)
    return paths


def instrument_keys(instruments: IndexedInstruments) -> Mapping[tuple[ExchangeId, str], InstrumentIndex]:
    """The index of each instrument under what identifies it in a file: its exchange and the venue's name."""
    return {(keyed.value.exchange.value, str(keyed.value.name_exchange)): keyed.key for keyed in instruments.instruments()}
