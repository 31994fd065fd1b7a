"""The market streams, and what clients ask of them. Rust origin: none.

Source: web-socket-streams.md of https://github.com/binance/binance-spot-api-docs
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Final

import msgspec

from barter_python.rehearsal.binance_spot.connection import Connection, encode
from barter_python.rehearsal.binance_spot.delivery import Outgoing
from barter_python.rehearsal.binance_spot.market_feed import DEPTH

__all__ = ["StreamConnection", "stream_names"]

_METHODS: Final = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")
_ID_TEXT: Final = re.compile("[A-Za-z0-9]{0,36}", re.ASCII)
_ID_MAX: Final = 2**63 - 1
_PROPERTY: Final = "combined"


def stream_names(message: Outgoing) -> tuple[str, ...]:
    """Which streams carry a message. Both speeds of the order book do so, although `@depth` is slower at the venue."""
    symbol = message.symbol.lower()
    if message.stream == DEPTH:
        return f"{symbol}@depth@100ms", f"{symbol}@depth"
    return (f"{symbol}@{message.stream}",)


class _Problem(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class StreamConnection:
    """A connection with its subscriptions.

    Args:
        connection: To the client.
        streams: Subscribed by the address.
        is_combined: Whether messages are wrapped with the name of their stream.
    """

    def __init__(self, connection: Connection, streams: list[str], *, is_combined: bool) -> None:
        self.connection = connection
        self._streams = dict.fromkeys(streams)
        self._is_combined = is_combined

    def post(self, message: Outgoing) -> None:
        """Send a message once for each subscribed stream that carries it."""
        for name in stream_names(message):
            if name in self._streams:
                text = f'{{"stream":"{name}","data":{message.text}}}' if self._is_combined else message.text
                self.connection.post(text[: len(text) // 2] if message.is_garbled else text)

    def on_text(self, text: str) -> str:
        """The answer to a request."""
        request: Any = None
        try:
            request = msgspec.json.decode(text)
            number = _request_id(request)
            return encode({"result": self._result(request), "id": number})
        except (msgspec.DecodeError, RecursionError) as error:
            return encode({"code": 3, "msg": f"Invalid JSON: {error}"})
        except _Problem as problem:
            answer: dict[str, Any] = {"code": problem.code, "msg": str(problem)}
            with suppress(_Problem):
                answer["id"] = _request_id(request)
            return encode(answer)

    def _result(self, request: dict[str, Any]) -> Any:
        method = request.get("method")
        if method is None:
            raise _Problem(2, "Invalid request: missing field `method` at line 1 column 1")
        params = request.get("params", [])
        if not isinstance(params, list):
            raise _Problem(2, "Invalid request: params must be an array")
        match method:
            case "SUBSCRIBE":
                self._streams |= dict.fromkeys(_names(params))
                return None
            case "UNSUBSCRIBE":
                for name in _names(params):
                    self._streams.pop(name, None)
                return None
            case "LIST_SUBSCRIPTIONS":
                return list(self._streams)
            case "SET_PROPERTY":
                self._set_property(params)
                return None
            case "GET_PROPERTY":
                _check_property(params)
                return self._is_combined
            case _:
                known = ", ".join(f"`{name}`" for name in _METHODS)
                raise _Problem(2, f"Invalid request: unknown variant `{method}`, expected one of {known} at line 1 column 1")

    def _set_property(self, params: list[Any]) -> None:
        _check_property(params[:1])
        if len(params) != 2 or not isinstance(params[1], bool):
            raise _Problem(1, "Invalid value type: expected Boolean")
        self._is_combined = params[1]


def _request_id(request: Any) -> int | str | None:
    if not isinstance(request, dict):
        raise _Problem(2, "Invalid request: expected an object")
    number = request.get("id", ...)
    is_number = isinstance(number, int) and not isinstance(number, bool) and abs(number) <= _ID_MAX
    if number is None or is_number or (isinstance(number, str) and _ID_TEXT.fullmatch(number)):
        found: int | str | None = number
        return found
    raise _Problem(2, "Invalid request: request ID must be an unsigned integer")


def _names(params: list[Any]) -> list[str]:
    if not all(isinstance(name, str) for name in params):
        raise _Problem(2, "Invalid request: stream names must be strings")
    return params


def _check_property(params: list[Any]) -> None:
    if not params or not isinstance(params[0], str):
        raise _Problem(2, "Invalid request: property name must be a string")
    if len(params) > 1:
        raise _Problem(2, "Invalid request: too many parameters")
    if params[0] != _PROPERTY:
        raise _Problem(0, "Unknown property")
