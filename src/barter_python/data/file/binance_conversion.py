"""Turns the messages of a capture of one instrument of Binance into events."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from barter_python.data.book import OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.exchange.binance.book_sync import BinanceOrderBookSync
from barter_python.data.exchange.binance.decode import decode_message, decode_snapshot
from barter_python.data.exchange.binance.message import BinanceMessage, BinanceOrderBookL2Snapshot, BinanceOrderBookL2Update
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.exchange.sequence import InvalidSequenceError
from barter_python.errors import MarketDataError, shown
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["BinanceConversion"]

_COIN_M: Final = re.compile(r"[A-Z0-9]+USD_(PERP|\d{6})", re.ASCII)


class BinanceConversion:
    """Puts the updates of the order book behind its snapshots. Where updates are missing the book is emptied until the next one.

    Args:
        exchange: BINANCE_SPOT or BINANCE_FUTURES_USD.
        name: The venue's name of the instrument.
        l2: Whether to convert order books.
        only: Whether a message of another instrument is an error, because none was chosen.
        start: Earlier events are left out. The book as it stands then comes first.

    Raises:
        MarketDataError: The instrument is a contract of COIN-M, whose amounts are contracts of so many dollars.

    Attributes:
        gaps: How often updates were missing.
    """

    def __init__(
        self, exchange: ExchangeId, name: InstrumentNameExchange, *, l2: bool, only: bool, start: datetime | None = None
    ) -> None:
        if _COIN_M.fullmatch(name):
            raise MarketDataError(
                f"symbol is {name!r}, a contract of COIN-M, whose amounts are numbers of contracts in dollars: "
                "expected one of spot or USD-M"
            )
        self.gaps = 0
        self._exchange = exchange
        self._name = name
        self._l2 = l2
        self._only = only
        self._start = start
        self._sync = BinanceOrderBookSync(exchange)
        self._has_snapshot = False
        self._has_others = False
        self._book = OrderBook()
        self._book_time: datetime | None = None

    @property
    def dropped(self) -> int:
        """Updates that follow no snapshot."""
        return self._sync.dropped + self._sync.waiting

    def on_message(self, message: BinanceMessage, time_received: datetime) -> list[NamedMarketEvent]:
        """The events of the next message.

        Raises:
            MarketDataError: The message is impossible, or cannot be told from those of another instrument.
        """
        events = self._events(message, time_received)
        if self._start is None:
            return events
        if time_received < self._start:
            self._keep_book(events)
            return []
        self._start = None
        return events if self._book_time is None else [self._event(self._book_time, time_received, self._book), *events]

    def _events(self, message: BinanceMessage, time_received: datetime) -> list[NamedMarketEvent]:
        if isinstance(message, BinanceOrderBookL2Snapshot):
            return self._on_snapshot(message, time_received) if self._l2 else []
        if message.symbol != self._name:
            self._on_other(message.symbol)
            return []
        if isinstance(message, BinanceOrderBookL2Update):
            return self._on_update(message, time_received) if self._l2 else []
        return decode_message(message, time_received, self._exchange)

    def _on_update(self, update: BinanceOrderBookL2Update, time_received: datetime) -> list[NamedMarketEvent]:
        events = decode_message(update, time_received, self._exchange)
        try:
            return events if self._sync.on_update(update) else []
        except InvalidSequenceError:
            self.gaps += 1
            self._sync.restart(update)
            return [self._event(event.time_exchange, time_received, OrderBook(update.last_update_id)) for event in events]

    def _on_snapshot(self, snapshot: BinanceOrderBookL2Snapshot, time_received: datetime) -> list[NamedMarketEvent]:
        self._has_snapshot = True
        self._check_owner()
        try:
            following = self._sync.on_snapshot(snapshot)
        except InvalidSequenceError:
            self.gaps += 1  # the updates that wait go on waiting, for another snapshot
            return []
        if following is None:
            return []
        events = [decode_snapshot(snapshot, time_received, self._exchange, self._name)]
        for update in following:
            events += decode_message(update, time_received, self._exchange)
        return events

    def _event(self, time_exchange: datetime, time_received: datetime, book: OrderBook) -> NamedMarketEvent:
        return NamedMarketEvent(time_exchange, time_received, self._exchange, self._name, OrderBookSnapshot(book))

    def _keep_book(self, events: list[NamedMarketEvent]) -> None:
        for event in events:
            if isinstance(event.kind, OrderBookSnapshot | OrderBookUpdate):
                self._book.update(event.kind)
                self._book_time = event.time_exchange

    def _on_other(self, symbol: str) -> None:
        if self._only:
            raise MarketDataError(f"symbol is {shown(symbol)}, expected only {self._name!r}: choose one with name_exchange")
        self._has_others = True
        self._check_owner()

    def _check_owner(self) -> None:
        if self._l2 and self._has_snapshot and self._has_others:
            raise MarketDataError(
                "an order book snapshot does not name its symbol, expected a capture of one symbol: "
                "leave out order books with l2=False"
            )
