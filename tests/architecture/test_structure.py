"""The shape of the tree: no circles, one name for one class, functions and files that can be read in one go."""

from __future__ import annotations

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import barter_python

ROOT = Path(barter_python.__file__).parent
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 450


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


TREES = {module_name(path): ast.parse(path.read_text()) for path in sorted(ROOT.rglob("*.py"))}


def imports(tree: ast.Module) -> set[str]:
    """The modules of the project that a module imports, for type checking too."""
    named = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    found = {f"{node.module}.{alias.name}" for node in named for alias in node.names} | {str(node.module) for node in named}
    return found & TREES.keys()


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {name: imports(tree) - {name} for name, tree in TREES.items()}
    # A package and what is in it are one: importing the second imports the first.
    graph = {name: {other for other in others if not name.startswith(f"{other}.")} for name, others in graph.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_two_classes_have_one_name() -> None:
    places = defaultdict(list)
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)

    assert {} == {name: where for name, where in places.items() if len(where) > 1}


@pytest.mark.parametrize("name", TREES)
def test_a_module_can_be_read_in_one_go(name: str) -> None:
    functions = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    body = TREES[name].body

    assert [] == [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES_MAX]
    assert not body or (body[-1].end_lineno or 0) <= FILE_LINES_MAX
