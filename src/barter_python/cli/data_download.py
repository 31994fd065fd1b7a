"""`barter data download`: public archives of venues."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import aiohttp
import click
from rich.console import Console

from barter_python.cli.time_option import utc_time
from barter_python.data.catalog.binance_archive import BINANCE_ARCHIVE, ArchiveKind, ArchiveRequest
from barter_python.data.catalog.binance_rest import BINANCE_REST, RecentKlines
from barter_python.data.catalog.download import DownloadOutcome, DownloadReport, download_binance
from barter_python.data.catalog.fetch import Fetcher
from barter_python.data.file.format import require_pyarrow
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.report.progress import files_progress
from barter_python.report.tear_sheets import summary_console

__all__ = ["download_group", "print_download_report"]

_MARKETS: Final = {"spot": ExchangeId.BINANCE_SPOT, "usd-m": ExchangeId.BINANCE_FUTURES_USD}
_SPANS_SHOWN: Final = 10


@click.group("download")
def download_group() -> None:
    """Download public archives into a catalog."""


@download_group.command("binance")
@click.option("--market", type=click.Choice(list(_MARKETS)), required=True, help="Spot, or USD-M futures.")
@click.option("--symbol", required=True, metavar="NAME", help="The venue's name, e.g. BTCUSDT.")
@click.option("--kind", type=click.Choice([kind.value for kind in ArchiveKind]), required=True, help="What of it.")
@click.option("--interval", metavar="LENGTH", help="Of klines, e.g. 1m.")
@click.option("--from", "start", type=utc_time, required=True, metavar="DAY", help="The first UTC day, e.g. 2024-01-01.")
@click.option("--to", "end", type=utc_time, required=True, metavar="DAY", help="The day after the last one.")
@click.option(
    "--catalog",
    default=Path("catalog"),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The catalog.",
)
@click.option("--parallel", default=4, show_default=True, type=click.IntRange(1, 32), help="Files at a time.")
@click.option("--replace", is_flag=True, help="Fetch again what was published again since it was downloaded.")
@click.option("--address", default=BINANCE_ARCHIVE, show_default=True, metavar="URL", help="Where the archive is.")
@click.option("--rest-address", metavar="URL", help="Of the newest candles. Default: that of the market.")
def binance_command(
    market: str,
    symbol: str,
    kind: str,
    interval: str | None,
    start: datetime,
    end: datetime,
    catalog: Path,
    parallel: int,
    replace: bool,
    address: str,
    rest_address: str | None,
) -> None:
    """Download the public archive of Binance.

    Whole months are fetched as one file, other days one by one. Checksums are verified; what is in the catalog already is not
    fetched again, unless it was published anew and --replace is given. Days that the archive does not have are named; of the
    newest, the venue is asked for the candles that have closed.
    """
    for option, day in (("--from", start), ("--to", end)):
        if day.time() != time():
            raise click.BadParameter(f"found {day}, expected a day", param_hint=option)
    today = datetime.now(UTC).date()
    last = min(end.date(), today + timedelta(days=1))
    request = ArchiveRequest(_MARKETS[market], symbol, ArchiveKind(kind), start.date(), last, interval)
    require_pyarrow(catalog)
    rest = rest_address or BINANCE_REST[request.exchange]
    report = asyncio.run(_download(request, catalog, today, (address, rest), parallel, replace))
    print_download_report(request, report, summary_console())
    failed = [file for file in report.files if file.outcome is DownloadOutcome.FAILED]
    if failed:
        raise MarketDataError(f"{len(failed)} of {len(report.files)} files failed, the first: {failed[0].problem}")


async def _download(
    request: ArchiveRequest, catalog: Path, today: date, addresses: tuple[str, str], parallel: int, replace: bool
) -> DownloadReport:
    async with aiohttp.ClientSession(trust_env=True) as session:
        fetcher, rest = (Fetcher(address, session) for address in addresses)
        recent = RecentKlines(rest, today)
        with files_progress(f"Downloading {request.symbol}") as progress:
            return await download_binance(
                request,
                catalog,
                fetcher,
                recent=recent,
                parallel=parallel,
                replace=replace,
                on_file=lambda file: progress(file.span.name),
            )


def print_download_report(request: ArchiveRequest, report: DownloadReport, console: Console) -> None:
    """Print what became of the files, and what is missing."""
    key = request.series
    title = f"{key.kind}/{key.exchange.value}/{key.instrument}"
    console.print(f"[bold]{title}[/bold]: {len(report.files):,} files, {report.bytes:,} bytes fetched")
    for outcome in DownloadOutcome:
        spans = report.spans(outcome)
        if not spans:
            continue
        line = f"  {outcome.value:<12}{len(spans):>6,}"
        if outcome not in (DownloadOutcome.DOWNLOADED, DownloadOutcome.PRESENT):
            more = f" and {len(spans) - _SPANS_SHOWN:,} more" if len(spans) > _SPANS_SHOWN else ""
            line += "  " + ", ".join(str(span.start) for span in spans[:_SPANS_SHOWN]) + more
        console.print(line)
    gaps = [(file.span, file.manifest) for file in report.files if file.manifest is not None and file.manifest.gap_count]
    for span, manifest in gaps[:_SPANS_SHOWN]:
        console.print(f"  gaps in {span.name}: {manifest.gap_count:,}, {manifest.missing:,} missing")
