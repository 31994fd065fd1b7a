"""The few pieces of HTML that the sections of a page are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["card", "chart", "section", "table", "text"]


def text(value: object) -> str:
    """Anything as text that stays text."""
    return escape(str(value))


def section(name: str, title: str, *content: str) -> str:
    """A section with a heading, that the list of contents can lead to."""
    return (
        f'<section id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{text(title)}</h2>'
        + "".join(content)
        + "</section>"
    )


def chart(name: str, caption: str, *, height: int, note: str = "") -> str:
    """A place for a chart, with what it shows in words."""
    told = f'<p class="note">{text(note)}</p>' if note else ""
    return (
        f'<figure><div id="chart-{name}" class="chart" role="img" aria-label="{text(caption)}" style="height:{height}px"></div>'
        f"<figcaption>{text(caption)}</figcaption>{told}</figure>"
    )


def card(label: str, value: str, below: str = "", tone: str = "") -> str:
    """A headline figure, and what it rests on."""
    return (
        f'<div class="card"><div class="label">{text(label)}</div><div class="value {tone}">{text(value)}</div>'
        f'<div class="below">{text(below)}</div></div>'
    )


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """A table of text.

    Args:
        caption: What it shows, for those who do not see it.
        head: Names of the columns.
        rows: As many cells each.
        texts: How many of the first columns are text; the others are numbers.
    """
    names = "".join(f'<th scope="col"{_number(place, texts)}>{text(name)}</th>' for place, name in enumerate(head))
    body = "".join("<tr>" + "".join(_cell(place, cell, texts) for place, cell in enumerate(row)) + "</tr>" for row in rows)
    return (
        f'<div class="scroll"><table><caption class="unseen">{text(caption)}</caption>'
        f"<thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(place: int, cell: str, texts: int) -> str:
    if not place:
        return f'<th scope="row">{text(cell)}</th>'
    tone = " gain" if cell.startswith("+") else " loss" if cell[:1] == "-" and cell[1:2].isdigit() else ""
    return f'<td class="{"" if place < texts else "number"}{tone}">{text(cell)}</td>'


def _number(place: int, texts: int) -> str:
    return "" if place < texts else ' class="number"'
