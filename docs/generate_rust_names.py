"""Writes docs/reference/rust-names.md from the ledger of the Rust API, tests/parity/api_ledger.csv.

python docs/generate_rust_names.py
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

__all__ = ["PAGE", "main", "render"]

ROOT = Path(__file__).parents[1]
LEDGER = ROOT / "tests" / "parity" / "api_ledger.csv"
PAGE = ROOT / "docs" / "reference" / "rust-names.md"

_INTRODUCTION = """\
# From Rust names to Python names

Every public name of Rust barter 0.14 and where it is here. Python names are below the package `barter_python`; the most used ones
can be imported from `barter_python` itself. A constructor `new` is the class, or a class method of that name.

Made by `docs/generate_rust_names.py` from `tests/parity/api_ledger.csv`, which a test compares with the package.
"""
_WITHOUT = """\
## Without a counterpart

These names have no meaning in Python, for the reason given.
"""


class _Name:
    """A name of Rust, with the module it is in."""

    def __init__(self, row: dict[str, str]) -> None:
        *modules, name = row["rust_path"].split("::")
        if modules[-1][:1].isupper():  # a method or a variant belongs to its type
            name = f"{modules.pop()}::{name}"
        self.crate = modules[0]
        self.module = "::".join(modules)
        self.name = name
        self.python = row["python"].removeprefix("barter_python.")
        self.reason = row["reason"]


def render() -> str:
    """The page."""
    with LEDGER.open(encoding="utf-8", newline="") as file:
        names = sorted((_Name(row) for row in csv.DictReader(file)), key=lambda name: (name.crate, name.module))
    ported = [name for name in names if name.python]
    excused = [name for name in names if name.reason]
    parts = [_INTRODUCTION]
    for crate, members in groupby(ported, key=lambda name: name.crate):
        parts += [f"## {crate}\n", *_tables(members, "Python", lambda name: f"`{name.python}`")]
    parts += [_WITHOUT, *_tables(excused, "reason", lambda name: name.reason)]
    return "\n".join(parts)


def _tables(names: Iterable[_Name], heading: str, cell: Callable[[_Name], str]) -> Iterator[str]:
    """A table for each module."""
    for module, members in groupby(names, key=lambda name: name.module):
        rows = [f"| `{name.name}` | {cell(name)} |" for name in members]
        yield "\n".join([f"### {module}\n", f"| Rust | {heading} |", "|---|---|", *rows, ""])


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
