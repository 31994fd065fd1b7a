"""Reconnecting streams of market data. Rust origin: barter_data::streams::consumer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.data.streams.environment import STREAM_RECONNECTION_POLICY, StreamEnvironment, StreamSettings
from barter_python.data.streams.error import SubscriptionsEmptyError
from barter_python.data.streams.market_stream import MarketStreamItem
from barter_python.data.streams.status import ConnectionLost
from barter_python.data.streams.venue_stream import VenueStream
from barter_python.data.subscription import SubKind, Subscription
from barter_python.errors import BarterError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["STREAM_RECONNECTION_POLICY", "MarketStreamResult", "StreamKey", "init_market_stream", "interruption"]

MarketStreamResult: TypeAlias = MarketEvent | MarketReconnecting | BarterError
"""What a stream yields: events, interruptions, and errors of messages that cannot be read or subscriptions that bring nothing."""


@dataclass(slots=True, frozen=True)
class StreamKey:
    """What a stream is called in logs.

    Attributes:
        stream: For example `market_stream`.
        exchange: The venue.
        kind: What it streams, None for several kinds.
    """

    stream: str
    exchange: ExchangeId
    kind: SubKind | None = None

    @classmethod
    def new_general(cls, stream: str, exchange: ExchangeId) -> StreamKey:
        """The name of a stream of several kinds."""
        return cls(stream, exchange)

    def __str__(self) -> str:
        kind = "" if self.kind is None else f"-{self.kind.as_str()}"
        return f"{self.stream}-{self.exchange.value}{kind}"


def interruption(lost: ConnectionLost) -> MarketReconnecting:
    """A lost connection as the engine is told."""
    return MarketReconnecting(lost.exchange)


async def init_market_stream(
    subscriptions: Sequence[Subscription[Any]],
    environment: StreamEnvironment,
    settings: StreamSettings = StreamSettings(),  # noqa: B008 - immutable
    on_lost: Callable[[ConnectionLost], MarketStreamItem] = interruption,
) -> VenueStream:
    """Connect to a venue and subscribe; the stream goes on by itself from there.

    Args:
        subscriptions: All of one venue.
        environment: The world around.
        settings: Pauses and limits.
        on_lost: The item to send when a connection is lost.

    Raises:
        SubscriptionsEmptyError: There is nothing to stream.
        ConfigError: There is no such data, subscriptions are of several venues, or two instruments have the same market.
        SocketError: The venue cannot be reached, or refused.
    """
    if not subscriptions:
        raise SubscriptionsEmptyError
    connector = environment.connector_of(subscriptions[0].exchange)
    stream = VenueStream(connector, environment, settings, on_lost)
    await stream.open(subscriptions)
    return stream
