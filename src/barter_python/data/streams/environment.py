"""All that a stream needs of the world around it, passed in: connections, time, chance."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from barter_python.data.exchange.connector import Connector
from barter_python.data.exchange.registry import CONNECTORS, connector_of
from barter_python.data.subscription import SubKind
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId
from barter_python.integration.backoff import ConnectBudget, ReconnectionBackoffPolicy
from barter_python.integration.error import HttpResponseError
from barter_python.integration.http import HttpRequest
from barter_python.integration.transport import Transport
from barter_python.integration.websocket import WebSocket

__all__ = ["STREAM_RECONNECTION_POLICY", "StreamEnvironment", "StreamSettings", "venue_hosts"]

STREAM_RECONNECTION_POLICY: Final = ReconnectionBackoffPolicy(125, 2, 60_000)
"""Rust's default: 125 ms, doubled up to a minute."""

_CONNECTIONS_MAX: Final = 250
_CONNECTIONS_PERIOD: Final = timedelta(minutes=5)
"""Binance allows 300 connections of one address in five minutes; no venue is known to allow fewer."""


_SILENCE_MAX: Final = {
    SubKind.PUBLIC_TRADES: timedelta(minutes=2),
    SubKind.ORDER_BOOKS_L1: timedelta(minutes=1),
    SubKind.ORDER_BOOKS_L2: timedelta(minutes=1),
    SubKind.LIQUIDATIONS: timedelta(hours=1),
}


@dataclass(slots=True, frozen=True)
class StreamSettings:
    """How to stream.

    Attributes:
        policy: Pauses between connections.
        stale_after: A connection that is silent for this long is taken for dead, unless the market is known to be quieter.
        stale_after_max: However quiet the market is.
        silence_max: How long a subscription may bring nothing on a live connection, by the kind of its data, unless its market is
            known to be quieter. Longer silence is told, and what is silent is asked for at another address too where
            the venue has one. Kinds without a limit may be silent for ever.
        request_pause: Between two requests to a venue; Binance allows 5 in a second.
        snapshot_attempts: Requests for an order book, until the connection is given up.
        snapshots_at_once: Requests for order books of one connection at the same time.
        rotate_after: Age at which a connection is replaced, before the venue cuts it (Binance: 24 h). None: never.
        overlap: How long the old connection goes on beside its replacement.
        backlog_max: Events that may wait for the consumer; then no more are read from the connection.
    """

    policy: ReconnectionBackoffPolicy = STREAM_RECONNECTION_POLICY
    stale_after: timedelta = timedelta(seconds=60)
    stale_after_max: timedelta = timedelta(hours=1)
    silence_max: Mapping[SubKind, timedelta] = field(default_factory=lambda: dict(_SILENCE_MAX))
    request_pause: timedelta = timedelta(milliseconds=250)
    snapshot_attempts: int = 6
    snapshots_at_once: int = 4
    rotate_after: timedelta | None = timedelta(hours=23)
    overlap: timedelta = timedelta(seconds=1)
    backlog_max: int = 1 << 17

    def __post_init__(self) -> None:
        for name in ("snapshot_attempts", "snapshots_at_once", "backlog_max"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} is {getattr(self, name)}, expected at least 1")
        if not timedelta(0) < self.stale_after <= self.stale_after_max:
            raise ConfigError(f"stale_after is {self.stale_after}, expected more than 0 and at most {self.stale_after_max}")
        for kind, silence in self.silence_max.items():
            if silence <= timedelta(0):
                raise ConfigError(f"silence_max of {kind} is {silence}, expected more than 0")
        if self.rotate_after is not None and self.rotate_after <= self.overlap:
            raise ConfigError(f"rotate_after is {self.rotate_after}, expected more than the overlap of {self.overlap}")


@dataclass(slots=True, frozen=True)
class StreamEnvironment:
    """The world around a stream.

    Attributes:
        connect: Opens a websocket at a URL, with headers.
        fetch: Gets the body of a document, for order book snapshots.
        now: The time, aware UTC, with which events are stamped when they are received.
        monotonic: Seconds from a clock that never goes back.
        sleep: Waits for so many seconds.
        random: A number from 0 to 1.
        connector_of: The connector of a venue.
    """

    connect: Callable[[str, Mapping[str, str]], Awaitable[WebSocket]]
    fetch: Callable[[str], Awaitable[bytes]]
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    random: Callable[[], float]
    connector_of: Callable[[ExchangeId], Connector] = connector_of

    @classmethod
    def live(cls, transport: Transport, connector_of: Callable[[ExchangeId], Connector] = connector_of) -> StreamEnvironment:
        """Real connections and real time. The transport stays yours to close."""
        budget = ConnectBudget(_CONNECTIONS_MAX, _CONNECTIONS_PERIOD, time.monotonic, asyncio.sleep)

        async def connect(url: str, headers: Mapping[str, str]) -> WebSocket:
            await budget.spend(urlsplit(url).hostname or "")
            return await transport.connect(url, headers)

        async def fetch(url: str) -> bytes:
            parts = urlsplit(url)
            response = await transport.execute(HttpRequest("GET", f"{parts.scheme}://{parts.netloc}", parts.path, parts.query))
            if not response.is_success:
                text = response.body.decode("utf-8", "backslashreplace")
                raise HttpResponseError(response.status, text, response.retry_after())
            return response.body

        def now() -> datetime:
            return datetime.now(UTC)

        return cls(connect, fetch, now, time.monotonic, asyncio.sleep, random.Random().random, connector_of)


def venue_hosts() -> frozenset[str]:
    """The hosts of all venues whose market data can be streamed."""
    urls = [url for connector in CONNECTORS.values() for kind in connector.channels for url in connector.addresses(kind)]
    urls += [connector.snapshot_url("X") for connector in CONNECTORS.values() if connector.snapshot_url is not None]
    return frozenset(host for url in urls if (host := urlsplit(url).hostname))
