"""What the market offers of one instrument: the order book, the best bid and ask, and what we took of them. Rust origin: none.

The order book comes from snapshots and updates. A best bid and ask stands in front of the book until the next update, and levels
of the book that would be better than it are hidden for so long; without a book it is all there is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal

from barter_python.data.book import Level, OrderBook, OrderBookEvent, OrderBookSide, OrderBookSnapshot
from barter_python.data.event import OrderBookL1
from barter_python.instrument.side import Side
from barter_python.numeric import TWO, ZERO

__all__ = ["MarketLiquidity"]


class MarketLiquidity:
    """Amounts of the market without our own orders, in base units or contracts.

    What we took of a level is remembered until the next update of that level, and not offered again before.

    Attributes:
        bid: The best bid, None where there is none or none is known.
        ask: The best ask, None where there is none or none is known.
        has_book: Whether an order book was received.
        has_l1: Whether a best bid and ask was received.
    """

    __slots__ = ("_asks_taken", "_bids_taken", "_book", "_is_l1_latest", "_l1", "ask", "bid", "has_book", "has_l1")

    def __init__(self) -> None:
        self.bid: Level | None = None
        self.ask: Level | None = None
        self.has_book = False
        self.has_l1 = False
        self._book = OrderBook()
        self._l1 = OrderBookL1()
        self._is_l1_latest = False
        self._bids_taken: dict[Decimal, Decimal] = {}
        self._asks_taken: dict[Decimal, Decimal] = {}

    def on_book(self, event: OrderBookEvent) -> None:
        """Take in a snapshot or an update."""
        book = self._book
        book.update(event)
        if self._bids_taken or self._asks_taken:
            self._replenish(event)
        bids, asks = book.bids.levels, book.asks.levels
        self.bid = bids[0] if bids else None
        self.ask = asks[0] if asks else None
        self.has_book = True
        self._is_l1_latest = False

    def _replenish(self, event: OrderBookEvent) -> None:
        if isinstance(event, OrderBookSnapshot):
            self._bids_taken.clear()
            self._asks_taken.clear()
        for level in event.book.bids.levels:
            self._bids_taken.pop(level.price, None)
        for level in event.book.asks.levels:
            self._asks_taken.pop(level.price, None)

    def on_l1(self, l1: OrderBookL1) -> None:
        """Take in a best bid and ask. A side that is the same as before is no update of its level."""
        if self._bids_taken and l1.best_bid is not None and l1.best_bid != self._l1.best_bid:
            self._bids_taken.pop(l1.best_bid.price, None)
        if self._asks_taken and l1.best_ask is not None and l1.best_ask != self._l1.best_ask:
            self._asks_taken.pop(l1.best_ask.price, None)
        self._l1 = l1
        self.bid = l1.best_bid
        self.ask = l1.best_ask
        self.has_l1 = True
        self._is_l1_latest = True

    def offers(self, *, bids: bool) -> Iterator[tuple[Decimal, Decimal]]:
        """Price and amount of each level of a side of which we have not taken everything, best first."""
        taken = self._bids_taken if bids else self._asks_taken
        for level in self._levels(bids=bids):
            amount = level.amount - taken.get(level.price, ZERO) if taken else level.amount
            if amount > ZERO:
                yield level.price, amount

    def _levels(self, *, bids: bool) -> Iterator[Level]:
        side = self._book.bids if bids else self._book.asks
        if not self._is_l1_latest:
            yield from side.levels
            return
        best = self.bid if bids else self.ask
        if best is not None:
            yield best
            for level in side.levels:
                if level.price < best.price if bids else level.price > best.price:
                    yield level

    def best_offer(self, *, bids: bool) -> Decimal | None:
        """The best price of a side at which something is left, None where there is none."""
        return next((price for price, _ in self.offers(bids=bids)), None)

    def take(self, price: Decimal, amount: Decimal, *, bids: bool) -> None:
        """Remember that we took so much of a level."""
        taken = self._bids_taken if bids else self._asks_taken
        taken[price] = taken.get(price, ZERO) + amount

    def displayed(self, price: Decimal, *, bids: bool) -> Decimal | None:
        """What is displayed at a price. None behind the best price, where only that is known."""
        if self.has_book:
            return _amount_at(self._book.bids if bids else self._book.asks, price)
        best = self.bid if bids else self.ask
        if best is None or (price > best.price if bids else price < best.price):
            return ZERO
        return best.amount if price == best.price else None

    def mid_price(self) -> Decimal | None:
        """Mean of the best bid and ask, None unless both are known."""
        if self.bid is None or self.ask is None:
            return None
        return (self.bid.price + self.ask.price) / TWO


def _amount_at(side: OrderBookSide, price: Decimal) -> Decimal:
    sign = -1 if side.side is Side.BUY else 1
    place = bisect_left(side.levels, sign * price, key=lambda level: sign * level.price)
    if place < len(side.levels) and side.levels[place].price == price:
        return side.levels[place].amount
    return ZERO
