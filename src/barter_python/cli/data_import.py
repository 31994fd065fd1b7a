"""`barter data import`: market data that other programs have written."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from barter_python.data.file.format import require_pyarrow
from barter_python.data.file.import_options import (
    CandleStamp,
    ImportKind,
    ImportOptions,
    TimeUnit,
    interval_from_text,
    interval_text,
)
from barter_python.data.file.import_report import ImportReport
from barter_python.data.file.whole_file import WholeFile
from barter_python.instrument.exchange import ExchangeId
from barter_python.report.progress import events_progress
from barter_python.report.tear_sheets import summary_console

__all__ = ["import_command"]

_GAPS_SHOWN = 5


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice([kind.value for kind in ImportKind]), help="What the rows are. Default: told by the columns."
)
@click.option(
    "--exchange", metavar="NAME", type=click.Choice([item.value for item in ExchangeId]), help="The venue, such as binance_spot."
)
@click.option("--instrument", metavar="NAME", help="The venue's name, e.g. BTCUSDT; of files with several, the one to import.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=NAME",
    help="Column of a role, e.g. time=Date, where no usual name tells; repeatable.",
)
@click.option("--header", metavar="NAMES", help="Names of the columns of a file without a header, separated by commas.")
@click.option(
    "--unit", type=click.Choice([unit.value for unit in TimeUnit]), help="Unit of numeric stamps. Default: by their magnitude."
)
@click.option("--timezone", metavar="ZONE", help="Of stamps without an offset, such as UTC. Default: they are refused.")
@click.option("--stamp", type=click.Choice([stamp.value for stamp in CandleStamp]), help="Which moment candles are stamped with.")
@click.option(
    "--interval", metavar="LENGTH", help="Length of the candles, such as 1m. Default: told by the layout or the stamps."
)
def import_command(
    sources: tuple[Path, ...],
    target: Path,
    kind: str | None,
    exchange: str | None,
    instrument: str | None,
    columns: tuple[str, ...],
    header: str | None,
    unit: str | None,
    timezone: str | None,
    stamp: str | None,
    interval: str | None,
) -> None:
    """Import candles, trades, quotes or order books into the market data file TARGET.

    SOURCES are files of any program: delimited text (.csv, also .gz, .zst, .bz2, .zip), .parquet or .feather. Those of Binance's
    public dumps, Tardis and freqtrade are known; of others, columns are found by their usual names. Several SOURCES
    continue each other. The suffix of TARGET decides its format; funding rates become a .json file for the configuration.
    """
    require_pyarrow(target)
    options = ImportOptions(
        kind=None if kind is None else ImportKind(kind),
        exchange=None if exchange is None else ExchangeId(exchange),
        instrument=instrument,
        columns=dict(map(_role_and_name, columns)),
        header=None if header is None else header.split(","),
        unit=None if unit is None else TimeUnit(unit),
        timezone=timezone,
        stamp=None if stamp is None else CandleStamp(stamp),
        interval=None if interval is None else interval_from_text(interval),
    )
    if target.suffix.lower() == ".json":
        _import_funding(sources, target, options)
    else:
        _import(sources, target, options)


def _import(sources: tuple[Path, ...], target: Path, options: ImportOptions) -> None:
    from barter_python.data.file.importer import import_market_data

    with events_progress(f"Importing to {target.name}", None) as progress:
        report = import_market_data(sources, target, options, on_progress=progress)
    print_import_report(target, report, summary_console())


def _import_funding(sources: tuple[Path, ...], target: Path, options: ImportOptions) -> None:
    from barter_python.data.file.importer import read_funding_rates

    payments = read_funding_rates(sources, options)
    file = WholeFile(target)
    try:
        document = [{"time": time.isoformat().replace("+00:00", "Z"), "rate": f"{rate:f}"} for time, rate in payments]
        file.partial.write_text(json.dumps(document, indent=1) + "\n")
        file.publish()
    finally:
        file.discard()
    click.echo(f"{target.name}: {len(payments):,} funding rates, for the member 'funding' of an instrument's margin")


def _role_and_name(text: str) -> tuple[str, str]:
    role, separator, name = text.partition("=")
    if not separator:
        raise click.BadParameter(f"{text!r}: expected ROLE=NAME", param_hint="--column")
    return role, name


def print_import_report(target: Path, report: ImportReport, console: Console) -> None:
    """Print what was found, done and left out."""
    console.print(f"[bold]{target.name}[/bold]: {report.rows:,} rows, {report.events:,} events, {report.layout}")
    for item in report.info.instruments:
        first, last = item.time_exchange_first, item.time_exchange_last
        console.print(
            f"  {item.exchange.value} {item.instrument}  {first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S}", markup=False
        )
    console.print("  columns     " + ", ".join(f"{role}: {name!r}" for role, name in report.columns.items()), markup=False)
    if report.columns_unused:
        console.print("  not used    " + ", ".join(map(repr, report.columns_unused)), markup=False)
    for form in dict.fromkeys(report.stamps.values()):
        console.print(f"  stamps      {form}", markup=False)
    if report.stamp is not None:
        console.print(f"  stamped     with the {report.stamp.value}")
    if report.interval is not None:
        console.print(f"  interval    {interval_text(report.interval)}")
    for reason, count in report.left_out.items():
        console.print(f"  left out    {count:,} rows: {reason}")
    console.print(f"  gaps        {report.gap_count:,}" + (f", {report.missing:,} missing" if report.gap_count else ""))
    for gap in report.gaps[:_GAPS_SHOWN]:
        console.print(f"              {gap.start:%Y-%m-%d %H:%M:%S} to {gap.end:%Y-%m-%d %H:%M:%S}, {gap.missing:,} missing")
    if report.longest_pause is not None:
        start, end = report.longest_pause
        console.print(f"  pause       at most {end - start}, from {start:%Y-%m-%d %H:%M:%S}")
    for note in report.notes:
        console.print(f"  note        {note}", markup=False)
