"""The user data stream of Binance spot: one connection to the WebSocket API, one subscription by signature. Rust origin: none.

Listen keys are gone: `POST /api/v3/userDataStream` and the streams they opened were removed on 2026-02-20. The method that took
their place needs no session, works with keys of type HMAC, and does not expire; the connection itself lives for 24 hours.

The stream ends, or raises, where the connection is lost, the venue ends it (`eventStreamTerminated`), or is about to shut down
(`serverShutdown`). Whoever reads it opens another one, and takes a snapshot of the account.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md#user-data-stream-requests,
https://github.com/binance/binance-spot-api-docs/blob/master/user-data-stream.md and, for the removal,
https://github.com/binance/binance-spot-api-docs/blob/master/CHANGELOG.md#2026-01-21
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from logging import getLogger
from typing import Final

import msgspec

from barter_python.errors import DecodeError
from barter_python.execution.account import AccountEvent
from barter_python.execution.client.binance.message import (
    AccountPosition,
    ExecutionReport,
    SocketAnswer,
    StreamEnd,
    StreamMessage,
    parse,
)
from barter_python.integration.error import DeserialiseError
from barter_python.integration.websocket import WebSocket

__all__ = ["METHOD", "UserStream", "ask"]

METHOD: Final = "userDataStream.subscribe.signature"

_LOG: Final = getLogger(__name__)


async def ask(
    socket: WebSocket,
    id: int,  # noqa: A002 - the venue's name
    method: str,
    params: Mapping[str, str | int],
) -> tuple[SocketAnswer, list[bytes]]:
    """Send a request.

    Returns:
        Its answer, and the messages that came before it.

    Raises:
        WebSocketError: The connection is lost.
        DeserialiseError: A message cannot be read.
    """
    await socket.send(msgspec.json.encode({"id": id, "method": method, "params": params}).decode())
    before: list[bytes] = []
    while True:
        message = await socket.receive()
        parsed = _parsed(message)
        if isinstance(parsed, SocketAnswer):
            if parsed.id == id:
                return parsed, before
        else:
            before.append(message)


class UserStream:
    """Account events, as they come. Iterate over it once, and close it.

    Args:
        socket: Subscribed.
        early: Messages that came already.
        translate: What a message means.
        on_close: Called when it was closed.
    """

    __slots__ = ("_early", "_events", "_is_ended", "_on_close", "_socket", "_translate")

    def __init__(
        self,
        socket: WebSocket,
        early: Iterable[bytes],
        translate: Callable[[ExecutionReport | AccountPosition], Awaitable[list[AccountEvent]]],
        on_close: Callable[[UserStream], None],
    ) -> None:
        self._socket = socket
        self._early = deque(early)
        self._events: deque[AccountEvent] = deque()
        self._translate = translate
        self._on_close = on_close
        self._is_ended = False

    def __aiter__(self) -> UserStream:
        return self

    async def __anext__(self) -> AccountEvent:
        """The next event.

        Raises:
            SocketError: The connection is lost, or a message cannot be read.
        """
        while not self._events:
            if self._is_ended:
                raise StopAsyncIteration
            message = self._early.popleft() if self._early else await self._socket.receive()
            await self._take(message)
        return self._events.popleft()

    async def aclose(self) -> None:
        """Read no more; may be called again."""
        self._is_ended = True
        self._early.clear()
        self._events.clear()
        self._on_close(self)
        await self._socket.close()

    async def _take(self, message: bytes) -> None:
        parsed = _parsed(message)
        if isinstance(parsed, StreamEnd):
            _LOG.warning("the venue ends the user data stream: %s", parsed.event)
            self._is_ended = True
        elif isinstance(parsed, ExecutionReport | AccountPosition):
            try:
                self._events.extend(await self._translate(parsed))
            except DecodeError as error:
                raise DeserialiseError(error.problem, message) from None


def _parsed(message: bytes) -> StreamMessage:
    try:
        return parse(message)
    except DecodeError as error:
        raise DeserialiseError(error.problem, message) from None
