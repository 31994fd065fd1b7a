"""`barter data download`, `barter data catalog`, and a backtest on a catalog."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from tests.cli.test_demo_and_data_commands import run
from tests.data.catalog.archive import Archive, request, serving

from barter_python.data.catalog.span import Span

FIRST, SECOND, THIRD = (Span.of_day(date(2024, 1, day)) for day in (1, 2, 3))
ASKED = request(FIRST.start, THIRD.end)
OPTIONS = (
    "--market",
    "spot",
    "--symbol",
    "BTCUSDT",
    "--kind",
    "klines",
    "--interval",
    "1h",
    "--from",
    "2024-01-01",
    "--to",
    "2024-01-04",
)


@contextmanager
def served(archive: Archive) -> Iterator[str]:
    """The address of a server that runs beside the command."""
    ready, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    address = ""

    async def serve() -> None:
        nonlocal address
        async with serving(archive) as fetcher:
            address = fetcher.url("")
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30)
        yield address
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@pytest.fixture
def archive() -> Archive:
    made = Archive()
    made.add(ASKED, FIRST, THIRD)
    return made


def test_an_archive_is_downloaded_and_listed(tmp_path: Path, archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    catalog = str(tmp_path / "catalog")
    with served(archive) as address:
        assert 0 == run("data", "download", "binance", *OPTIONS, "--catalog", catalog, "--address", address)
        out = " ".join(capsys.readouterr().out.split())
        assert "candles-1h/binance_spot/BTCUSDT: 3 files" in out
        assert "downloaded 2 missing 1 2024-01-02" in out
        assert 0 == run("data", "download", "binance", *OPTIONS, "--catalog", catalog, "--address", address)
        assert "0 bytes fetched present 2 missing 1 2024-01-02" in " ".join(capsys.readouterr().out.split())

    assert 0 == run("data", "catalog", catalog)
    out = " ".join(capsys.readouterr().out.split())
    assert "candles-1h/binance_spot/BTCUSDT: 2 files" in out
    assert "2024-01-01 to 2024-01-04, 48 events missing 2024-01-02 to 2024-01-03: not in the archive" in out


def test_a_file_that_fails_fails_the_command(tmp_path: Path, archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    archive.files[ASKED.path(FIRST)] = b"nothing"
    with served(archive) as address:
        assert 4 == run("data", "download", "binance", *OPTIONS, "--catalog", str(tmp_path), "--address", address)

    assert "1 of 3 files failed, the first: " in capsys.readouterr().err


def test_a_time_of_day_is_no_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*OPTIONS[:-1], "2024-01-03T12:00"]

    assert 2 == run("data", "download", "binance", *arguments, "--catalog", str(tmp_path))
    assert "expected a day" in capsys.readouterr().err
