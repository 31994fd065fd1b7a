"""A value and the time it became true. Rust origin: barter::Timed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

__all__ = ["EPOCH", "Timed"]

T = TypeVar("T")

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Rust's default time, used where no time is known yet."""


class Timed(Generic[T]):
    """A value and the time it became true. Treat it as immutable.

    Attributes:
        value: The value.
        time: Aware UTC time of the value, as stamped by the venue.
    """

    __slots__ = ("time", "value")

    def __init__(self, value: T, time: datetime) -> None:
        self.value: T = value
        self.time: datetime = time

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timed) and self.value == other.value and self.time == other.time

    def __hash__(self) -> int:
        return hash((self.value, self.time))

    def __repr__(self) -> str:
        return f"Timed({self.value!r}, {self.time!r})"
