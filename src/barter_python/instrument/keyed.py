"""A value under a key. Rust origin: barter_instrument::Keyed."""

from __future__ import annotations

from typing import Generic, TypeVar

__all__ = ["Keyed"]

K = TypeVar("K")
V = TypeVar("V")


class Keyed(Generic[K, V]):
    """A value under a key, for example an instrument under its index.

    Attributes:
        key: The key.
        value: The value.
    """

    __slots__ = ("key", "value")

    def __init__(self, key: K, value: V) -> None:
        self.key: K = key
        self.value: V = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and self.key == other.key and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.key, self.value))

    def __repr__(self) -> str:
        return f"Keyed({self.key!r}, {self.value!r})"

    def __str__(self) -> str:
        return f"{self.key}, {self.value}"
