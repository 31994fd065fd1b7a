"""Streams by kind of data and venue. Rust origin: barter_data::streams::builder::dynamic.

Each kind of data of each venue in each batch gets a connection of its own, so that a quiet kind does not wait behind a busy one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Self, TypeAlias

from barter_python.data.streams.builder import IntoSubscription, by_exchange, to_subscription
from barter_python.data.streams.consumer import MarketStreamResult
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.error import SubscriptionsEmptyError, UnsupportedSubKindError
from barter_python.data.streams.event_queue import EventQueue
from barter_python.data.streams.status import ConnectionStatus
from barter_python.data.streams.stream_set import StreamPlan, StreamSet
from barter_python.data.subscription import SubKind, Subscription
from barter_python.instrument.exchange import ExchangeId

__all__ = ["DynamicStreams", "StreamId", "validate_batches", "validate_subscriptions"]

StreamId: TypeAlias = tuple[SubKind, ExchangeId]

_KINDS: Final = (SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1, SubKind.ORDER_BOOKS_L2, SubKind.LIQUIDATIONS)


class DynamicStreams:
    """Streams of `MarketStreamResult` by kind of data and venue. Use it with `async with`, or close it."""

    __slots__ = ("_set",)

    def __init__(self, stream_set: StreamSet[StreamId]) -> None:
        self._set = stream_set

    @classmethod
    async def init(
        cls,
        subscription_batches: Iterable[Iterable[IntoSubscription]],
        environment: StreamEnvironment | None = None,
        settings: StreamSettings = StreamSettings(),  # noqa: B008 - immutable
    ) -> Self:
        """Make all connections. Each goes on by itself from there.

        Args:
            subscription_batches: What to stream.
            environment: The world around, None for the real one.
            settings: Pauses and limits.

        Raises:
            ConfigError: There is nothing to stream, or a venue cannot stream it.
            SocketError: A venue cannot be reached, or refused. No connection is left open.
        """
        plans = [plan for batch in validate_batches(subscription_batches) for plan in _plans(batch)]
        if not plans:
            raise SubscriptionsEmptyError
        return cls(await StreamSet.open(plans, environment, settings))

    @property
    def connections(self) -> tuple[ConnectionStatus, ...]:
        """What is known about each connection, kept up to date."""
        return self._set.connections

    @property
    def trades(self) -> tuple[ExchangeId, ...]:
        """The venues whose trades nobody has selected."""
        return self._exchanges(SubKind.PUBLIC_TRADES)

    @property
    def l1s(self) -> tuple[ExchangeId, ...]:
        """The venues whose best prices nobody has selected."""
        return self._exchanges(SubKind.ORDER_BOOKS_L1)

    @property
    def l2s(self) -> tuple[ExchangeId, ...]:
        """The venues whose order books nobody has selected."""
        return self._exchanges(SubKind.ORDER_BOOKS_L2)

    @property
    def liquidations(self) -> tuple[ExchangeId, ...]:
        """The venues whose liquidations nobody has selected."""
        return self._exchanges(SubKind.LIQUIDATIONS)

    def select_trades(self, exchange: ExchangeId) -> EventQueue[MarketStreamResult] | None:
        """Take the trades of a venue; None where there are none, or they were taken before."""
        return self._set.take((SubKind.PUBLIC_TRADES, exchange))

    def select_l1s(self, exchange: ExchangeId) -> EventQueue[MarketStreamResult] | None:
        """Take the best prices of a venue; None where there are none, or they were taken before."""
        return self._set.take((SubKind.ORDER_BOOKS_L1, exchange))

    def select_l2s(self, exchange: ExchangeId) -> EventQueue[MarketStreamResult] | None:
        """Take the order books of a venue; None where there are none, or they were taken before."""
        return self._set.take((SubKind.ORDER_BOOKS_L2, exchange))

    def select_liquidations(self, exchange: ExchangeId) -> EventQueue[MarketStreamResult] | None:
        """Take the liquidations of a venue; None where there are none, or they were taken before."""
        return self._set.take((SubKind.LIQUIDATIONS, exchange))

    def select_all_trades(self) -> EventQueue[MarketStreamResult]:
        """Take the trades of all venues, as one stream."""
        return self._select_kind(SubKind.PUBLIC_TRADES)

    def select_all_l1s(self) -> EventQueue[MarketStreamResult]:
        """Take the best prices of all venues, as one stream."""
        return self._select_kind(SubKind.ORDER_BOOKS_L1)

    def select_all_l2s(self) -> EventQueue[MarketStreamResult]:
        """Take the order books of all venues, as one stream."""
        return self._select_kind(SubKind.ORDER_BOOKS_L2)

    def select_all_liquidations(self) -> EventQueue[MarketStreamResult]:
        """Take the liquidations of all venues, as one stream."""
        return self._select_kind(SubKind.LIQUIDATIONS)

    def select_all(self) -> EventQueue[MarketStreamResult]:
        """Take all that is left, as one stream in order of arrival."""
        return self._set.take_all()

    async def close(self) -> None:
        """Close all connections, and end all streams; may be called again."""
        await self._set.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _exchanges(self, kind: SubKind) -> tuple[ExchangeId, ...]:
        return tuple(exchange for key, exchange in self._set.keys if key is kind)

    def _select_kind(self, kind: SubKind) -> EventQueue[MarketStreamResult]:
        return self._set.take_all([key for key in self._set.keys if key[0] is kind])


def validate_batches(batches: Iterable[Iterable[IntoSubscription]]) -> list[list[Subscription[Any]]]:
    """Check each batch; see `validate_subscriptions`."""
    return [validate_subscriptions(batch) for batch in batches]


def validate_subscriptions(batch: Iterable[IntoSubscription]) -> list[Subscription[Any]]:
    """A batch sorted by venue and kind of data, each subscription once.

    Raises:
        UnsupportedSubscriptionError: A venue cannot stream one of them.
        UnsupportedSubKindError: There are no streams of this kind of data.
    """
    subscriptions = [subscription for group in by_exchange(map(to_subscription, batch)).values() for subscription in group]
    for subscription in subscriptions:
        if subscription.kind not in _KINDS:
            raise UnsupportedSubKindError(subscription.kind)
    return sorted(subscriptions, key=lambda subscription: (subscription.exchange, _KINDS.index(subscription.kind)))


def _plans(batch: list[Subscription[Any]]) -> list[StreamPlan[StreamId]]:
    groups: dict[StreamId, list[Subscription[Any]]] = {}
    for subscription in batch:
        groups.setdefault((subscription.kind, subscription.exchange), []).append(subscription)
    return [StreamPlan(key, group) for key, group in groups.items()]
