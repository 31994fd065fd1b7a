"""Downloads into a catalog, from a server that fails in the ways that servers do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.data.catalog.archive import Archive, klines, request, serving

from barter_python.data.catalog.binance_archive import ArchiveKind, ArchiveRequest
from barter_python.data.catalog.binance_rest import RecentKlines
from barter_python.data.catalog.catalog import CatalogSeries
from barter_python.data.catalog.download import DownloadOutcome, DownloadReport, download_binance
from barter_python.data.catalog.span import Span
from barter_python.data.event import MarketEvent
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex

SPOT = ExchangeId.BINANCE_SPOT
FIRST, LAST = date(2024, 12, 30), date(2025, 1, 3)
DAYS = [Span.of_day(date(2024, 12, day)) for day in (30, 31)] + [Span.of_day(date(2025, 1, day)) for day in (1, 2)]
ASKED = request(FIRST, LAST)
DOWNLOADED, PRESENT, MISSING = DownloadOutcome.DOWNLOADED, DownloadOutcome.PRESENT, DownloadOutcome.MISSING


def archive() -> Archive:
    """Four days, of which the last two are stamped in microseconds, as spot is from 2025 on."""
    made = Archive()
    made.add(ASKED, *DAYS[:2])
    made.add(ASKED, *DAYS[2:], unit=1_000_000)
    return made


async def download(served: Archive, folder: Path, asked: ArchiveRequest = ASKED, **options: bool) -> DownloadReport:
    async with serving(served) as fetcher:
        return await download_binance(asked, folder, fetcher, parallel=2, **options)


def series(folder: Path, asked: ArchiveRequest = ASKED) -> CatalogSeries:
    return CatalogSeries(asked.series, asked.series.folder(folder))


def closes(folder: Path) -> list[datetime]:
    events = series(folder).events({(SPOT, "BTCUSDT"): InstrumentIndex(0)})
    return [event.time_exchange for chunk in events for event in chunk if isinstance(event, MarketEvent)]


def outcomes(report: DownloadReport) -> list[DownloadOutcome]:
    return [file.outcome for file in report.files]


async def test_days_are_downloaded_and_read_in_order(tmp_path: Path) -> None:
    served = archive()
    report = await download(served, tmp_path)

    assert [DOWNLOADED] * 4 == outcomes(report)
    assert sum(map(len, served.files.values())) == report.bytes
    assert served.open_at_once <= 2
    start = datetime(2024, 12, 30, tzinfo=UTC)
    assert [start + timedelta(hours=hour) for hour in range(1, 97)] == closes(tmp_path)
    folder = tmp_path / "candles-1h" / "binance_spot" / "BTCUSDT"
    assert sorted(f"{span.name}{suffix}" for span in DAYS for suffix in (".json", ".parquet")) == sorted(
        path.name for path in folder.iterdir()
    )


async def test_a_second_run_fetches_nothing(tmp_path: Path) -> None:
    await download(archive(), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    served = archive()
    report = await download(served, tmp_path)

    assert ([PRESENT] * 4, 0, []) == (outcomes(report), report.bytes, served.fetched)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.*")}


async def test_a_run_goes_on_where_another_ended(tmp_path: Path) -> None:
    await download(archive(), tmp_path, request(FIRST, date(2024, 12, 31)))
    served = archive()

    assert [PRESENT, DOWNLOADED, DOWNLOADED, DOWNLOADED] == outcomes(await download(served, tmp_path))
    assert [f"BTCUSDT-1h-{span.start}.zip" for span in DAYS[1:]] == served.fetched


async def test_a_file_without_its_manifest_was_not_finished(tmp_path: Path) -> None:
    await download(archive(), tmp_path)
    series(tmp_path).manifest_of(DAYS[1]).unlink()

    assert [PRESENT, DOWNLOADED, PRESENT, PRESENT] == outcomes(await download(archive(), tmp_path))


async def test_missing_days_are_named(tmp_path: Path) -> None:
    served = archive()
    del served.files[ASKED.path(DAYS[1])]
    report = await download(served, tmp_path)

    assert [DAYS[1]] == report.spans(MISSING)
    assert series(tmp_path).manifests()[DAYS[1]].is_missing
    assert [DAYS[0], *DAYS[2:]] == series(tmp_path).spans()
    late = archive()
    assert [PRESENT, DOWNLOADED, PRESENT, PRESENT] == outcomes(await download(late, tmp_path))
    assert not series(tmp_path).manifests()[DAYS[1]].is_missing


async def test_what_is_published_again_is_reported_and_replaced_where_asked_for(tmp_path: Path) -> None:
    await download(archive(), tmp_path)
    anew = archive()
    anew.add(ASKED, DAYS[0], price=200.0)
    old = series(tmp_path).file_of(DAYS[0]).read_bytes()
    report = await download(anew, tmp_path)

    assert [DAYS[0]] == report.spans(DownloadOutcome.REPUBLISHED)
    assert old == series(tmp_path).file_of(DAYS[0]).read_bytes()
    assert [DAYS[0]] == (await download(anew, tmp_path, replace=True)).spans(DOWNLOADED)
    assert old != series(tmp_path).file_of(DAYS[0]).read_bytes()


FAILURES = {
    "cut once": (["cut"], None, 2),
    "busy": ([503, 429], None, 3),
    "cut for ever": (["cut"] * 9, "after 3 attempts", 3),
    "down": ([500] * 9, "HTTP status is 500, expected 200, after 3 attempts", 3),
    "forbidden": ([403], "HTTP status is 403, expected 200", 1),
}


@pytest.mark.parametrize(("failures", "problem", "attempts"), FAILURES.values(), ids=FAILURES)
async def test_what_may_help_is_tried_again(
    tmp_path: Path, failures: list[int | str], problem: str | None, attempts: int
) -> None:
    served = archive()
    path = ASKED.path(DAYS[0])
    served.failures[path] = list(failures)
    report = await download(served, tmp_path)

    assert attempts == served.requests[path]
    assert [DOWNLOADED if problem is None else DownloadOutcome.FAILED, DOWNLOADED, DOWNLOADED, DOWNLOADED] == outcomes(report)
    assert (problem or "") in report.files[0].problem
    assert (problem is None) == series(tmp_path).file_of(DAYS[0]).exists()


BAD_FILES = {
    "another checksum": ("checksum", "0" * 64, f"expected {'0' * 64} as published, after 3 attempts"),
    "no checksum": ("checksum", "<html>", "found '<html>  BTCUSDT-1h-2024-12-30.zip\\n', expected a SHA-256"),
    "not a zip": ("file", b"nothing", "File is not a zip file"),
    "empty": ("file", b"", "the file is empty, expected rows"),
    "rows of another day": ("file", klines(DAYS[2]), "it has events from 2025-01-01 01:00:00+00:00 to"),
}


@pytest.mark.parametrize(("what", "value", "problem"), BAD_FILES.values(), ids=BAD_FILES)
async def test_a_bad_file_is_named_and_leaves_nothing(tmp_path: Path, what: str, value: object, problem: str) -> None:
    served = archive()
    path = ASKED.path(DAYS[0])
    (served.checksums if what == "checksum" else served.files)[path] = value  # type: ignore[assignment, index]
    report = await download(served, tmp_path)

    assert problem in report.files[0].problem
    assert path.rpartition("/")[2] in report.files[0].problem
    assert DAYS[1:] == series(tmp_path).spans()
    assert not list(tmp_path.rglob(".*"))


NEWEST = Span.of_day(date(2025, 1, 3))


async def newest(served: Archive, folder: Path, hour: float, monkeypatch: pytest.MonkeyPatch) -> DownloadReport:
    """Download the day after those of the archive, at an hour of it."""
    monkeypatch.setattr("barter_python.data.catalog.binance_rest._LIMIT", 5)
    served.time = round(datetime(2025, 1, 3, tzinfo=UTC).timestamp() + hour * 3600)
    async with serving(served) as fetcher:
        recent = RecentKlines(fetcher, NEWEST.start)
        return await download_binance(request(date(2025, 1, 2), date(2025, 1, 5)), folder, fetcher, recent=recent)


async def test_the_newest_hours_are_asked_for_until_the_archive_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recent = DownloadOutcome.RECENT
    assert [DOWNLOADED, recent, MISSING] == outcomes(await newest(archive(), tmp_path, 12.5, monkeypatch))
    midnight = datetime(2025, 1, 2, tzinfo=UTC)
    assert [midnight + timedelta(hours=hour) for hour in range(1, 24 + 12 + 1)] == closes(tmp_path)
    assert datetime(2025, 1, 3, 12, 30, tzinfo=UTC) == series(tmp_path).manifests()[NEWEST].until

    assert [PRESENT, recent, MISSING] == outcomes(await newest(archive(), tmp_path, 24.5, monkeypatch))
    assert 48 == len(closes(tmp_path))
    assert [PRESENT, PRESENT, MISSING] == outcomes(await newest(archive(), tmp_path, 30, monkeypatch))

    complete = archive()
    complete.add(ASKED, NEWEST, unit=1_000_000)
    assert [PRESENT, DOWNLOADED, MISSING] == outcomes(await newest(complete, tmp_path, 30, monkeypatch))
    assert 48 == len(closes(tmp_path))


async def test_before_the_first_candle_has_closed_there_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [DOWNLOADED, MISSING, MISSING] == outcomes(await newest(archive(), tmp_path, 0.5, monkeypatch))


async def test_an_answer_of_another_shape_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.data.catalog.archive.rest_row", lambda start: {"open": 1})
    report = await newest(archive(), tmp_path, 3, monkeypatch)

    assert [DOWNLOADED, DownloadOutcome.FAILED, MISSING] == outcomes(report)
    assert "/api/v3/klines?symbol=BTCUSDT&interval=1h&startTime=1735862400000" in report.files[1].problem


async def test_whole_months_are_one_file_and_their_days_where_there_is_none(tmp_path: Path) -> None:
    asked = request(date(2024, 1, 31), date(2024, 4, 1))
    february, march = Span.of_month(date(2024, 2, 1)), Span.of_month(date(2024, 3, 1))
    served = Archive()
    served.add(asked, Span.of_day(date(2024, 1, 31)), february, *map(Span.of_day, march.days()))
    report = await download(served, tmp_path, asked)

    assert [DOWNLOADED] * 33 == outcomes(report)
    assert "BTCUSDT-1h-2024-02.zip" in served.fetched
    assert february in series(tmp_path, asked).spans()
    again = Archive(files=served.files)
    assert [PRESENT] == outcomes(await download(again, tmp_path, request(date(2024, 2, 10), date(2024, 2, 12))))
    assert [] == again.fetched


def test_paths_of_the_archive() -> None:
    day, month = Span.of_day(date(2024, 2, 29)), Span.of_month(date(2024, 2, 1))
    trades = ArchiveRequest(ExchangeId.BINANCE_FUTURES_USD, "BTCUSDT", ArchiveKind.AGG_TRADES, FIRST, LAST)

    assert "/data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02-29.zip" == ASKED.path(day)
    assert "/data/futures/um/monthly/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2024-02.zip" == trades.path(month)


REQUESTS = {
    "no interval": (SPOT, "BTCUSDT", ArchiveKind.KLINES, None, "interval: found 'None'"),
    "an interval of trades": (SPOT, "BTCUSDT", ArchiveKind.TRADES, "1m", "interval: found '1m', expected none"),
    "quotes of spot": (SPOT, "BTCUSDT", ArchiveKind.BOOK_TICKER, None, "kind: found 'bookTicker' of spot"),
    "another venue": (ExchangeId.OKX, "BTCUSDT", ArchiveKind.TRADES, None, "exchange: found 'okx'"),
    "a path": (SPOT, "../x", ArchiveKind.TRADES, None, "symbol: found '../x'"),
}


@pytest.mark.parametrize(("exchange", "symbol", "kind", "interval", "problem"), REQUESTS.values(), ids=REQUESTS)
def test_what_the_archive_does_not_have(
    exchange: ExchangeId, symbol: str, kind: ArchiveKind, interval: str | None, problem: str
) -> None:
    with pytest.raises(ConfigError, match=problem):
        ArchiveRequest(exchange, symbol, kind, FIRST, LAST, interval)
