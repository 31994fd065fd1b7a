"""A catalog: `{kind}/{exchange}/{instrument}/{start}_{end}.parquet`, each file with a manifest beside it.

Files have whole UTC days, by the open of candles and the stamp of everything else. They are written whole and renamed into place;
names are never changed, and nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from barter_python.data.catalog.manifest import Manifest, read_manifest
from barter_python.data.catalog.span import Span
from barter_python.data.event import MarketStreamEvent
from barter_python.data.file.info import MarketDataInfo, MarketDataTally
from barter_python.data.file.market_data_file import open_market_data
from barter_python.data.file.time_range import TimeRange
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["CatalogSeries", "SeriesKey", "find_series"]

_EXCHANGES: Final = {exchange.value: exchange for exchange in ExchangeId}
_LAYOUT: Final = "{kind}/{exchange}/{instrument}/{start}_{end}.parquet"


@dataclass(slots=True, frozen=True)
class SeriesKey:
    """What a series of files has.

    Attributes:
        kind: Such as `trades` or `candles-1m`.
        exchange: The venue.
        instrument: The venue's name.
    """

    kind: str
    exchange: ExchangeId
    instrument: str

    def folder(self, root: Path) -> Path:
        """Where its files are, in the catalog at a folder."""
        return root / self.kind / self.exchange.value / quote(self.instrument, safe="")


class CatalogSeries:
    """One kind of market data of one instrument, read like a market data file, with one file of it open at a time.

    Args:
        key: What it has.
        folder: Where its files are.
        time_range: The part to read.
    """

    def __init__(self, key: SeriesKey, folder: Path, time_range: TimeRange | None = None) -> None:
        self.key = key
        self._folder = folder
        self._range = time_range or TimeRange()

    @property
    def path(self) -> Path:
        """The folder of its files."""
        return self._folder

    @property
    def has_summary(self) -> bool:
        """Whether the number of events is known: of all, but not of a part."""
        return self._range.is_everything

    def file_of(self, span: Span) -> Path:
        """The file of a span, whether it is there or not."""
        return self._folder / f"{span.name}.parquet"

    def manifest_of(self, span: Span) -> Path:
        """The manifest of a span, whether it is there or not."""
        return self._folder / f"{span.name}.json"

    def spans(self) -> list[Span]:
        """What there is, in order of time.

        Raises:
            MarketDataError: Two files have some days in common, so that events would be read twice.
        """
        spans = sorted(filter(None, (Span.from_name(path.stem) for path in self._folder.glob("*.parquet"))))
        for before, after in pairwise(spans):
            if after.start < before.end:
                raise MarketDataError(
                    f"{self.file_of(after)}: some of its days are in {self.file_of(before).name} too, expected each day once"
                )
        return spans

    def manifests(self) -> dict[Span, Manifest]:
        """The manifest of each span that has one, in order of time; also of those whose source does not exist.

        Raises:
            MarketDataError: A manifest is damaged.
        """
        found = {}
        for span in sorted(filter(None, (Span.from_name(path.stem) for path in self._folder.glob("*.json")))):
            manifest = read_manifest(self.manifest_of(span))
            if manifest is not None:
                found[span] = manifest
        return found

    def info(self) -> MarketDataInfo:
        """All that it has, whatever part is read.

        Raises:
            MarketDataError: A file is damaged.
        """
        tally = MarketDataTally()
        for span in self.spans():
            for instrument in open_market_data(self.file_of(span)).info().instruments:
                tally.add_all(instrument)
        return tally.info("catalog", str(self._folder))

    def events(self, instruments: Mapping[tuple[ExchangeId, str], InstrumentIndex]) -> Iterator[list[MarketStreamEvent]]:
        """Read the events; see `MarketDataFile.events`."""
        if (self.key.exchange, self.key.instrument) not in instruments:
            return
        for span in self.spans():
            if not span.touches(self._range):
                continue
            file = open_market_data(self.file_of(span))
            if any(self._range.meets(item.time_exchange_first, item.time_exchange_last) for item in file.info().instruments):
                yield from self._range.select(file.events(instruments))


def find_series(folder: Path, time_range: TimeRange | None = None) -> list[CatalogSeries]:
    """The series in a catalog, or in a folder inside of one, sorted by their folders.

    Raises:
        MarketDataError: There is none.
    """
    folders = sorted({path.parent for path in folder.rglob("*.parquet") if Span.from_name(path.stem) is not None})
    found = [CatalogSeries(key, path, time_range) for path in folders if (key := _key(path)) is not None]
    if not found:
        raise MarketDataError(f"{folder}: there is no market data, expected a catalog with files such as {_LAYOUT}")
    return found


def _key(folder: Path) -> SeriesKey | None:
    *_, kind, exchange, instrument = ("", "", *folder.absolute().parts)
    if exchange not in _EXCHANGES:
        return None
    return SeriesKey(kind, _EXCHANGES[exchange], unquote(instrument))
