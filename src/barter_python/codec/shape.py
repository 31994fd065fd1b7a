"""Codecs, and how they are combined into larger ones.

A `Codec` reads a value from a JSON document (dicts, lists, text, numbers, None: what a JSON parser gives) and writes it back. The
shapes are those that Rust's serde derives: structs are objects, enums are tagged from outside (`"Name"` or `{"Name": payload}`),
an `Option` is null or the value. Unknown members are ignored (but see `strict_members`), missing ones refused unless optional.

The place of an error is put together while the error travels outwards, so reading a good document never pays for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, cast

from barter_python.codec.problem import mismatch, missing_member, one_of, step, unknown_member
from barter_python.errors import DecodeError

__all__ = ["Codec", "Member", "Variant", "addition", "bare", "by_member", "closed_struct", "convert", "mapping", "member"]
__all__ += ["option", "pair", "sequence", "strict_members", "struct", "union", "variant"]

T = TypeVar("T")
U = TypeVar("U")
K = TypeVar("K")
V = TypeVar("V")

_REQUIRED: Final = object()
_is_strict: Final = ContextVar("is_strict", default=False)


class Codec(Generic[T]):
    """Reads a value from a document and writes it into one.

    Attributes:
        read: The value in a document. Raises `DecodeError` where the document has another shape.
        write: The document of a value. The value must be of the codec's type.
        absent: The document to read in place of a missing member of a struct; a sentinel where the member is required.
    """

    __slots__ = ("absent", "read", "write")

    def __init__(self, read: Callable[[object], T], write: Callable[[T], object], absent: object = _REQUIRED) -> None:
        self.read: Callable[[object], T] = read
        self.write: Callable[[T], object] = write
        self.absent: object = absent


class Member:
    """A member of a struct that is not simply an attribute under its own name. See `member` and `addition`."""

    __slots__ = ("absent", "aliases", "codec", "is_addition", "take")

    def __init__(
        self,
        codec: Codec[Any],
        take: Callable[[Any], Any] | None = None,
        aliases: tuple[str, ...] = (),
        absent: object = _REQUIRED,
        *,
        is_addition: bool = False,
    ) -> None:
        self.codec: Codec[Any] = codec
        self.take: Callable[[Any], Any] | None = take
        self.aliases: tuple[str, ...] = aliases
        self.absent: object = absent
        self.is_addition: bool = is_addition


def member(
    codec: Codec[Any],
    take: str | Callable[[Any], Any] | None = None,
    *,
    aliases: tuple[str, ...] = (),
    absent: object = _REQUIRED,
) -> Member:
    """Describe a member of a struct.

    Args:
        codec: Of the member.
        take: Attribute of the value, where its name differs from that of the member, or a function that takes the member from it.
        aliases: Other names that are read, but never written.
        absent: The document to read where the member is missing.
    """
    taken = attrgetter(take) if isinstance(take, str) else take
    return Member(codec, taken, aliases, codec.absent if absent is _REQUIRED else absent)


@contextmanager
def strict_members() -> Iterator[None]:
    """While this lasts, a struct refuses members that it does not have: for what a user writes, where each is a mistake."""
    token = _is_strict.set(True)
    try:
        yield
    finally:
        _is_strict.reset(token)


def addition(codec: Codec[Any], *, absent: object = None) -> Member:
    """Describe a member that Rust does not have: it may be missing, and it is not written where it says no more than that."""
    return Member(codec, absent=absent, is_addition=True)


def struct(build: Callable[..., T], /, **members: Codec[Any] | Member) -> Codec[T]:
    """An object with named members; also read from an array of all members by position, as serde does.

    Args:
        build: Called with the members by position, in the given order.
        members: Codec of each member, under its name in the document.
    """
    described = {name: item if isinstance(item, Member) else member(item) for name, item in members.items()}
    readers = tuple((name, item.codec.read, item.absent, item.aliases) for name, item in described.items())
    writers = tuple((name, item.take or attrgetter(name), item.codec.write) for name, item in described.items())
    names = tuple(name for name, item in described.items() if not item.is_addition)
    known = dict.fromkeys((*described, *(alias for item in described.values() for alias in item.aliases)))
    additions = tuple((name, item.absent) for name, item in described.items() if item.is_addition)

    def read(document: object) -> T:
        found = cast("dict[str, object]", document) if type(document) is dict else _by_position(document, names)
        if _is_strict.get() and not known.keys() >= found.keys():
            raise unknown_member(found, known)
        arguments = []
        for name, read_member, absent, aliases in readers:
            item = found.get(name, _REQUIRED)
            if item is _REQUIRED:
                item = _other_name(found, name, aliases, absent)
            try:
                arguments.append(read_member(item))
            except DecodeError as error:
                raise error.inside(step(name)) from None
        return build(*arguments)

    def write(value: T) -> object:
        document = {name: write_member(take(value)) for name, take, write_member in writers}
        for name, absent in additions:
            if document[name] == absent:
                del document[name]
        return document

    return Codec(read, write)


def closed_struct(build: Callable[..., T], /, **members: Codec[Any] | Member) -> Codec[T]:
    """A struct that is read from an object only, and refuses members that it does not have."""
    codec = struct(build, **members)

    def read(document: object) -> T:
        if not isinstance(document, dict):
            raise mismatch(document, f"an object with the members {', '.join(members)}")
        if not members.keys() >= document.keys():
            raise unknown_member(document, members)
        return codec.read(document)

    return Codec(read, codec.write)


def _by_position(document: object, names: tuple[str, ...]) -> dict[str, object]:
    if isinstance(document, list) and len(document) == len(names):
        return dict(zip(names, document, strict=True))
    raise mismatch(document, f"an object with the members {', '.join(names)}")


def _other_name(found: Mapping[str, object], name: str, aliases: tuple[str, ...], absent: object) -> object:
    for alias in aliases:
        if alias in found:
            return found[alias]
    if absent is _REQUIRED:
        raise missing_member(found, name)
    return absent


class Variant:
    """A variant of a union. See `variant` and `bare`."""

    __slots__ = ("read", "tag", "types", "write")

    def __init__(
        self, tag: str, read: Callable[[object], Any], write: Callable[[Any], object] | None, types: tuple[type[Any], ...]
    ) -> None:
        self.tag: str = tag
        self.read: Callable[[object], Any] = read
        self.write: Callable[[Any], object] | None = write
        self.types: tuple[type[Any], ...] = types


def variant(tag: str, codec: Codec[Any], *types: type[Any]) -> Variant:
    """A variant with a payload: `{"Tag": payload}`, written for values of these types; for all others where none are given."""
    return Variant(tag, codec.read, codec.write, types)


def bare(tag: str, value: object) -> Variant:
    """A variant without a payload, standing for one value: `"Tag"`, or `{"Tag": null}` when read."""

    def read(document: object) -> object:
        if document is not None:
            raise mismatch(document, "null")
        return value

    return Variant(tag, read, None, (type(value),))


def union(*variants: Variant) -> Codec[Any]:
    """A value of one of several types, tagged from outside."""
    readers = {item.tag: item.read for item in variants}
    plain = {item.tag: item.read(None) for item in variants if item.write is None}
    writers = {kind: item for item in variants for kind in item.types}
    fallback = next((item for item in variants if not item.types), None)
    tags = tuple(readers)

    def read(document: object) -> Any:
        if type(document) is dict and len(document) == 1:
            for tag, payload in document.items():
                read_payload = readers.get(tag)
                if read_payload is None:
                    raise one_of(tag, tags)
                try:
                    return read_payload(payload)
                except DecodeError as error:
                    raise error.inside(step(tag)) from None
        if isinstance(document, str) and document in plain:
            return plain[document]
        raise one_of(document, tags)

    def write(value: Any) -> object:
        kind = type(value)
        found = writers.get(kind) or next((writers[base] for base in kind.__mro__ if base in writers), fallback)
        if found is None:
            raise TypeError(f"cannot write {kind.__name__}, expected one of: {', '.join(known.__name__ for known in writers)}")
        return found.tag if found.write is None else {found.tag: found.write(value)}

    return Codec(read, write)


def by_member(
    variants: Mapping[str, tuple[type[Any], Codec[Any]]], *, default: Codec[Any] | None = None, null: object = _REQUIRED
) -> Codec[Any]:
    """A value of one of several types without a tag: each is told by a member that is there, and not null.

    Args:
        variants: Type and codec of each, by its member.
        default: Reads what has none of the members; None where that is an error.
        null: The value that null stands for; left out where null is none.
    """
    codecs = dict(variants.values())
    expected = ", ".join(["null"] * (null is not _REQUIRED) + [f'{{"{name}": ..}}' for name in variants])

    def read(document: object) -> Any:
        if document is None and null is not _REQUIRED:
            return null
        found = document if isinstance(document, dict) else {}
        codec = next((codec for name, (_, codec) in variants.items() if found.get(name) is not None), default)
        if codec is None:
            raise mismatch(document, f"one of: {expected}")
        return codec.read(document)

    def write(value: Any) -> object:
        if null is not _REQUIRED and type(value) is type(null):
            return None
        codec = codecs.get(type(value))
        if codec is None:
            known = " or ".join(kind.__name__ for kind in codecs)
            raise TypeError(f"cannot write {type(value).__name__}, expected {known}: a document names no others")
        return codec.write(value)

    return Codec(read, write)


def option(codec: Codec[T]) -> Codec[T | None]:
    """Null for None; as a member of a struct it may be missing."""
    read, write = codec.read, codec.write
    return Codec(
        lambda document: None if document is None else read(document),
        lambda value: None if value is None else write(value),
        absent=None,
    )


def sequence(codec: Codec[T]) -> Codec[list[T]]:
    """An array."""
    read_item, write_item = codec.read, codec.write

    def read(document: object) -> list[T]:
        if not isinstance(document, list):
            raise mismatch(document, "a list")
        items: list[T] = []
        try:
            for item in document:
                items.append(read_item(item))
        except DecodeError as error:
            raise error.inside(f"[{len(items)}]") from None
        return items

    return Codec(read, lambda values: [write_item(value) for value in values])


def pair(first: Codec[K], second: Codec[V]) -> Codec[tuple[K, V]]:
    """An array of two."""

    def read(document: object) -> tuple[K, V]:
        if not isinstance(document, list) or len(document) != 2:
            raise mismatch(document, "a list of two")
        try:
            key = first.read(document[0])
        except DecodeError as error:
            raise error.inside("[0]") from None
        try:
            return key, second.read(document[1])
        except DecodeError as error:
            raise error.inside("[1]") from None

    return Codec(read, lambda value: [first.write(value[0]), second.write(value[1])])


def mapping(key: Codec[K], value: Codec[V]) -> Codec[dict[K, V]]:
    """An object whose members are entries; their order is kept."""

    def read(document: object) -> dict[K, V]:
        if not isinstance(document, dict):
            raise mismatch(document, "an object")
        entries: dict[K, V] = {}
        for name, item in document.items():
            try:
                known = key.read(name)
                entries[known] = value.read(item)
            except DecodeError as error:
                raise error.inside(step(name)) from None
        return entries

    return Codec(read, lambda entries: {cast("str", key.write(name)): value.write(item) for name, item in entries.items()})


def convert(codec: Codec[U], build: Callable[[U], T], take: Callable[[T], U]) -> Codec[T]:
    """The same document for a value of another type.

    Args:
        codec: Of the value that stands in the document.
        build: Makes the value. May raise `DecodeError`.
        take: Takes it apart again.
    """
    read, write = codec.read, codec.write
    return Codec(lambda document: build(read(document)), lambda value: write(take(value)), codec.absent)
