"""Stop and take-profit orders that wait for their price. Rust origin: none."""

from __future__ import annotations

from bisect import insort
from decimal import Decimal

from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.order.order import Trigger, TriggerKind
from barter_python.instrument.side import Side

__all__ = ["Triggers", "fires", "fires_upwards"]


def fires_upwards(trigger: Trigger, side: Side) -> bool:
    """Whether it fires at its price or higher: a stop of a buyer, a take-profit of a seller."""
    return (trigger.kind is TriggerKind.STOP) == (side is Side.BUY)


def fires(trigger: Trigger, side: Side, price: Decimal) -> bool:
    """Whether it fires at a price of the market."""
    return price >= trigger.price if fires_upwards(trigger, side) else price <= trigger.price


class Triggers:
    """Waiting orders of one instrument.

    Attributes:
        above: The lowest price at or above which one fires, None without such an order.
        below: The highest price at or below which one fires, None without such an order.
    """

    __slots__ = ("_down", "_sequence", "_up", "above", "below")

    def __init__(self) -> None:
        self.above: Decimal | None = None
        self.below: Decimal | None = None
        # Nearest first, then first come first.
        self._up: list[tuple[Decimal, int, LiveOrder]] = []
        self._down: list[tuple[Decimal, int, LiveOrder]] = []
        self._sequence = 0

    def __bool__(self) -> bool:
        return bool(self._up or self._down)

    def add(self, order: LiveOrder) -> None:
        """Wait for the trigger of an order that has one."""
        trigger = order.request.state.trigger
        assert trigger is not None, "only orders with a trigger wait for one"
        upwards = fires_upwards(trigger, order.side)
        key = trigger.price if upwards else -trigger.price
        insort(self._up if upwards else self._down, (key, self._sequence, order))
        self._sequence += 1
        self._find_nearest()

    def remove(self, order: LiveOrder) -> None:
        """Wait no longer."""
        self._up = [entry for entry in self._up if entry[2] is not order]
        self._down = [entry for entry in self._down if entry[2] is not order]
        self._find_nearest()

    def pop(self, price: Decimal) -> LiveOrder | None:
        """Take out the first order that fires at a price, None where none does."""
        if self.above is not None and price >= self.above:
            order = self._up.pop(0)[2]
        elif self.below is not None and price <= self.below:
            order = self._down.pop(0)[2]
        else:
            return None
        self._find_nearest()
        return order

    def _find_nearest(self) -> None:
        self.above = self._up[0][0] if self._up else None
        self.below = -self._down[0][0] if self._down else None
