"""Settlement of one instrument: what its orders reserve, and what their fills do to the account. Rust origin: none."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol, TypeAlias

from barter_python.execution.exchange.model.fee import Fees
from barter_python.execution.exchange.simulated.fees import InstrumentFees
from barter_python.execution.exchange.simulated.live_order import LiveOrder

__all__ = ["Parts", "Settlement"]

Parts: TypeAlias = Sequence[tuple[Decimal, Decimal]]
"""Price and quantity of what an order may fill."""


class Settlement(Protocol):
    """Reserves for the orders of one instrument, and books their fills."""

    @property
    def fees(self) -> InstrumentFees:
        """Of the instrument."""
        ...

    def closable(self, order: LiveOrder, /) -> Decimal | None:
        """How many contracts the order could close of a position; None for spot."""
        ...

    def needed(self, order: LiveOrder, parts: Parts, /) -> dict[str, Decimal]:
        """What must be free, by asset, for the order to fill as in `parts`."""
        ...

    def fill(self, order: LiveOrder, price: Decimal, quantity: Decimal, /, *, is_maker: bool) -> Fees | None:
        """Book a fill, while `order.remaining` is what is left before it.

        Returns:
            What was charged; None where the fill is not covered: then nothing has happened.
        """
        ...
