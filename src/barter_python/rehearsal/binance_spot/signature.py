"""Who may do what: keys, signatures, timestamps. Rust origin: none.

Source: rest-api.md and web-socket-api.md of https://github.com/binance/binance-spot-api-docs, "SIGNED request security"
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from barter_python.integration.secret import Secret
from barter_python.integration.signing import hmac_sha256
from barter_python.rehearsal.binance_spot.number_text import milliseconds
from barter_python.rehearsal.binance_spot.parameters import Parameters
from barter_python.rehearsal.binance_spot.refusal import BAD_API_KEY, BAD_KEY_FORMAT, BAD_SIGNATURE, Refusal, missing

__all__ = ["SIGNED_PARAMETERS", "Gatekeeper"]

SIGNED_PARAMETERS: Final = frozenset({"timestamp", "recvWindow", "signature"})
"""That every signed request may have."""

_RECV_WINDOW_DEFAULT: Final = Decimal(5000)
_RECV_WINDOW_MAX: Final = 60_000
_AHEAD_MAX: Final = 1000
_MICROSECONDS_FROM: Final = 10**14
"""Timestamps of so much and more are in microseconds."""


class Gatekeeper:
    """Checks signed requests.

    Args:
        api_key: That must be shown.
        secret: With which requests must be signed.
        now: The venue's time, aware UTC.
        checks_timestamps: Whether old requests are refused.
    """

    def __init__(self, api_key: str, secret: Secret, now: Callable[[], datetime], *, checks_timestamps: bool) -> None:
        self._api_key = api_key
        self._mac = hmac_sha256(secret)
        self._now = now
        self._checks_timestamps = checks_timestamps

    def check_rest(self, api_key: str | None, query: str, body: str, parameters: Parameters) -> None:
        """Let a request pass.

        Args:
            api_key: Of the header, None where it is not there.
            query: As it was sent; the signature covers it and the body without the signature itself.
            body: As it was sent.
            parameters: Of both.

        Raises:
            Refusal: It must not pass.
        """
        self._check_key(api_key)
        signature = parameters.needed("signature")
        self._check_time(parameters)
        self._check_signature(_unsigned(query) + _unsigned(body), signature)

    def check_websocket(self, members: Mapping[str, str]) -> None:
        """Let a request of the websocket interface pass, whose signature covers its members in alphabetical order.

        Raises:
            Refusal: It must not pass.
        """
        for name in ("apiKey", "timestamp", "signature"):
            if not members.get(name):
                raise missing(name)
        self._check_key(members["apiKey"])
        ordered = sorted((name, value) for name, value in members.items() if name != "signature")
        text = "&".join(f"{name}={value}" for name, value in ordered)
        timing = "&".join(f"{name}={value}" for name, value in ordered if name in SIGNED_PARAMETERS)
        self._check_time(Parameters(timing))
        self._check_signature(text, members["signature"])

    def _check_key(self, api_key: str | None) -> None:
        if not api_key:
            raise Refusal(*BAD_KEY_FORMAT)
        if not hmac.compare_digest(_bytes(api_key), _bytes(self._api_key)):
            raise Refusal(*BAD_API_KEY)

    def _check_signature(self, text: str, signature: str) -> None:
        mac = self._mac.copy()
        mac.update(_bytes(text))
        if not hmac.compare_digest(_bytes(mac.digest().hex()), _bytes(signature.lower())):
            raise Refusal(*BAD_SIGNATURE)

    def _check_time(self, parameters: Parameters) -> None:
        parameters.needed("timestamp")
        stamp = parameters.integer("timestamp") or 0
        timestamp = Decimal(stamp) if stamp < _MICROSECONDS_FROM else Decimal(stamp) / 1000
        window = parameters.decimal("recvWindow")
        if window is None:
            window = _RECV_WINDOW_DEFAULT
        if window > _RECV_WINDOW_MAX:
            raise Refusal(-1102, f"'recvWindow' contains unexpected value. Cannot be greater than {_RECV_WINDOW_MAX}.")
        if not self._checks_timestamps:
            return
        now = milliseconds(self._now())
        if timestamp >= now + _AHEAD_MAX:
            raise Refusal(-1021, f"Timestamp for this request was {_AHEAD_MAX}ms ahead of the server's time.")
        if now - timestamp > window:
            raise Refusal(-1021, "Timestamp for this request is outside of the recvWindow.")


def _unsigned(text: str) -> str:
    return "&".join(part for part in text.split("&") if not part.startswith("signature="))


def _bytes(text: str) -> bytes:
    """As they came over the wire, whatever they are."""
    return text.encode("utf-8", "surrogateescape")
