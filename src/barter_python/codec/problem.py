"""What is wrong with a document, in words: what was found, what was expected, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from barter_python.errors import DecodeError

__all__ = ["describe", "mismatch", "missing_member", "one_of", "step", "unknown_member"]

_LISTED_MAX: Final = 12
_TEXT_MAX: Final = 60
_MEMBERS_MAX: Final = 8


def describe(document: object) -> str:
    """A short description of a document, safe to show whatever its size."""
    match document:
        case None:
            return "null"
        case bool():
            return "true" if document else "false"
        case str():
            return repr(document if len(document) <= _TEXT_MAX else document[:_TEXT_MAX] + "...")
        case int() | float():
            return f"the number {document!r}"[:_TEXT_MAX]
        case list():
            return f"a list of {len(document)}"
        case dict():
            names = ", ".join(str(name)[:_TEXT_MAX] for name in list(document)[:_MEMBERS_MAX])
            return f"an object with the members {names}" if names else "an empty object"
        case _:
            return type(document).__name__


def mismatch(document: object, expected: str) -> DecodeError:
    """The document has another shape or value."""
    return DecodeError(f"found {describe(document)}, expected {expected}")


def one_of(document: object, names: Iterable[str]) -> DecodeError:
    """The document is none of the names; names the closest one, or all where they are few."""
    known = tuple(names)
    close = get_close_matches(document, known, 1, 0.5) if isinstance(document, str) else []
    hint = f"; did you mean {close[0]!r}?" if close else ""
    if len(known) <= _LISTED_MAX:
        return mismatch(document, f"{'one of: ' if len(known) > 1 else ''}{', '.join(known)}{hint}")
    return mismatch(document, f"one of {len(known)} names such as {known[0]!r}{hint}")


def missing_member(found: Iterable[str], name: str) -> DecodeError:
    """An object lacks a member; names the member that is probably meant by it."""
    close = get_close_matches(name, tuple(found), 1, 0.7)
    return DecodeError(f"member {name!r} is missing" + (f"; is {close[0]!r} meant to be it?" if close else ""))


def unknown_member(found: Iterable[str], known: Iterable[str]) -> DecodeError:
    """An object has a member that there is not; names the one that is probably meant."""
    names = tuple(known)
    name = next(name for name in found if name not in names)
    close = get_close_matches(str(name), names, 1, 0.6)
    hint = f"; is {close[0]!r} meant?" if close else ""
    return DecodeError(f"is not known, expected one of: {', '.join(names)}{hint}").inside(step(str(name)[:_TEXT_MAX]))


def step(name: str) -> str:
    """The step into a member, as written in a path."""
    return f".{name}" if name.isidentifier() else f"[{name!r}]"
