"""What a user has at hand as market data: files of any origin, frames, catalogs, events. Rust origin: none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from barter_python.backtest.files import MarketDataFiles, instrument_keys
from barter_python.backtest.instrument_defaults import pair_of
from barter_python.backtest.market_data import BacktestMarketData, MarketDataInMemory
from barter_python.data.catalog.catalog import find_series
from barter_python.data.event import MarketEvent, MarketReconnecting, MarketStreamEvent
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.file.format import FileFormat, require_pyarrow
from barter_python.data.file.import_options import CandleStamp, ImportOptions
from barter_python.data.file.market_data_file import MarketDataFile, open_market_data
from barter_python.data.file.time_range import TimeRange
from barter_python.errors import ConfigError, MarketDataError, shown
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments

if TYPE_CHECKING:
    from barter_python.data.file.importer import ImportSource

__all__ = ["BacktestData", "GivenData", "MarketEvents", "open_given"]

MarketEvents: TypeAlias = Iterable[MarketEvent | NamedMarketEvent | MarketReconnecting]
"""Events in memory, with or without the venue's names."""

BacktestData: TypeAlias = "ImportSource | Mapping[str, ImportSource] | Sequence[str | Path] | MarketEvents | BacktestMarketData"
"""A path, a frame, several paths, frames or paths by name of instrument, events, or any source of a backtest."""

_EVENT_SUFFIXES: Final = tuple(f".{item.value}" for item in FileFormat if item is not FileFormat.PARQUET)
_NAME_UNKNOWN: Final = "ASSET"


@dataclass(slots=True)
class GivenData:
    """Market data, opened.

    Attributes:
        markets: Exchange and venue's name of each instrument that is known to be there.
        notes: What was taken for granted, in sentences.
        files: What is read like files.
        events: What is in memory.
        source: A source that is used as it is.
    """

    markets: list[tuple[ExchangeId, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: list[Path | MarketDataFile] = field(default_factory=list)
    events: Sequence[MarketEvent | NamedMarketEvent | MarketReconnecting] = ()
    source: BacktestMarketData | None = None

    def indexed(self, instruments: IndexedInstruments, time_range: TimeRange) -> BacktestMarketData:
        """The market data of some instruments, as a backtest reads it.

        Raises:
            MarketDataError: There is none.
            ConfigError: A part of the time is asked for of a source that is used as it is.
        """
        if self.source is not None:
            if not time_range.is_everything:
                raise ConfigError("start or end is given with a source of market data, which is read as it is, expected neither")
            return self.source
        if self.files:
            return MarketDataFiles(self.files, instruments, time_range)
        keys = instrument_keys(instruments)
        found: list[MarketStreamEvent] = []
        for event in self.events:
            if not isinstance(event, NamedMarketEvent):
                found.append(event)
            elif (index := keys.get((event.exchange, str(event.instrument)))) is not None:
                found.append(MarketEvent(event.time_exchange, event.time_received, event.exchange, index, event.kind))
        return MarketDataInMemory(event for chunk in time_range.select([found]) for event in chunk)


def open_given(data: Any, options: ImportOptions | None, quotes: Sequence[str]) -> GivenData:
    """Open what a user gives, and find out whose market data it is.

    Args:
        data: See `BacktestData`.
        options: For what other programs have written: what it does not tell.
        quotes: Assets of the account, which names of instruments may end with.

    Raises:
        MarketDataError: It cannot be read.
        ConfigError: It is nothing that can be read.
    """
    told, given = options or ImportOptions(), GivenData()
    if hasattr(data, "stream") and hasattr(data, "time_first_event"):
        given.source = data
    elif isinstance(data, str | Path) or hasattr(data, "__arrow_c_stream__"):
        _open(data, None, told, quotes, given)
    elif isinstance(data, Mapping):
        for name, source in data.items():
            _open(source, str(name), told, quotes, given)
    elif isinstance(data, Iterable):
        items = list(data)
        if items and all(isinstance(item, str | Path) for item in items):
            for item in items:
                _open(item, None, told, quotes, given)
        elif items and all(isinstance(item, MarketEvent | NamedMarketEvent | MarketReconnecting) for item in items):
            given.events = items
            named = [(item.exchange, str(item.instrument)) for item in items if isinstance(item, NamedMarketEvent)]
            given.markets = list(dict.fromkeys(named))
        else:
            raise ConfigError(f"data is {shown(data)}, expected a sequence of paths or of market events")
    else:
        raise ConfigError(f"data is {shown(data)}, expected a path, a frame, a mapping of names to these, or market events")
    return given


def _open(source: ImportSource, name: str | None, told: ImportOptions, quotes: Sequence[str], given: GivenData) -> None:
    path = Path(source) if isinstance(source, str | Path) else None
    if path is not None and path.is_dir():
        series = find_series(path)
        given.files.append(path)
        given.markets += [key for item in series if (key := (item.key.exchange, item.key.instrument)) not in given.markets]
    elif path is not None and _has_events(path):
        given.files.append(path)
        found = [(item.exchange, item.instrument) for item in open_market_data(path).info().instruments]
        given.markets += [key for key in found if key not in given.markets]
    else:
        _import(source, path, name, told, quotes, given)


def _has_events(path: Path) -> bool:
    """Whether a file is one of market events, not one of another program."""
    if path.name.lower().endswith(_EVENT_SUFFIXES):
        return True
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return False
    require_pyarrow(path)
    import pyarrow as pa
    import pyarrow.parquet as pq

    from barter_python.data.file.parquet_schema import METADATA_KEY

    try:
        return METADATA_KEY in (pq.read_metadata(path).metadata or {})
    except (OSError, pa.ArrowException):
        return False  # whoever opens it says what is wrong


def _import(
    source: ImportSource, path: Path | None, name: str | None, told: ImportOptions, quotes: Sequence[str], given: GivenData
) -> None:
    """Open what another program has written, and say what is taken for granted of it."""
    require_pyarrow(path or Path("data"))
    from barter_python.data.file.importer import MarketDataImport

    what = name or (path.name if path is not None else "data")
    options, layout = _located(source, told, what, given.notes)
    is_in_rows = "exchange" in layout.positions
    if layout.exchange is None and not is_in_rows and options.exchange is None:
        options = replace(options, exchange=ExchangeId.SIMULATED)
        given.notes.append(f"{what}: the exchange is {ExchangeId.SIMULATED.value!r}")
    if layout.instrument is None and not is_in_rows and (name is not None or options.instrument is None):
        instrument = name or _name_of(path, quotes)
        options = replace(options, instrument=instrument)
        if name is None:
            given.notes.append(f"{what}: the instrument is {instrument!r}")
    if options.timezone is None:
        options = replace(options, timezone="UTC")
        given.notes.append(f"{what}: stamps without an offset are UTC")
    data = MarketDataImport(source, options)
    exchange, instrument_name = layout.exchange or options.exchange, layout.instrument or options.instrument
    markets = [(item.exchange, item.instrument) for item in data.info().instruments] if is_in_rows else []
    if exchange is not None and instrument_name is not None and not is_in_rows:
        markets = [(exchange, instrument_name)]
    given.files.append(data)
    given.markets += [market for market in markets if market not in given.markets]


def _located(source: ImportSource, told: ImportOptions, what: str, notes: list[str]) -> tuple[ImportOptions, Any]:
    """The layout of a source, and the options with which it is read."""
    from barter_python.data.file.importer.reading import locate

    try:
        return told, locate(source, told)[0].layout
    except MarketDataError:
        if told.stamp is not None:
            raise
        by_open = replace(told, stamp=CandleStamp.OPEN)
        try:
            layout = locate(source, by_open)[0].layout
        except MarketDataError:
            layout = None
        if layout is None:
            raise
    notes.append(f"{what}: candles are stamped with their open: so none is known too early")
    return by_open, layout


def _name_of(path: Path | None, quotes: Sequence[str]) -> str:
    """What the name of a file tells of its instrument: `btcusdt-1h.csv` and `BTC-USDT_1h.csv` are BTCUSDT and BTC-USDT."""
    if path is None:
        return f"{_NAME_UNKNOWN}-{(quotes or ('USDT',))[0]}".upper()
    parts = [part for part in re.split(r"[-_. ]+", path.name) if part]
    if len(parts) > 1 and _is_quote(parts[1], quotes):
        return f"{parts[0]}-{parts[1]}".upper()
    try:
        pair_of(parts[0], quotes)
    except ConfigError:
        return f"{parts[0]}-{(quotes or ('USDT',))[0]}".upper()
    return parts[0].upper()


def _is_quote(part: str, quotes: Sequence[str]) -> bool:
    try:
        base, _ = pair_of(f"X{part}", quotes)
    except ConfigError:
        return False
    return base == "X"
