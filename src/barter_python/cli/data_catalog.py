"""`barter data catalog`: what a catalog has."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from barter_python.data.catalog.catalog import CatalogSeries, find_series
from barter_python.data.catalog.span import Span
from barter_python.report.tear_sheets import summary_console

__all__ = ["catalog_command"]

_GAPS_SHOWN: Final = 10


@click.command("catalog")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def catalog_command(folder: Path) -> None:
    """List what the catalog FOLDER, or a folder inside of one, has."""
    console = summary_console()
    for series in find_series(folder):
        _print_series(series, console)


def _print_series(series: CatalogSeries, console: Console) -> None:
    spans, info, key = series.spans(), series.info(), series.key
    size = sum(series.file_of(span).stat().st_size for span in spans)
    console.print(f"[bold]{key.kind}/{key.exchange.value}/{key.instrument}[/bold]: {len(spans):,} files, {size:,} bytes")
    console.print(f"  {spans[0].start} to {spans[-1].end}, {info.events:,} events")
    manifests = series.manifests()
    for gap in _missing_days(spans)[:_GAPS_SHOWN]:
        is_known = any(manifest.is_missing and gap.start <= span.start < gap.end for span, manifest in manifests.items())
        console.print(f"  missing {gap.start} to {gap.end}" + (": not in the archive" if is_known else ""))
    for span in spans:
        manifest = manifests.get(span)
        if manifest is not None and manifest.until is not None:
            console.print(f"  {span.start} until {manifest.until:%H:%M:%S} only")
        if manifest is not None and manifest.gap_count:
            console.print(f"  gaps in {span.name}: {manifest.gap_count:,}, {manifest.missing:,} missing")


def _missing_days(spans: list[Span]) -> list[Span]:
    """The days between files that no file has."""
    return [Span(before.end, after.start) for before, after in pairwise(spans) if before.end < after.start]
