"""Where a replay departs from its session, in a line that can be read: what differs, not all that there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from barter_python.backtest.replay import Difference
from barter_python.codec.execution import INDEXED
from barter_python.codec.scalar import instant

__all__ = ["describe"]

_MEMBERS_MAX: Final = 4


def describe(difference: Difference) -> str:
    """One line: the few members that differ, by their names in a result, or all of it where much differs or one side has none."""
    session, again = _document(difference.what, difference.session), _document(difference.what, difference.replay)
    place = f"{difference.what} {difference.number + 1}"
    wanted, found = dict(_members(session or {})), dict(_members(again or {}))
    names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
    if len(names) > _MEMBERS_MAX:
        return f"{place}: {_text(again)}, expected {_text(session)}"
    return f"{place}: " + "; ".join(f"{name} {_text(found.get(name))}, expected {_text(wanted.get(name))}" for name in names)


def _document(what: str, item: Any) -> Any:
    if item is None:
        return None
    if what == "request":
        time, request = item
        return {"time": instant.write(time), "request": INDEXED.execution_request.write(request)}
    return INDEXED.order.write(item) if what == "order" else INDEXED.trade.write(item)


def _members(document: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _members(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _text(value: object) -> str:
    return "none" if value is None else msgspec.json.encode(value).decode()
