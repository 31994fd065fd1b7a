"""Failures of connections and requests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from barter_python.errors import BarterError
from barter_python.integration.error import (
    DeserialiseError,
    ExchangeError,
    FrameSizeError,
    HttpError,
    HttpNotSentError,
    HttpResponseError,
    HttpTimeoutError,
    SinkError,
    SocketError,
    StaleError,
    SubscribeError,
    TerminatedError,
)

MESSAGES: dict[str, tuple[SocketError, bool, str]] = {
    "sink": (SinkError("closed"), True, "closed"),
    "terminated": (TerminatedError(1001, "bye"), True, "the connection was closed with code 1001: bye"),
    "broken off": (TerminatedError(None), True, "the connection was closed without a close frame"),
    "frame size": (FrameSizeError(10), True, "a message is larger than 10 bytes, expected at most that"),
    "stale": (StaleError(timedelta(seconds=1.5)), True, "nothing was received for 1.5 s, expected some message within that time"),
    "subscribe": (SubscribeError("refused"), True, "refused"),
    "http": (HttpError("down"), False, "down"),
    "http timeout": (HttpTimeoutError("GET x", timedelta(seconds=5)), False, "GET x: no answer within 5 s"),
    "http not sent": (HttpNotSentError("GET x: not connected"), False, "GET x: not connected"),
    "http response": (HttpResponseError(503, "sorry"), False, "HTTP status is 503, expected 2xx: sorry"),
    "deserialise": (DeserialiseError("no JSON", b"\xff<"), False, "no JSON: \\xff<"),
    "exchange": (ExchangeError("no such pair", -1121), False, "code -1121: no such pair"),
    "exchange without a code": (ExchangeError("no such pair"), False, "no such pair"),
}


@pytest.mark.parametrize(("error", "is_terminal", "message"), MESSAGES.values(), ids=MESSAGES)
def test_message_and_consequence(error: SocketError, is_terminal: bool, message: str) -> None:
    assert message == str(error)
    assert is_terminal is error.is_terminal
    assert isinstance(error, BarterError)


def test_what_a_venue_says_is_cut_short() -> None:
    for error in (HttpResponseError(500, "x" * 10_000), DeserialiseError("bad", b"x" * 10_000), ExchangeError("x" * 10_000)):
        assert len(str(error)) < 300
