"""Order books. Rust origin: barter_data::books."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import ClassVar, Final

from barter_python.instrument.side import Side
from barter_python.numeric import TWO, in_money_context

__all__ = [
    "Level",
    "OrderBook",
    "OrderBookSide",
    "OrderBookSnapshot",
    "OrderBookUpdate",
    "OrderBookEvent",
    "mid_price",
    "volume_weighted_mid_price",
]


_BUY: Final = Side.BUY
_price: Final = attrgetter("price")


@dataclass(slots=True, order=True)
class Level:
    """A price and the amount offered there.

    Attributes:
        price: In quote currency.
        amount: In base units, zero in an update that removes the level.
    """

    price: Decimal
    amount: Decimal


@in_money_context
def mid_price(best_bid_price: Decimal, best_ask_price: Decimal) -> Decimal:
    """The mean of bid and ask price."""
    return (best_bid_price + best_ask_price) / TWO


@in_money_context
def volume_weighted_mid_price(best_bid: Level, best_ask: Level) -> Decimal | None:
    """Micro price: each price weighted by the amount on the other side. None where both amounts are zero.

    Source: (bid price * ask amount + ask price * bid amount) / (bid amount + ask amount)
    """
    amount = best_bid.amount + best_ask.amount
    if not amount:
        return None
    return (best_bid.price * best_ask.amount + best_ask.price * best_bid.amount) / amount


class OrderBookSide:
    """One side of an order book, best price first.

    Attributes:
        side: BUY for bids (descending prices), SELL for asks (ascending).
        levels: The levels, best first. Do not change the list.
    """

    __slots__ = ("_keys", "levels", "side")

    def __init__(self, side: Side, levels: Iterable[Level] = ()) -> None:
        self.side: Side = side
        self.levels: list[Level] = sorted(levels, key=_price, reverse=side is _BUY)
        self._keys: list[Decimal] | None = None  # ascending, made when the side is first changed: most are those of events

    @classmethod
    def as_received(cls, side: Side, levels: list[Level]) -> OrderBookSide:
        """A side of an event, whose levels stay in the order in which the venue sent them. Apply it, do not query it."""
        received = cls(side)
        received.levels = levels
        return received

    def best(self) -> Level | None:
        """The best level, None on an empty side."""
        return self.levels[0] if self.levels else None

    def upsert(self, levels: Iterable[Level]) -> None:
        """Insert, replace or (amount zero) remove levels. Removing an unknown level has no effect."""
        descending, keys = self.side is _BUY, self._keys
        if keys is None:
            keys = self._keys = [level.price.copy_negate() if descending else level.price for level in self.levels]
        for level in levels:
            key = level.price.copy_negate() if descending else level.price
            place = bisect_left(keys, key)
            known = place < len(keys) and keys[place] == key
            if not level.amount:
                if known:
                    del keys[place], self.levels[place]
            elif known:
                self.levels[place] = Level(self.levels[place].price, level.amount)
            else:
                keys.insert(place, key)
                self.levels.insert(place, level)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OrderBookSide) and self.side is other.side and self.levels == other.levels

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"OrderBookSide({self.side}, {self.levels!r})"


class OrderBook:
    """Both sides of a market.

    Attributes:
        sequence: The venue's number of the last update applied.
        time_engine: When the venue's matching engine produced it, aware UTC, None where unknown.
        bids: Best (highest) first.
        asks: Best (lowest) first.
    """

    __slots__ = ("asks", "bids", "sequence", "time_engine")

    def __init__(
        self,
        sequence: int = 0,
        time_engine: datetime | None = None,
        bids: Iterable[Level] = (),
        asks: Iterable[Level] = (),
    ) -> None:
        self.sequence: int = sequence
        self.time_engine: datetime | None = time_engine
        self.bids: OrderBookSide = OrderBookSide(Side.BUY, bids)
        self.asks: OrderBookSide = OrderBookSide(Side.SELL, asks)

    @classmethod
    def as_received(cls, sequence: int, time_engine: datetime | None, bids: list[Level], asks: list[Level]) -> OrderBook:
        """The book of an event, whose levels stay in the order in which the venue sent them. Apply it, do not query it."""
        book = cls(sequence, time_engine)
        book.bids = OrderBookSide.as_received(Side.BUY, bids)
        book.asks = OrderBookSide.as_received(Side.SELL, asks)
        return book

    def snapshot(self, depth: int) -> OrderBook:
        """A copy with at most `depth` levels on each side."""
        return OrderBook(self.sequence, self.time_engine, self.bids.levels[:depth], self.asks.levels[:depth])

    def update(self, event: OrderBookEvent) -> None:
        """Replace the book by a snapshot, or apply an update to it."""
        book = event.book
        self.sequence = book.sequence
        self.time_engine = book.time_engine
        if isinstance(event, OrderBookSnapshot):
            self.bids = OrderBookSide(Side.BUY, book.bids.levels)
            self.asks = OrderBookSide(Side.SELL, book.asks.levels)
        else:
            self.bids.upsert(book.bids.levels)
            self.asks.upsert(book.asks.levels)

    def mid_price(self) -> Decimal | None:
        """Mean of best bid and best ask; the only side's best price where one is empty; None where both are."""
        bid, ask = self.bids.best(), self.asks.best()
        if bid is not None and ask is not None:
            return mid_price(bid.price, ask.price)
        return _only_price(bid, ask)

    def volume_weighed_mid_price(self) -> Decimal | None:
        """Micro price of the best levels; the only side's best price where one is empty; None where both are."""
        bid, ask = self.bids.best(), self.asks.best()
        if bid is not None and ask is not None:
            return volume_weighted_mid_price(bid, ask)
        return _only_price(bid, ask)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, OrderBook)
            and self.sequence == other.sequence
            and self.time_engine == other.time_engine
            and self.bids == other.bids
            and self.asks == other.asks
        )

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"OrderBook({self.sequence}, {self.time_engine!r}, {self.bids.levels!r}, {self.asks.levels!r})"


def _only_price(bid: Level | None, ask: Level | None) -> Decimal | None:
    best = bid or ask
    return None if best is None else best.price


@dataclass(slots=True)
class OrderBookSnapshot:
    """The whole book."""

    book: OrderBook


@dataclass(slots=True)
class OrderBookUpdate:
    """Changed levels; an amount of zero removes the level."""

    book: OrderBook


OrderBookEvent = OrderBookSnapshot | OrderBookUpdate
