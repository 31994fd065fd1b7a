"""Writes docs/reference/indicators.md from the docstrings and signatures of the indicators.

python docs/generate_indicators.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc, getmodule, signature
from itertools import groupby
from pathlib import Path
from typing import Any, get_args, get_type_hints

from barter_python.data import indicator

__all__ = ["PAGE", "main", "render"]

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "indicators.md"

_INTRODUCTION = """\
# Indicators

All are imported from `barter_python.data.indicator`. [Bars and indicators](../how-to/bars-and-indicators.md) shows their use.

An indicator is fed with `update(..)`, which returns its `value`: a number or a tuple of named numbers, and None until it has seen
enough, which `ready` tells. It is fed by the closes of bars, by the prices of trades, by the values of another one, or by bars:
anything with `open`, `high`, `low`, `close` and `volume`, as `Candle` and `Bar` have. What feeds it must be finite.

- Numbers are floats. Sums over a window never subtract what has left it, so that they do not drift; variances and slopes are of
  distances to a value of the window, so that large prices lose no digits. Sums of everything are compensated.
- Memory is that of the window, and an update costs the same on average whatever the length, but for `Cci`.
- Where TA-Lib has the indicator, the values agree within 1e-9, from the first one on where nothing else is said.
- Where a formula divides by nothing (no range, no volume, no change), the value is 0 as in TA-Lib, where nothing else is said.
- Two that were fed the same are equal. They can be copied and pickled, so that they may be part of instrument data.
- `Chain(first, second)` feeds the second with the values of the first.

In the formulas n is the `length`, and +- stands for both signs.

Made by `docs/generate_indicators.py` from the code; a test compares them.
"""


def render() -> str:
    """The page."""
    parts = [_INTRODUCTION]
    kinds = [kind for name in indicator.__all__ if "ready" in vars(kind := getattr(indicator, name)) and name != "Chain"]
    for module, members in groupby(sorted(kinds, key=_place), key=getmodule):
        title = cleandoc(module.__doc__ or "").splitlines()[0]
        parts += [f"## {title.rstrip('.')}\n", *_table(members)]
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")


def _place(kind: type[Any]) -> int:
    """Families stand in the order of their first member."""
    first: dict[str, int] = {}
    for number, name in enumerate(indicator.__all__):
        first.setdefault(getattr(indicator, name).__module__, number)
    return first[kind.__module__]


def _table(kinds: Iterator[type[Any]]) -> list[str]:
    rows = ["| indicator | fed by | value | formula | source |", "|---|---|---|---|---|"]
    return [*rows, *map(_row, kinds), ""]


def _row(kind: type[Any]) -> str:
    summary, formula, source = _documented(kind)
    cells = (f"`{kind.__name__}{_parameters(kind)}`<br>{summary}", _fed_by(kind), _value(kind), formula, source)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _parameters(kind: type[Any]) -> str:
    return (
        "("
        + ", ".join(str(parameter.replace(annotation=parameter.empty)) for parameter in signature(kind).parameters.values())
        + ")"
    )


def _fed_by(kind: type[Any]) -> str:
    return ", ".join(name for name in signature(kind.update).parameters if name != "self")


def _value(kind: type[Any]) -> str:
    (value, *_) = get_args(get_type_hints(kind)["value"])
    return ", ".join(getattr(value, "_fields", (value.__name__,)))


def _documented(kind: type[Any]) -> tuple[str, str, str]:
    """Summary, formula and source, each in one line."""
    text = cleandoc(kind.__doc__ or "").split("\n\nAttributes:")[0]
    summary, formula, source = re.fullmatch(r"(.*?)\n\nFormula: (.*?)\nSource: (.*)", text, re.DOTALL).groups("")  # type: ignore[union-attr]
    return " ".join(summary.split()), " ".join(formula.split()), " ".join(source.split())


if __name__ == "__main__":
    main()
