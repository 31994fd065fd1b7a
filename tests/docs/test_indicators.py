from __future__ import annotations

import pkgutil
from importlib import import_module

from docs.generate_indicators import PAGE, render

from barter_python.data import indicator


def test_the_page_has_every_indicator_as_it_is() -> None:
    assert render() == PAGE.read_text(encoding="utf-8"), "run `python docs/generate_indicators.py`"


def test_every_indicator_is_a_name_of_the_package() -> None:
    modules = [import_module(f"{indicator.__name__}.{module.name}") for module in pkgutil.iter_modules(indicator.__path__)]
    kinds = {name for module in modules for name in module.__all__ if hasattr(getattr(module, name), "ready")}

    assert set() == kinds - set(indicator.__all__)
    assert 40 <= len(kinds)
