"""Order books kept at home. Rust origin: barter_data::books::manager.

| a book | on a snapshot | on an update | on an interruption |
|---|---|---|---|
| waits for its snapshot: it is empty, its price None | starts | ignored | goes on waiting |
| is live | is replaced | is changed | is emptied, and waits |

The sequence of updates is checked where they come from: an update that does not follow ends the connection, which arrives here as
an interruption. A book whose best bid is not below its best ask is wrong whatever its numbers say: it is emptied, and its
connection is replaced.

Rust goes on quoting the old book of a lost connection.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Final, Generic, Self, TypeVar

from barter_python.data.book import OrderBook, OrderBookEvent, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.data.streams.book_map import OrderBookMap, OrderBookMapMulti
from barter_python.data.streams.builder import IntoSubscription, by_exchange, to_subscription
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.error import CrossedBookError, SubscriptionsEmptyError, UnsupportedSubKindError
from barter_python.data.streams.market_stream import MarketStreamItem
from barter_python.data.streams.status import ConnectionLost, ConnectionStatus
from barter_python.data.streams.stream_set import StreamPlan, StreamSet
from barter_python.data.subscription import SubKind, instrument_key
from barter_python.errors import BarterError, ConfigError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["OrderBookL2Manager", "OrderBookL2Streams", "init_multi_order_book_l2_manager"]

MapT = TypeVar("MapT", bound=OrderBookMap[Any])

_log: Final = logging.getLogger(__name__)


def _ignore(instrument: Any, error: BarterError) -> None:
    """For streams that nobody can ask for another snapshot."""


class OrderBookL2Manager(Generic[MapT]):
    """Applies the events of a stream to books.

    Args:
        stream: Events, interruptions and errors.
        books: The books, which are emptied now.
        resync: Called with the instrument of a crossed book and what is wrong with it; has to bring about another snapshot.

    Attributes:
        stream: The events.
        books: The books.
        crossed: Books that were crossed.
        interrupted: Live books that were emptied by an interruption.
        unknown: Events of instruments without a book.
    """

    __slots__ = ("_live", "_resync", "books", "crossed", "interrupted", "stream", "unknown")

    def __init__(
        self, stream: AsyncIterator[MarketStreamItem], books: MapT, resync: Callable[[Any, BarterError], object] = _ignore
    ) -> None:
        self.stream: AsyncIterator[MarketStreamItem] = stream
        self.books: MapT = books
        self.crossed = self.interrupted = self.unknown = 0
        self._resync = resync
        self._live: dict[Any, ExchangeId] = {}
        for key in list(books.keys()):
            self._empty(key)

    def is_live(self, instrument: Any) -> bool:
        """Whether the book of an instrument is that of the venue."""
        return instrument in self._live

    async def run(self) -> None:
        """Apply events until the stream ends."""
        async for item in self.stream:
            self.process(item)

    def process(self, item: MarketStreamItem) -> None:
        """Apply one event."""
        match item:
            case MarketEvent(kind=OrderBookSnapshot() | OrderBookUpdate() as event):
                self._update(item.instrument, item.exchange, event)
            case ConnectionLost(instruments=instruments):
                self._interrupt(instruments)
            case MarketReconnecting(exchange=exchange):
                self._interrupt([key for key, venue in self._live.items() if venue is exchange])
            case BarterError():
                _log.warning("order books: %s", item)
            case _:
                pass

    def _update(self, instrument: Any, exchange: ExchangeId, event: OrderBookEvent) -> None:
        book = self.books.find(instrument)
        if book is None:
            self.unknown += 1
            return
        if isinstance(event, OrderBookSnapshot):
            self._live[instrument] = exchange
        elif instrument not in self._live:
            return
        book.update(event)
        bid, ask = book.bids.best(), book.asks.best()
        if bid is not None and ask is not None and bid.price >= ask.price:
            self.crossed += 1
            error = CrossedBookError(str(instrument), bid.price, ask.price)
            _log.warning("%s: %s", exchange.value, error)
            self._empty(instrument)
            self._resync(instrument, error)

    def _interrupt(self, instruments: Iterable[Any]) -> None:
        for instrument in instruments:
            if instrument in self._live:
                self.interrupted += 1
                self._empty(instrument)

    def _empty(self, instrument: Any) -> None:
        """In place: whoever holds the book sees that it has no price."""
        self._live.pop(instrument, None)
        book = self.books.find(instrument)
        if book is not None:
            book.update(OrderBookSnapshot(OrderBook()))


class OrderBookL2Streams(OrderBookL2Manager[OrderBookMapMulti[Any]]):
    """A manager with its own connections. Use it with `async with`, or close it."""

    __slots__ = ("_set",)

    def __init__(self, stream_set: StreamSet[ExchangeId], books: OrderBookMapMulti[Any]) -> None:
        super().__init__(stream_set.take_all(), books, stream_set.reconnect)
        self._set = stream_set

    @property
    def connections(self) -> tuple[ConnectionStatus, ...]:
        """What is known about each connection, kept up to date."""
        return self._set.connections

    async def close(self) -> None:
        """Close all connections, which ends `run`; may be called again."""
        await self._set.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def init_multi_order_book_l2_manager(
    subscription_batches: Iterable[Iterable[IntoSubscription]],
    environment: StreamEnvironment | None = None,
    settings: StreamSettings = StreamSettings(),  # noqa: B008 - immutable
) -> OrderBookL2Streams:
    """Subscribe to order books; each batch gets one connection for each venue in it. The books fill once `run` runs.

    Raises:
        ConfigError: There is nothing to stream, or a venue cannot stream it, or a subscription is for something else.
        SocketError: A venue cannot be reached, or refused. No connection is left open.
    """
    plans: list[StreamPlan[ExchangeId]] = []
    venues: dict[Any, ExchangeId] = {}
    for batch in subscription_batches:
        for exchange, group in by_exchange(map(to_subscription, batch)).items():
            for subscription in group:
                if subscription.kind is not SubKind.ORDER_BOOKS_L2:
                    raise UnsupportedSubKindError(subscription.kind)
                key = instrument_key(subscription.instrument)
                if venues.setdefault(key, exchange) is not exchange:
                    raise ConfigError(
                        f"instrument {key} is of {venues[key].value} and {exchange.value}, expected one key for each book"
                    )
            plans.append(StreamPlan(exchange, group))
    if not plans:
        raise SubscriptionsEmptyError
    stream_set = await StreamSet.open(plans, environment, settings, on_lost=lambda lost: lost)
    return OrderBookL2Streams(stream_set, OrderBookMapMulti({key: OrderBook() for key in venues}))
