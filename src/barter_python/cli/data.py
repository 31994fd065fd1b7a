"""`barter data`: market data files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from barter_python.cli.data_catalog import catalog_command
from barter_python.cli.data_download import download_group
from barter_python.cli.data_import import import_command
from barter_python.cli.time_option import utc_time
from barter_python.data.file.binance_capture import convert_binance_capture
from barter_python.data.file.info import MarketDataInfo
from barter_python.data.file.market_data_file import open_market_data
from barter_python.instrument.exchange import ExchangeId
from barter_python.report.progress import bytes_progress
from barter_python.report.tear_sheets import format_duration, summary_console

__all__ = ["data_group"]


@click.group("data")
def data_group() -> None:
    """Import, convert, download and inspect market data."""


data_group.add_command(import_command)
data_group.add_command(download_group)
data_group.add_command(catalog_command)


@data_group.command("convert")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--exchange",
    type=click.Choice([ExchangeId.BINANCE_SPOT.value, ExchangeId.BINANCE_FUTURES_USD.value]),
    help="Venue of the capture. Default: told from its messages.",
)
@click.option("--instrument", "name_exchange", help="Convert this instrument only, by the venue's name, e.g. BTCUSDT.")
@click.option("--from", "start", type=utc_time, metavar="TIME", help="Leave out what was received before, e.g. 2024-08-08T12:00.")
@click.option("--to", "end", type=utc_time, metavar="TIME", help="Leave out what was received then or later. Times are UTC.")
@click.option("--no-l2", is_flag=True, help="Leave out order book depth: smaller files, faster runs.")
def convert_command(
    sources: tuple[Path, ...],
    target: Path,
    exchange: str | None,
    name_exchange: str | None,
    start: datetime | None,
    end: datetime | None,
    no_l2: bool,
) -> None:
    """Convert a raw Binance capture into the market data file TARGET.

    A capture is a text file, optionally gzipped: one line per message, with the local receive time in nanoseconds,
    microseconds or milliseconds, a space, and the venue's JSON. Several SOURCES are a capture that was cut into files, in
    order of time. The suffix of TARGET decides its format: .parquet (needs the extra 'data'), .jsonl or .jsonl.gz.
    """
    with bytes_progress(f"Converting to {target.name}") as progress:
        info = convert_binance_capture(
            sources,
            target,
            exchange=None if exchange is None else ExchangeId(exchange),
            name_exchange=name_exchange,
            on_progress=progress,
            l2=not no_l2,
            start=start,
            end=end,
        )
    _print_info(target, info)


@data_group.command("inspect")
@click.argument("file", type=click.Path(path_type=Path))
def inspect_command(file: Path) -> None:
    """Describe the market data file FILE."""
    _print_info(file, open_market_data(file).info())


def _print_info(path: Path, info: MarketDataInfo) -> None:
    console = summary_console()
    console.print(f"[bold]{path.name}[/bold]: {info.format}, {path.stat().st_size:,} bytes, {info.events:,} events")
    if info.source:
        console.print(f"made from {info.source}", markup=False)
    if info.reconnects:
        console.print(f"{info.reconnects:,} lost connections")
    if info.dropped:
        console.print(f"{info.dropped:,} order book updates left out: there is no snapshot that they could follow")
    if info.gaps:
        console.print(f"gaps in the order book: {info.gaps:,}; it is empty from each to the next snapshot")
    if info.cut_lines:
        console.print(f"last lines that are cut off, left out: {info.cut_lines:,}")
    for instrument in info.instruments:
        console.print()
        console.print(f"[bold]{instrument.exchange.value} {instrument.instrument}[/bold]")
        first, last = instrument.time_exchange_first, instrument.time_exchange_last
        console.print(f"  venue time  {_time(first)} to {_time(last)} ({format_duration(last - first)})")
        console.print(f"  received    {_time(instrument.time_received_first)} to {_time(instrument.time_received_last)}")
        for kind, count in instrument.counts.items():
            console.print(f"  {kind:<18}{count:>12,}")


def _time(time: datetime) -> str:
    return time.isoformat(sep=" ", timespec="milliseconds").removesuffix("+00:00")
