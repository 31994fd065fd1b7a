"""One connection, from its subscription to its loss. Rust origin: barter_data::{MarketStream, SnapshotFetcher, transformer}.

Rust emits what it received while subscribing before the order book snapshots, which then overwrite it. Here a transformer holds
book updates back until their snapshot is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NoReturn, Protocol, TypeAlias

from barter_python.data.book import OrderBookSnapshot
from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.data.exchange.connector import Connector, PingInterval, Transformer
from barter_python.data.exchange.named import DecodedMarketEvent
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.error import InitialSnapshotInvalidError, InitialSnapshotMissingError, is_terminal
from barter_python.data.streams.event_queue import EventQueue
from barter_python.data.streams.live_subscription import LiveSubscriptions
from barter_python.data.streams.status import ConnectionLost, ConnectionState, ConnectionStatus
from barter_python.data.streams.subscriber import Subscribed, subscribe
from barter_python.data.streams.watchdog import Watchdog
from barter_python.data.subscription import SubKind, SubscriptionId, UnidentifiableError, instrument_key
from barter_python.errors import BarterError, ConfigError, MarketDataError
from barter_python.integration.backoff import Backoff
from barter_python.integration.error import HttpResponseError, SocketError
from barter_python.integration.websocket import WebSocket

__all__ = ["MarketOutlet", "MarketStream", "MarketStreamItem", "schedule_pings_to_exchange"]

MarketStreamItem: TypeAlias = MarketEvent | MarketReconnecting | ConnectionLost | BarterError
"""What goes into queues: events, interruptions, messages that cannot be read, and subscriptions that bring nothing."""


class MarketOutlet(Protocol):
    """Where events go; `event_queue.Outlet` is one."""

    @property
    def queue(self) -> EventQueue[MarketStreamItem]:
        """What they wait in."""
        ...

    def send(self, item: MarketStreamItem, /) -> None:
        """Add an event."""
        ...


class MarketStream:
    """A subscribed connection. Its events carry what its subscriptions call their instruments: see `instrument_key`.

    Attributes:
        ending: Set when another connection should take its place, because the venue has said that this one will end.
        status: What is known about it.
        watchdog: Ends it when it is silent for too long.
    """

    __slots__ = (
        "_abandoned",
        "_books",
        "_connector",
        "_environment",
        "_live",
        "_settings",
        "_subscribed",
        "_transformer",
        "ending",
        "status",
        "watchdog",
    )

    def __init__(
        self,
        connector: Connector,
        subscribed: Subscribed,
        live: LiveSubscriptions,
        environment: StreamEnvironment,
        settings: StreamSettings,
        watchdog: Watchdog,
        status: ConnectionStatus,
    ) -> None:
        self._connector = connector
        self._subscribed = subscribed
        self._live = live
        self._environment = environment
        self._settings = settings
        self._abandoned: asyncio.Future[BarterError] = asyncio.get_running_loop().create_future()
        self._transformer: Transformer = connector.transformer()
        self._books: Sequence[SubscriptionId] = _books(connector, live)
        self.ending: asyncio.Event = asyncio.Event()
        self.watchdog: Watchdog = watchdog
        self.status: ConnectionStatus = status

    @classmethod
    async def init(
        cls,
        connector: Connector,
        live: LiveSubscriptions,
        environment: StreamEnvironment,
        settings: StreamSettings,
        watchdog: Watchdog,
        status: ConnectionStatus,
    ) -> MarketStream:
        """Connect and subscribe; see `subscribe` for what may be raised."""
        wanted = live.wanted
        subscribed = await subscribe(connector, wanted, environment, settings)
        stream = cls(connector, subscribed, live, environment, settings, watchdog, status)
        status.instruments = tuple(dict.fromkeys(instrument_key(subscription.instrument) for subscription in wanted))
        status.state, status.time_connected = ConnectionState.LIVE, environment.now()
        status.connections += 1
        return stream

    async def run(self, outlet: MarketOutlet) -> NoReturn:
        """Send events until the connection is lost. Messages that cannot be read are sent as their errors.

        Raises:
            SocketError: The connection failed, or was silent for too long.
            MarketDataError: Updates of a book were lost, or its snapshot cannot be had.
            ConfigError: The venue refuses a snapshot on the first connection.
        """
        self.watchdog.begin()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._read(outlet))
                tasks.create_task(self._raise_if_abandoned())
                tasks.create_task(self.watchdog.watch(self._environment.sleep))
                if self._connector.ping_interval is not None:
                    interval, websocket = self._connector.ping_interval, self._subscribed.websocket
                    tasks.create_task(schedule_pings_to_exchange(websocket, interval, self._environment.sleep))
                at_once = asyncio.Semaphore(self._settings.snapshots_at_once)
                for book in self._books:
                    tasks.create_task(self._start_book(book, at_once, outlet))
        except BaseExceptionGroup as group:
            raise _reason(group) from None
        raise AssertionError("a connection ends with the reason why")

    def abandon(self, error: BarterError) -> None:
        """Let `run` raise this error: somebody knows that the connection is of no use."""
        if not self._abandoned.done():
            self._abandoned.set_result(error)

    async def close(self) -> None:
        """Close the connection; may be called again."""
        await self._subscribed.websocket.close()

    async def _raise_if_abandoned(self) -> NoReturn:
        raise await self._abandoned

    async def _read(self, outlet: MarketOutlet) -> NoReturn:
        for received in self._subscribed.buffered:
            self._take(received.message, received.time, outlet)
        self._subscribed.buffered.clear()
        receive, now, status = self._subscribed.websocket.receive, self._environment.now, self.status
        while True:
            message = await receive()
            time = now()
            self.watchdog.heard()
            status.time_received = time
            self._take(message, time, outlet)
            if outlet.queue.is_full:
                self.watchdog.pause()
                await outlet.queue.room()
                self.watchdog.resume()

    def _take(self, message: bytes, time: datetime, outlet: MarketOutlet) -> None:
        self.status.messages += 1
        try:
            events = self._transformer.transform(message, time)
            if not events and self._connector.announces_end(message):
                self.ending.set()
        except MarketDataError as error:
            if is_terminal(error):
                raise
            self._report(error, outlet)
            return
        self._send(events, outlet)

    def _send(self, events: Sequence[DecodedMarketEvent], outlet: MarketOutlet) -> None:
        by_kind, send = self._live.by_kind, outlet.send
        for event in events:
            if isinstance(event, MarketDataError):
                self._report(event, outlet)
                continue
            live = by_kind[type(event.kind)].get(event.instrument)
            if live is None:
                self._report(UnidentifiableError(SubscriptionId(event.instrument)), outlet)
                continue
            if live.needs_look:
                if live.is_dropped:
                    continue
                if not (self._books and isinstance(event.kind, OrderBookSnapshot)):  # which was fetched, not sent
                    live.heard()
            send(MarketEvent(event.time_exchange, event.time_received, event.exchange, live.key, event.kind))

    def _report(self, error: BarterError, outlet: MarketOutlet) -> None:
        self.status.errors += 1
        self.status.last_error = error
        outlet.send(error)

    async def _start_book(self, book: SubscriptionId, at_once: asyncio.Semaphore, outlet: MarketOutlet) -> None:
        """Fetch the snapshot of a book until the updates that wait follow it."""
        market = book.rpartition("|")[2]
        environment = self._environment
        backoff = Backoff(self._settings.policy, environment.random)
        problem: BarterError | None = None
        for _ in range(self._settings.snapshot_attempts):
            if problem is not None:
                await environment.sleep(_pause(problem, backoff))
            try:
                async with at_once:
                    events = await self._fetch_snapshot(market)
            except (SocketError, MarketDataError) as error:
                if self.status.connections == 1 and _is_refused(error):  # it never worked: it is asked for what there is not
                    raise ConfigError(f"{self.status.exchange.value}: no order book of {market}: {error}") from error
                problem = error
            else:
                self._send(events, outlet)
                return
        kind = InitialSnapshotMissingError if isinstance(problem, SocketError) else InitialSnapshotInvalidError
        raise kind(book, str(problem)) from problem

    async def _fetch_snapshot(self, market: str) -> Sequence[DecodedMarketEvent]:
        assert self._connector.snapshot_url is not None
        message = await self._environment.fetch(self._connector.snapshot_url(market))
        return self._transformer.on_snapshot(message, self._environment.now(), market)


async def schedule_pings_to_exchange(
    websocket: WebSocket, ping_interval: PingInterval, sleep: Callable[[float], Awaitable[None]]
) -> NoReturn:
    """Send the venue's own pings, while the connection lives."""
    while True:
        await sleep(ping_interval.interval.total_seconds())
        await websocket.send(ping_interval.ping)


def _books(connector: Connector, live: LiveSubscriptions) -> list[SubscriptionId]:
    """The books whose snapshots have to be fetched."""
    if connector.snapshot_url is None:
        return []
    return [connector.exchange_sub(item).id() for item in live.wanted if item.kind is SubKind.ORDER_BOOKS_L2]


def _is_refused(error: BarterError) -> bool:
    """Whether it makes no difference to ask again."""
    return isinstance(error, HttpResponseError) and error.status in (400, 403, 404)


def _pause(problem: BarterError, backoff: Backoff) -> float:
    """Seconds before the next request: at least what the venue asks for."""
    pause = backoff.next_pause()
    asked = problem.retry_after if isinstance(problem, HttpResponseError) else None
    return pause if asked is None else max(pause, asked.total_seconds())


def _reason(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What ended a connection: a mistake in the program before a failure of the environment."""
    failures = group.exceptions
    return next((failure for failure in failures if not isinstance(failure, BarterError)), failures[0])
