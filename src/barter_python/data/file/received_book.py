"""Books that travel in events."""

from __future__ import annotations

from datetime import datetime

from barter_python.data.book import Level, OrderBook, OrderBookSide
from barter_python.instrument.side import Side

__all__ = ["received_book"]


def received_book(sequence: int, time_engine: datetime | None, bids: list[Level], asks: list[Level]) -> OrderBook:
    """A book of an event, whose levels stay in the order of the file."""
    book = OrderBook(sequence, time_engine)
    book.bids = OrderBookSide.as_received(Side.BUY, bids)
    book.asks = OrderBookSide.as_received(Side.SELL, asks)
    return book
