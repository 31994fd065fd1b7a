"""Loading a user's strategy or risk manager by name: `module:Class` or `path/to/file.py:Class`."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import sysconfig
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from barter_python.errors import StrategyError

__all__ = ["RISK_METHODS", "STRATEGY_METHODS", "explain_failure", "failures_explained", "load_plugin", "parse_parameters"]

STRATEGY_METHODS: Final = (
    "generate_algo_orders",
    "close_positions_requests",
    "on_disconnect",
    "on_trading_disabled",
    "instrument_data",
    "global_data",
    "begin_session",
)
RISK_METHODS: Final = ("check",)
_PACKAGE: Final = Path(__file__).parents[1]


def load_plugin(reference: str, methods: Sequence[str], parameters: Mapping[str, Any], hint: str) -> Any:
    """Import a class and create an instance of it.

    Args:
        reference: `module:Class`, or `path/to/file.py:Class`.
        methods: What the instance must be able to do.
        parameters: Keyword arguments of the class.
        hint: What to do about a missing method.

    Raises:
        StrategyError: It cannot be imported, is no class, cannot be created, or lacks a method.
    """
    location, separator, name = reference.rpartition(":")
    if not separator or not location or not name:
        raise StrategyError(f"{reference!r}: expected module:Class or path/to/file.py:Class")
    module = _import(reference, location)
    kind = getattr(module, name, None)
    if not inspect.isclass(kind):
        found = ", ".join(sorted(_class_names(module))) or "none"
        raise StrategyError(f"{reference!r}: {location} has no class {name!r}, classes defined there: {found}")
    missing = [method for method in methods if not callable(getattr(kind, method, None))]
    if missing:
        raise StrategyError(f"{reference!r}: {name} lacks {', '.join(missing)}; {hint}")
    try:
        return kind(**parameters)
    except (Exception, SystemExit) as error:
        raise StrategyError(f"{reference!r}: {name}({_arguments(parameters)}) raised {_describe(error)}") from error


def _import(reference: str, location: str) -> ModuleType:
    try:
        if location.endswith(".py"):
            return _import_file(Path(location))
        if "" not in sys.path and str(Path.cwd()) not in sys.path:
            sys.path.insert(0, str(Path.cwd()))
        return importlib.import_module(location)
    except (Exception, SystemExit) as error:
        raise StrategyError(f"{reference!r}: cannot import {location}: {_describe(error)}") from error


def _import_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise FileNotFoundError(f"no such file: {path}")
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)  # as for a script: it may import its neighbours
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"not a Python file: {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _class_names(module: ModuleType) -> list[str]:
    return [name for name, value in vars(module).items() if inspect.isclass(value) and value.__module__ == module.__name__]


def _arguments(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in parameters.items())


@contextmanager
def failures_explained(user_code: Mapping[str, object]) -> Iterator[None]:
    """While this lasts, what code of the user raises becomes a StrategyError that tells where it was.

    Args:
        user_code: Strategy and risk manager under the names by which the error shall name them.
    """
    try:
        yield
    except (Exception, SystemExit) as error:
        for reference, plugin in user_code.items():
            explained = explain_failure(reference, plugin, error)
            if explained is not None:
                raise explained from error
        raise


def explain_failure(reference: str, plugin: object, error: BaseException) -> StrategyError | None:
    """Describe an exception that comes out of a user's code; None where no code of the user is part of its traceback."""
    source = inspect.getsourcefile(type(plugin))
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == source or not _is_library(frame.filename)
    ]
    if not frames:
        return None
    hook, last = frames[0].name, frames[-1]
    place = (
        f"{Path(last.filename).name}, line {last.lineno}, in {hook if last.name == hook else f'{last.name}, called by {hook}'}"
    )
    notes = "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
    raised = error.message if isinstance(error, StrategyError) else _describe(error)
    return StrategyError(f"{reference!r} raised {raised} ({place}{notes})")


def _is_library(filename: str) -> bool:
    """Whether a file belongs to barter-python, to an installed package, or to Python itself."""
    roots = (str(_PACKAGE), sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    return filename.startswith(("<", *roots))


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def parse_parameters(texts: Sequence[str]) -> dict[str, Any]:
    """Read `name=value` pairs; a value is a whole number, a decimal number as text, true, false, or text.

    Raises:
        StrategyError: A text has no `=`, or no name before it.
    """
    parameters: dict[str, Any] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator or not name.isidentifier():
            raise StrategyError(f"parameter {text!r}: expected name=value")
        parameters[name] = _parse_value(value)
    return parameters


def _parse_value(value: str) -> Any:
    if value in ("true", "false"):
        return value == "true"
    try:
        return int(value)
    except ValueError:
        return value
