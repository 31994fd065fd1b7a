"""Our own resting orders of one side of an instrument, in price-time order. Rust origin: none.

The common market event costs a comparison with `RestingSide.best`. Updates of a level where we have orders are put down in one
step, however many orders there are, and worked off when a trade at the level asks for the queue.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from decimal import Decimal
from typing import Final

from barter_python.data.book import Level
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.queue import QueueModel
from barter_python.numeric import ZERO

__all__ = ["RestingLevel", "RestingSide"]

_CHANGES_MAX: Final = 64
_STEP_MIN: Final = Decimal("1E-8")


class RestingLevel:
    """Our orders at a price, first come first.

    Attributes:
        price: In quote currency.
        orders: In order of arrival.
    """

    __slots__ = ("_changes", "_displayed", "_model", "_step", "_traded", "orders", "price")

    def __init__(self, price: Decimal, displayed: Decimal | None, model: QueueModel, step: Decimal) -> None:
        self.price = price
        self.orders: list[LiveOrder] = []
        self._displayed = displayed
        self._traded = ZERO
        self._changes: list[tuple[Decimal | None, Decimal, Decimal]] = []
        self._model = model
        self._step = step

    def add(self, order: LiveOrder, displayed: Decimal | None) -> None:
        """Put an order at the end of the queue."""
        self.settle()
        order.ahead = self._model.ahead_on_arrival(displayed)
        self.orders.append(order)

    def observe(self, displayed: Decimal) -> None:
        """The market displays another amount at the price."""
        if displayed == self._displayed:
            return
        self._changes.append((self._displayed, self._traded, displayed))
        self._displayed = displayed
        self._traded = ZERO
        if len(self._changes) >= _CHANGES_MAX:
            self.settle()

    def settle(self) -> None:
        """Work off the observed changes."""
        for before, traded, after in self._changes:
            for order in self.orders:
                if order.ahead is None:
                    order.ahead = self._model.ahead_on_arrival(after)
                elif before is not None:
                    ahead = self._model.ahead_after_change(order.ahead, max(ZERO, before - traded), after)
                    order.ahead = _rounded_up(ahead, self._step)
        self._changes.clear()

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
        return filled


def _rounded_up(amount: Decimal, step: Decimal) -> Decimal:
    """Amounts of a queue stay multiples of the lot size: a share of one would come out as the fraction of a fill."""
    excess = amount % step
    return amount - excess + step if excess else amount


class RestingSide:
    """Our bids or our asks.

    Args:
        model: How queues move.
        is_buy: Whether these are bids.
        lot_size: Of the instrument, None where it has no specification.

    Attributes:
        best: Our best price, None without an order.
    """

    __slots__ = ("_is_buy", "_levels", "_model", "_prices", "_step", "best")

    def __init__(self, model: QueueModel, *, is_buy: bool, lot_size: Decimal | None) -> None:
        self.best: Decimal | None = None
        self._is_buy = is_buy
        self._model = model
        self._step = max(lot_size or _STEP_MIN, _STEP_MIN)
        self._levels: dict[Decimal, RestingLevel] = {}
        self._prices: list[Decimal] = []  # ascending

    def add(self, order: LiveOrder, price: Decimal, displayed: Decimal | None) -> None:
        """Put an order into the queue of its price, where so much of the market is displayed."""
        level = self._levels.get(price)
        if level is None:
            level = self._levels[price] = RestingLevel(price, displayed, self._model, self._step)
            insort(self._prices, price)
            self._find_best()
        level.add(order, displayed)

    def remove(self, order: LiveOrder, price: Decimal) -> None:
        """Take an order out."""
        level = self._levels[price]
        level.orders.remove(order)
        if not level.orders:
            del self._levels[price]
            del self._prices[bisect_left(self._prices, price)]
            self._find_best()

    def _find_best(self) -> None:
        self.best = None if not self._prices else self._prices[-1 if self._is_buy else 0]

    def observe(self, levels: list[Level]) -> None:
        """The market displays other amounts at these prices."""
        own, lowest, highest = self._levels, self._prices[0], self._prices[-1]
        for level in levels:
            price = level.price
            if lowest <= price <= highest:
                found = own.get(price)
                if found is not None:
                    found.observe(level.amount)

    def observe_best(self, best: Level) -> None:
        """The best price of the market, where only that is known. Ours may be better: nobody else is there then."""
        level = self._levels.get(best.price)
        if level is not None:
            level.observe(best.amount)
        for level in self.through(best.price):
            level.observe(ZERO)

    def observe_all(self, levels: list[Level]) -> None:
        """The market displays exactly these levels, from the best on; what lies behind the last of them is not known."""
        if not levels:
            return
        amounts = {level.price: level.amount for level in levels}
        worst = min(amounts) if self._is_buy else max(amounts)
        for level in self._beyond(worst, at=True):
            level.observe(amounts.get(level.price, ZERO))

    def at(self, price: Decimal) -> RestingLevel | None:
        """Our orders at a price."""
        return self._levels.get(price)

    def through(self, price: Decimal) -> list[RestingLevel]:
        """Levels better than a price, the best first: those through which a trade at the price has gone."""
        return self._beyond(price, at=False)

    def _beyond(self, price: Decimal, *, at: bool) -> list[RestingLevel]:
        if self._is_buy:
            prices = self._prices[bisect_left(self._prices, price) if at else bisect_right(self._prices, price) :]
            prices.reverse()
        else:
            prices = self._prices[: bisect_right(self._prices, price) if at else bisect_left(self._prices, price)]
        return [self._levels[found] for found in prices]
