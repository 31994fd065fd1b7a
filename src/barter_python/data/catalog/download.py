"""Downloads Binance's public archive into a catalog: what is there already is not fetched again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from barter_python.data.catalog.binance_archive import ArchiveRequest
from barter_python.data.catalog.binance_rest import RecentKlines
from barter_python.data.catalog.catalog import CatalogSeries
from barter_python.data.catalog.fetch import Fetcher
from barter_python.data.catalog.manifest import Manifest, read_manifest, write_manifest
from barter_python.data.catalog.span import Span
from barter_python.data.file.import_options import ImportOptions
from barter_python.data.file.import_report import ImportReport
from barter_python.errors import MarketDataError

__all__ = ["DownloadOutcome", "DownloadReport", "DownloadedFile", "download_binance"]

_PARALLEL: Final = 4


class DownloadOutcome(Enum):
    """What became of a file."""

    DOWNLOADED = "downloaded"
    PRESENT = "present"
    """It is in the catalog as it was published."""
    REPUBLISHED = "republished"
    """It is in the catalog, but the archive has another one now."""
    RECENT = "recent"
    """The archive does not have it yet: the venue was asked for the candles that have closed."""
    MISSING = "missing"
    """The archive does not have it."""
    FAILED = "failed"


@dataclass(slots=True, frozen=True)
class DownloadedFile:
    """What became of a file.

    Attributes:
        span: Its days.
        outcome: What became of it.
        bytes: That were fetched.
        problem: Why it failed, empty otherwise.
        manifest: What it has, None where it is missing or failed.
    """

    span: Span
    outcome: DownloadOutcome
    bytes: int = 0
    problem: str = ""
    manifest: Manifest | None = None


@dataclass(slots=True, frozen=True)
class DownloadReport:
    """What became of a request.

    Attributes:
        files: In order of time.
    """

    files: tuple[DownloadedFile, ...]

    def spans(self, outcome: DownloadOutcome) -> list[Span]:
        """The spans of the files with an outcome."""
        return [file.span for file in self.files if file.outcome is outcome]

    @property
    def bytes(self) -> int:
        """That were fetched."""
        return sum(file.bytes for file in self.files)


async def download_binance(
    request: ArchiveRequest,
    catalog: Path,
    fetcher: Fetcher,
    *,
    recent: RecentKlines | None = None,
    parallel: int = _PARALLEL,
    replace: bool = False,
    on_file: Callable[[DownloadedFile], None] = lambda file: None,
) -> DownloadReport:
    """Download what the catalog does not have, a month at a time where whole months are asked for, and days otherwise.

    A file that fails does not stop the others. Interrupted, the next call goes on where this one was.

    Args:
        request: What to download.
        catalog: The folder of the catalog, which is made.
        fetcher: Of the archive.
        recent: Asks for candles that the archive does not have yet; None: they are missing.
        parallel: Files at a time.
        replace: Whether to fetch what was published again since it was downloaded, in place of reporting it only.
        on_file: Called with each file when it is done.

    Raises:
        MarketDataError: The catalog is damaged.
    """
    folder = request.series.folder(catalog)
    folder.mkdir(parents=True, exist_ok=True)
    series = CatalogSeries(request.series, folder)
    work = _Download(request, series, fetcher, recent, asyncio.Semaphore(parallel), replace, on_file)
    groups = await asyncio.gather(*map(work.fetch, request.spans(series.spans())))
    return DownloadReport(tuple(sorted((file for group in groups for file in group), key=lambda file: file.span)))


class _Download:
    """Fetches the files of a request."""

    def __init__(
        self,
        request: ArchiveRequest,
        series: CatalogSeries,
        fetcher: Fetcher,
        recent: RecentKlines | None,
        turns: asyncio.Semaphore,
        replace: bool,
        on_file: Callable[[DownloadedFile], None],
    ) -> None:
        self._request = request
        self._series = series
        self._fetcher = fetcher
        self._recent = recent
        self._turns = turns
        self._replace = replace
        self._on_file = on_file

    async def fetch(self, span: Span) -> list[DownloadedFile]:
        """Fetch the file of a span; in place of a month that is not published, its days."""
        async with self._turns:
            try:
                file = await self._fetch(span)
            except MarketDataError as error:
                file = DownloadedFile(span, DownloadOutcome.FAILED, problem=error.message)
        if file.outcome is DownloadOutcome.MISSING and span.is_month:
            days = await asyncio.gather(*(self.fetch(Span.of_day(day)) for day in span.days()))
            return [file for group in days for file in group]
        self._on_file(file)
        return [file]

    async def _fetch(self, span: Span) -> DownloadedFile:
        path = self._request.path(span)
        sha256 = await self._fetcher.checksum(path)
        manifest = self._present(span)
        if manifest is not None and manifest.sha256:
            if sha256 in (None, manifest.sha256):
                return DownloadedFile(span, DownloadOutcome.PRESENT, manifest=manifest)
            if not self._replace:
                return DownloadedFile(span, DownloadOutcome.REPUBLISHED, manifest=manifest)
        if sha256 is not None:
            return await self._download(span, path, sha256)
        if span.is_month:
            return DownloadedFile(span, DownloadOutcome.MISSING)
        if manifest is not None and manifest.until is None:
            return DownloadedFile(span, DownloadOutcome.PRESENT, manifest=manifest)
        return await self._ask(span) or self._missing(span, path)

    def _present(self, span: Span) -> Manifest | None:
        """The manifest of a file that is there: without one, it was not finished."""
        return read_manifest(self._series.manifest_of(span)) if self._series.file_of(span).is_file() else None

    def _missing(self, span: Span, path: str) -> DownloadedFile:
        if not self._series.file_of(span).is_file():
            write_manifest(self._series.manifest_of(span), Manifest(self._fetcher.url(path), is_missing=True))
        return DownloadedFile(span, DownloadOutcome.MISSING)

    async def _download(self, span: Span, path: str, sha256: str) -> DownloadedFile:
        with self._folder() as folder:
            source = Path(folder) / path.rpartition("/")[2]
            size = await self._fetcher.download(path, sha256, source)
            report = await asyncio.to_thread(self._import, source, span)
        manifest = Manifest.of_import(self._fetcher.url(path), sha256, report)
        write_manifest(self._series.manifest_of(span), manifest)
        return DownloadedFile(span, DownloadOutcome.DOWNLOADED, size, manifest=manifest)

    async def _ask(self, span: Span) -> DownloadedFile | None:
        """Ask the venue for a day that the archive does not have yet; None where it has nothing of it."""
        found = None if self._recent is None else await self._recent.day(self._request, span)
        if self._recent is None or found is None or not found.rows:
            return None
        with self._folder() as folder:
            source = Path(folder) / f"{self._request.symbol}-{self._request.interval}-{span.start}.csv"
            source.write_text(found.rows)
            report = await asyncio.to_thread(self._import, source, span)
        manifest = Manifest.of_import(self._recent.url(self._request), "", report, found.until)
        write_manifest(self._series.manifest_of(span), manifest)
        return DownloadedFile(span, DownloadOutcome.RECENT, len(found.rows), manifest=manifest)

    def _folder(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory(prefix=".download-", dir=self._series.path)

    def _import(self, source: Path, span: Span) -> ImportReport:
        from barter_python.data.file.importer import import_market_data

        made = source.with_suffix(".parquet")
        report = import_market_data(source, made, ImportOptions(exchange=self._request.exchange))
        (instrument,) = report.info.instruments
        first, last = instrument.time_exchange_first, instrument.time_exchange_last
        if not span.contains(first, last - (report.interval or timedelta())):
            raise MarketDataError(f"{source.name}: it has events from {first} to {last}, expected those of {span.name}")
        made.replace(self._series.file_of(span))
        return report
