"""Your data of an instrument. Rust origin: barter::engine::state::instrument::data."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Protocol

from barter_python.data.book import OrderBook, OrderBookEvent, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, MarketEvent, OrderBookL1, PublicTrade
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.numeric import decimal_from_float
from barter_python.timed import Timed

__all__ = ["DefaultInstrumentMarketData", "InstrumentDataState"]


class InstrumentDataState(Protocol):
    """What a strategy wants to know of an instrument: market data, indicators, signals. The engine keeps it up to date."""

    def process(self, event: MarketEvent | AccountEvent, /) -> None:
        """Take in an event of this instrument."""
        ...

    def price(self) -> Decimal | None:
        """The current price in quote currency, None where none is known."""
        ...

    def record_in_flight_open(self, request: OrderRequestOpen, /) -> None:
        """A request to open an order was sent."""
        ...

    def record_in_flight_cancel(self, request: OrderRequestCancel, /) -> None:
        """A request to cancel an order was sent."""
        ...


class DefaultInstrumentMarketData:
    """The best bid and ask, and the last traded price. Subclass it to add your own indicators.

    Of events with one stamp the later arrival counts (divergence 17). The close of a candle is a traded price, and where no level
    one is streamed the best levels of the order book are level one (divergence 18).

    Attributes:
        l1: The latest best bid and ask.
        last_traded_price: The price of the latest trade or candle, None before the first.

    Args:
        l1: To start with; by default none.
        last_traded_price: To start with.
        follows_books: Whether order books stand in where no level one is streamed.
    """

    __slots__ = ("_book", "_follows_books", "l1", "last_traded_price")

    def __init__(
        self,
        l1: OrderBookL1 | None = None,
        last_traded_price: Timed[Decimal] | None = None,
        *,
        follows_books: bool = True,
    ) -> None:
        self.l1: OrderBookL1 = OrderBookL1() if l1 is None else l1
        self.last_traded_price = last_traded_price
        self._follows_books = follows_books
        self._book: OrderBook | None = None

    def process(self, event: MarketEvent | AccountEvent, /) -> None:
        """Keep the latest traded price and level one; an event that is older than what is known changes nothing."""
        kind = event.kind
        if type(kind) is PublicTrade:
            traded = kind.price
        elif type(kind) is OrderBookL1:
            if self.l1.last_update_time <= event.time_exchange:  # type: ignore[union-attr] # only market events carry quotes
                self.l1, self._book, self._follows_books = kind, None, False
            return
        elif type(kind) is Candle:
            traded = kind.close
        else:
            if self._follows_books and isinstance(kind, OrderBookSnapshot | OrderBookUpdate):
                self._update_from_book(kind, event.time_exchange)  # type: ignore[union-attr] # nor books
            return
        time, last = event.time_exchange, self.last_traded_price  # type: ignore[union-attr] # nor trades of the market
        if last is None or last.time <= time:
            price = decimal_from_float(traded)
            if price is not None:
                self.last_traded_price = Timed(price, time)

    def _update_from_book(self, event: OrderBookEvent, time: datetime) -> None:
        book = self._book
        if book is None:
            if type(event) is not OrderBookSnapshot:
                return  # levels without the book that they change
            book = self._book = OrderBook()
        book.update(event)
        self.l1 = OrderBookL1(time, book.bids.best(), book.asks.best())

    def price(self) -> Decimal | None:
        """The micro price of level one, or else the last traded price."""
        price = self.l1.volume_weighed_mid_price()
        if price is not None:
            return price
        last = self.last_traded_price
        return None if last is None else last.value

    def record_in_flight_open(self, request: OrderRequestOpen, /) -> None:
        """Ignore the request."""

    def record_in_flight_cancel(self, request: OrderRequestCancel, /) -> None:
        """Ignore the request."""

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DefaultInstrumentMarketData)
            and self.l1 == other.l1
            and self.last_traded_price == other.last_traded_price
        )

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.l1!r}, {self.last_traded_price!r})"
