"""The real path: aiohttp on both sides, over sockets of this machine. The only tests that open sockets and take real time."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from tests.data.streams.venue import ACK, BINANCE, depth, snapshot, sub, trade, trade_ids
from tests.support.patience import PATIENCE_SECONDS

from barter_python.data.event import MarketReconnecting
from barter_python.data.exchange.binance.connector import BINANCE_SPOT
from barter_python.data.exchange.connector import Connector
from barter_python.data.streams.book_manager import init_multi_order_book_l2_manager
from barter_python.data.streams.builder import StreamBuilder, Streams
from barter_python.data.streams.environment import StreamEnvironment, StreamSettings
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.integration.backoff import ReconnectionBackoffPolicy
from barter_python.integration.error import (
    FrameSizeError,
    HttpError,
    HttpNotSentError,
    HttpTimeoutError,
    SinkError,
    SocketError,
    StaleError,
    TerminatedError,
    UrlError,
    WebSocketError,
)
from barter_python.integration.http import HttpRequest
from barter_python.integration.transport import Transport
from barter_python.integration.websocket import WebSocketLimits

pytestmark = [pytest.mark.loopback]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Talk = Callable[[web.WebSocketResponse, int], Awaitable[None]]
"""What the venue does on its nth connection, from 0."""

QUICK = StreamSettings(policy=ReconnectionBackoffPolicy(10, 2, 100, jitter=0.0), stale_after=timedelta(seconds=20))
LIMITS = WebSocketLimits(message_bytes_max=10_000, close_timeout=timedelta(seconds=0.2), connect_timeout=timedelta(seconds=2))
LOST = MarketReconnecting(BINANCE)


def open_sockets() -> int:
    links = []
    for fd in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{fd}"))
        except OSError:
            continue
    return sum(link.startswith("socket:") for link in links)


@pytest.fixture(autouse=True)
async def bounded_and_clean() -> AsyncIterator[None]:
    """Every test leaves neither tasks nor sockets."""
    before = open_sockets()
    yield
    gc.collect()  # what was left open warns now, and warnings are errors
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (open_sockets() != before or len(asyncio.all_tasks()) > 1) and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert open_sockets() == before


@asynccontextmanager
async def serve(tls: ssl.SSLContext | None = None, **handlers: Handler) -> AsyncIterator[int]:
    """A server whose paths are the names of the handlers. Yields its port."""
    app = web.Application()
    for name, handler in handlers.items():
        app.router.add_route("*", f"/{name}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def venue(talk: Talk) -> Handler:
    """Binance, as far as it accepts subscriptions."""
    count = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal count
        number, count = count, count + 1
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive_str()
        await socket.send_bytes(ACK)
        await talk(socket, number)
        return socket

    return handler


async def hold(socket: web.WebSocketResponse) -> None:
    """Stay open until the other side closes."""
    async for _ in socket:
        pass


def connector(port: int) -> Connector:
    return replace(
        BINANCE_SPOT,
        url=f"ws://127.0.0.1:{port}/ws",
        snapshot_url=lambda market: f"http://127.0.0.1:{port}/depth?symbol={market}",
    )


@asynccontextmanager
async def streaming(talk: Talk, settings: StreamSettings = QUICK) -> AsyncIterator[Streams]:
    async with serve(ws=venue(talk)) as port, Transport(limits=LIMITS) as transport:
        environment = StreamEnvironment.live(transport, lambda exchange: connector(port))
        async with await StreamBuilder().subscribe([sub()]).init(environment, settings) as streams:
            yield streams


async def take(streams: Streams, count: int) -> list[Any]:
    stream = streams.select(ExchangeId.BINANCE_SPOT)
    assert stream is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        return [await anext(stream) for _ in range(count)]


async def test_events_survive_a_connection_that_the_venue_closes() -> None:
    async def talk(socket: web.WebSocketResponse, number: int) -> None:
        await socket.send_bytes(trade(2 * number))
        await socket.send_str(trade(2 * number + 1).decode())
        if number == 0:
            await socket.close(code=1001, message=b"24 hours")
        await hold(socket)

    async with streaming(talk) as streams:
        events = await take(streams, 5)
        status = streams.connections[0]

    assert trade_ids(events) == ["0", "1", "2", "3"]
    assert events[2] == LOST
    assert TerminatedError(1001, "24 hours") == status.last_error
    assert status.connections == 2


async def reset(socket: web.WebSocketResponse) -> None:
    transport = socket._req.transport  # type: ignore[union-attr]
    assert transport is not None
    transport.abort()


async def send_too_much(socket: web.WebSocketResponse) -> None:
    await socket.send_bytes(b"x" * 20_000)
    await hold(socket)


async def say_nothing(socket: web.WebSocketResponse) -> None:
    await hold(socket)


BREAKS: dict[str, tuple[Callable[[web.WebSocketResponse], Awaitable[None]], type[SocketError]]] = {
    "reset": (reset, TerminatedError),
    "too large a message": (send_too_much, FrameSizeError),
    "silence": (say_nothing, StaleError),
}


@pytest.mark.parametrize(("break_", "error"), BREAKS.values(), ids=BREAKS)
async def test_events_survive_a_connection_that_breaks(
    break_: Callable[[web.WebSocketResponse], Awaitable[None]], error: type[SocketError]
) -> None:
    async def talk(socket: web.WebSocketResponse, number: int) -> None:
        await socket.send_bytes(trade(number))
        await (break_(socket) if number == 0 else hold(socket))

    async with streaming(talk, replace(QUICK, stale_after=timedelta(seconds=0.3))) as streams:
        events = await take(streams, 3)
        status = streams.connections[0]

    assert trade_ids(events) == ["0", "1"]
    assert events[1] == LOST
    assert isinstance(status.last_error, error)


async def test_books_come_from_snapshot_and_updates() -> None:
    async def talk(socket: web.WebSocketResponse, number: int) -> None:
        await socket.send_bytes(depth(10, 11, bid="100"))
        await hold(socket)

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.query["symbol"] == "BTCUSDT"
        return web.Response(body=snapshot(10))

    async with serve(ws=venue(talk), depth=answer) as port, Transport(limits=LIMITS) as transport:
        environment = StreamEnvironment.live(transport, lambda exchange: connector(port))
        batches = [[sub(SubKind.ORDER_BOOKS_L2)]]
        async with await init_multi_order_book_l2_manager(batches, environment, QUICK) as manager:
            running = asyncio.ensure_future(manager.run())
            [book] = manager.books.books.values()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while book.sequence != 11:
                    await asyncio.sleep(0.01)
        await running

    assert [level.price for level in book.bids.levels] == [100, 99]


async def test_headers_are_sent_with_the_request_for_a_connection() -> None:
    received: list[str | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        received.append(request.headers.get("X-Gate-Size-Decimal"))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await hold(socket)
        return socket

    async with serve(ws=handler) as port, Transport(limits=LIMITS) as transport:
        for headers in ({"X-Gate-Size-Decimal": "1"}, None):
            websocket = await transport.connect(f"ws://127.0.0.1:{port}/ws", headers)
            await websocket.close()

    assert received == ["1", None]


async def test_pings_of_the_venue_are_answered() -> None:
    answered = asyncio.Event()

    async def talk(socket: web.WebSocketResponse, number: int) -> None:
        await socket.ping(b"alive?")
        message = await socket.receive()
        assert (message.type, message.data) == (WSMsgType.PONG, b"alive?")
        answered.set()
        await hold(socket)

    async def handler(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await talk(socket, 0)
        return socket

    async with serve(ws=handler) as port, Transport(limits=LIMITS) as transport:
        websocket = await transport.connect(f"ws://127.0.0.1:{port}/ws")
        receiving = asyncio.ensure_future(websocket.receive())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await answered.wait()
        await websocket.close()
        with pytest.raises(TerminatedError):
            await receiving
        with pytest.raises(SinkError):
            await websocket.send("late")


async def test_a_venue_that_goes_on_talking_does_not_keep_a_connection_from_closing() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoclose=False)
        await socket.prepare(request)
        with suppress(ConnectionError):
            while True:
                await socket.send_str("more")
                await asyncio.sleep(0.01)
        return socket

    async with serve(ws=handler) as port, Transport(limits=LIMITS) as transport:
        websocket = await transport.connect(f"ws://127.0.0.1:{port}/ws")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await websocket.receive()
            await websocket.close()
        with pytest.raises(SinkError):
            await websocket.send("late")


async def redirect(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/elsewhere")


async def never_reached(request: web.Request) -> web.StreamResponse:
    raise AssertionError("a redirect was followed")


async def test_redirects_are_not_followed() -> None:
    """T14."""
    async with serve(moved=redirect, elsewhere=never_reached) as port, Transport(limits=LIMITS) as transport:
        response = await transport.execute(HttpRequest("GET", f"http://127.0.0.1:{port}", "/moved", "signature=canary"))
        assert response.status == 302
        with pytest.raises(UrlError, match=r"127\.0\.0\.1 redirects elsewhere, expected an answer"):
            await transport.connect(f"ws://127.0.0.1:{port}/moved?listenKey=canary")


async def test_a_refused_handshake_does_not_show_the_url() -> None:
    async def refuse(request: web.Request) -> web.StreamResponse:
        return web.Response(status=403)

    async with serve(ws=refuse) as port, Transport(limits=LIMITS) as transport:
        with pytest.raises(
            WebSocketError, match=r"cannot connect to 127\.0\.0\.1: WSServerHandshakeError: HTTP status 403"
        ) as caught:
            await transport.connect(f"ws://127.0.0.1:{port}/ws?listenKey=canary")
    assert "canary" not in str(caught.value)


async def test_a_request_carries_what_was_signed() -> None:
    seen: list[tuple[str, str, str | None, bytes]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((request.method, request.raw_path, request.headers.get("X-Key"), await request.read()))
        return web.Response(body=b"ok", headers={"X-Used-Weight": "7"})

    async with serve(order=answer) as port, Transport(limits=LIMITS) as transport:
        request = HttpRequest("POST", f"http://127.0.0.1:{port}", "/order", "a=b%2Fc+d&e=%7E", {"X-Key": "k"}, b"{}")
        response = await transport.execute(request)

    assert seen == [("POST", "/order?a=b%2Fc+d&e=%7E", "k", b"{}")]
    assert (response.status, response.body, response.headers["x-used-weight"]) == (200, b"ok", "7")


async def test_an_answer_has_a_time_limit_and_a_size_limit_after_decompression() -> None:
    """T13."""
    release = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        await release.wait()
        return web.Response()

    async def bomb(request: web.Request) -> web.StreamResponse:
        response = web.Response(body=b"0" * 1_000_000)
        response.enable_compression(web.ContentCoding.gzip)
        return response

    async with serve(slow=slow, bomb=bomb) as port, Transport(response_bytes_max=10_000) as transport:
        base_url = f"http://127.0.0.1:{port}"
        with pytest.raises(HttpTimeoutError, match=r"GET .*/slow: no answer within 0\.1 s"):
            await transport.execute(HttpRequest("GET", base_url, "/slow", "x=canary", timeout=timedelta(seconds=0.1)))
        with pytest.raises(HttpError, match="the answer is larger than 10000 bytes"):
            await transport.execute(HttpRequest("GET", base_url, "/bomb"))
        release.set()


async def test_a_request_that_the_venue_took_before_it_went_away_may_have_had_an_effect() -> None:
    """aiohttp sends a DELETE again on a new connection where one that it used before breaks."""
    seen: list[str] = []

    async def order(request: web.Request) -> web.StreamResponse:
        seen.append(request.method)
        if request.method == "DELETE":
            await site.stop()
            assert request.transport is not None
            request.transport.close()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/order", order)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with Transport() as transport:
        await transport.execute(HttpRequest("GET", base_url, "/order"))
        with pytest.raises(HttpError, match="ClientConnectorError") as failed:
            await transport.execute(HttpRequest("DELETE", base_url, "/order"))
    await runner.cleanup()

    assert ["GET", "DELETE"] == seen
    assert not isinstance(failed.value, HttpNotSentError)


async def test_without_a_connection_in_time_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as full:
        address = full.getsockname()
        async with Transport() as transport:  # nobody answers the handshake
            request = HttpRequest("POST", f"https://127.0.0.1:{address[1]}", "/order", timeout=timedelta(seconds=0.05))
            with pytest.raises(HttpNotSentError, match=r"/order: not connected within 0\.05 s"):
                await transport.execute(request)


async def test_a_venue_that_is_not_there_is_an_error() -> None:
    async with serve() as port:
        pass
    async with Transport(limits=LIMITS) as transport:
        with pytest.raises(HttpNotSentError, match="ClientConnectorError"):
            await transport.execute(HttpRequest("GET", f"http://127.0.0.1:{port}", "/"))
        with pytest.raises(WebSocketError, match="ClientConnectorError"):
            await transport.connect(f"ws://127.0.0.1:{port}/")
    await transport.close()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """T14."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"ok")

    async with serve(tls, x=answer) as port:
        request = HttpRequest("GET", f"https://127.0.0.1:{port}", "/x")
        async with Transport() as transport:
            with pytest.raises(HttpNotSentError, match="ClientConnectorCertificateError"):
                await transport.execute(request)
        async with Transport(tls=ssl.create_default_context(cafile=str(certificate))) as transport:
            assert (await transport.execute(request)).body == b"ok"
