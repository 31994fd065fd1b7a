"""What a websocket message is, and what becomes of it, without sockets."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from barter_python.integration.error import FrameSizeError, SinkError, TerminatedError, WebSocketError
from barter_python.integration.websocket import (
    AdminWs,
    AiohttpWebSocket,
    Close,
    Payload,
    Ping,
    Pong,
    WebSocketLimits,
    WsError,
    parse,
)

FAILURE = aiohttp.ClientConnectionError("connection closed")


def message(kind: aiohttp.WSMsgType, data: Any = None, extra: Any = None) -> aiohttp.WSMessage:
    return aiohttp.WSMessage(kind, data, extra)


TEXT, BINARY = message(aiohttp.WSMsgType.TEXT, "hello"), message(aiohttp.WSMsgType.BINARY, b"\x01\x02")
PING, PONG = message(aiohttp.WSMsgType.PING, b"ping"), message(aiohttp.WSMsgType.PONG, b"pong")
CLOSE, CLOSED = message(aiohttp.WSMsgType.CLOSE, 1000, "bye"), message(aiohttp.WSMsgType.CLOSED)
ERROR = message(aiohttp.WSMsgType.ERROR, FAILURE)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(TEXT, Payload(b"hello"), id="text"),
        pytest.param(BINARY, Payload(b"\x01\x02"), id="binary"),
        pytest.param(PING, Ping(b"ping"), id="ping"),
        pytest.param(PONG, Pong(b"pong"), id="pong"),
        pytest.param(CLOSE, Close(1000, "bye"), id="close"),
        pytest.param(CLOSED, Close(None, ""), id="closed"),
        pytest.param(ERROR, WsError(FAILURE), id="error"),
    ],
)
def test_parse(raw: aiohttp.WSMessage, expected: Payload | AdminWs) -> None:
    assert expected == parse(raw)


class FakeSocket:
    """Stands for a websocket of aiohttp."""

    def __init__(self, *messages: aiohttp.WSMessage, send_error: Exception | None = None) -> None:
        self.messages = list(messages)
        self.send_error = send_error
        self.sent: list[tuple[str, object]] = []
        self.closed = False

    async def receive(self) -> aiohttp.WSMessage:
        return self.messages.pop(0)

    async def send_str(self, text: str) -> None:
        self._sent("text", text)

    async def pong(self, data: bytes) -> None:
        self._sent("pong", data)

    async def close(self) -> None:
        self.closed = True

    def _sent(self, kind: str, data: object) -> None:
        if self.send_error is not None:
            raise self.send_error
        self.sent.append((kind, data))


def websocket(socket: FakeSocket) -> AiohttpWebSocket:
    wrapped: Any = socket
    return AiohttpWebSocket(wrapped, WebSocketLimits(message_bytes_max=100))


async def test_pings_are_answered_on_the_way_to_the_next_message() -> None:
    socket = FakeSocket(PONG, PING, TEXT, BINARY)

    assert await websocket(socket).receive() == b"hello"
    assert socket.sent == [("pong", b"ping")]
    assert await websocket(socket).receive() == b"\x01\x02"


ENDS: dict[str, tuple[aiohttp.WSMessage, WebSocketError]] = {
    "close": (CLOSE, TerminatedError(1000, "bye")),
    "closed": (CLOSED, TerminatedError(None)),
    "error": (ERROR, WebSocketError("the connection failed: ClientConnectionError: connection closed")),
    "too big": (message(aiohttp.WSMsgType.ERROR, aiohttp.WebSocketError(1009, "big")), FrameSizeError(100)),
}


@pytest.mark.parametrize(("end", "error"), ENDS.values(), ids=ENDS)
async def test_the_end_is_an_error_that_says_why(end: aiohttp.WSMessage, error: WebSocketError) -> None:
    with pytest.raises(type(error)) as caught:
        await websocket(FakeSocket(end)).receive()
    assert error == caught.value


async def test_text_is_sent_until_the_connection_is_closed() -> None:
    socket = FakeSocket()
    await websocket(socket).send("hello")
    await websocket(socket).close()

    assert socket.sent == [("text", "hello")]
    with pytest.raises(SinkError, match="a message cannot be sent, the connection is closed"):
        await websocket(socket).send("hello")


async def test_a_connection_that_breaks_while_sending_is_closed() -> None:
    socket = FakeSocket(PING, send_error=aiohttp.ClientConnectionResetError("reset"))

    with pytest.raises(SinkError, match="a message cannot be sent: ClientConnectionResetError"):
        await websocket(socket).send("hello")
    with pytest.raises(SinkError, match="a ping cannot be answered"):
        await websocket(socket).receive()
