"""Sources with their layouts, and their rows under the names of the roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from barter_python.data.file.import_options import ImportOptions
from barter_python.data.file.importer.binance_dump import binance_layout
from barter_python.data.file.importer.freqtrade import freqtrade_layout
from barter_python.data.file.importer.layout import Layout, header_of
from barter_python.data.file.importer.rows import Rows
from barter_python.data.file.importer.source import ImportSource, Source, open_source
from barter_python.data.file.importer.tardis import tardis_layout
from barter_python.data.file.importer.usual import usual_layout
from barter_python.errors import MarketDataError

__all__ = ["LocatedSource", "locate"]


@dataclass(slots=True, frozen=True)
class LocatedSource:
    """A source, and where it keeps what.

    Attributes:
        source: The rows.
        layout: Where they have what.
        header: Names of the columns; their numbers where there are no names.
    """

    source: Source
    layout: Layout
    header: tuple[str, ...]

    @property
    def labels(self) -> dict[str, str]:
        """Name of the column of each role."""
        return {role: self.header[position] for role, position in self.layout.positions.items()}

    @property
    def unused(self) -> tuple[str, ...]:
        """Names of the columns without a role."""
        used = set(self.layout.positions.values())
        return tuple(name for position, name in enumerate(self.header) if position not in used)

    def rows(self) -> Iterator[Rows]:
        """All rows, in runs of some ten thousand, none empty.

        Raises:
            MarketDataError: The source is damaged, or has no rows.
        """
        first, labels = 0, self.labels
        for batch in self.source.batches(list(self.layout.positions.values())):
            if len(batch):
                yield Rows(batch.rename_columns(list(labels)), self.source.name, first, labels)
                first += len(batch)
        if not first:
            raise MarketDataError(f"{self.source.name}: there are no rows")


def locate(sources: ImportSource | Sequence[ImportSource], options: ImportOptions) -> list[LocatedSource]:
    """Open sources that continue each other, and find out what they have where.

    Raises:
        MarketDataError: A source cannot be read, its layout is not known, or it is another than that of the first.
        ConfigError: An option is wrong.
    """
    given = [sources] if isinstance(sources, str) or not isinstance(sources, Sequence) else list(sources)
    if not given:
        raise MarketDataError("there is no source, expected at least one")
    located = [_locate(open_source(source), options) for source in given]
    first = located[0].layout
    for other in located[1:]:
        for what in ("kind", "exchange", "instrument", "interval"):
            expected, found = getattr(first, what), getattr(other.layout, what)
            if found != expected:
                found, expected = getattr(found, "value", found), getattr(expected, "value", expected)
                name = located[0].source.name
                raise MarketDataError(f"{other.source.name}: {what} is {found}, expected {expected} as in {name}")
    return located


def _locate(source: Source, options: ImportOptions) -> LocatedSource:
    layout = None
    for known in (binance_layout, tardis_layout, freqtrade_layout):
        layout = layout or known(source, options)
    layout = layout or usual_layout(source, options)
    header = header_of(source, options) or [str(position) for position in range(1, source.width + 1)]
    return LocatedSource(source, layout, tuple(header))
