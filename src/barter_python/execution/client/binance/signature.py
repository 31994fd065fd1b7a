"""Signing for Binance spot, with keys of type HMAC. Pure.

Over HTTP the signature covers the query as it is sent; over a websocket the parameters, sorted by name, unescaped.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#signed-endpoint-security and
https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md#signed-request-example-hmac
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from barter_python.integration.http import HttpRequest, RestRequest
from barter_python.integration.secret import Secret
from barter_python.integration.signing import HexEncoder, Mac, RequestSigner, hmac_sha256

__all__ = ["KEY_HEADER", "BinanceSigner", "masked", "request_signer", "signed_parameters", "without_keys"]

KEY_HEADER: Final = "X-MBX-APIKEY"

_SIGNATURE: Final = "signature"
_MASK: Final = b"***"


class BinanceSigner:
    """A `Signer`: adds the time, and signs the whole query.

    Args:
        api_key: Goes into a header.
        recv_window_ms: How old the request may be when the venue takes it in.
        server_time_ms: The venue's time now, Unix time.
    """

    __slots__ = ("_api_key", "_recv_window_ms", "_server_time_ms")

    def __init__(self, api_key: Secret, recv_window_ms: int, server_time_ms: Callable[[], int]) -> None:
        self._api_key = api_key
        self._recv_window_ms = recv_window_ms
        self._server_time_ms = server_time_ms

    def config(self, request: RestRequest[object], http_request: HttpRequest) -> str:
        """The query to sign."""
        timed = f"recvWindow={self._recv_window_ms}&timestamp={self._server_time_ms()}"
        return f"{http_request.query}&{timed}" if http_request.query else timed

    def add_bytes_to_sign(self, mac: Mac, config: str) -> None:
        """Feed the query."""
        mac.update(config.encode())

    def build_signed_request(self, config: str, http_request: HttpRequest, signature: str) -> HttpRequest:
        """The query, the signature at its end, and the key."""
        headers = {**http_request.headers, KEY_HEADER: self._api_key.reveal()}
        return replace(http_request, query=f"{config}&{_SIGNATURE}={signature}", headers=headers)


def request_signer(
    api_key: Secret, api_secret: Secret, recv_window_ms: int, server_time_ms: Callable[[], int]
) -> RequestSigner[str]:
    """Signs requests over HTTP."""
    return RequestSigner(BinanceSigner(api_key, recv_window_ms, server_time_ms), hmac_sha256(api_secret), HexEncoder())


def signed_parameters(parameters: Mapping[str, str | int], api_key: Secret, api_secret: Secret) -> dict[str, str | int]:
    """Parameters of a request over a websocket, with key and signature. Not to be shown."""
    complete = {**parameters, "apiKey": api_key.reveal()}
    mac = hmac_sha256(api_secret)
    mac.update("&".join(f"{name}={complete[name]}" for name in sorted(complete)).encode())
    return {**complete, _SIGNATURE: mac.digest().hex()}


def without_keys(text: bytes, request: HttpRequest) -> bytes:
    """What the venue answered to a request, without the key and the signature: something on the way may echo them."""
    key = request.headers.get(KEY_HEADER, "")
    signature = request.query.rpartition(f"&{_SIGNATURE}=")[2] if key else ""
    return masked(text, key, signature)


def masked(text: bytes, *secrets: str) -> bytes:
    """A text that does not contain any of these."""
    for secret in secrets:
        if secret:
            text = text.replace(secret.encode(), _MASK)
    return text
