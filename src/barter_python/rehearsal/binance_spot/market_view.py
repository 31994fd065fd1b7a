"""What the venue shows of the market on request. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from barter_python.data.book import OrderBook, OrderBookSide, OrderBookSnapshot
from barter_python.rehearsal.binance_spot.market_feed import FeedMessage
from barter_python.rehearsal.binance_spot.number_text import amount_text

__all__ = ["MarketView"]

_LIMIT_MAX = 5000


class MarketView:
    """The order book of each symbol, as of the latest message.

    Args:
        symbols: That trade.
        books: At the start, by symbol; the others are empty.
    """

    def __init__(self, symbols: Iterable[str], books: Mapping[str, OrderBook]) -> None:
        self._books = {symbol: OrderBook() for symbol in symbols} | dict(books)

    def on_message(self, message: FeedMessage) -> None:
        """Take in a message; updates that the book contains already do nothing."""
        shown = self._books.get(message.symbol)
        if message.book is None or shown is None:
            return
        if isinstance(message.book, OrderBookSnapshot) or message.book.book.sequence > shown.sequence:
            shown.update(message.book)

    def depth(self, symbol: str, limit: int) -> dict[str, Any]:
        """The answer to a request for the order book."""
        book = self._books[symbol]
        return {"lastUpdateId": book.sequence, "bids": _levels(book.bids, limit), "asks": _levels(book.asks, limit)}


def _levels(side: OrderBookSide, limit: int) -> list[tuple[str, str]]:
    levels = side.levels[: min(limit, _LIMIT_MAX)]
    return [(amount_text(level.price), amount_text(level.amount)) for level in levels]
