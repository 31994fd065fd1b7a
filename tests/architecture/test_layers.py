"""Every module is in a layer, and the folders of the tests are those of what they test."""

from __future__ import annotations

import tomllib
from pathlib import Path

import barter_python

ROOT = Path(__file__).parents[2]
SOURCE = Path(barter_python.__file__).parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
(PACKAGES,) = (contract for contract in CONTRACTS if contract["name"].startswith("Packages are layered"))
LAYERS = {name.strip() for layer in PACKAGES["layers"] for name in layer.split("|")}
ACROSS = {"architecture", "benchmarks", "conformance", "docs", "examples", "live", "packaging", "parity", "support", "typing"}
"""Folders of tests that look at more than one package, or at none."""
SHARED = {"execution/client/guarantees"}
"""Folders of a suite that several implementations have to pass."""


def module(path: Path) -> str:
    return ".".join(("barter_python", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")


def is_in_a_layer(name: str) -> bool:
    """Itself or what it is part of; or it is a package whose parts are."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in LAYERS for length in range(1, len(parts) + 1)) or any(
        layer.startswith(f"{name}.") for layer in LAYERS
    )


def is_there(path: Path) -> bool:
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_every_module_is_in_a_layer() -> None:
    assert [] == [name for name in map(module, sorted(SOURCE.rglob("*.py"))) if not is_in_a_layer(name)]


def test_every_layer_is_a_module() -> None:
    assert set() == LAYERS - {module(path) for path in SOURCE.rglob("*.py")}


def test_folders_of_tests_are_those_of_packages() -> None:
    tests = ROOT / "tests"
    folders = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")}
    mirrored = [folder for folder in sorted(folders) if ACROSS.isdisjoint(folder.parts[:1]) and str(folder) not in SHARED]

    assert mirrored
    assert [] == [str(folder) for folder in mirrored if folder.parts and not is_there(SOURCE / folder)]
