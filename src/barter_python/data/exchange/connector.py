"""What it takes to stream a venue's market data, all of it pure: names, requests, answers, messages.

A stream connects to `Connector.url`, sends `SubscriptionMeta.requests`, gives *every* message it receives to
`Connector.acknowledge` until all requests are accepted, and to `Transformer.transform` from the first message on, because venues
send data before they have acknowledged everything. A new connection needs a new transformer.

Rust origin: barter_data::exchange::{Connector, subscription}, barter_data::subscriber::mapper, barter_data::transformer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeAlias

from barter_python.data.exchange.named import DecodedMarketEvent
from barter_python.data.subscription import (
    MarketInstrumentData,
    SubKind,
    Subscription,
    SubscriptionId,
    UnsupportedSubscriptionError,
    instrument_key,
    instrument_kind,
)
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.market_data import MarketDataInstrument, MarketDataInstrumentKind

__all__ = [
    "DEFAULT_SUBSCRIPTION_TIMEOUT",
    "Accepted",
    "Acknowledgement",
    "Connector",
    "ExchangeSub",
    "PingInterval",
    "Refused",
    "StatelessTransformer",
    "SubscriptionMeta",
    "Transformer",
    "one_response",
    "subscription_meta",
]

DEFAULT_SUBSCRIPTION_TIMEOUT: Final = timedelta(seconds=10)
"""How long a venue may take to accept all requests."""


@dataclass(slots=True, frozen=True)
class ExchangeSub:
    """A subscription in the venue's words.

    Attributes:
        channel: For example `publicTrade`.
        market: For example `BTCUSDT`.
    """

    channel: str
    market: str

    def id(self) -> SubscriptionId:
        """`publicTrade|BTCUSDT`."""
        return SubscriptionId(f"{self.channel}|{self.market}")


@dataclass(slots=True, frozen=True)
class Accepted:
    """The venue accepted a request."""


@dataclass(slots=True, frozen=True)
class Refused:
    """The venue refused a request, or says that it cannot serve any.

    Attributes:
        reason: In the venue's words.
    """

    reason: str


Acknowledgement: TypeAlias = Accepted | Refused


@dataclass(slots=True, frozen=True)
class PingInterval:
    """A message that the venue expects while the connection lives, besides the pings of the websocket protocol.

    Attributes:
        interval: Time between two of them.
        ping: The message.
    """

    interval: timedelta
    ping: str


class Transformer(Protocol):
    """Turns the messages of one connection into events, and keeps what they depend on."""

    def transform(self, message: bytes, time_received: datetime) -> Sequence[DecodedMarketEvent]:
        """The events of a message, in order, the errors of bad entries among them; none for what is no market data.

        Raises:
            MarketDataError: The message is malformed; the next one may be fine.
            InvalidSequenceError: Messages were lost; a new connection is needed.
        """
        ...

    def on_snapshot(self, message: bytes, time_received: datetime, market: str) -> Sequence[DecodedMarketEvent]:
        """The events of the answer to `Connector.snapshot_url`: the book, and the updates that waited for it.

        Raises:
            MarketDataError: The message is malformed.
            InvalidSequenceError: Updates were lost between the snapshot and those that waited: request another one.
        """
        ...


class StatelessTransformer:
    """For venues whose messages stand for themselves."""

    __slots__ = ("_decode",)

    def __init__(self, decode: Callable[[bytes, datetime], Sequence[DecodedMarketEvent]]) -> None:
        self._decode = decode

    def transform(self, message: bytes, time_received: datetime) -> Sequence[DecodedMarketEvent]:
        """The events of a message; see `Transformer`."""
        return self._decode(message, time_received)

    def on_snapshot(self, message: bytes, time_received: datetime, market: str) -> Sequence[DecodedMarketEvent]:
        """Nothing: there are no snapshots to request."""
        return []


def _announces_nothing(message: bytes) -> bool:
    return False


@dataclass(slots=True, frozen=True)
class Connector:
    """One venue. Two servers of a venue are two connectors that share their functions.

    Attributes:
        exchange: The venue.
        url: Of the websocket.
        urls: Of the websocket for kinds of data that are not at `url`: the one to ask, and others that may have them instead.
        instrument_kinds: The instruments that can be streamed, by the class of their kind.
        channels: Channel of each kind of data that can be streamed of them.
        market: Market of a pair and kind. Instruments that carry the venue's name are subscribed under that.
        requests: Messages to send, from subscriptions and the time of sending (aware UTC), which some venues want to know.
        acknowledge: What a message says about the requests; None where it says nothing about them.
        subscription_id: Subscription that a message has data of; None where it has no data.
        transformer: Makes the transformer of a new connection.
        headers: Of the request that opens the websocket.
        expected_responses: How many `Accepted` to wait for.
        ping_interval: None where the pings of the websocket protocol are enough.
        snapshot_url: Where to get the book of a market once the connection is subscribed; None where the stream sends it.
        announces_end: Whether a message without data says that the venue is about to end the connection, or that the connection
            has to be made anew.
        subscription_timeout: How long all of that may take.
    """

    exchange: ExchangeId
    url: str
    instrument_kinds: Sequence[type[MarketDataInstrumentKind]]
    channels: Mapping[SubKind, str]
    market: Callable[[MarketDataInstrument], str]
    requests: Callable[[Sequence[ExchangeSub], datetime], list[str]]
    acknowledge: Callable[[bytes], Acknowledgement | None]
    subscription_id: Callable[[bytes], SubscriptionId | None]
    transformer: Callable[[], Transformer]
    urls: Mapping[SubKind, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    expected_responses: Callable[[Sequence[ExchangeSub]], int] = len
    ping_interval: PingInterval | None = None
    snapshot_url: Callable[[str], str] | None = None
    announces_end: Callable[[bytes], bool] = _announces_nothing
    subscription_timeout: timedelta = DEFAULT_SUBSCRIPTION_TIMEOUT

    def addresses(self, kind: SubKind) -> Sequence[str]:
        """The URLs of the websocket for this kind of data, the one to ask first."""
        return self.urls.get(kind, (self.url,))

    def at(self, url: str) -> Connector:
        """The same at one address."""
        return replace(self, url=url, urls={})

    def supported_sub_kinds(self, instrument_kind: MarketDataInstrumentKind) -> tuple[SubKind, ...]:
        """What can be streamed of instruments of this kind; empty where nothing can."""
        return tuple(self.channels) if type(instrument_kind) in self.instrument_kinds else ()

    def exchange_sub(self, subscription: Subscription[Any]) -> ExchangeSub:
        """The subscription in the venue's words.

        Raises:
            UnsupportedSubscriptionError: The venue cannot stream it.
        """
        kind = instrument_kind(subscription.instrument)
        supported = self.supported_sub_kinds(kind)
        if subscription.kind not in supported:
            raise UnsupportedSubscriptionError(self.exchange, kind, subscription.kind, supported)
        instrument = subscription.instrument
        if isinstance(instrument, MarketInstrumentData):
            market: str = instrument.name_exchange
        else:
            market = self.market(instrument.value if isinstance(instrument, Keyed) else instrument)
        return ExchangeSub(self.channels[subscription.kind], market)


@dataclass(slots=True, frozen=True)
class SubscriptionMeta:
    """What a connection has to send and to expect.

    Attributes:
        instrument_map: What events of each subscription carry: the instrument's key, or the instrument where it has none.
        exchange_subs: The subscriptions, each once, in their order.
        requests: The messages to send.
        headers: Of the request that opens the websocket.
        expected_responses: How many `Accepted` to wait for.
    """

    instrument_map: Mapping[SubscriptionId, Any]
    exchange_subs: Sequence[ExchangeSub]
    requests: Sequence[str]
    expected_responses: int


def subscription_meta(connector: Connector, subscriptions: Iterable[Subscription[Any]], time: datetime) -> SubscriptionMeta:
    """Prepare a connection. Subscriptions that are given twice are made once.

    Args:
        connector: The venue.
        subscriptions: Of this venue.
        time: Of sending, aware UTC.

    Raises:
        UnsupportedSubscriptionError: The venue cannot stream one of them.
        ConfigError: A subscription is of another venue, or two instruments have the same market.
    """
    instrument_map: dict[SubscriptionId, Any] = {}
    subs: dict[SubscriptionId, ExchangeSub] = {}
    for subscription in subscriptions:
        if subscription.exchange is not connector.exchange:
            expected = connector.exchange.value
            raise ConfigError(f"exchange of {subscription} is {subscription.exchange.value!r}, expected {expected!r}")
        sub = connector.exchange_sub(subscription)
        key = instrument_key(subscription.instrument)
        if instrument_map.setdefault(sub.id(), key) != key:
            raise ConfigError(f"market of {subscription} is {sub.market!r}, expected one that no other instrument has")
        subs[sub.id()] = sub
    exchange_subs = list(subs.values())
    return SubscriptionMeta(
        instrument_map, exchange_subs, connector.requests(exchange_subs, time), connector.expected_responses(exchange_subs)
    )


def one_response(subs: Sized) -> int:
    """For venues that answer a list of subscriptions once."""
    return 1 if len(subs) else 0
