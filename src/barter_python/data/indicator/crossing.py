"""Where one line crosses another."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from barter_python.data.indicator.indicator import Ready

__all__ = ["Cross", "Crossing"]


class Cross(Enum):
    """What a line has just done."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


_UP: Final = Cross.UP
_DOWN: Final = Cross.DOWN
_NONE: Final = Cross.NONE


@dataclass(slots=True)
class Crossing:
    """Whether a line has crossed another with the latest update. Lines that touch cross when they part on the other side.

    Formula: the sign of line - other is another one than the last that was not 0
    Source: by definition
    """

    value: Cross | None = field(default=None, init=False)
    _is_above: bool | None = field(default=None, init=False, repr=False)

    ready = Ready()

    def update(self, line: float | None, other: float | None, /) -> Cross | None:
        """Take in both lines, and return what the first has done; None while one of them has no value."""
        if line is None or other is None:
            self.value = None
            return None
        self.value = _NONE
        if line != other:
            is_above, was_above = line > other, self._is_above
            self._is_above = is_above
            if was_above is not None and was_above is not is_above:
                self.value = _UP if is_above else _DOWN
        return self.value
