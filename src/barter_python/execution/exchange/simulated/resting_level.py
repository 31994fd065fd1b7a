"""Our orders at one price, and their queue. Rust origin: none.

What changes the queue is put down in one step, however many orders there are: every amount ahead is scaled by the same share and
shortened by the same trades. It is worked off when a trade reaches the first of our orders, or another one arrives.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final

from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.queue import QueueModel
from barter_python.numeric import CONTEXT, ONE, ZERO, rounded_amount

__all__ = ["RestingLevel"]

_EXACT: Final = Context(prec=60)
"""For the remainder of an amount of any size."""


class RestingLevel:
    """A queue at a price.

    Args:
        price: In quote currency.
        displayed: What the market displays there, None where that is not known.
        model: How the queue moves.
        step: Amounts ahead are multiples of it.

    Attributes:
        price: In quote currency.
        orders: In order of arrival.
    """

    __slots__ = ("_displayed", "_front", "_model", "_most", "_scale", "_step", "_traded", "_used", "orders", "price")

    def __init__(self, price: Decimal, displayed: Decimal | None, model: QueueModel, step: Decimal) -> None:
        self.price = price
        self.orders: list[LiveOrder] = []
        self._displayed = displayed
        self._traded = ZERO
        self._model = model
        self._step = step
        # What has happened since `settle`: an amount ahead is now `ahead * _scale - _used`, but not more than `_most`, because
        # nobody is ahead beyond what is displayed; that of the first order is `_front`.
        self._scale = ONE
        self._used = ZERO
        self._most: Decimal | None = None
        self._front: Decimal | None = None

    def add(self, order: LiveOrder, displayed: Decimal | None) -> None:
        """Put an order at the end of the queue."""
        self.settle()
        order.ahead = self._model.ahead_on_arrival(displayed)
        self.orders.append(order)
        self._front = self.orders[0].ahead

    def remove(self, order: LiveOrder) -> None:
        """Take an order out of the queue."""
        self.settle()
        self.orders.remove(order)
        self._front = self.orders[0].ahead if self.orders else None

    def observe(self, displayed: Decimal) -> None:
        """The market displays another amount at the price."""
        before = self._displayed
        if displayed == before:
            return
        self._displayed = displayed
        if before is None:
            for order in self.orders:
                order.ahead = self._model.ahead_on_arrival(displayed) if order.ahead is None else order.ahead
            self._front = self.orders[0].ahead
            return
        if self._traded:
            before = max(ZERO, CONTEXT.subtract(before, self._traded))
            self._traded = ZERO
        share = self._model.share_after_change(before, displayed)
        if share is not ONE:
            self._scale = CONTEXT.multiply(self._scale, share)
            if self._used:
                self._used = CONTEXT.multiply(self._used, share)
            if self._front:
                self._front = CONTEXT.multiply(self._front, share)
            if self._most:
                self._most = CONTEXT.multiply(self._most, share)
        if self._most is None or displayed < self._most:
            self._most = displayed
        if self._front is not None and displayed < self._front:
            self._front = displayed

    def absorb(self, amount: Decimal) -> bool:
        """Take in a trade at the price if all of it goes to what is ahead of our first order."""
        front = self._front
        if front is None or amount > front:
            return False
        self._front = CONTEXT.subtract(front, amount)
        self._used = CONTEXT.add(self._used, amount)
        self._traded = CONTEXT.add(self._traded, amount)
        if self._most is not None:
            self._most = max(ZERO, CONTEXT.subtract(self._most, amount))
        return True

    def settle(self) -> None:
        """Work off what has happened to the queue."""
        most = self._most
        if not self._used and most is None:
            return
        for order in self.orders:
            if order.ahead is not None:
                ahead = order.ahead * self._scale - self._used
                order.ahead = self._rounded_up(ahead if most is None else min(ahead, most))
        self._scale, self._used, self._most = ONE, ZERO, None

    def _rounded_up(self, amount: Decimal) -> Decimal:
        """Amounts of a queue stay multiples of the lot size: a share of one would come out as the fraction of a fill."""
        if amount <= ZERO:
            return ZERO
        amount = rounded_amount(amount)
        excess = _EXACT.remainder(amount, self._step)
        return amount - excess + self._step if excess else amount

    def trade(self, amount: Decimal, pool: Decimal) -> list[tuple[LiveOrder, Decimal]]:
        """A trade at the price: what is ahead of each order is used up, and the rest goes to the order.

        Args:
            amount: Of the trade.
            pool: What of it has not filled better orders of ours.

        Returns:
            Orders and what each of them gets, together at most `pool`.
        """
        self.settle()
        self._traded += amount
        used_ahead = ZERO
        filled = []
        for order in self.orders:
            if order.ahead is None:
                break  # neither its place is known nor that of those behind it
            ahead = max(ZERO, order.ahead - used_ahead)
            used = min(pool, ahead)
            used_ahead += used
            pool -= used
            order.ahead = ahead - used
            if pool > ZERO:
                quantity = min(pool, order.remaining)
                pool -= quantity
                filled.append((order, quantity))
        self._front = self.orders[0].ahead
        return filled
