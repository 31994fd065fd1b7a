"""The same candles are the same events, whatever they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.data.file.events import at
from tests.data.file.events import read as read_file
from tests.data.file.importer.market import (
    BTC,
    CANDLES,
    FORMS,
    MINUTE,
    SPOT,
    TOLD,
    csv_text,
    freqtrade,
    kline_rows,
    read,
    rows_of_candles,
)
from tests.support.builders import spot

from barter_python.backtest.files import MarketDataFiles
from barter_python.data.event import Candle, MarketEvent
from barter_python.data.file import open_market_data
from barter_python.data.file.importer import (
    CandleStamp,
    Gap,
    ImportKind,
    ImportSource,
    MarketDataImport,
    TimeUnit,
    import_market_data,
)
from barter_python.instrument.index import IndexedInstruments

EVENTS = [MarketEvent(candle.close_time, candle.close_time, SPOT, BTC, candle) for candle in CANDLES]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_any_form_gives_the_same_events(tmp_path: Path, form: Callable[[Path], ImportSource]) -> None:
    data = MarketDataImport(form(tmp_path), TOLD)

    assert EVENTS == read(data)
    assert EVENTS == read(data), "an import is read any number of times"
    report = data.report()
    assert (3, 3, ImportKind.CANDLES, MINUTE) == (report.rows, report.events, report.kind, report.interval)
    assert ({}, 0) == (report.left_out, report.gap_count)


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".jsonl.gz"])
def test_a_file_has_the_events(tmp_path: Path, suffix: str) -> None:
    source, target = FORMS["csv"](tmp_path), tmp_path / f"market{suffix}"
    report = import_market_data(source, target, TOLD)

    assert EVENTS == read_file(target)
    assert report.info.instruments == open_market_data(target).info().instruments
    assert {"candles.csv", target.name} == {path.name for path in tmp_path.iterdir()}


def test_the_forms_that_are_files_make_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for number, name in enumerate(("csv", "parquet", "binance, ms", "pandas, naive index")):
        target = tmp_path / f"{number}.parquet"
        import_market_data(FORMS[name](tmp_path), target, TOLD)
        made.append(read_file(target))

    assert [EVENTS] * 4 == made


def csv(folder: Path, rows: list[tuple[Any, ...]], header: tuple[str, ...] | None = None) -> Path:
    path = folder / "candles.csv"
    path.write_text(csv_text(rows, header) if header else csv_text(rows))
    return path


UNITS = {"s": (1, 1000), "ms": (1, 1), "us": (1000, 1), "ns": (1_000_000, 1)}


@pytest.mark.parametrize(("unit", "factor"), UNITS.items(), ids=UNITS)
def test_the_unit_of_stamps_is_found_and_shown(tmp_path: Path, unit: str, factor: tuple[int, int]) -> None:
    path = csv(tmp_path, [(row[0] * factor[0] // factor[1], *row[1:]) for row in rows_of_candles()])
    data = MarketDataImport(path, TOLD)

    assert EVENTS == read(data)
    assert {str(path): f"Unix time in {unit}, found by magnitude"} == data.report().stamps
    told = MarketDataImport(path, replace(TOLD, unit=TimeUnit(unit)))
    assert EVENTS == read(told)
    assert {str(path): f"Unix time in {unit}, as told"} == told.report().stamps


TIMES = {
    "offset": ("2024-10-04T02:00:00+02:00", None),
    "offset without a colon": ("2024-10-04 02:00:00+0200", None),
    "Z and nanoseconds": ("2024-10-04T00:00:00.000000000Z", None),
    "a zone as told": ("2024-10-03 20:00", "America/New_York"),
    "a date": ("2024-10-04", "UTC"),
    "fractions of seconds": (f"{at(0).timestamp():.3f}", None),
}


@pytest.mark.parametrize(("text", "timezone"), TIMES.values(), ids=TIMES)
def test_stamps_as_text(tmp_path: Path, text: str, timezone: str | None) -> None:
    path = csv(tmp_path, [(text, 1, 1, 1, 1, 0, 0)])
    data = MarketDataImport(path, replace(TOLD, timezone=timezone, interval=MINUTE))

    assert [at(60)] == [event.time_exchange for event in read(data) if isinstance(event, MarketEvent)]


STAMPS = {
    "the close": (lambda start: start + 60_000, "close_time", "close"),
    "the last millisecond": (lambda start: start + 59_999, "close_time", "close"),
    "a column that may be either, told": (lambda start: start + 60_000, "time", "close"),
    "the open": (lambda start: start, "open_time", "open"),
}


@pytest.mark.parametrize(("stamp", "column", "told"), STAMPS.values(), ids=STAMPS)
def test_candles_stamped_with(tmp_path: Path, stamp: Callable[[int], int], column: str, told: str) -> None:
    rows = [(stamp(row[0]), *row[1:]) for row in rows_of_candles()]
    path = csv(tmp_path, rows, (column, "open", "high", "low", "close", "volume", "trades"))
    data = MarketDataImport(path, replace(TOLD, stamp=CandleStamp(told)))

    assert EVENTS == read(data)
    assert CandleStamp(told) is data.report().stamp


def test_columns_are_mapped_and_the_unused_are_named(tmp_path: Path) -> None:
    rows = [(*row, "BTC/USDT", 5.0) for row in rows_of_candles()]
    path = csv(tmp_path, rows, ("unix", "first", "high", "low", "close", "Volume BTC", "trades", "symbol", "Volume USDT"))
    data = MarketDataImport(path, replace(TOLD, columns={"open": "first", "volume": "Volume BTC"}))

    assert EVENTS == read(data)
    assert {"open_time": "unix", "open": "first", "volume": "Volume BTC"}.items() <= data.report().columns.items()
    assert ("Volume USDT",) == data.report().columns_unused


def test_rows_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "candles.csv"
    path.write_text(csv_text(rows_of_candles(), None))

    assert EVENTS == read(
        MarketDataImport(path, replace(TOLD, header=("time", "open", "high", "low", "close", "volume", "count")))
    )


def test_candles_that_are_missing_or_repeated_are_reported(tmp_path: Path) -> None:
    rows = rows_of_candles()
    later = [(row[0] + 600_000, *row[1:]) for row in rows]
    data = MarketDataImport(csv(tmp_path, [*rows, rows[-1], *later]), TOLD)

    assert [60, 120, 180, 660, 720, 780] == [(event.time_exchange - at(0)).seconds for event in read(data)]  # type: ignore[union-attr]
    report = data.report()
    assert (7, 6, {"the same candle again": 1}) == (report.rows, report.events, report.left_out)
    assert (Gap(at(180), at(600), 7),) == report.gaps
    assert (1, 7) == (report.gap_count, report.missing)


def test_files_continue_each_other_and_gaps_between_them_are_found(tmp_path: Path) -> None:
    rows = [row for index in range(2) for row in kline_rows(candles=[shifted(CANDLES[0], index)])]
    paths = []
    microseconds = kline_rows(1000, [shifted(CANDLES[0], 3)])
    for name, part in (("2024-12", rows[:2]), ("2025-01", microseconds)):
        paths.append(tmp_path / f"BTCUSDT-1m-{name}.csv")
        paths[-1].write_text(csv_text(part, None))
    data = MarketDataImport(paths, TOLD)

    assert [shifted(CANDLES[0], index) for index in (0, 1, 3)] == [event.kind for event in read(data)]  # type: ignore[union-attr]
    assert (Gap(at(120), at(180), 1),) == data.report().gaps


def test_candles_of_freqtrade(tmp_path: Path) -> None:
    data = MarketDataImport(freqtrade(tmp_path), replace(TOLD, stamp=None, timezone=None))

    assert [replace(candle, trade_count=0) for candle in CANDLES] == [event.kind for event in read(data)]  # type: ignore[union-attr]
    assert ("there is no column of the number of trades: it is 0",) == data.report().notes
    assert MINUTE == data.report().interval


def shifted(candle: Candle, minutes: int) -> Candle:
    return replace(candle, close_time=candle.close_time + minutes * MINUTE)


def test_chunks_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    candles = [shifted(CANDLES[0], index) for index in range(300) if index not in (77, 150)]
    rows = rows_of_candles(candles)
    path = csv(tmp_path, [*rows[:100], rows[99], *rows[100:]])
    whole = MarketDataImport(path, TOLD)
    expected = read(whole)
    monkeypatch.setattr("barter_python.data.file.importer.delimited._BLOCK_BYTES", 256)
    monkeypatch.setattr("barter_python.data.file.importer.importer.CHUNK_ROWS", 3)
    parts = MarketDataImport(path, TOLD)

    assert candles == [event.kind for event in expected]  # type: ignore[union-attr]
    assert expected == read(parts)
    assert whole.report() == parts.report()
    assert 2 == parts.report().gap_count


def test_bars_of_different_lengths_have_no_interval(tmp_path: Path) -> None:
    rows = [(0, 1, 1, 1, 1, 0, 30_000), (30_000, 1, 1, 1, 1, 0, 31_000)]
    start = round(at(0).timestamp() * 1000)
    shifted_rows = [(row[0] + start, *row[1:-1], row[-1] + start) for row in rows]
    path = csv(tmp_path, shifted_rows, ("open_time", "open", "high", "low", "close", "volume", "close_time"))
    events = read(MarketDataImport(path, replace(TOLD, stamp=None)))

    assert [None, None] == [
        event.kind.interval for event in events if isinstance(event, MarketEvent) and isinstance(event.kind, Candle)
    ]


def test_months_are_candles_of_time(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT-1mo-2024-02.csv"
    path.write_text("1704067200000,1,1,1,1,0,1706745599999,0,0,0,0,0\n1706745600000,1,1,1,1,0,1709251199999,0,0,0,0,0\n")
    events = read(MarketDataImport(path, TOLD))

    assert [timedelta(days=31), timedelta(days=29)] == [event.kind.interval for event in events]  # type: ignore[union-attr]


def test_an_import_is_the_market_data_of_a_backtest(tmp_path: Path) -> None:
    instruments = IndexedInstruments.new([spot(SPOT, "BTC", "USDT")])
    source = MarketDataFiles([MarketDataImport(FORMS["polars"](tmp_path), replace(TOLD, instrument="BTC_USDT"))], instruments)

    assert None is source.count()
    assert at(60) == source.time_first_event()
    assert EVENTS == [event for chunk in source.stream() for event in chunk]
    assert 3 == source.count()
