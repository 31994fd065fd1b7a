"""How a resting order moves to the front of its price level. Rust origin: none.

An order joins the queue of its price behind what is displayed there. In every model trades at the price use up what is ahead of
it, and no more is ahead than is displayed; the models differ in what else shortens the queue. A model is any object with the
three methods of `QueueModel`.

For one order in one market, `OptimisticQueue` never fills less than `ProportionalQueue`, and that never less than
`PessimisticQueue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from barter_python.numeric import CONTEXT, ONE, ZERO

__all__ = ["OptimisticQueue", "PessimisticQueue", "ProportionalQueue", "QueueModel"]


class QueueModel(Protocol):
    """Decides on the place in the queue. All amounts are of the market, without our own orders, in base units or contracts."""

    def ahead_on_arrival(self, displayed: Decimal | None, /) -> Decimal | None:
        """What is ahead of an order that arrives.

        Args:
            displayed: What the market displays at its price; None where that is not known, as behind the best price where
                only the best price is known, and with candles.

        Returns:
            The amount; None to ask again once it is known. Until then only a market that trades through fills the order.
        """
        ...

    def share_after_change(self, before: Decimal, after: Decimal, /) -> Decimal:
        """Which share of what was ahead is still there after the displayed amount has changed, from 0 to 1.

        Args:
            before: What was displayed, less what has been traded since.
            after: What is displayed now.
        """
        ...

    def fills_on_touch(self) -> bool:
        """Whether an opposite best price equal to the order's own price fills it, although no trade shows that."""
        ...


@dataclass(slots=True, frozen=True)
class OptimisticQueue:
    """Always first in the queue."""

    def ahead_on_arrival(self, _: Decimal | None, /) -> Decimal | None:
        """Nothing."""
        return ZERO

    def share_after_change(self, _before: Decimal, _after: Decimal, /) -> Decimal:
        """Nothing."""
        return ZERO

    def fills_on_touch(self) -> bool:
        """A touch fills."""
        return True


@dataclass(slots=True, frozen=True)
class ProportionalQueue:
    """What is cancelled is taken from ahead of the order and from behind it in proportion. The default."""

    def ahead_on_arrival(self, displayed: Decimal | None, /) -> Decimal | None:
        """Everything displayed."""
        return displayed

    def share_after_change(self, before: Decimal, after: Decimal, /) -> Decimal:
        """What is left of the level; what is added queues behind."""
        return CONTEXT.divide(after, before) if after < before else ONE

    def fills_on_touch(self) -> bool:
        """A touch fills: whoever sells at the price would have met the order first."""
        return True


@dataclass(slots=True, frozen=True)
class PessimisticQueue:
    """What is cancelled was behind the order, as long as so much was there: nobody is ahead beyond what is displayed."""

    def ahead_on_arrival(self, displayed: Decimal | None, /) -> Decimal | None:
        """Everything displayed."""
        return displayed

    def share_after_change(self, _before: Decimal, _after: Decimal, /) -> Decimal:
        """All of it."""
        return ONE

    def fills_on_touch(self) -> bool:
        """A touch without a trade fills nothing."""
        return False
