"""Events of one connection to Bybit. Rust origin: barter_data::exchange::bybit::book::l2::BybitOrderBooksL2Transformer.

Rust stamps every book with spot, also that of a perpetual, and takes the best prices from each message alone, so that one which
changes a side only seems to have emptied the other.
"""

from __future__ import annotations

from datetime import datetime

from barter_python.data.book import OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.exchange.bybit.decode import decode_message, order_book, order_book_l1
from barter_python.data.exchange.bybit.message import ORDER_BOOK_L1, BybitBook, BybitTrades, parse
from barter_python.data.exchange.bybit.sequencer import BybitOrderBookSequencer
from barter_python.data.exchange.named import DecodedMarketEvent, NamedMarketEvent
from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["BybitTransformer"]


class BybitTransformer:
    """Checks the sequence of each book, and keeps the best prices, of which the venue sends changes only."""

    __slots__ = ("_exchange", "_sequencers", "_tops")

    def __init__(self, exchange: ExchangeId) -> None:
        self._exchange = exchange
        self._sequencers: dict[tuple[str, str], BybitOrderBookSequencer] = {}
        self._tops: dict[str, OrderBook] = {}

    def transform(self, message: bytes, time_received: datetime) -> list[DecodedMarketEvent]:
        """The events of a message; see `Transformer`."""
        parsed = parse(message)
        if parsed is None:
            return []
        # Decoded before it counts as received: a malformed update is a lost one.
        events = decode_message(parsed, time_received, self._exchange)
        if isinstance(parsed, BybitTrades):
            return events
        book = order_book(parsed) if parsed.channel == ORDER_BOOK_L1 else None
        sequencer = self._sequencers.setdefault((parsed.channel, parsed.market), BybitOrderBookSequencer())
        if not sequencer.validate_sequence(parsed):
            return []
        return events if book is None else [self._best_prices(parsed, book, time_received)]

    def on_snapshot(self, message: bytes, time_received: datetime, market: str) -> list[NamedMarketEvent]:
        """Nothing: the stream sends the book."""
        return []

    def _best_prices(self, message: BybitBook, book: OrderBook, time_received: datetime) -> NamedMarketEvent:
        top = self._tops.setdefault(message.market, OrderBook())
        top.update(OrderBookSnapshot(book) if message.is_snapshot else OrderBookUpdate(book))
        time = time_from_milliseconds(message.time)
        name = InstrumentNameExchange(message.market)
        return NamedMarketEvent(time, time_received, self._exchange, name, order_book_l1(top, time))
