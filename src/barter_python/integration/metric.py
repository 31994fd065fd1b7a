"""Measurements, by name, with what tells them apart. Rust origin: barter_integration::metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Field", "Metric", "Tag", "Value"]

Value: TypeAlias = float | int | bool | str
"""What was measured. Rust's five variants are the four types of Python."""


@dataclass(slots=True, frozen=True)
class Tag:
    """What tells measurements of one name apart."""

    key: str
    value: str


@dataclass(slots=True, frozen=True)
class Field:
    """A measured value."""

    key: str
    value: Value


@dataclass(slots=True, frozen=True)
class Metric:
    """A measurement.

    Attributes:
        name: For example `http_request_duration`.
        time: Milliseconds since the Unix epoch.
        tags: What tells it apart.
        fields: What was measured.
    """

    name: str
    time: int
    tags: tuple[Tag, ...]
    fields: tuple[Field, ...]
