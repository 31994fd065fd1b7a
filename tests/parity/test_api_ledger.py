"""Every public name of Rust barter has its Python name here, or a reason for having none.

`api_ledger.csv` is checked against the package. Whether it is complete can be checked against an inventory of the Rust workspace,
which is not part of the project:

    python tests/parity/test_api_ledger.py --against path/to/rust_api.csv
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import barter_python

LEDGER = Path(__file__).with_name("api_ledger.csv")
COLUMNS = ["rust_path", "python", "reason"]
PORTED = ("must", "should")


@dataclass(frozen=True)
class Row:
    rust_path: str
    python: str
    reason: str


def read_ledger() -> list[Row]:
    with LEDGER.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return [Row(**row) for row in reader]


ROWS = read_ledger()


def resolve(dotted: str) -> object:
    """What a dotted name stands for: the longest module in it is imported, the rest are attributes.

    Raises:
        LookupError: There is no such thing, or the module does not offer it.
    """
    module, rest = _import_longest(dotted)
    if not rest:
        return module
    if rest[0] not in getattr(module, "__all__", ()):
        raise LookupError(f"{dotted}: {rest[0]!r} is not offered by {module.__name__}")
    found: object = module
    for name in rest:
        if hasattr(found, name):
            found = getattr(found, name)
        elif name in getattr(found, "__dataclass_fields__", {}):
            found = found.__dataclass_fields__[name]
        elif name in getattr(found, "__annotations__", {}):  # what a protocol wants of a class
            found = found.__annotations__[name]
        else:
            raise LookupError(f"{dotted}: {found!r} has no {name!r}")
    return found


def _import_longest(dotted: str) -> tuple[ModuleType, list[str]]:
    module, rest = barter_python, dotted.split(".")[1:]
    while rest:
        try:
            module = import_module(f"{module.__name__}.{rest[0]}")
        except ModuleNotFoundError:
            break
        rest = rest[1:]
    return module, rest


@cache
def offered() -> dict[str, list[tuple[str, object]]]:
    """Everything public by its name, with its module. The command line is no API, and codecs are named after what they read."""
    found: dict[str, list[tuple[str, object]]] = {}
    for info in walk_packages(barter_python.__path__, "barter_python."):
        if info.name.startswith(("barter_python.cli", "barter_python.codec")):
            continue
        module = import_module(info.name)
        for name in getattr(module, "__all__", ()):
            found.setdefault(name, []).append((info.name, getattr(module, name)))
    return found


def namesake(rust_path: str) -> str | None:
    """What the package offers under the last component of a Rust path.

    For a method or a variant, that is a member of the type with the same name, or something in a module of the same name.
    """
    *modules, owner, name = re.sub(r"<.*?>|\[.*?\]", "", rust_path).split("::")
    if not owner[:1].isupper():
        return next((f"{module}.{name}" for module, _ in offered().get(name, ())), None)
    spellings = [name, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()]
    for module, known in offered().get(owner, ()):
        for spelling in spellings:
            if spelling != "new" and spelling in dir(known):
                return f"{module}.{owner}.{spelling}"
    return next((f"{module}.{name}" for module, _ in offered().get(name, ()) if modules[-1] in module.split(".")), None)


def problem(dotted: str) -> str | None:
    """Why a dotted name does not resolve, None where it does."""
    try:
        resolve(dotted)
    except LookupError as error:
        return str(error)
    return None


def test_every_python_name_exists() -> None:
    names = sorted({row.python for row in ROWS if row.python})
    assert [name for name in names if not name.startswith("barter_python.")] == []
    assert [found for name in names if (found := problem(name)) is not None] == []


@pytest.mark.parametrize(
    "dotted",
    [
        pytest.param("barter_python.engine.engine.Engine.proceed", id="no-such-method"),
        pytest.param("barter_python.engine.motor.Engine", id="no-such-module"),
        pytest.param("barter_python.engine.engine.TypeVar", id="imported-but-not-offered"),
        pytest.param("barter_python.execution.trade.Trade.cost", id="no-such-member"),
    ],
)
def test_a_wrong_name_would_be_found(dotted: str) -> None:
    with pytest.raises(LookupError):
        resolve(dotted)


def test_each_row_has_either_a_python_name_or_a_reason() -> None:
    assert [row for row in ROWS if bool(row.python) is bool(row.reason)] == []
    assert [row for row in ROWS for cell in (row.rust_path, row.python, row.reason) if cell != cell.strip() or "\n" in cell] == []


def test_no_rust_name_stands_there_twice() -> None:
    names = [row.rust_path for row in ROWS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("rust_path", "expected"),
    [
        pytest.param("barter::engine::Engine", "engine.engine.Engine", id="type"),
        pytest.param("barter::engine::run::sync_run", "engine.run.sync_run", id="function"),
        pytest.param("barter::engine::Engine::shutdown", "engine.engine.Engine.shutdown", id="method"),
        pytest.param("barter_instrument::Side::Buy", "instrument.side.Side.BUY", id="variant"),
        pytest.param("barter_data::books::OrderBookSide<Bids>::upsert", "data.book.OrderBookSide.upsert", id="generic"),
        pytest.param(
            "barter_execution::order::state::Thing::open_meta", "execution.order.state.open_meta", id="became-a-function"
        ),
        pytest.param("barter::other::Thing::open_meta", None, id="function-of-another-module"),
        pytest.param("barter::engine::Engine::proceed", None, id="nothing"),
    ],
)
def test_namesake(rust_path: str, expected: str | None) -> None:
    assert (None if expected is None else f"barter_python.{expected}") == namesake(rust_path)


def test_a_reason_is_given_only_for_what_does_not_exist() -> None:
    found = {row.rust_path: name for row in ROWS if row.reason and (name := namesake(row.rust_path)) is not None}
    assert found == {}


def compare(inventory: Path) -> list[str]:
    """The differences between the ledger and an inventory of the Rust workspace (columns rust_path and port, among others)."""
    with inventory.open(encoding="utf-8", newline="") as file:
        wanted = [row["rust_path"] for row in csv.DictReader(file) if row["port"] in PORTED]
    known = {row.rust_path for row in ROWS}
    missing = [f"missing: {name}" for name in wanted if name not in known]
    return missing + [f"surplus: {row.rust_path}" for row in ROWS if row.rust_path not in set(wanted)]


def test_differences_from_an_inventory_are_named(tmp_path: Path) -> None:
    inventory = tmp_path / "rust_api.csv"
    lines = [f'"{row.rust_path}",must' for row in ROWS[1:]] + ["barter::new::Thing,should", "barter::new::Plumbing,n/a"]
    inventory.write_text("rust_path,port\n" + "\n".join(lines))
    assert compare(inventory) == ["missing: barter::new::Thing", f"surplus: {ROWS[0].rust_path}"]


def main() -> int:
    """Compare with an inventory and count the rows."""
    parser = argparse.ArgumentParser(description="Compare the ledger with an inventory of the Rust workspace.")
    parser.add_argument("--against", type=Path, required=True, metavar="rust_api.csv")
    differences = compare(parser.parse_args().against)
    for difference in differences:
        print(difference)
    named = sum(1 for row in ROWS if row.python)
    print(f"{len(ROWS)} rows: {named} with a Python name, {len(ROWS) - named} with a reason", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
