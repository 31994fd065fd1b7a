"""The greatest and the least of the last values. Kept are only those that may still become it, in order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

__all__ = ["RollingMax", "RollingMin"]


@dataclass(slots=True)
class RollingMax:
    """Greatest of the last `length` values, of equal ones the latest.

    Attributes:
        greatest: Minus infinity before the first value.
    """

    length: int
    greatest: float = field(default=float("-inf"), init=False)
    _updates: int = field(default=0, init=False, repr=False)
    _candidates: deque[tuple[int, float]] = field(default_factory=deque, init=False, repr=False)

    @property
    def is_full(self) -> bool:
        """Whether there have been `length` values."""
        return self._updates >= self.length

    @property
    def age(self) -> int:
        """Updates since the greatest value: 0 where it is the latest."""
        return self._updates - self._candidates[0][0]

    def update(self, value: float) -> float:
        """Take in a value, and return the greatest."""
        candidates = self._candidates
        while candidates and candidates[-1][1] <= value:
            candidates.pop()
        self._updates = now = self._updates + 1
        candidates.append((now, value))
        if candidates[0][0] <= now - self.length:
            candidates.popleft()
        self.greatest = candidates[0][1]
        return self.greatest


@dataclass(slots=True)
class RollingMin:
    """Least of the last `length` values, of equal ones the latest."""

    length: int
    _negated: RollingMax = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._negated = RollingMax(self.length)

    @property
    def is_full(self) -> bool:
        """Whether there have been `length` values."""
        return self._negated.is_full

    @property
    def age(self) -> int:
        """Updates since the least value: 0 where it is the latest."""
        return self._negated.age

    def update(self, value: float) -> float:
        """Take in a value, and return the least."""
        return -self._negated.update(-value)
