"""The other side of the measurement: it sends the market, and notes when orders arrive, in the same few steps for every client.

It speaks as much of Binance spot as the client of this project needs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from types import TracebackType

import msgspec
from aiohttp import WSMsgType, web

from benchmarks.latency.answers import ANSWERS, account_events, filled
from benchmarks.latency.market import Message


class Venue:
    """A server on a free port of this machine.

    Attributes:
        sent: When each trade was sent, in nanoseconds of `time.perf_counter_ns`, a clock that all processes of a machine share.
        arrived: When the order for it, or its echo, was here.
    """

    def __init__(self) -> None:
        self.sent: dict[str, int] = {}
        self.arrived: dict[str, int] = {}
        self._streams: dict[str, web.WebSocketResponse] = {}
        self._user: web.WebSocketResponse | None = None
        self._runner = web.ServerRunner(web.Server(self._handle), access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Venue:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._runner.cleanup()

    @property
    def address(self) -> str:
        """Host and port."""
        host, port = self._runner.addresses[0][:2]
        return f"{host}:{port}"

    async def play(self, messages: Iterable[Message]) -> None:
        """Send each message when it is due. It never sleeps: how late the machine wakes a sleeper is not to be measured."""
        start = time.perf_counter()
        for message in messages:
            while time.perf_counter() - start < message.due:
                await asyncio.sleep(0)
            socket = self._streams[message.stream]
            if message.id is not None:
                self.sent[message.id] = time.perf_counter_ns()
            await socket.send_str(message.text)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "POST":
            await request.read()
            return await self._take(request, time.perf_counter_ns())
        if request.path == "/ws":
            return await self._serve_market(request)
        if request.path == "/ws-api/v3":
            return await self._serve_account(request)
        return _json({"serverTime": _now_ms()} if request.path == "/api/v3/time" else ANSWERS[request.path])

    async def _serve_market(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            now = time.perf_counter_ns()
            if message.type is WSMsgType.TEXT and message.data.startswith("{"):
                wanted = msgspec.json.decode(message.data)
                self._streams.update(dict.fromkeys(wanted["params"], socket))
                await socket.send_str(f'{{"result":null,"id":{wanted["id"]}}}')
            elif message.type is WSMsgType.TEXT:
                self.arrived[message.data] = now
        return socket

    async def _serve_account(self, request: web.BaseRequest) -> web.StreamResponse:
        self._user = socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_str(f'{{"id":{msgspec.json.decode(message.data)["id"]},"status":200,"result":{{}}}}')
        return socket

    async def _take(self, request: web.BaseRequest, now: int) -> web.StreamResponse:
        wanted, time_ms = request.query, _now_ms()
        self.arrived[wanted["newClientOrderId"]] = now
        if self._user is not None:
            for event in account_events(wanted, time_ms):
                await self._user.send_str(msgspec.json.encode({"subscriptionId": 0, "event": event}).decode())
        return _json(filled(wanted, time_ms))


def _json(value: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
