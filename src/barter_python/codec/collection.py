"""Codecs of collections that say how many they hold. Rust origin: barter_integration::collection, and `Result`.

In memory they are tuples, whatever the number. Rust tells `One` from a `Many` that holds one: a document that says `Many` without
need is written back as it was read.
"""

from __future__ import annotations

from typing import Any, TypeVar

from barter_python.codec.shape import Codec, Variant, bare, convert, sequence, union, variant

__all__ = ["none_one_or_many", "one_or_many", "result"]

T = TypeVar("T")


def one_or_many(codec: Codec[T]) -> Codec[tuple[T, ...]]:
    """`{"One": item}` for one, `{"Many": [items]}` for any other number."""
    return _counted(codec)


def none_one_or_many(codec: Codec[T]) -> Codec[tuple[T, ...]]:
    """`"None"`, `{"One": item}` or `{"Many": [items]}`."""
    return _counted(codec, bare("None", ()))


class _Many(tuple[T, ...]):
    """A tuple whose document said `Many` although it holds one item, or none."""

    __slots__ = ()


def _counted(codec: Codec[T], *empty: Variant) -> Codec[tuple[T, ...]]:
    one: Codec[tuple[T, ...]] = convert(codec, lambda item: (item,), lambda items: items[0])
    many: Codec[tuple[T, ...]] = convert(sequence(codec), lambda items: tuple(items) if len(items) > 1 else _Many(items), list)
    read = union(*empty, variant("One", one), variant("Many", many)).read

    def write(items: tuple[T, ...]) -> object:
        if len(items) > 1 or isinstance(items, _Many):
            return {"Many": many.write(items)}
        if items:
            return {"One": one.write(items)}
        return "None" if empty else {"Many": []}

    return Codec(read, write)


def result(ok: Codec[Any], error: Codec[Any], *ok_types: type[Any]) -> Codec[Any]:
    """`{"Ok": value}` for values of `ok_types`, `{"Err": error}` for all others."""
    return union(variant("Ok", ok, *ok_types), variant("Err", error))
