"""Subscribing to the user data stream: signed by the venue's clock, and within its limits. Rust origin: none.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md#user-data-stream-requests
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final, Protocol

from barter_python.errors import Retry
from barter_python.execution.client.binance.config import BinanceSpotConfig
from barter_python.execution.client.binance.error import INVALID_TIMESTAMP, BinanceFailure, failure_of, held_back
from barter_python.execution.client.binance.message import SocketAnswer
from barter_python.execution.client.binance.rate_limit import Cost, RateLimits
from barter_python.execution.client.binance.rest import BinanceRest
from barter_python.execution.client.binance.signature import masked, signed_parameters
from barter_python.execution.client.binance.user_stream import METHOD, ask
from barter_python.integration.error import DeserialiseError
from barter_python.integration.rest_client import HttpTransport
from barter_python.integration.websocket import WebSocket

__all__ = ["BinanceTransport", "subscribe"]

_COST: Final = Cost(4)
"""Connecting costs 2, subscribing 2."""
_FIRST: Final = 1
_SECOND: Final = 2
_MILLISECOND: Final = timedelta(milliseconds=1)


class BinanceTransport(HttpTransport, Protocol):
    """Carries requests and opens websockets; `integration.transport.Transport` is one."""

    async def connect(self, url: str) -> WebSocket:
        """Open a websocket."""
        ...


async def subscribe(config: BinanceSpotConfig, rest: BinanceRest, transport: BinanceTransport) -> tuple[WebSocket, list[bytes]]:
    """A subscribed connection, and the messages that came before the answer.

    Raises:
        BinanceFailure: It is refused, held back, or not answered.
        WebSocketError: The connection fails.
        DeserialiseError: A message cannot be read.
    """
    reading = await rest.synchronise()
    if rest.limits.pause(_COST) > 0.0:
        raise held_back()
    rest.limits.begin(_COST)
    try:
        socket = await transport.connect(config.websocket_url)
    finally:
        rest.limits.end(_COST, None)
    try:
        answer, early = await _ask(config, socket, _FIRST, rest.time.now_ms)
        if answer.error is not None and answer.error.code == INVALID_TIMESTAMP:
            await rest.synchronise(than=reading)
            answer, more = await _ask(config, socket, _SECOND, rest.time.now_ms)
            early += more
        if answer.error is not None or answer.status != 200:
            raise _refused(answer, rest.limits, rest.time.now_ms())
    except BaseException:
        await socket.close()
        raise
    return socket, early


async def _ask(
    config: BinanceSpotConfig,
    socket: WebSocket,
    id: int,  # noqa: A002 - the venue's name
    now_ms: Callable[[], int],
) -> tuple[SocketAnswer, list[bytes]]:
    parameters = {"recvWindow": config.recv_window_ms, "timestamp": now_ms()}
    signed = signed_parameters(parameters, config.api_key, config.api_secret)
    secrets = (str(signed["apiKey"]), str(signed["signature"]))  # something on the way may echo what we sent
    try:
        async with asyncio.timeout(config.request_timeout.total_seconds()):
            answer, early = await ask(socket, id, METHOD, signed)
    except TimeoutError:
        raise BinanceFailure(f"{METHOD}: no answer in time", Retry.ONCE_KNOWN, is_timeout=True) from None
    except DeserialiseError as error:
        unreadable = DeserialiseError(error.problem, masked(error.payload, *secrets))
    else:
        if answer.error is not None:
            answer.error.msg = masked(answer.error.msg.encode(), *secrets).decode()
        return answer, early
    raise unreadable  # not from within: it would drag along what was received


def _refused(answer: SocketAnswer, limits: RateLimits, now_ms: int) -> BinanceFailure:
    code, reason = (None, "no reason given") if answer.error is None else (answer.error.code, answer.error.msg)
    failure = failure_of(answer.status, code, reason)
    if failure.is_rate_limit:
        until_ms = None if answer.error is None else answer.error.data.get("retryAfter")
        wait = (until_ms - now_ms) * _MILLISECOND if isinstance(until_ms, int) else None
        limits.block(answer.status, wait if wait is None or wait > timedelta() else None, orders_only=False)
    return failure
