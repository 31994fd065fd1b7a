"""One list of subscriptions of one venue as one stream, over as many connections as the venue has addresses for it.

| a subscription brings nothing for longer than its kind allows | what follows |
|---|---|
| of a kind that is quiet by nature: liquidations | the status of its connection names it |
| of any other kind | its error is sent besides |
| and the venue has another address for it | it is asked for there too, over a connection on trial |
| the first that brings something for it | keeps it; what the other one brings is left out |
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final, NoReturn

from barter_python.data.event import MarketEvent
from barter_python.data.exchange.connector import Connector
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.streams.error import SilentSubscriptionError
from barter_python.data.streams.event_queue import EventQueue
from barter_python.data.streams.live_subscription import LiveSubscription, LiveSubscriptions
from barter_python.data.streams.market_stream import MarketOutlet, MarketStream, MarketStreamItem
from barter_python.data.streams.reconnect import ReconnectingStream, init_reconnecting_stream
from barter_python.data.streams.status import ConnectionLost, ConnectionState, ConnectionStatus
from barter_python.data.streams.watchdog import Watchdog
from barter_python.data.subscription import SubKind, Subscription
from barter_python.errors import BarterError, ConfigError, MarketDataError
from barter_python.integration.error import SocketError

__all__ = ["VenueStream"]

_log: Final = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 5.0
"""Time between two looks at what has come."""
_QUIET: Final = (SubKind.LIQUIDATIONS,)
"""Kinds of data that a healthy market may be without for hours."""


@dataclass(slots=True)
class _Part:
    """The subscriptions that one address serves.

    Attributes:
        url: The address.
        live: What was asked for.
        stream: The connections to it, one after the other.
        is_trial: Whether it was asked for because another address brought nothing.
        task: Forwards its events; None before it is forwarded.
    """

    url: str
    live: LiveSubscriptions
    stream: ReconnectingStream
    is_trial: bool = False
    task: asyncio.Task[None] | None = None

    @property
    def on_trial(self) -> tuple[LiveSubscription, ...]:
        """What was asked for in vain at another address, while all of it is undecided; nothing else."""
        rivals = tuple(live.rival for live in self.live.all if live.rival is not None)
        return rivals if self.is_trial and len(rivals) == len(self.live.all) else ()


class VenueStream:
    """A stream of market data of one venue. It goes on by itself, see `reconnect`."""

    __slots__ = ("_connector", "_environment", "_on_lost", "_parts", "_settings")

    def __init__(
        self,
        connector: Connector,
        environment: StreamEnvironment,
        settings: StreamSettings,
        on_lost: Callable[[ConnectionLost], MarketStreamItem],
    ) -> None:
        self._connector = connector
        self._environment = environment
        self._settings = settings
        self._on_lost = on_lost
        self._parts: list[_Part] = []

    @property
    def connections(self) -> tuple[ConnectionStatus, ...]:
        """What is known about each connection, kept up to date."""
        return tuple(part.stream.status for part in self._parts)

    async def open(self, subscriptions: Iterable[Subscription[Any]]) -> None:
        """Connect to each address that these subscriptions need. Where one fails, the others are closed.

        Raises:
            BarterError: See `init_market_stream`.
        """
        by_url: dict[str, list[LiveSubscription]] = {}
        for subscription in dict.fromkeys(subscriptions):
            url = self._connector.addresses(subscription.kind)[0]
            by_url.setdefault(url, []).append(LiveSubscription(subscription))
        opening: list[asyncio.Task[_Part]] = []
        try:
            async with asyncio.TaskGroup() as tasks:
                opening += [tasks.create_task(self._open(url, live)) for url, live in by_url.items()]
        except BaseException as error:
            await asyncio.gather(*(task.result().stream.close() for task in opening if _is_open(task)))
            raise error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error from None
        self._parts = [task.result() for task in opening]

    async def forward_to(self, outlet: MarketOutlet) -> NoReturn:
        """Send events for ever. Cancel it to end it; it leaves no connection open.

        Raises:
            Exception: Whatever is no failure of the environment.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                for part in self._parts:
                    part.task = tasks.create_task(part.stream.forward_to(outlet))
                tasks.create_task(self._watch(outlet, tasks))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            await self.close()
        raise AssertionError("a stream ends with the reason why")

    def abandon(self, instrument: Any, error: BarterError) -> None:
        """Replace the connections that carry an instrument, because of this error."""
        for part in self._parts:
            if instrument in part.stream.status.instruments:
                part.stream.abandon(error)

    async def close(self) -> None:
        """Close a stream that nobody forwards; may be called again."""
        for part in self._parts:
            await part.stream.close()

    async def _open(self, url: str, subscriptions: Sequence[LiveSubscription]) -> _Part:
        connector, environment, settings = self._connector.at(url), self._environment, self._settings
        live, status = LiveSubscriptions(connector, subscriptions), ConnectionStatus(connector.exchange)
        watchdog = Watchdog(_stale_after(live, settings), settings.stale_after_max.total_seconds(), environment.monotonic)
        init = partial(MarketStream.init, connector, live, environment, settings, watchdog, status)
        return _Part(url, live, await init_reconnecting_stream(init, status, self._on_lost, environment, settings))

    async def _watch(self, outlet: MarketOutlet, tasks: asyncio.TaskGroup) -> NoReturn:
        while True:
            await self._environment.sleep(_LOOK_SECONDS)
            self._end_parts([part for part in self._parts if all(live.is_dropped for live in part.live.all)])
            if outlet.queue.is_full:
                continue  # nobody listens: silence says nothing
            elsewhere: dict[str, list[LiveSubscription]] = {}
            for part in self._parts:
                for live in self._look(part, outlet):
                    url = self._other_address(live.subscription.kind, part.url)
                    if url is not None:
                        elsewhere.setdefault(url, []).append(live)
            for url, silent in elsewhere.items():
                await self._ask_too(url, silent, outlet, tasks)

    def _look(self, part: _Part, outlet: MarketOutlet) -> list[LiveSubscription]:
        """What has just become silent at an address, and is not on trial there. Tells it."""
        if part.stream.status.state is not ConnectionState.LIVE:
            return []
        silent = [live for live in part.live.look(_LOOK_SECONDS, self._settings.silence_max) if live.rival is None]
        part.stream.status.silent = part.live.silent
        for live in silent:
            kind = live.subscription.kind
            error = SilentSubscriptionError(live.subscription, timedelta(seconds=live.seconds))
            if kind in _QUIET:
                _log.info("%s", error)
            else:
                outlet.send(error)
        return silent

    def _other_address(self, kind: SubKind, url: str) -> str | None:
        addresses = self._connector.addresses(kind)
        following = addresses[(addresses.index(url) + 1) % len(addresses)]
        return None if following == url else following

    async def _ask_too(
        self, url: str, silent: Sequence[LiveSubscription], outlet: MarketOutlet, tasks: asyncio.TaskGroup
    ) -> None:
        """Put silent subscriptions on trial at another address, together with what is on trial there already."""
        trials = [part for part in self._parts if part.url == url and part.on_trial]
        asked = [*(live for part in trials for live in part.on_trial), *silent]
        self._end_parts(trials)
        rivals = [LiveSubscription(live.subscription) for live in asked]
        try:
            part = await self._open(url, rivals)
        except (SocketError, MarketDataError) as error:
            _log.warning("%s: cannot ask at another address: %s", self._connector.exchange.value, error)
            for live in asked:
                live.ask_again()
            return
        for live, rival in zip(asked, rivals, strict=True):
            live.compete_with(rival)
        part.is_trial = True
        part.task = tasks.create_task(self._try(part, outlet))
        self._parts.append(part)

    async def _try(self, part: _Part, outlet: MarketOutlet) -> None:
        try:
            await part.stream.forward_to(_TrialOutlet(outlet, part))
        except ConfigError as error:  # what is asked for is not there
            undecided = part.on_trial
            if not undecided:
                raise
            _log.warning("%s: another address cannot be used: %s", self._connector.exchange.value, error)
            self._parts.remove(part)
            for live in undecided:
                live.rival = None
                live.ask_again()

    def _end_parts(self, parts: Sequence[_Part]) -> None:
        for part in parts:
            self._parts.remove(part)
            if part.task is not None:
                part.task.cancel()  # which closes its connection


class _TrialOutlet:
    """An outlet of a connection that begins on trial: that it fails meanwhile interrupts nothing."""

    __slots__ = ("_outlet", "_part")

    def __init__(self, outlet: MarketOutlet, part: _Part) -> None:
        self._outlet = outlet
        self._part = part

    @property
    def queue(self) -> EventQueue[MarketStreamItem]:
        """What events wait in."""
        return self._outlet.queue

    def send(self, item: MarketStreamItem, /) -> None:
        """Add an event; anything else only once the trial is over."""
        if isinstance(item, MarketEvent) or not self._part.on_trial:
            self._outlet.send(item)


def _stale_after(live: LiveSubscriptions, settings: StreamSettings) -> float:
    """Seconds of silence that end a connection: a market may be without data of quiet kinds for long."""
    is_quiet = all(item.subscription.kind in _QUIET for item in live.all)
    return (settings.stale_after_max if is_quiet else settings.stale_after).total_seconds()


def _is_open(task: asyncio.Task[_Part]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
