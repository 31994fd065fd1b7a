"""A market made of market events, written as Binance spot writes them. Rust origin: none.

Update ids and trade ids without digits are numbered anew. Times are cut to milliseconds, as the venue does. An instrument without
order books shows its best bid and ask as its book, which no stream updates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Final

import msgspec

from barter_python.data.book import Level, OrderBook, OrderBookEvent, OrderBookSide, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent, MarketStreamEvent, OrderBookL1, PublicTrade, kind_name
from barter_python.data.exchange.binance.decode import decode
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, decimal_from_float
from barter_python.rehearsal.binance_spot.market_feed import BOOK_TICKER, DEPTH, TRADE, FeedMessage, index_events, indexes_by_name
from barter_python.rehearsal.binance_spot.number_text import amount_text, milliseconds
from barter_python.timed import EPOCH

__all__ = ["EventFeed"]

_SPOT: Final = ExchangeId.BINANCE_SPOT


class EventFeed:
    """A market of trades, best prices and order books.

    Args:
        events: In order of time, of instruments of BINANCE_SPOT.
    """

    def __init__(self, events: Iterable[MarketStreamEvent]) -> None:
        self._events = events

    @classmethod
    def of_chunks(cls, chunks: Iterable[Iterable[MarketStreamEvent]]) -> EventFeed:
        """From a source of market data for backtests: `EventFeed.of_chunks(SyntheticMarket(..).stream())`."""
        return cls(chain.from_iterable(chunks))

    def open_books(self, instruments: IndexedInstruments) -> Mapping[str, OrderBook]:
        """Empty ones; see `MarketFeed`."""
        return {}

    def messages(self, instruments: IndexedInstruments) -> Iterator[FeedMessage]:
        """All messages; see `MarketFeed`."""
        indexes = indexes_by_name(instruments, _SPOT)
        writers = {index: _Writer(symbol) for symbol, index in indexes.items()}
        time = EPOCH
        for number, event in enumerate(self._events, 1):
            if not isinstance(event, MarketEvent) or event.instrument not in writers:
                raise MarketDataError(f"event {number} is {event!r}, expected one of an instrument of {_SPOT.value!r}")
            time = max(time, event.time_exchange)
            stream, text, book = writers[event.instrument].write(event, number)
            decoded = decode(text.encode(), time, _SPOT)
            yield FeedMessage(time, writers[event.instrument].symbol, stream, text, index_events(decoded, indexes), book)


class _Writer:
    """Writes the messages of one instrument.

    Attributes:
        symbol: The venue's name.
    """

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self._book = OrderBook()
        self._has_book = False
        self._update_id = 0
        self._trade_id = 0

    def write(self, event: MarketEvent, number: int) -> tuple[str, str, OrderBookEvent | None]:
        """Stream, text, and what happens to the book that is shown."""
        kind = event.kind
        if isinstance(kind, PublicTrade):
            return TRADE, self._trade(kind, event.time_exchange), None
        if isinstance(kind, OrderBookL1):
            return BOOK_TICKER, self._best_prices(kind), None if self._has_book else self._best_as_book(kind)
        if isinstance(kind, OrderBookSnapshot | OrderBookUpdate):
            changes = self._changes(kind)
            return DEPTH, self._depth(changes, event.time_exchange), OrderBookUpdate(changes)
        raise MarketDataError(
            f"event {number} is of kind {kind_name(kind)!r}, expected public_trade, l1 or l2: the venue streams no other"
        )

    def _trade(self, trade: PublicTrade, time: datetime) -> str:
        self._trade_id = int(trade.id) if trade.id.isascii() and trade.id.isdigit() else self._trade_id + 1
        stamp = milliseconds(time)
        return _json(
            {
                "e": "trade",
                "E": stamp,
                "s": self.symbol,
                "t": self._trade_id,
                "p": _float_text(trade.price),
                "q": _float_text(trade.amount),
                "T": stamp,
                "m": trade.side is Side.SELL,
                "M": True,
            }
        )

    def _best_prices(self, best: OrderBookL1) -> str:
        if not self._has_book:
            self._update_id += 1
        bid, ask = best.best_bid or _NOTHING, best.best_ask or _NOTHING
        return _json(
            {
                "u": self._update_id,
                "s": self.symbol,
                "b": amount_text(bid.price),
                "B": amount_text(bid.amount),
                "a": amount_text(ask.price),
                "A": amount_text(ask.amount),
            }
        )

    def _best_as_book(self, best: OrderBookL1) -> OrderBookSnapshot:
        bids, asks = [[side] if side is not None else [] for side in (best.best_bid, best.best_ask)]
        return OrderBookSnapshot(OrderBook(self._update_id, None, bids, asks))

    def _changes(self, kind: OrderBookEvent) -> OrderBook:
        self._has_book = True
        self._update_id += 1
        bids, asks = kind.book.bids.levels, kind.book.asks.levels
        if isinstance(kind, OrderBookSnapshot):
            bids = [*_removed(self._book.bids, bids), *bids]
            asks = [*_removed(self._book.asks, asks), *asks]
        changes = OrderBook.as_received(self._update_id, None, bids, asks)
        self._book.update(OrderBookUpdate(changes))
        return changes

    def _depth(self, changes: OrderBook, time: datetime) -> str:
        return _json(
            {
                "e": "depthUpdate",
                "E": milliseconds(time),
                "s": self.symbol,
                "U": self._update_id,
                "u": self._update_id,
                "b": _levels(changes.bids),
                "a": _levels(changes.asks),
            }
        )


_NOTHING: Final = Level(ZERO, ZERO)


def _removed(side: OrderBookSide, levels: list[Level]) -> list[Level]:
    kept = {level.price for level in levels}
    return [Level(level.price, ZERO) for level in side.levels if level.price not in kept]


def _levels(side: OrderBookSide) -> list[tuple[str, str]]:
    return [(amount_text(level.price), amount_text(level.amount)) for level in side.levels]


def _float_text(value: float) -> str:
    number = decimal_from_float(value)
    return amount_text(Decimal(0) if number is None else number)


def _json(members: dict[str, Any]) -> str:
    return msgspec.json.encode(members).decode()
