"""What a venue's market is made of. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from barter_python.data.book import OrderBook, OrderBookEvent
from barter_python.data.event import MarketEvent
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.errors import MarketDataError
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["BOOK_TICKER", "DEPTH", "TRADE", "FeedMessage", "MarketFeed", "index_events", "indexes_by_name"]

TRADE: Final = "trade"
BOOK_TICKER: Final = "bookTicker"
DEPTH: Final = "depth"


@dataclass(slots=True)
class FeedMessage:
    """Something that happens on the market.

    Attributes:
        time: The venue's, aware UTC, never decreasing.
        symbol: The venue's name of the instrument.
        stream: `trade`, `bookTicker` or `depth`; empty for what no stream sends.
        text: What the stream sends, byte for byte.
        events: What orders are matched on.
        book: What happens to the order book that the venue shows; None where nothing does.
    """

    time: datetime
    symbol: str
    stream: str
    text: str
    events: list[MarketEvent]
    book: OrderBookEvent | None = None


class MarketFeed(Protocol):
    """A source of a venue's market, read once."""

    def open_books(self, instruments: IndexedInstruments) -> Mapping[str, OrderBook]:
        """The order books that the venue shows at first, by symbol; asked before the messages.

        Raises:
            MarketDataError: The source is unusable.
        """
        ...

    def messages(self, instruments: IndexedInstruments) -> Iterator[FeedMessage]:
        """All messages in order.

        Raises:
            MarketDataError: The source is unusable.
        """
        ...


def indexes_by_name(instruments: IndexedInstruments, exchange: object) -> dict[str, InstrumentIndex]:
    """The instruments of a venue, by its names."""
    return {
        str(keyed.value.name_exchange): keyed.key for keyed in instruments.instruments() if keyed.value.exchange.value is exchange
    }


def index_events(events: list[NamedMarketEvent], indexes: Mapping[str, InstrumentIndex]) -> list[MarketEvent]:
    """The same events under the indexes of their instruments.

    Raises:
        MarketDataError: An instrument does not trade at the venue.
    """
    found = []
    for event in events:
        index = indexes.get(str(event.instrument))
        if index is None:
            known = ", ".join(indexes) or "none"
            raise MarketDataError(f"instrument is {event.instrument!r}, expected one that trades at the venue: {known}")
        found.append(MarketEvent(event.time_exchange, event.time_received, event.exchange, index, event.kind))
    return found
