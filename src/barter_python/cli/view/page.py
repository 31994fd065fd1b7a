"""A page that fits a low terminal: what matters least is shown in one line, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

__all__ = ["BothSides", "Page", "Part"]

_Lines: TypeAlias = list[list[Segment]]


@dataclass(slots=True, frozen=True)
class Part:
    """Something to show.

    Attributes:
        full: All of it.
        short: The same in one line, None where there is no such thing.
    """

    full: RenderableType
    short: RenderableType | None = None


class Page:
    """Parts from the top, and lines at the bottom that are shown in any case.

    Where the screen is too low, first the empty lines between the parts go, then parts are shown in one line, the last one first,
    then what stands last is cut.

    Args:
        parts: From the top.
        below: At the bottom.
        width_max: However wide the terminal is.
        height: Of the screen, in lines; None where everything shall be shown.
    """

    def __init__(self, parts: Sequence[Part], below: RenderableType, width_max: int, height: int | None) -> None:
        self._parts = parts
        self._below = below
        self._width_max = width_max
        self._height = height

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        free = options.update(width=min(options.max_width, self._width_max), height=None)
        below = console.render_lines(self._below, free, pad=False)
        room = None if self._height is None else max(self._height - len(below), 0)
        lines: _Lines = []
        for lines in self._attempts(console, free):
            if room is None or len(lines) <= room:
                break
        if room is not None:
            lines = lines[:room] + [[] for _ in range(room - len(lines))]
        for line in (*lines, *below):
            yield from line
            yield Segment.line()

    def _attempts(self, console: Console, options: ConsoleOptions) -> Iterator[_Lines]:
        shown = [part.full for part in self._parts]
        rendered = [console.render_lines(Group(part), options, pad=False) for part in shown]
        yield [line for part in rendered for line in (*part, [])]
        yield [line for part in rendered for line in part]
        for index in reversed(range(len(self._parts))):
            short = self._parts[index].short
            if short is not None:
                rendered[index] = console.render_lines(short, options, pad=False)[:1]
                yield [line for part in rendered for line in part]


class BothSides:
    """A line with something on either side; what is on the left is cut where there is not room for both."""

    def __init__(self, left: Text, right: Text) -> None:
        self._left = left
        self._right = right

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        left = self._left.copy()
        left.truncate(max(options.max_width - self._right.cell_len, 0), overflow="ellipsis", pad=True)
        yield left.append_text(self._right)
