"""One websocket of a client, seen from the venue. Rust origin: none."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from barter_python.rehearsal.binance_spot.config import RehearsalLimits

__all__ = ["Connection", "encode"]

_CLOSE_SECONDS = 0.2
"""How long the venue waits for the client's part of the closing handshake."""


class Connection:
    """Sends what is posted, in order; answers and sends pings.

    Args:
        request: To upgrade.
        limits: Of the venue.
        spawn: Runs something in the background until it is done.
    """

    def __init__(self, request: web.Request, limits: RehearsalLimits, spawn: Callable[[Any], None]) -> None:
        self._request = request
        self._limits = limits
        self._spawn = spawn
        self._socket = web.WebSocketResponse(autoping=False, compress=False, timeout=_CLOSE_SECONDS)
        self._outbox: deque[str] = deque()
        self._lock = asyncio.Lock()
        self._is_silent = False
        self._is_over = False
        self._pong_at = 0.0

    async def open(self) -> None:
        """Accept it."""
        await self._socket.prepare(self._request)

    async def serve(self, on_text: Callable[[str], str | None]) -> web.StreamResponse:
        """Talk until the connection ends; `on_text` answers a message of the client, None for no answer."""
        loop = asyncio.get_running_loop()
        self._pong_at = loop.time()
        pinging = asyncio.create_task(self._ping())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.PONG:
                    self._pong_at = loop.time()
                elif message.type is WSMsgType.PING:
                    if not self._is_silent:
                        await self._socket.pong(message.data)
                elif message.type is WSMsgType.TEXT:
                    answer = on_text(message.data)
                    if answer is not None:
                        self.post(answer)
                    await self.flush()
        except ConnectionError:
            pass
        finally:
            self._is_over = True
            pinging.cancel()
        return self._socket

    def post(self, text: str) -> None:
        """Send a text with the next `flush`; nothing on a connection that is silent or over."""
        if not self._is_silent and not self._is_over:
            self._outbox.append(text)

    async def flush(self) -> None:
        """Send what was posted. A client that does not read for too long is disconnected."""
        async with self._lock:
            while self._outbox and not self._is_over:
                try:
                    async with asyncio.timeout(self._limits.send_timeout.total_seconds()):
                        await self._socket.send_str(self._outbox.popleft())
                except (ConnectionError, RuntimeError):
                    self._is_over = True
                except TimeoutError:
                    self.abort()
            if self._is_over:
                self._outbox.clear()

    def go_silent(self) -> None:
        """Never send anything again."""
        self._is_silent = True
        self._outbox.clear()

    def abort(self) -> None:
        """Be gone, without a handshake."""
        self._is_over = True
        if self._request.transport is not None:
            self._request.transport.abort()

    def close(self) -> None:
        """End the connection in the background."""
        self._is_over = True
        self._spawn(self._close())

    async def _close(self) -> None:
        try:
            await self._socket.close(code=WSCloseCode.GOING_AWAY)
        except (ConnectionError, RuntimeError):
            self.abort()

    async def _ping(self) -> None:
        seconds, patience = self._limits.ping_interval.total_seconds(), self._limits.pong_timeout.total_seconds()
        loop, has_pinged = asyncio.get_running_loop(), False
        try:
            while True:
                await asyncio.sleep(seconds)
                if self._is_silent:
                    continue
                if has_pinged and loop.time() - self._pong_at > patience:
                    self.close()
                    return
                has_pinged = True
                await self._socket.ping(str(int(loop.time() * 1000)).encode())
        except (ConnectionError, RuntimeError):
            self._is_over = True


def encode(answer: object) -> str:
    """JSON."""
    return msgspec.json.encode(answer).decode()
