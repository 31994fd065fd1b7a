"""Funding rates of perpetuals, as a simulated exchange pays them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.import_options import ImportKind, ImportOptions
from barter_python.data.file.importer.canonical import time_at, with_previous
from barter_python.data.file.importer.reading import LocatedSource, locate
from barter_python.data.file.importer.rows import Rows
from barter_python.data.file.importer.source import ImportSource
from barter_python.data.file.importer.stamps import StampReader
from barter_python.errors import MarketDataError

__all__ = ["read_funding_rates"]


def read_funding_rates(
    sources: ImportSource | Sequence[ImportSource], options: ImportOptions | None = None
) -> list[tuple[datetime, Decimal]]:
    """Read payments by time: when each is due, and the fraction of the position's value that longs pay to shorts.

        funding = tuple(FundingRate(*payment) for payment in read_funding_rates("BTCUSDT-fundingRate-2024-01.zip"))

    Raises:
        MarketDataError: The sources have no funding rates, a value is impossible, or times do not rise.
        ConfigError: An option is wrong.
    """
    options = options or ImportOptions(kind=ImportKind.FUNDING)
    payments: list[tuple[datetime, Decimal]] = []
    last = None
    for located in locate(sources, options):
        _check_kind(located)
        stamps = StampReader(options.unit, options.timezone)
        for rows in located.rows():
            times = stamps.read(rows, "time")
            later = pc.greater(times, with_previous(last, times))
            if last is None:
                later = pa.concat_arrays([pa.array([True]), later[1:]])
            rows.require(later, "time", "expected a time after that of the row before")
            last = times[-1:]
            payments += [(time_at(times, row), rate) for row, rate in enumerate(_rates(rows))]
    return payments


def _check_kind(located: LocatedSource) -> None:
    if located.layout.kind is not ImportKind.FUNDING:
        raise MarketDataError(f"{located.source.name}: this is a {located.layout.name}, expected funding rates")


def _rates(rows: Rows) -> list[Decimal]:
    expected = "expected a fraction above -1 and below 1"
    column = rows.column("rate", expected)
    numbers = rows.cast(column, "rate", pa.float64(), expected)
    rows.require(pc.less(pc.abs(numbers), 1.0), "rate", expected)
    return [Decimal(text.strip()) for text in column.cast(pa.string()).to_pylist()]
