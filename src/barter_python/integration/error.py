"""Failures of connections and requests. Rust origin: barter_integration::error.

    SocketError
    ├── WebSocketError          the connection failed, or what came over it is no message
    │   ├── SinkError           nothing can be sent any more
    │   ├── TerminatedError     the venue closed the connection
    │   ├── FrameSizeError      a message is larger than allowed
    │   └── StaleError          nothing was received for too long
    ├── SubscribeError          the venue did not accept subscriptions
    ├── HttpError               a request got no answer
    │   ├── HttpTimeoutError    in time
    │   └── HttpNotSentError    because no connection was made
    ├── HttpResponseError       the answer is a failure that the venue does not explain
    ├── DeserialiseError        a payload does not have the shape it must have
    ├── SerialiseError          a request cannot be written
    ├── UrlError                a URL is malformed, not encrypted, or leads elsewhere
    └── ExchangeError           the venue says that something is wrong

Rust's `Unsupported` and `Unidentifiable` are `data.subscription.UnsupportedSubscriptionError` and `.UnidentifiableError`.

No message contains a query or a header: they carry signatures and keys.
"""

from __future__ import annotations

from datetime import timedelta

from barter_python.errors import BarterError, Retry

__all__ = [
    "SocketError",
    "WebSocketError",
    "SinkError",
    "TerminatedError",
    "FrameSizeError",
    "StaleError",
    "SubscribeError",
    "HttpError",
    "HttpTimeoutError",
    "HttpNotSentError",
    "HttpResponseError",
    "DeserialiseError",
    "SerialiseError",
    "UrlError",
    "ExchangeError",
]

_SHOWN_MAX = 200
_PASSING_STATUS = frozenset({403, 408, 418, 425, 429})


class SocketError(BarterError):
    """Base of every failure of a connection or a request."""

    retry = Retry.LATER


class WebSocketError(SocketError):
    """A websocket could not be opened, or failed."""

    retry = Retry.ANEW


class SinkError(WebSocketError):
    """A message could not be sent: the connection is closed, or about to be."""


class TerminatedError(WebSocketError):
    """The venue closed the connection.

    Attributes:
        code: Close code of RFC 6455, None where the connection just broke off.
        reason: In the venue's words, may be empty.
    """

    def __init__(self, code: int | None, reason: str = "") -> None:
        said = "without a close frame" if code is None else f"with code {code}"
        super().__init__(f"the connection was closed {said}{': ' + _shown(reason) if reason else ''}")
        self.code = code
        self.reason = reason


class FrameSizeError(WebSocketError):
    """A message is larger than allowed, after decompression.

    Attributes:
        bytes_max: The limit.
    """

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"a message is larger than {bytes_max} bytes, expected at most that")
        self.bytes_max = bytes_max


class StaleError(WebSocketError):
    """Nothing was received for so long that the connection is taken for dead.

    Attributes:
        silent: For how long.
    """

    def __init__(self, silent: timedelta) -> None:
        super().__init__(f"nothing was received for {silent.total_seconds():g} s, expected some message within that time")
        self.silent = silent


class SubscribeError(SocketError):
    """The venue refused subscriptions, or did not answer in time."""

    retry = Retry.ANEW


class HttpError(SocketError):
    """A request got no answer: it may or may not have had an effect, unless it is an `HttpNotSentError`."""

    retry = Retry.ONCE_KNOWN


class HttpTimeoutError(HttpError):
    """A request got no answer in time: it may or may not have had an effect.

    Attributes:
        timeout: What it was given.
    """

    def __init__(self, request: str, timeout: timedelta) -> None:
        super().__init__(f"{request}: no answer within {timeout.total_seconds():g} s")
        self.timeout = timeout


class HttpNotSentError(HttpError):
    """A request got no answer because no connection was made: nothing of it was sent, so it had no effect."""

    retry = Retry.LATER


class HttpResponseError(SocketError):
    """An answer that is a failure, and not one that the venue explains.

    Attributes:
        status: HTTP status.
        body: The beginning of what came with it.
        retry_after: How long to wait before the next request, None where the venue does not say.
    """

    def __init__(self, status: int, body: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"HTTP status is {status}, expected 2xx: {_shown(body)}")
        self.retry = _retry_after_status(status)
        self.status = status
        self.body = _shown(body)
        self.retry_after = retry_after


class DeserialiseError(SocketError):
    """A payload does not have the shape it must have; what it answers may have been done. Rust: also `DeserialiseBinary`.

    Attributes:
        problem: What was found and what was expected.
        payload: All of it.
    """

    retry = Retry.ONCE_KNOWN

    def __init__(self, problem: str, payload: bytes) -> None:
        super().__init__(f"{problem}: {_shown(payload.decode('utf-8', 'backslashreplace'))}")
        self.problem = problem
        self.payload = payload


class SerialiseError(SocketError):
    """A request cannot be written. Rust: `Serialise`, `QueryParams` and `UrlEncoded`."""

    retry = Retry.NEVER


class UrlError(SocketError):
    """A URL is malformed, not encrypted, or leads to another host. Rust: `UrlParse`."""

    retry = Retry.NEVER


class ExchangeError(SocketError):
    """The venue says that something is wrong.

    Attributes:
        code: The venue's code, None where it has none.
        reason: In the venue's words.
    """

    retry = Retry.NEVER

    def __init__(self, reason: str, code: int | str | None = None) -> None:
        super().__init__(_shown(reason) if code is None else f"code {code}: {_shown(reason)}")
        self.code = code
        self.reason = reason


def _retry_after_status(status: int) -> Retry:
    if status >= 500:
        return Retry.ONCE_KNOWN
    return Retry.LATER if status in _PASSING_STATUS else Retry.NEVER


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}..."
