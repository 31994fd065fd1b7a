"""Streams whose events carry the indexes of the engine. Rust origin: barter_data::streams::builder::dynamic::indexed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Self

from barter_python.data.event import MarketStreamEvent
from barter_python.data.streams.builder import IntoSubscription, to_subscription
from barter_python.data.streams.dynamic import DynamicStreams
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.event_queue import EventQueue
from barter_python.data.streams.status import ConnectionStatus
from barter_python.data.subscription import MarketInstrumentData, SubKind, Subscription
from barter_python.errors import BarterError, InstrumentIndexError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.market_data import MarketDataInstrument, eq_market_data_instrument_kind

__all__ = [
    "IndexedMarketStream",
    "generate_indexed_market_data_subscription_batches",
    "index_market_data_subscription_batches",
    "init_indexed_multi_exchange_market_stream",
]

_log: Final = logging.getLogger(__name__)


class IndexedMarketStream:
    """The market data of a run: an asynchronous iterator of `MarketStreamEvent`. Use it with `async with`, or close it."""

    __slots__ = ("_events", "_streams")

    def __init__(self, streams: DynamicStreams, on_error: Callable[[BarterError], object]) -> None:
        self._streams = streams
        self._events: EventQueue[MarketStreamEvent] = streams.select_all().with_error_handler(on_error)

    @property
    def connections(self) -> tuple[ConnectionStatus, ...]:
        """What is known about each connection, kept up to date."""
        return self._streams.connections

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> MarketStreamEvent:
        return await anext(self._events)

    async def next_batch(self, count_max: int = 8192) -> list[MarketStreamEvent]:
        """Wait for events, and take up to so many; none at the end."""
        return await self._events.next_batch(count_max)

    async def close(self) -> None:
        """Close all connections, and end the stream; may be called again."""
        await self._streams.close()

    async def aclose(self) -> None:
        """The same as `close`, for `contextlib.aclosing` and those who close what they iterate over."""
        await self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def init_indexed_multi_exchange_market_stream(
    instruments: IndexedInstruments,
    sub_kinds: Sequence[SubKind],
    environment: StreamEnvironment | None = None,
    settings: StreamSettings = StreamSettings(),  # noqa: B008 - immutable
    on_error: Callable[[BarterError], object] | None = None,
) -> IndexedMarketStream:
    """Stream these kinds of data of all instruments.

    Args:
        instruments: All of them.
        sub_kinds: What to stream of each.
        environment: The world around, None for the real one.
        settings: Pauses and limits.
        on_error: Told about messages that could not be read and subscriptions that bring nothing; None writes them to the log.

    Raises:
        ConfigError: There is nothing to stream, or a venue cannot stream it.
        SocketError: A venue cannot be reached, or refused. No connection is left open.
    """
    batches = generate_indexed_market_data_subscription_batches(instruments, sub_kinds)
    streams = await DynamicStreams.init(batches, environment, settings)
    return IndexedMarketStream(streams, on_error or _warn)


def generate_indexed_market_data_subscription_batches(
    instruments: IndexedInstruments, sub_kinds: Sequence[SubKind]
) -> list[list[Subscription[MarketInstrumentData[InstrumentIndex]]]]:
    """Each of these kinds of data of each instrument: one batch for each venue, in the order of the venues."""
    batches: dict[ExchangeId, list[Subscription[MarketInstrumentData[InstrumentIndex]]]] = {}
    for keyed in instruments.instruments():
        exchange = keyed.value.exchange.value
        instrument = MarketInstrumentData.from_indexed(keyed)
        batches.setdefault(exchange, []).extend(Subscription(exchange, instrument, kind) for kind in sub_kinds)
    return [batches[exchange] for exchange in sorted(batches)]


def index_market_data_subscription_batches(
    instruments: IndexedInstruments, batches: Iterable[Iterable[IntoSubscription]]
) -> list[list[Subscription[Keyed[InstrumentIndex, MarketDataInstrument]]]]:
    """The same subscriptions with the indexes of their instruments.

    Raises:
        AssetIndexError: Base or quote is not indexed.
        InstrumentIndexError: No indexed instrument has this pair and kind.
    """
    return [[_indexed(instruments, to_subscription(subscription)) for subscription in batch] for batch in batches]


def _indexed(
    instruments: IndexedInstruments, subscription: Subscription[Any]
) -> Subscription[Keyed[InstrumentIndex, MarketDataInstrument]]:
    exchange, instrument = subscription.exchange, subscription.instrument
    base = instruments.find_asset_index(exchange, instrument.base)
    quote = instruments.find_asset_index(exchange, instrument.quote)
    for keyed in instruments.instruments():
        known = keyed.value
        if (
            known.exchange.value is exchange
            and (known.underlying.base, known.underlying.quote) == (base, quote)
            and eq_market_data_instrument_kind(known.kind, instrument.kind)
        ):
            return Subscription(exchange, Keyed(keyed.key, instrument), subscription.kind)
    raise InstrumentIndexError(f"instrument {str(instrument)!r} of {exchange.value!r} is not indexed, expected one that is")


def _warn(error: BarterError) -> None:
    _log.warning("market data: %s", error)
