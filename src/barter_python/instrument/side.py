"""The side of a trade, order or position. Rust origin: barter_instrument::Side."""

from __future__ import annotations

from enum import Enum

__all__ = ["Side"]


class Side(Enum):
    """Buy or sell; a position is long on the buy side and short on the sell side."""

    BUY = "Buy"
    SELL = "Sell"

    @property
    def opposite(self) -> Side:
        """The side that reduces this one."""
        return Side.SELL if self is Side.BUY else Side.BUY

    def __str__(self) -> str:
        return self.value.lower()
