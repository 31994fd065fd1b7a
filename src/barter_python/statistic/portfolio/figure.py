"""A figure, and what it rests on. Rust origin: none; Rust prints infinities where a ratio means nothing."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Figure", "not_available"]


@dataclass(slots=True, frozen=True)
class Figure:
    """A statistic.

    Attributes:
        value: None where it is not available.
        observations: On how many it rests: returns, trips or points.
        reason: Why it is not available, None where it is.
    """

    value: float | None
    observations: int
    reason: str | None = None

    def __str__(self) -> str:
        return f"n/a ({self.reason})" if self.value is None else repr(self.value)


def not_available(observations: int, reason: str) -> Figure:
    """A figure without a value."""
    return Figure(None, observations, reason)
