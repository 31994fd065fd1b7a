"""The page of divergences: rows are numbered without gaps, and each names test files that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "design" / "divergences.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d+ \|", line)
]


def test_rows_are_numbered_without_gaps() -> None:
    assert [str(number) for number in range(1, len(ROWS) + 1)] == [row[0] for row in ROWS]


def test_rows_have_all_cells() -> None:
    assert [5] * len(ROWS) == [len(row) for row in ROWS]


def test_each_row_names_files_of_tests() -> None:
    named = {row[0]: re.findall(r"`([^`]+)`", row[-1]) for row in ROWS}
    assert {number: [] for number in named} == {
        number: [path for path in paths if not (ROOT / path).is_file()] for number, paths in named.items()
    }
    assert all(named.values())
