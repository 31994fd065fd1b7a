"""Opens market data files of any format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from barter_python.data.event import MarketStreamEvent
from barter_python.data.file.format import FileFormat, format_of, require_pyarrow
from barter_python.data.file.info import MarketDataInfo
from barter_python.data.file.json_lines_reader import JsonLinesFile
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["MarketDataFile", "open_market_data"]


class MarketDataFile(Protocol):
    """A market data file. It can be read any number of times, also at once."""

    @property
    def path(self) -> Path:
        """Where it is; what messages call it, where it is in memory."""
        ...

    @property
    def has_summary(self) -> bool:
        """Whether `info` answers at once, without reading all events."""
        ...

    def info(self) -> MarketDataInfo:
        """What it contains: at once for Parquet, after one pass through the file for JSON.

        Raises:
            MarketDataError: The file is damaged.
        """
        ...

    def events(self, instruments: Mapping[tuple[ExchangeId, str], InstrumentIndex]) -> Iterator[list[MarketStreamEvent]]:
        """Read the events of some instruments, in order of arrival, in lists of at most some thousand.

        Args:
            instruments: Index of each instrument, by exchange and the venue's name. Events of others are left out, as are
                reconnects of exchanges that none of them belongs to. Those that are not in the file are no error. Files of
                barter-rs number their instruments; there the numbers are the indexes.

        Raises:
            MarketDataError: The file is damaged, out of order, or has an impossible value; the message names file and place.
        """
        ...


def open_market_data(path: Path) -> MarketDataFile:
    """Open a file; the suffix (`.parquet`, `.jsonl`, `.jsonl.gz`, `.json`) tells the format.

    Raises:
        MarketDataError: There is no such file, it is empty or no market data file, or pyarrow is needed and not installed.
    """
    path = Path(path)
    file_format = format_of(path)
    if not path.is_file():
        raise MarketDataError(f"{path}: there is no such file")
    if path.stat().st_size == 0:
        raise MarketDataError(f"{path}: the file is empty, expected market data")
    if file_format is FileFormat.PARQUET:
        require_pyarrow(path)
        from barter_python.data.file.parquet_reader import ParquetFile

        return ParquetFile(path)
    return JsonLinesFile(path, file_format)
