"""The venue: a server on this machine that speaks Binance spot. Rust origin: none."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import datetime
from types import TracebackType
from typing import Any, Final, TypeAlias

from aiohttp import web

from barter_python.errors import ConfigError
from barter_python.rehearsal.binance_spot.books import Books
from barter_python.rehearsal.binance_spot.config import RehearsalConfig
from barter_python.rehearsal.binance_spot.connection import Connection
from barter_python.rehearsal.binance_spot.delivery import Delivery, Effect, Outgoing
from barter_python.rehearsal.binance_spot.fault_plan import FaultPlan
from barter_python.rehearsal.binance_spot.faults import DropConnections, GoSilent, VenueChannel
from barter_python.rehearsal.binance_spot.ledger import Ledger
from barter_python.rehearsal.binance_spot.market_feed import FeedMessage, MarketFeed
from barter_python.rehearsal.binance_spot.market_view import MarketView
from barter_python.rehearsal.binance_spot.rate_limit import RateLimiter
from barter_python.rehearsal.binance_spot.rest import Call, RestAnswer, RestInterface
from barter_python.rehearsal.binance_spot.rest_faults import faulty_answer
from barter_python.rehearsal.binance_spot.signature import Gatekeeper
from barter_python.rehearsal.binance_spot.streams import StreamConnection
from barter_python.rehearsal.binance_spot.user_data import UserConnection
from barter_python.rehearsal.binance_spot.venue_time import VenueTime
from barter_python.timed import EPOCH

__all__ = ["RehearsalVenue"]

_SHUTDOWN_SECONDS: Final = 0.2

_AnyConnection: TypeAlias = StreamConnection | UserConnection


class RehearsalVenue:
    """Binance spot on a free port of this machine, with a market of yours. Use it within one event loop.

    Nothing happens on the market by itself: `step`, `advance` and `replay` let it go on, one of them at a time.

    Args:
        config: Account, limits and faults.
        feed: The market.

    Raises:
        ConfigError: The account or the schedule of faults is impossible.
    """

    def __init__(self, config: RehearsalConfig, feed: MarketFeed) -> None:
        self._config = config
        self._feed = feed
        self._ledger = Ledger(config.exchange, config.instruments)
        self._plan = FaultPlan(config.faults)
        self._deliveries = {channel: Delivery(channel, self._plan) for channel in VenueChannel}
        self._connections: dict[VenueChannel, list[_AnyConnection]] = {channel: [] for channel in VenueChannel}
        self._time = VenueTime()
        self._limiter = RateLimiter(config.limits)
        self._gatekeeper = Gatekeeper(
            config.api_key, config.api_secret, self._time.now, checks_timestamps=config.checks_timestamps
        )
        self._background: set[asyncio.Task[None]] = set()
        self._messages: Iterator[FeedMessage] = iter(())
        self._next: FeedMessage | None = None
        self._runner: web.AppRunner | None = None
        self._requests = 0

    async def __aenter__(self) -> RehearsalVenue:
        instruments = self._config.instruments
        books = self._feed.open_books(instruments)
        self._messages = self._feed.messages(instruments)
        self._next = next(self._messages, None)
        self._time.start(EPOCH if self._next is None else self._next.time)
        self._view = MarketView(self._ledger.instruments, books)
        self._rest = RestInterface(self._config, self._ledger, self._view, self._gatekeeper, self._limiter, self._time.now)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        try:
            await self._runner.setup()
            await web.TCPSite(self._runner, self._config.host, self._config.port).start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """End all connections, and let go of the port and of the market's files; may be called again."""
        self._time.end()
        for connections in self._connections.values():
            for connection in connections:
                connection.connection.close()
            connections.clear()
        while self._background:
            await asyncio.wait(self._background)
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
        close = getattr(self._messages, "close", None)
        if close is not None:
            close()

    @property
    def rest_url(self) -> str:
        """Without a slash at the end; paths begin with `/api/v3`."""
        return f"http://{self._address()}"

    @property
    def websocket_url(self) -> str:
        """Without a slash at the end; paths are `/ws`, `/ws/<stream>` and `/stream?streams=`."""
        return f"ws://{self._address()}"

    @property
    def websocket_api_url(self) -> str:
        """Of the interface with the stream of the account."""
        return f"ws://{self._address()}/ws-api/v3"

    def _address(self) -> str:
        if self._runner is None or not self._runner.addresses:
            raise ConfigError("the venue is not open, expected `async with` around its use")
        host, port = self._runner.addresses[0][:2]
        return f"{host}:{port}"

    @property
    def now(self) -> datetime:
        """The venue's time, aware UTC."""
        return self._time.now()

    @property
    def is_finished(self) -> bool:
        """Whether the market has come to its end."""
        return self._next is None

    @property
    def requests(self) -> int:
        """REST requests so far."""
        return self._requests

    def connections(self, channel: VenueChannel) -> int:
        """How many websockets are open."""
        return len(self._connections[channel])

    def books(self) -> Books:
        """Balances, orders and trades as the venue knows them."""
        return self._ledger.books(self._time.now())

    # The market goes on.

    async def step(self, messages: int = 1) -> int:
        """Let so many messages of the market happen; returns how many did, less only at the end of the market.

        All that they lead to has been written to the sockets when this returns.
        """
        done = 0
        while done < messages:
            message = self._next
            if message is None:
                for channel in VenueChannel:
                    self._apply(channel, self._deliveries[channel].finish())
                await self._flush()
                break
            self._take(message)
            await self._flush()
            self._next = next(self._messages, None)
            done += 1
        return done

    async def advance(self, until: datetime) -> int:
        """Let everything happen up to a venue time, and let it be that time; returns how many messages happened."""
        done = 0
        while self._next is not None and self._next.time <= until:
            done += await self.step()
        self._set_time(until)
        await self._flush()
        return done

    async def replay(self, speed: float | None = None) -> None:
        """Let the market go on to its end.

        Args:
            speed: How many times faster than it was; None for as fast as the clients read.

        Raises:
            ConfigError: The speed is not positive.
        """
        if speed is not None and not speed > 0:
            raise ConfigError(f"speed is {speed}, expected a positive number or None")
        if speed is not None:
            self._time.run(speed, lambda: EPOCH if self._next is None else self._next.time)
        try:
            while self._next is not None:
                await asyncio.sleep(0 if speed is None else self._time.seconds_until(self._next.time))
                await self.step()
            await self.step()
        finally:
            self._time.stop()

    def _take(self, message: FeedMessage) -> None:
        self._set_time(message.time)
        self._view.on_message(message)
        reports: list[Outgoing] = []
        for event in message.events:
            told = self._ledger.exchange.on_market(event)
            if told:
                reports += self._ledger.take(told, message.time)
        if message.stream:
            self._push(VenueChannel.MARKET, [Outgoing(message.symbol, message.stream, message.text)])
        self._push(VenueChannel.USER, reports)

    def _set_time(self, time: datetime) -> None:
        self._time.set(time)
        now = self._time.now()
        due = self._ledger.exchange.time_next
        if due is not None and due <= now:
            self._push(VenueChannel.USER, self._ledger.take(self._ledger.exchange.on_time(now), now))
        for channel in VenueChannel:
            self._apply(channel, self._deliveries[channel].on_time(self._time.elapsed()))

    # What is sent.

    def _push(self, channel: VenueChannel, messages: list[Outgoing]) -> None:
        for message in messages:
            self._apply(channel, self._deliveries[channel].push(message, self._time.elapsed()))

    def _apply(self, channel: VenueChannel, effects: list[Effect]) -> None:
        connections = self._connections[channel]
        for effect in effects:
            match effect:
                case Outgoing():
                    for connection in connections:
                        connection.post(effect)
                case GoSilent():
                    for connection in connections:
                        connection.connection.go_silent()
                case DropConnections():
                    for connection in connections:
                        if effect.is_abrupt:
                            connection.connection.abort()
                        else:
                            connection.connection.close()
                    connections.clear()

    async def _flush(self) -> None:
        for channel in VenueChannel:
            for connection in list(self._connections[channel]):
                await connection.connection.flush()

    # What clients do.

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/ws", self._on_market_socket)
        application.router.add_get("/ws/{streams:.*}", self._on_market_socket)
        application.router.add_get("/stream", self._on_market_socket)
        application.router.add_get("/ws-api/v3", self._on_user_socket)
        application.router.add_route("*", "/api/{rest:.*}", self._on_request)
        return application

    async def _on_market_socket(self, request: web.Request) -> web.StreamResponse:
        is_combined = request.path == "/stream"
        named = request.query.get("streams", "") if is_combined else request.match_info.get("streams", "")
        streams = [name for name in named.split("/") if name]
        connection = self._new_connection(request)
        return await self._serve(VenueChannel.MARKET, request, StreamConnection(connection, streams, is_combined=is_combined))

    async def _on_user_socket(self, request: web.Request) -> web.StreamResponse:
        connection = self._new_connection(request)
        user = UserConnection(connection, self._gatekeeper, self._limiter, self._time.now)
        return await self._serve(VenueChannel.USER, request, user)

    def _new_connection(self, request: web.Request) -> Connection:
        return Connection(request, self._config.limits, self._spawn)

    async def _serve(self, channel: VenueChannel, request: web.Request, connection: _AnyConnection) -> web.StreamResponse:
        if self._plan.refuses_connection(channel, self._time.elapsed()):
            return web.Response(status=503, text="Service Unavailable")
        await connection.connection.open()
        self._connections[channel].append(connection)
        try:
            return await connection.connection.serve(connection.on_text)
        finally:
            if connection in self._connections[channel]:
                self._connections[channel].remove(connection)

    async def _on_request(self, request: web.Request) -> web.StreamResponse:
        # The signature covers the query as it was sent, so it must not be normalised.
        path, _, query = request.raw_path.partition("?")
        body = (await request.read()).decode("utf-8", "surrogateescape")
        call = Call(request.method, path, query, body, request.headers.get("X-MBX-APIKEY"))
        self._requests += 1
        fault = self._plan.on_request(call.method, call.path, self._time.elapsed())

        async def act() -> RestAnswer:
            answer = self._rest.answer(call)
            self._push(VenueChannel.USER, answer.events)
            await self._flush()
            return answer

        response = await faulty_answer(fault, act, self._time)
        if response is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return response

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
