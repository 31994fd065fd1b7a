"""Signing requests."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.integration.support import FakeTransport, rest_client

from barter_python.integration.http import HttpRequest, RestRequest
from barter_python.integration.secret import Secret
from barter_python.integration.signing import Base64Encoder, HexEncoder, Mac, RequestSigner, hmac_sha256


def test_encoders() -> None:
    assert HexEncoder().encode(b"\x00\xab\xff") == "00abff"
    assert Base64Encoder().encode(b"\x00\xab\xff\xfe") == "AKv//g=="


@dataclass
class BinanceSigner:
    """The documented scheme: the signature of the query is its last parameter, the key is a header."""

    api_key: str
    timestamp: int

    def config(self, request: RestRequest[object], http_request: HttpRequest) -> HttpRequest:
        return http_request.with_query_param("recvWindow", "5000").with_query_param("timestamp", str(self.timestamp))

    def add_bytes_to_sign(self, mac: Mac, config: HttpRequest) -> None:
        mac.update(config.query.encode())

    def build_signed_request(self, config: HttpRequest, http_request: HttpRequest, signature: str) -> HttpRequest:
        return config.with_query_param("signature", signature).with_header("X-MBX-APIKEY", self.api_key)


API_KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET_KEY = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
QUERY = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"

ORDER: RestRequest[bytes] = RestRequest(
    "POST",
    "/api/v3/order",
    bytes,
    [("symbol", "LTCBTC"), ("side", "BUY"), ("type", "LIMIT"), ("timeInForce", "GTC"), ("quantity", "1"), ("price", "0.1")],
)


def signer() -> RequestSigner[HttpRequest]:
    return RequestSigner(BinanceSigner(API_KEY, 1499827319559), hmac_sha256(Secret(SECRET_KEY)), HexEncoder())


def test_the_example_that_binance_documents() -> None:
    """Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security."""
    client = rest_client(FakeTransport(), signer())

    # Twice: a signature does not depend on the one before.
    for _ in range(2):
        request = client.build(ORDER)
        assert f"{QUERY}&signature={SIGNATURE}" == request.query
        assert request.headers == {"X-MBX-APIKEY": API_KEY}


def test_a_signed_request_shows_neither_key_nor_signature() -> None:
    request = rest_client(FakeTransport(), signer()).build(ORDER)

    for shown in (repr(request), str(request), f"{request}"):
        assert API_KEY not in shown
        assert SIGNATURE not in shown
        assert "LTCBTC" not in shown
    assert str(request) == "POST https://venue.example/api/v3/order"


def test_the_key_is_not_shown_by_what_holds_it() -> None:
    assert SECRET_KEY not in repr(signer()) + repr(hmac_sha256(Secret(SECRET_KEY)))
    with pytest.raises(AttributeError):
        _ = signer().__dict__
