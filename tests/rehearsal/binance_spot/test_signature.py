"""Signatures, against the examples of the venue's documentation (rest-api.md and web-socket-api.md, "HMAC")."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from barter_python.integration.secret import Secret
from barter_python.rehearsal.binance_spot.parameters import Parameters
from barter_python.rehearsal.binance_spot.refusal import Refusal
from barter_python.rehearsal.binance_spot.signature import Gatekeeper
from barter_python.timed import EPOCH

# Published by the venue for this purpose; no account has them.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
QUERY = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"


def gatekeeper(milliseconds: int) -> Gatekeeper:
    now: datetime = EPOCH + timedelta(milliseconds=milliseconds)
    return Gatekeeper(KEY, Secret(SECRET), lambda: now, checks_timestamps=True)


def check(query: str, body: str = "") -> None:
    gatekeeper(1499827319559).check_rest(KEY, query, body, Parameters(query, body))


@pytest.mark.parametrize(
    ("query", "body"),
    [
        pytest.param(f"{QUERY}&signature={SIGNATURE}", "", id="query"),
        pytest.param("", f"{QUERY}&signature={SIGNATURE}", id="body"),
        pytest.param(QUERY, f"signature={SIGNATURE}", id="signature-in-the-body"),
        pytest.param(f"signature={SIGNATURE}&{QUERY}", "", id="first"),
        pytest.param(f"{QUERY}&signature={SIGNATURE.upper()}", "", id="upper-case"),
    ],
)
def test_the_documented_signature(query: str, body: str) -> None:
    check(query, body)


def test_percent_encoding_is_signed_as_it_is_sent() -> None:
    symbol = "%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96"
    signature = "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3"
    check(f"{QUERY.replace('LTCBTC', symbol)}&signature={signature}")
    with pytest.raises(Refusal, match="Signature for this request is not valid"):
        check(f"{QUERY.replace('LTCBTC', symbol.lower())}&signature={signature}")


def test_the_documented_signature_of_the_websocket_interface() -> None:
    members = {
        "symbol": "BTCUSDT",
        "side": "SELL",
        "type": "LIMIT",
        "timeInForce": "GTC",
        "quantity": "0.01000000",
        "price": "52000.00",
        "recvWindow": "100",
        "timestamp": "1645423376532",
        "apiKey": KEY,
        "signature": "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24",
    }
    gatekeeper(1645423376532).check_websocket(members)
    with pytest.raises(Refusal, match="Signature for this request is not valid"):
        gatekeeper(1645423376532).check_websocket(members | {"price": "52000.0"})


def test_neither_key_nor_signature_is_shown() -> None:
    with pytest.raises(Refusal) as raised:
        check(f"{QUERY}&signature=00")

    assert SECRET not in repr(raised.value)
    assert SIGNATURE not in str(raised.value)
