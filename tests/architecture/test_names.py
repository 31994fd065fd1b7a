"""Every module is reached under its own name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import reduce

import barter_python


def test_no_function_or_class_stands_where_a_package_is() -> None:
    """So `import barter_python.backtest.market_data as x` works: Python follows attributes there."""
    names = [module.name for module in pkgutil.walk_packages(barter_python.__path__, "barter_python.")]
    modules = {name: importlib.import_module(name) for name in names if not name.endswith("__main__")}

    reached = {name: reduce(getattr, name.split(".")[1:], barter_python) for name in modules}

    assert modules == reached
