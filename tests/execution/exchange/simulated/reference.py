"""The queue of one resting bid, written down a second time and as plainly as possible: to be compared with the exchange."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from barter_python.data.book import OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent, OrderBookL1, PublicTrade
from barter_python.instrument.side import Side
from barter_python.numeric import decimal_from_float


class ReferenceBid:
    """A bid of ours in a market with order books, and perhaps best prices and trades.

    Args:
        model: `optimistic`, `proportional` or `pessimistic`.
        price: Of the bid.
        quantity: Of the bid.
    """

    def __init__(self, model: str, price: Decimal, quantity: Decimal) -> None:
        self.filled = Fraction(0)
        self._model = model
        self._price = Fraction(price)
        self._quantity = Fraction(quantity)
        self._bids: dict[Fraction, Fraction] = {}
        self._asks: dict[Fraction, Fraction] = {}
        self._ahead: Fraction | None = None
        self._traded = Fraction(0)

    def arrive(self) -> None:
        """Join the queue."""
        self._ahead = Fraction(0) if self._model == "optimistic" else self._bids.get(self._price, Fraction(0))

    def on_market(self, event: MarketEvent) -> None:
        """See what happens."""
        kind = event.kind
        if isinstance(kind, OrderBookSnapshot | OrderBookUpdate):
            self._on_book(kind)
        elif isinstance(kind, OrderBookL1) and kind.best_ask is not None:
            self._on_ask(Fraction(kind.best_ask.price))
        elif isinstance(kind, PublicTrade):
            self._on_trade(_exact(kind.price), _exact(kind.amount), kind.side)

    def _on_book(self, event: OrderBookSnapshot | OrderBookUpdate) -> None:
        before = self._bids.get(self._price, Fraction(0))
        for side, levels in ((self._bids, event.book.bids.levels), (self._asks, event.book.asks.levels)):
            if isinstance(event, OrderBookSnapshot):
                side.clear()
            side.update({Fraction(level.price): Fraction(level.amount) for level in levels})
            for price in [price for price, amount in side.items() if not amount]:
                del side[price]
        after = self._bids.get(self._price, Fraction(0))
        if after != before:
            expected = max(Fraction(0), before - self._traded)
            self._traded = Fraction(0)
            if self._model == "proportional" and self._ahead is not None and after < expected:
                self._ahead *= after / expected
            if self._ahead is not None:
                self._ahead = min(self._ahead, after)
        if self._asks:
            self._on_ask(min(self._asks))

    def _on_ask(self, ask: Fraction) -> None:
        if ask < self._price or (ask == self._price and self._model != "pessimistic"):
            self._fill(self._quantity)

    def _on_trade(self, price: Fraction, amount: Fraction, taker: Side) -> None:
        if price < self._price:
            self._fill(self._quantity)
        elif price == self._price and taker is Side.SELL and self._ahead is not None:
            self._traded += amount
            used = min(amount, self._ahead)
            self._ahead -= used
            self._fill(amount - used)
        elif price == self._price and taker is Side.BUY and self._model != "pessimistic":
            self._fill(amount)

    def _fill(self, amount: Fraction) -> None:
        if self._ahead is not None:
            self.filled = min(self._quantity, self.filled + amount)


def _exact(value: float) -> Fraction:
    found = decimal_from_float(value)
    assert found is not None
    return Fraction(found)
