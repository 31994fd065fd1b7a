"""Signing requests. Rust origin: barter_integration::protocol::http::private."""

from __future__ import annotations

import hmac
from base64 import b64encode
from typing import Generic, Protocol, TypeVar

from barter_python.integration.http import HttpRequest, RestRequest
from barter_python.integration.secret import Secret

__all__ = ["Base64Encoder", "Encoder", "HexEncoder", "Mac", "RequestSigner", "Signer", "hmac_sha256"]

ConfigT = TypeVar("ConfigT")


class Encoder(Protocol):
    """Writes a signature as text."""

    def encode(self, data: bytes) -> str:
        """The text."""
        ...


class HexEncoder:
    """Hexadecimal in lower case."""

    __slots__ = ()

    def encode(self, data: bytes) -> str:
        """The text."""
        return data.hex()


class Base64Encoder:
    """Standard base64, with padding."""

    __slots__ = ()

    def encode(self, data: bytes) -> str:
        """The text."""
        return b64encode(data).decode("ascii")


class Mac(Protocol):
    """A message authentication code that is fed and then asked; `hmac.HMAC` is one."""

    def update(self, msg: bytes, /) -> None:
        """Take in more of the message."""
        ...

    def digest(self) -> bytes:
        """The code of what was taken in."""
        ...

    def copy(self) -> Mac:
        """Another one with the same key and the same message so far."""
        ...


def hmac_sha256(secret: Secret) -> Mac:
    """HMAC-SHA256 with this key and an empty message."""
    return hmac.new(secret.reveal().encode(), digestmod="sha256")


class Signer(Protocol[ConfigT]):
    """How a venue wants requests to be signed."""

    def config(self, request: RestRequest[object], http_request: HttpRequest) -> ConfigT:
        """What to sign, for example with the time of signing."""
        ...

    def add_bytes_to_sign(self, mac: Mac, config: ConfigT) -> None:
        """Feed what the signature covers."""
        ...

    def build_signed_request(self, config: ConfigT, http_request: HttpRequest, signature: str) -> HttpRequest:
        """Put the signature into the request."""
        ...


class RequestSigner(Generic[ConfigT]):
    """A `BuildStrategy` that signs every request.

    Args:
        signer: How the venue wants it.
        mac: With the key, and nothing fed.
        encoder: How the signature is written.
    """

    __slots__ = ("_encoder", "_mac", "_signer")

    def __init__(self, signer: Signer[ConfigT], mac: Mac, encoder: Encoder) -> None:
        self._signer = signer
        self._mac = mac
        self._encoder = encoder

    def build(self, request: RestRequest[object], http_request: HttpRequest) -> HttpRequest:
        """The signed request."""
        config = self._signer.config(request, http_request)
        mac = self._mac.copy()
        self._signer.add_bytes_to_sign(mac, config)
        return self._signer.build_signed_request(config, http_request, self._encoder.encode(mac.digest()))
