"""The core reads no clock, no randomness and no environment: the same input gives the same output."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import barter_python

ROOT = Path(barter_python.__file__).parent
CONTRACTS = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
CORE = next(contract["source_modules"] for contract in CONTRACTS if contract["name"].startswith("The core is free of"))
FORBIDDEN_CALLS = {"now", "utcnow", "today", "fromtimestamp", "localtime", "perf_counter", "monotonic"}


def modules() -> list[Path]:
    found = []
    for name in CORE:
        path = ROOT / name.removeprefix("barter_python.").replace(".", "/")
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_core_module_reads_no_clock_and_draws_only_seeded_numbers(path: Path) -> None:
    """The import contract keeps modules out; what is called is seen here."""
    tree = ast.parse(path.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    imported = {
        (node.module, alias.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    } | {(alias.name, "") for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert set() == {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)} & FORBIDDEN_CALLS
    assert {name for module, name in imported if module == "random"} <= {"Random"}
    assert all(call.args for call in calls if ast.unparse(call.func) == "Random")


def test_a_package_loads_nothing_but_itself() -> None:
    """Rust's modules may import each other in circles; here an `__init__` that reaches further would close such a circle."""
    for init in ROOT.rglob("__init__.py"):
        if init.parent == ROOT:
            continue
        package = f"barter_python.{init.relative_to(ROOT).parts[0]}."
        for node in ast.walk(ast.parse(init.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module != "__future__":
                assert f"{node.module}.".startswith(package), init
