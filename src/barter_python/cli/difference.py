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
_LENGTH_MAX: Final = 500


def describe(difference: Difference) -> str:
    """One line: the few members that differ, by their names in a result, or all of it where much differs or one side has none."""
    session, again = _document(difference.what, difference.session), _document(difference.what, difference.replay)
    place = difference.what if difference.number is None else f"{difference.what} {difference.number + 1}"
    wanted, found = dict(_members(session)), dict(_members(again))
    names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
    if len(names) > _MEMBERS_MAX:
        return f"{place}: {_text(again)}, expected {_text(session)}"
    told = (f"{name} {_text(found.get(name))}, expected {_text(wanted.get(name))}" for name in names)
    return f"{place}: " + "; ".join(line.strip() for line in told)


def _document(what: str, item: Any) -> Any:
    if item is None:
        return None
    if what == "request":
        time, request = item
        return {"time": instant.write(time), "request": INDEXED.execution_request.write(request)}
    if what == "order":
        return INDEXED.order.write(item)
    return INDEXED.trade.write(item) if what == "fill" else item


def _members(document: object, path: str = "") -> Iterator[tuple[str, object]]:
    """The members of an object and of what lies in it, or the whole of anything else; nothing where there is none."""
    if isinstance(document, Mapping):
        for name, value in document.items():
            yield from _members(value, f"{path}{name}.")
    elif document is not None or path:
        yield path.removesuffix("."), document


def _text(value: object) -> str:
    text = "none" if value is None else msgspec.json.encode(value).decode()
    return text if len(text) <= _LENGTH_MAX else f"{text[:_LENGTH_MAX]}.."
