"""Messages of a websocket. Rust origin: barter_integration::protocol::websocket, barter_integration::Message."""

from __future__ import annotations

from asyncio import timeout
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol, TypeAlias

import aiohttp

from barter_python.integration.error import FrameSizeError, SinkError, TerminatedError, WebSocketError

__all__ = [
    "AdminWs",
    "AiohttpWebSocket",
    "Close",
    "Payload",
    "Ping",
    "Pong",
    "WebSocket",
    "WebSocketLimits",
    "WsError",
    "parse",
]

_TEXT: Final = aiohttp.WSMsgType.TEXT
_TOO_BIG: Final = aiohttp.WSCloseCode.MESSAGE_TOO_BIG


class WebSocket(Protocol):
    """An open connection."""

    async def send(self, text: str) -> None:
        """Send a text message.

        Raises:
            SinkError: The connection is closed.
        """
        ...

    async def receive(self) -> bytes:
        """The next text or binary message. Pings are answered on the way.

        Raises:
            WebSocketError: There will be no more: the venue closed the connection, or it failed.
        """
        ...

    async def close(self) -> None:
        """Close the connection; may be called again."""
        ...


@dataclass(slots=True, frozen=True)
class WebSocketLimits:
    """What a connection may do.

    Attributes:
        message_bytes_max: Largest message, after decompression.
        heartbeat: Time between our pings; one that is not answered within half of it means that the connection has failed. None
            for no pings.
        connect_timeout: For name lookup, connection, encryption and the answer to the upgrade.
        close_timeout: How long to wait for the other side to close too.
    """

    message_bytes_max: int = 4 << 20
    heartbeat: timedelta | None = timedelta(seconds=20)
    connect_timeout: timedelta = timedelta(seconds=10)
    close_timeout: timedelta = timedelta(seconds=2)


@dataclass(slots=True, frozen=True)
class Payload:
    """A message for the application."""

    data: bytes


@dataclass(slots=True, frozen=True)
class Ping:
    """A sign of life that wants to be answered with the same bytes."""

    data: bytes


@dataclass(slots=True, frozen=True)
class Pong:
    """The answer to a ping."""

    data: bytes


@dataclass(slots=True, frozen=True)
class Close:
    """The other side closes the connection.

    Attributes:
        code: None where it is just gone.
        reason: May be empty.
    """

    code: int | None
    reason: str


@dataclass(slots=True, frozen=True)
class WsError:
    """The connection failed."""

    error: BaseException


AdminWs: TypeAlias = Ping | Pong | Close | WsError
"""What a connection says about itself."""


def parse(message: aiohttp.WSMessage) -> Payload | AdminWs:
    """What a message of aiohttp is. Rust: `WsParser`."""
    data = message.data
    match message.type:
        case aiohttp.WSMsgType.TEXT | aiohttp.WSMsgType.BINARY | aiohttp.WSMsgType.CONTINUATION:
            return Payload(data.encode() if isinstance(data, str) else bytes(data))
        case aiohttp.WSMsgType.PING:
            return Ping(bytes(data))
        case aiohttp.WSMsgType.PONG:
            return Pong(bytes(data))
        case aiohttp.WSMsgType.CLOSE:
            return Close(data, str(message.extra or ""))
        case aiohttp.WSMsgType.CLOSING | aiohttp.WSMsgType.CLOSED:
            return Close(None, "")
    return WsError(data)


class AiohttpWebSocket:
    """A `WebSocket` on aiohttp.

    Args:
        socket: Opened with `autoping=False`.
        limits: With which it was opened.
    """

    __slots__ = ("_limits", "_socket")

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, limits: WebSocketLimits) -> None:
        self._socket = socket
        self._limits = limits

    async def send(self, text: str) -> None:
        """Send a text message; see `WebSocket`."""
        if self._socket.closed:
            raise SinkError("a message cannot be sent, the connection is closed")
        try:
            await self._socket.send_str(text)
        except (ConnectionError, aiohttp.ClientError) as error:
            raise SinkError(f"a message cannot be sent: {type(error).__name__}") from error

    async def receive(self) -> bytes:
        """The next message; see `WebSocket`."""
        while True:
            received = await self._socket.receive()
            if received.type is _TEXT:  # almost all of them
                text: str = received.data
                return text.encode()
            match message := parse(received):
                case Payload():
                    return message.data
                case Ping():
                    await self._pong(message.data)
                case Pong():
                    pass
                case Close():
                    raise TerminatedError(message.code, message.reason)
                case WsError():
                    raise self._failure(message.error) from message.error

    async def close(self) -> None:
        """Close the connection; see `WebSocket`."""
        with suppress(TimeoutError):  # aiohttp begins to wait anew with each message that still comes
            async with timeout(self._limits.close_timeout.total_seconds()):
                await self._socket.close()

    async def _pong(self, data: bytes) -> None:
        try:
            await self._socket.pong(data)
        except (ConnectionError, aiohttp.ClientError) as error:
            raise SinkError(f"a ping cannot be answered: {type(error).__name__}") from error

    def _failure(self, error: BaseException) -> WebSocketError:
        if isinstance(error, aiohttp.WebSocketError) and error.code == _TOO_BIG:
            return FrameSizeError(self._limits.message_bytes_max)
        return WebSocketError(f"the connection failed: {type(error).__name__}: {error}")
