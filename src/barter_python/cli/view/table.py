"""Tables that fit a narrow terminal: what matters least is left out, rather than everything cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

__all__ = ["Column", "FittedTable"]

_GAP = 2


@dataclass(slots=True, frozen=True)
class Column:
    """A column.

    Attributes:
        name: Its head.
        cells: One of each row.
        width: At least, so that the table stays where it is while figures change.
        is_left: Whether it stands on the left; figures stand on the right.
        is_spare: Whether it may be left out.
        is_elastic: Whether it may be cut to the width that the others leave. At most the last one is.
    """

    name: str
    cells: Sequence[Text]
    width: int = 0
    is_left: bool = False
    is_spare: bool = False
    is_elastic: bool = False

    def needed(self) -> int:
        """Its width in characters."""
        if self.is_elastic:
            return max(len(self.name), self.width)
        return max(len(self.name), self.width, *(cell.cell_len for cell in self.cells))


class FittedTable:
    """A table without lines. Where it is too wide, spare columns go, the last one first."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        columns = list(self._columns)
        while _width(columns) > options.max_width and any(column.is_spare for column in columns):
            del columns[max(index for index, column in enumerate(columns) if column.is_spare)]
        rest = options.max_width - _width(columns)
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold cyan")
        for column in columns:
            width = column.needed() + (max(rest, 0) if column.is_elastic else 0)
            table.add_column(
                Text(column.name), justify="left" if column.is_left else "right", no_wrap=True, overflow="ellipsis", width=width
            )
        for row in zip(*(column.cells for column in columns), strict=True):
            table.add_row(*row)
        yield table


def _width(columns: Sequence[Column]) -> int:
    return sum(column.needed() for column in columns) + _GAP * (len(columns) - 1)
