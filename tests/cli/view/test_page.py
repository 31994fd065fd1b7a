"""What is left out where a terminal is narrow or low."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.text import Text

from barter_python.cli.view.page import BothSides, Page, Part
from barter_python.cli.view.table import Column, FittedTable


def lines(shown: RenderableType, width: int = 80) -> list[str]:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(shown)
    return [line.rstrip() for line in capture.get().splitlines()]


def cells(*texts: str) -> list[Text]:
    return [Text(text) for text in texts]


TABLE = FittedTable(
    [
        Column("name", cells("btc", "ether"), 8, is_left=True),
        Column("amount", cells("1", "1,000")),
        Column("count", cells("7", "8"), is_spare=True),
        Column("errors", cells("0", "0"), is_spare=True),
        Column("why", cells("a long story without end", ""), 5, is_left=True, is_spare=True, is_elastic=True),
    ]
)


def test_figures_stand_on_the_right() -> None:
    assert ["name      amount", "btc            1", "ether      1,000"] == lines(TABLE, 20)


def test_spare_columns_go_from_the_right() -> None:
    assert "name      amount  count" == lines(TABLE, 25)[0]
    assert "name      amount  count  errors" == lines(TABLE, 31)[0]
    assert "name      amount  count  errors  why" == lines(TABLE, 38)[0]


def test_the_elastic_column_takes_what_is_left() -> None:
    assert "btc            1      7       0  a long…" == lines(TABLE, 40)[1]
    assert "btc            1      7       0  a long story without end" == lines(TABLE, 60)[1]


def test_text_of_others_is_no_markup() -> None:
    assert "[red]x" == lines(FittedTable([Column("", cells("[red]x"))]))[1]


def page(height: int | None) -> list[str]:
    parts = [
        Part(Text("head")),
        Part(Group(Text("a1"), Text("a2")), Text("a")),
        Part(Text("b")),
        Part(Group(Text("c1"), Text("c2")), Text("c")),
    ]
    return lines(Page(parts, Text("foot"), 80, height))


def test_without_limit_there_is_all_of_it() -> None:
    assert ["head", "", "a1", "a2", "", "b", "", "c1", "c2", "", "foot"] == page(None)


def test_the_last_line_stands_at_the_bottom() -> None:
    assert ["head", "", "a1", "a2", "", "b", "", "c1", "c2", "", "", "", "foot"] == page(13)


def test_on_a_low_screen_empty_lines_go_first_then_details() -> None:
    assert ["head", "a1", "a2", "b", "c1", "c2", "foot"] == page(7)
    assert ["head", "a1", "a2", "b", "c", "foot"] == page(6)
    assert ["head", "a", "b", "c", "foot"] == page(5)
    assert ["head", "a", "b", "foot"] == page(4)
    assert ["foot"] == page(1)


def test_the_left_side_is_cut_for_the_right_one() -> None:
    line = BothSides(Text("a long title"), Text(" 12:00"))
    assert ["a long title   12:00"] == lines(line, 20)
    assert ["a lo… 12:00"] == lines(line, 11)
