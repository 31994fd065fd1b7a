"""Our own resting orders of one side of an instrument, in price-time order. Rust origin: none.

The common market event costs a comparison with `RestingSide.best`, and an update of a level where we have orders one step,
however many they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from decimal import Decimal
from typing import Final

from barter_python.data.book import Level
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.queue import QueueModel
from barter_python.execution.exchange.simulated.resting_level import RestingLevel
from barter_python.numeric import ZERO

__all__ = ["RestingSide"]

_STEP_MIN: Final = Decimal("1E-8")


class RestingSide:
    """Our bids or our asks.

    Args:
        model: How queues move.
        is_buy: Whether these are bids.
        lot_size: Of the instrument, None where it has no specification.

    Attributes:
        best: Our best price, None without an order.
        best_level: The orders there.
    """

    __slots__ = ("_is_buy", "_levels", "_model", "_prices", "_step", "best", "best_level")

    def __init__(self, model: QueueModel, *, is_buy: bool, lot_size: Decimal | None) -> None:
        self.best: Decimal | None = None
        self.best_level: RestingLevel | None = None
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
        level.remove(order)
        if not level.orders:
            del self._levels[price]
            del self._prices[bisect_left(self._prices, price)]
            self._find_best()

    def _find_best(self) -> None:
        self.best = None if not self._prices else self._prices[-1 if self._is_buy else 0]
        self.best_level = None if self.best is None else self._levels[self.best]

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
        level = self.best_level
        if level is not None and level.price == best.price:
            level.observe(best.amount)
            return
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
        best = self.best
        if best is None or not (best > price if self._is_buy else best < price):
            return []
        return self._beyond(price, at=False)

    def reached(self, limit: Decimal | None) -> list[RestingLevel]:
        """Levels that an order of the other side accepts, the best first; all of them where it has no limit."""
        if limit is not None:
            return self._beyond(limit, at=True)
        return [self._levels[price] for price in (reversed(self._prices) if self._is_buy else self._prices)]

    def _beyond(self, price: Decimal, *, at: bool) -> list[RestingLevel]:
        if self._is_buy:
            prices = self._prices[bisect_left(self._prices, price) if at else bisect_right(self._prices, price) :]
            prices.reverse()
        else:
            prices = self._prices[: bisect_right(self._prices, price) if at else bisect_left(self._prices, price)]
        return [self._levels[found] for found in prices]
