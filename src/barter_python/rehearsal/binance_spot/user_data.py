"""The websocket interface, as far as the stream of the account is concerned. Rust origin: none.

Events of the account come on `/ws-api/v3` after `userDataStream.subscribe.signature`. Listen keys are gone from the venue, and so
they are here. `userDataStream.subscribe` needs a session that has logged in with an Ed25519 key, which is not offered.

Source: web-socket-api.md and user-data-stream.md of https://github.com/binance/binance-spot-api-docs
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec

from barter_python.rehearsal.binance_spot.account_events import stream_terminated
from barter_python.rehearsal.binance_spot.connection import Connection, encode
from barter_python.rehearsal.binance_spot.delivery import Outgoing
from barter_python.rehearsal.binance_spot.number_text import milliseconds
from barter_python.rehearsal.binance_spot.rate_limit import RateLimiter
from barter_python.rehearsal.binance_spot.refusal import UNAUTHORIZED, UNSUPPORTED, Refusal
from barter_python.rehearsal.binance_spot.signature import Gatekeeper

__all__ = ["UserConnection"]

_WEIGHTS: Final = {"ping": 1, "time": 1}
_WEIGHT_DEFAULT: Final = 2
_ID_END: Final = 2**63


class UserConnection:
    """A connection with its subscription.

    Args:
        connection: To the client.
        gatekeeper: Checks signatures.
        limiter: Counts requests.
        now: The venue's time, aware UTC.
    """

    def __init__(self, connection: Connection, gatekeeper: Gatekeeper, limiter: RateLimiter, now: Callable[[], datetime]) -> None:
        self.connection = connection
        self._gatekeeper = gatekeeper
        self._limiter = limiter
        self._now = now
        self._subscription: int | None = None
        self._subscriptions = 0
        self._connected_since = now()

    def post(self, message: Outgoing) -> None:
        """Send an event of the account where it is subscribed."""
        if self._subscription is not None:
            text = f'{{"subscriptionId":{self._subscription},"event":{message.text}}}'
            self.connection.post(text[: len(text) // 2] if message.is_garbled else text)

    def on_text(self, text: str) -> str | None:
        """The answer to a request."""
        number: Any = None
        try:
            request = msgspec.json.decode(text)
            if not isinstance(request, dict):
                raise Refusal(-1135, "Invalid JSON Request")
            number = request.get("id")
            if not (number is None or isinstance(number, str) or (isinstance(number, int) and abs(number) < _ID_END)):
                number = None
                raise Refusal(-1135, "JSON sent for parameter 'id' is not valid")
            members = request.get("params") or {}
            method = str(request.get("method", "")).removeprefix("v3/")
            if not isinstance(members, dict):
                raise Refusal(-1135, "JSON sent for parameter 'params' is not valid")
            self._limiter.spend_weight(_WEIGHTS.get(method, _WEIGHT_DEFAULT), self._now())
            return self._answer(number, method, {str(name): _member_text(value) for name, value in members.items()})
        except (msgspec.DecodeError, RecursionError):
            return _failure(number, Refusal(-1135, "Invalid JSON Request"))
        except Refusal as refusal:
            return _failure(number, refusal)

    def _answer(self, number: Any, method: str, members: dict[str, str]) -> str | None:
        match method:
            case "ping":
                return _success(number, {})
            case "time":
                return _success(number, {"serverTime": milliseconds(self._now())})
            case "userDataStream.subscribe.signature":
                return _success(number, {"subscriptionId": self._subscribe(members)})
            case "userDataStream.subscribe":
                raise Refusal(*UNAUTHORIZED)
            case "userDataStream.unsubscribe":
                self._unsubscribe(number, members.get("subscriptionId"))
                return None
            case "session.subscriptions":
                found = [] if self._subscription is None else [{"subscriptionId": self._subscription}]
                return _success(number, found)
            case "session.status":
                return _success(number, self._status())
            case _:
                raise Refusal(*UNSUPPORTED)

    def _subscribe(self, members: dict[str, str]) -> int:
        self._gatekeeper.check_websocket(members)
        if self._subscription is not None:
            raise Refusal(-2035, "User Data Stream subscription already active.")
        self._subscription, self._subscriptions = self._subscriptions, self._subscriptions + 1
        return self._subscription

    def _unsubscribe(self, number: Any, subscription: str | None) -> None:
        """The answer comes first, the end of the stream after it."""
        if self._subscription is None or subscription not in (None, str(self._subscription)):
            raise Refusal(-2036, "User Data Stream subscription not active.")
        self.connection.post(_success(number, {}))
        self.post(stream_terminated(self._now()))
        self._subscription = None

    def _status(self) -> dict[str, Any]:
        return {
            "apiKey": None,
            "authorizedSince": None,
            "connectedSince": milliseconds(self._connected_since),
            "returnRateLimits": False,
            "serverTime": milliseconds(self._now()),
            "userDataStream": self._subscription is not None,
        }


def _member_text(value: object) -> str:
    return value if isinstance(value, str) else encode(value)


def _success(number: Any, result: object) -> str:
    return encode({"id": number, "status": 200, "result": result})


def _failure(number: Any, refusal: Refusal) -> str:
    return encode({"id": number, "status": refusal.status, "error": {"code": refusal.code, "msg": refusal.message}})
