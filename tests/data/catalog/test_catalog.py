"""Catalogs on disk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.data.file.events import event
from tests.support.builders import spot

from barter_python.backtest.files import MarketDataFiles
from barter_python.data.catalog.catalog import SeriesKey, find_series
from barter_python.data.catalog.manifest import Manifest, read_manifest, write_manifest
from barter_python.data.catalog.span import Span
from barter_python.data.event import Candle, DataKind, MarketEvent, PublicTrade
from barter_python.data.file.time_range import TimeRange
from barter_python.data.file.writer import write_market_data
from barter_python.errors import ConfigError, MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.side import Side

SPOT = ExchangeId.BINANCE_SPOT
DAY = date(2024, 10, 4)
START = datetime(2024, 10, 4, tzinfo=UTC)
INSTRUMENTS = IndexedInstruments.new([spot(SPOT, "BTC", "USDT")])
CANDLES, TRADES = SeriesKey("candles-1d", SPOT, "BTC_USDT"), SeriesKey("trades", SPOT, "BTC_USDT")


def days(*numbers: int) -> Span:
    return Span(DAY + timedelta(days=numbers[0]), DAY + timedelta(days=numbers[-1] + 1))


def put(root: Path, key: SeriesKey, span: Span, *kinds: tuple[float, DataKind]) -> None:
    """A file with an event so many hours after the start of the first day."""
    key.folder(root).mkdir(parents=True, exist_ok=True)
    events = [event(kind, hours * 3600, key.exchange, key.instrument) for hours, kind in kinds]
    write_market_data(key.folder(root) / f"{span.name}.parquet", events)


def candle(hours: float) -> tuple[float, Candle]:
    return hours, Candle(START + timedelta(hours=hours), 1.0, 1.0, 1.0, 1.0, 1.0, 1, timedelta(days=1))


def trade(hours: float) -> tuple[float, PublicTrade]:
    return hours, PublicTrade(str(hours), 1.0, 1.0, Side.BUY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path, CANDLES, days(1), candle(48))
    put(tmp_path, CANDLES, days(0), candle(24))
    put(tmp_path, TRADES, days(0, 1), trade(1), trade(23), trade(25))
    put(tmp_path, SeriesKey("trades", SPOT, "XBT/USD"), days(0), trade(2))
    return tmp_path


def hours(*sources: Path, time_range: TimeRange | None = None) -> list[float]:
    data = MarketDataFiles(sources, INSTRUMENTS, time_range)
    events = [item for chunk in data.stream() for item in chunk if isinstance(item, MarketEvent)]
    return [(item.time_exchange - START) / timedelta(hours=1) for item in events]


def test_the_instruments_of_the_configuration_are_read_in_order_of_time(root: Path) -> None:
    assert [1, 23, 24, 25, 48] == hours(root)
    assert 5 == MarketDataFiles([root], INSTRUMENTS).count()
    assert "" == MarketDataFiles([root], INSTRUMENTS).missing()


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("trades", [1, 23, 25]), ("candles-1d/binance_spot", [24, 48]), ("candles-1d/binance_spot/BTC_USDT", [24, 48])],
)
def test_a_folder_inside_chooses(root: Path, folder: str, expected: list[float]) -> None:
    assert expected == hours(root / folder)


RANGES = {
    "from": (24, None, [24, 25, 48]),
    "to": (None, 24, [1, 23]),
    "from and to": (23, 25, [23, 24]),
    "the last candle of the day before": (48, None, [48]),
    "nothing": (26, 47, []),
}


@pytest.mark.parametrize(("start", "end", "expected"), RANGES.values(), ids=RANGES)
def test_a_part_of_the_time(root: Path, start: float | None, end: float | None, expected: list[float]) -> None:
    times = [None if value is None else START + timedelta(hours=value) for value in (start, end)]

    assert expected == hours(root, time_range=TimeRange(*times))
    file = root / "trades" / "binance_spot" / "BTC_USDT" / f"{days(0, 1).name}.parquet"
    assert [time for time in expected if time in (1, 23, 25)] == hours(file, time_range=TimeRange(*times))
    assert None is MarketDataFiles([root], INSTRUMENTS, TimeRange(*times)).count()


def test_a_range_that_is_none() -> None:
    with pytest.raises(ConfigError, match="the end is 2024-10-04 00:00:00"):
        TimeRange(START, START)


def test_names_of_venues_are_names_of_folders(root: Path) -> None:
    found = {series.key: series.path for series in find_series(root)}

    assert {CANDLES, TRADES, SeriesKey("trades", SPOT, "XBT/USD")} == found.keys()
    assert "XBT%2FUSD" == found[SeriesKey("trades", SPOT, "XBT/USD")].name


def test_a_day_in_two_files_is_refused(root: Path) -> None:
    put(root, TRADES, days(1), trade(25))

    with pytest.raises(
        MarketDataError, match=r"2024-10-05_2024-10-06\.parquet: some of its days are in 2024-10-04_2024-10-06\.parquet"
    ):
        hours(root)


def test_a_folder_without_market_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2024-10-04_2024-10-05.parquet").touch()

    with pytest.raises(MarketDataError, match="there is no market data, expected a catalog"):
        hours(tmp_path)


def test_manifests(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    manifest = Manifest("https://example.com/a.zip", "ab", left_out={"the same candle again": 1}, missing=3)
    write_manifest(path, manifest)

    assert manifest == read_manifest(path)
    assert None is read_manifest(tmp_path / "other.json")
    path.write_text("{}")
    with pytest.raises(MarketDataError, match=r"manifest\.json: Object missing required field `source`"):
        read_manifest(path)


SPANS = {"2024-10-04_2024-10-05": True, "2024-10-04_2024-10-04": False, "2024-13-01_2024-14-01": False, "BTC": False}


@pytest.mark.parametrize(("name", "is_span"), SPANS.items(), ids=SPANS)
def test_names_of_spans(name: str, is_span: bool) -> None:
    span = Span.from_name(name)

    assert is_span == (span is not None)
    assert span is None or name == span.name
