"""Every test of Rust barter has its Python tests here, or a reason for having none.

The ledgers `tests_ledger*.csv` have one row for each Rust test; the last cell holds ids of pytest, separated by semicolons, or a
reason. An id without a case in brackets stands for all its cases, and a file for all its tests. Whether the ledgers are complete
can be checked against a list of the Rust tests, which is not part of the project:

    python tests/parity/test_tests_ledger.py --against path/to/rust_tests.csv
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COLUMNS = ["rust_module", "rust_test", "pytest_id_or_reason"]


@dataclass(frozen=True)
class Row:
    ledger: str
    rust_module: str
    rust_test: str
    pytest_id_or_reason: str

    @property
    def rust_name(self) -> str:
        return f"{self.rust_module}::{self.rust_test}"

    @property
    def pytest_ids(self) -> list[str]:
        """Ids of the tests, none where there is a reason instead."""
        cell = self.pytest_id_or_reason
        return [item.strip() for item in cell.split(";")] if cell.startswith("tests/") else []


def read_ledgers() -> list[Row]:
    rows = []
    for path in sorted(Path(__file__).parent.glob("tests_ledger*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            assert reader.fieldnames == COLUMNS, path.name
            rows += [Row(path.name, **row) for row in reader]
    return rows


ROWS = read_ledgers()


def is_collected(pytest_id: str, collected: set[str]) -> bool:
    return pytest_id in collected or any(other.startswith((f"{pytest_id}[", f"{pytest_id}::")) for other in collected)


@pytest.fixture(scope="module")
def collected() -> set[str]:
    """The ids of all tests in the files that the ledgers name."""
    files = sorted({pytest_id.split("::")[0] for row in ROWS for pytest_id in row.pytest_ids})
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "-o", "addopts=--import-mode=importlib"]
    existing = [name for name in files if (ROOT / name).is_file()]
    done = subprocess.run([*command, *existing], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {line for line in done.stdout.splitlines() if "::" in line}


@pytest.mark.parametrize(
    ("pytest_id", "expected"),
    [
        pytest.param("tests/test_a.py::test_one", True, id="test"),
        pytest.param("tests/test_a.py::test_two", True, id="all-cases-of-a-test"),
        pytest.param("tests/test_a.py::test_two[x]", True, id="case"),
        pytest.param("tests/test_a.py", True, id="all-tests-of-a-file"),
        pytest.param("tests/test_b.py", False, id="no-such-file"),
        pytest.param("tests/test_a.py::test_two[y]", False, id="no-such-case"),
        pytest.param("tests/test_a.py::test_tw", False, id="beginning-of-a-name"),
    ],
)
def test_what_counts_as_collected(pytest_id: str, expected: bool) -> None:
    assert expected is is_collected(pytest_id, {"tests/test_a.py::test_one", "tests/test_a.py::test_two[x]"})


def test_ledgers_are_there() -> None:
    assert ROWS


def test_no_cell_is_empty() -> None:
    assert [row for row in ROWS for cell in (row.rust_module, row.rust_test, row.pytest_id_or_reason) if not cell.strip()] == []


def test_a_reason_names_no_test_file() -> None:
    """A cell that begins with anything but `tests/` is taken for a reason: a mistyped id must not pass for one."""
    assert [row for row in ROWS if not row.pytest_ids and "::test_" in row.pytest_id_or_reason] == []


def test_no_rust_test_stands_there_twice() -> None:
    counts = Counter(row.rust_name for row in ROWS)
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_named_test_is_collected(collected: set[str]) -> None:
    named = [(row.ledger, row.rust_name, pytest_id) for row in ROWS for pytest_id in row.pytest_ids]
    assert [entry for entry in named if not is_collected(entry[-1], collected)] == []


def compare(inventory: Path) -> list[str]:
    """The differences between the ledgers and a list of the Rust tests (columns module and test, among others)."""
    with inventory.open(encoding="utf-8", newline="") as file:
        wanted = [f"{row['module']}::{row['test']}" for row in csv.DictReader(file)]
    known = {row.rust_name for row in ROWS}
    missing = [f"missing: {name}" for name in wanted if name not in known]
    return missing + [f"surplus: {row.rust_name} in {row.ledger}" for row in ROWS if row.rust_name not in set(wanted)]


def main() -> int:
    """Compare with a list of the Rust tests and count the rows."""
    parser = argparse.ArgumentParser(description="Compare the ledgers with a list of the Rust tests.")
    parser.add_argument("--against", type=Path, required=True, metavar="rust_tests.csv")
    differences = compare(parser.parse_args().against)
    for difference in differences:
        print(difference)
    named = sum(1 for row in ROWS if row.pytest_ids)
    print(f"{len(ROWS)} rows: {named} with tests, {len(ROWS) - named} with a reason", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
