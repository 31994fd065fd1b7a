"""The core reads no clock, no randomness and no environment: the same input gives the same output."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import barter_python

ROOT = Path(barter_python.__file__).parent
CORE = ["numeric.py", "timed.py", "errors.py", "instrument", "execution", "engine", "strategy", "risk", "statistic", "codec"]
CORE += ["data/book.py", "data/event.py", "backtest/kernel.py", "backtest/exchange.py", "backtest/record.py"]
CORE += ["backtest/fee_log.py", "backtest/merge.py"]
# What sends requests to venues waits for the answers: it is the edge of `execution`, whose values are the core.
EDGE = ["execution/builder.py", "execution/client", "execution/link", "execution/manager.py"]
FORBIDDEN_MODULES = {"asyncio", "socket", "threading", "time", "random", "uuid", "secrets", "os", "subprocess", "logging"}
# Latency with jitter is drawn from generators that the configuration seeds, so that a run stays a function of it.
SEEDED_RANDOM = "execution/exchange/model/latency.py"
FORBIDDEN_CALLS = {"now", "utcnow", "today", "fromtimestamp", "localtime", "perf_counter", "monotonic"}


def modules() -> list[Path]:
    found = []
    for name in CORE:
        path = ROOT / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    edge = [ROOT / name for name in EDGE]
    return [path for path in found if not any(path == part or part in path.parents for part in edge)]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_core_module_is_pure(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    called = {node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}

    allowed = {"random"} if path == ROOT / SEEDED_RANDOM else set()
    assert set() == imported & FORBIDDEN_MODULES - allowed
    assert set() == called & FORBIDDEN_CALLS


def test_the_only_random_numbers_of_the_core_are_seeded() -> None:
    tree = ast.parse((ROOT / SEEDED_RANDOM).read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "random"]
    created = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Random"]

    assert [alias.name for node in imports for alias in node.names] == ["Random"]
    assert created
    assert all(node.args for node in created)


def test_a_package_loads_nothing_but_itself() -> None:
    """Rust's modules may import each other in circles; here an `__init__` that reaches further would close such a circle."""
    for init in ROOT.rglob("__init__.py"):
        if init.parent == ROOT:
            continue
        package = f"barter_python.{init.relative_to(ROOT).parts[0]}."
        for node in ast.walk(ast.parse(init.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module != "__future__":
                assert f"{node.module}.".startswith(package), init
