"""Streams of several venues, by venue. Rust origin: barter_data::streams::{Streams, builder}.

async with await Streams.builder().subscribe([(BINANCE_SPOT, "btc", "usdt", Spot(), SubKind.PUBLIC_TRADES)]).init() as streams:
    async for event in streams.select_all().with_error_handler(print):
        ...
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self, TypeAlias

from barter_python.data.exchange.registry import validate
from barter_python.data.streams.consumer import MarketStreamResult
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.error import SubscriptionsEmptyError
from barter_python.data.streams.event_queue import EventQueue
from barter_python.data.streams.status import ConnectionStatus
from barter_python.data.streams.stream_set import StreamPlan, StreamSet
from barter_python.data.subscription import SubKind, Subscription
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.market_data import MarketDataInstrumentKind

__all__ = ["IntoSubscription", "MultiStreamBuilder", "StreamBuilder", "Streams", "by_exchange", "to_subscription"]

IntoSubscription: TypeAlias = Subscription[Any] | tuple[ExchangeId, str, str, MarketDataInstrumentKind, SubKind]
"""A subscription, or exchange, base, quote, kind of instrument and kind of data."""


def to_subscription(item: IntoSubscription) -> Subscription[Any]:
    """The subscription itself."""
    return item if isinstance(item, Subscription) else Subscription.of_pair(*item)


def by_exchange(subscriptions: Iterable[Subscription[Any]]) -> dict[ExchangeId, list[Subscription[Any]]]:
    """Subscriptions by venue, each once, in their order.

    Raises:
        UnsupportedSubscriptionError: A venue cannot stream one of them.
    """
    groups: dict[ExchangeId, list[Subscription[Any]]] = {}
    for subscription in dict.fromkeys(subscriptions):
        groups.setdefault(subscription.exchange, []).append(validate(subscription))
    return groups


class Streams:
    """Streams by venue. Use it with `async with`, or close it.

    Attributes:
        streams: The streams that nobody has selected.
    """

    __slots__ = ("_set",)

    def __init__(self, stream_set: StreamSet[ExchangeId]) -> None:
        self._set = stream_set

    @staticmethod
    def builder() -> StreamBuilder:
        """A builder without subscriptions."""
        return StreamBuilder()

    @staticmethod
    def builder_multi() -> MultiStreamBuilder:
        """A builder of builders."""
        return MultiStreamBuilder()

    @property
    def exchanges(self) -> tuple[ExchangeId, ...]:
        """The venues whose stream nobody has selected."""
        return self._set.keys

    @property
    def connections(self) -> tuple[ConnectionStatus, ...]:
        """What is known about each connection, kept up to date."""
        return self._set.connections

    def select(self, exchange: ExchangeId) -> EventQueue[MarketStreamResult] | None:
        """Take the stream of a venue; None where there is none, or it was taken before."""
        return self._set.take(exchange)

    def select_all(self) -> EventQueue[MarketStreamResult]:
        """Take all streams that are left, as one, in order of arrival."""
        return self._set.take_all()

    async def close(self) -> None:
        """Close all connections, and end all streams; may be called again."""
        await self._set.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class StreamBuilder:
    """Collects subscriptions. Unlike Rust's it takes all kinds of data, and several venues in one batch."""

    __slots__ = ("_plans",)

    def __init__(self) -> None:
        self._plans: list[StreamPlan[ExchangeId]] = []

    @property
    def plans(self) -> tuple[StreamPlan[ExchangeId], ...]:
        """The connections that `init` makes."""
        return tuple(self._plans)

    def subscribe(self, subscriptions: Iterable[IntoSubscription]) -> Self:
        """Add a batch. It gets one connection of its own for each venue in it.

        Raises:
            SubscriptionsEmptyError: The batch is empty.
            UnsupportedSubscriptionError: A venue cannot stream one of them.
        """
        groups = by_exchange(map(to_subscription, subscriptions))
        if not groups:
            raise SubscriptionsEmptyError
        self._plans += [StreamPlan(exchange, group) for exchange, group in groups.items()]
        return self

    async def init(
        self,
        environment: StreamEnvironment | None = None,
        settings: StreamSettings = StreamSettings(),  # noqa: B008 - immutable
    ) -> Streams:
        """Make all connections. Each goes on by itself from there.

        Args:
            environment: The world around, None for the real one.
            settings: Pauses and limits.

        Raises:
            SubscriptionsEmptyError: There is nothing to stream.
            SocketError: A venue cannot be reached, or refused. No connection is left open.
        """
        if not self._plans:
            raise SubscriptionsEmptyError
        return Streams(await StreamSet.open(self._plans, environment, settings))


class MultiStreamBuilder:
    """Collects builders, whose streams of one venue become one stream."""

    __slots__ = ("_builder",)

    def __init__(self) -> None:
        self._builder = StreamBuilder()

    def add(self, builder: StreamBuilder) -> Self:
        """Add a builder."""
        self._builder._plans += builder.plans
        return self

    async def init(
        self,
        environment: StreamEnvironment | None = None,
        settings: StreamSettings = StreamSettings(),  # noqa: B008 - immutable
    ) -> Streams:
        """Make all connections; see `StreamBuilder.init`."""
        return await self._builder.init(environment, settings)
