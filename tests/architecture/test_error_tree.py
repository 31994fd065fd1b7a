"""The tree of errors that `barter_python.errors` draws is the one that there is."""

from __future__ import annotations

import importlib
import pkgutil
import re

import barter_python
from barter_python import errors
from barter_python.errors import BarterError

LINE = re.compile(r"^    (?P<branches>[│├└─ ]*)(?P<name>[A-Z]\w+)(?: +(?:(?P<module>[a-z_.]+): )?.+)?$")
BRANCH = len("├── ")


def drawn() -> dict[tuple[str, ...], str]:
    """By path from the root: the module."""
    tree: dict[tuple[str, ...], str] = {}
    path: tuple[str, ...] = ()
    for line in (errors.__doc__ or "").splitlines():
        if found := LINE.match(line):
            path = (*path[: len(found["branches"]) // BRANCH], found["name"])
            assert path not in tree, path
            tree[path] = found["module"] or tree.get(path[:-1], "errors")
    return tree


def defined(error: type[BarterError], above: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    path = (*above, error.__name__)
    tree = {path: error.__module__.removeprefix("barter_python.")}
    for child in error.__subclasses__():
        if child.__module__.startswith("barter_python."):
            tree |= defined(child, path)
    return tree


def test_every_error_is_drawn_where_it_is() -> None:
    for module in pkgutil.walk_packages(barter_python.__path__, "barter_python."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert defined(BarterError) == drawn()
