"""Subscribing to Binance. Rust origin: barter_data::exchange::binance (tests)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from tests.data.exchange.binance.test_decode import (
    FUTURES_L1,
    FUTURES_TRADE,
    FUTURES_UPDATE,
    LIQUIDATION,
    SPOT_L1,
    SPOT_SNAPSHOT,
    SPOT_TRADE,
    SPOT_UPDATE,
)
from tests.data.exchange.venue import RECEIVED, mutated, raises_nothing_else, subs

from barter_python.data.exchange.binance.connector import (
    BINANCE_FUTURES_USD,
    BINANCE_SPOT,
    acknowledge,
    requests,
    subscription_id,
)
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Refused
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument

SUBSCRIBED = b'{"id":1,"result":null}'
PAYLOADS = [text.encode() for text in (FUTURES_L1, FUTURES_TRADE, FUTURES_UPDATE, LIQUIDATION, SPOT_L1, SPOT_TRADE, SPOT_UPDATE)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(SUBSCRIBED, Accepted(), id="subscribed"),
        pytest.param(b'{"result": [], "id": 1}', Refused("result is [], expected null"), id="result-is-a-list"),
        pytest.param(
            b'{"error":{"code":2,"msg":"Invalid request: unknown stream"},"id":1}',
            Refused("code 2: Invalid request: unknown stream"),
            id="error",
        ),
        pytest.param(b'{"code":2,"msg":"Invalid request"}', Refused("code 2: Invalid request"), id="error-at-the-top"),
        pytest.param(SPOT_L1.encode(), None, id="data"),
    ],
)
def test_acknowledge(message: bytes, expected: Acknowledgement | None) -> None:
    assert expected == acknowledge(message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(SPOT_TRADE, "@trade|ETHUSDT", id="trade"),
        pytest.param(FUTURES_TRADE, "@trade|ETHUSDT", id="futures-trade"),
        pytest.param(SPOT_L1, "@bookTicker|ETHUSDT", id="best-prices"),
        pytest.param(FUTURES_L1, "@bookTicker|BTCUSDT", id="futures-best-prices"),
        pytest.param(SPOT_UPDATE, "@depth@100ms|ETHUSDT", id="book"),
        pytest.param(FUTURES_UPDATE, "@depth@100ms|BTCUSDT", id="futures-book"),
        pytest.param(LIQUIDATION, "@forceOrder|BTCUSDT", id="liquidation"),
        pytest.param(SPOT_SNAPSHOT, None, id="snapshot"),
        pytest.param(SUBSCRIBED.decode(), None, id="acknowledgement"),
    ],
)
def test_subscription_id(message: str, expected: str | None) -> None:
    assert expected == subscription_id(message.encode())


def test_requests() -> None:
    two = subs(("@trade", "BTCUSDT"), ("@depth@100ms", "ETHUSDT"))
    [request] = requests(two, RECEIVED)
    assert json.loads(request) == {
        "method": "SUBSCRIBE",
        "params": ["btcusdt@trade", "ethusdt@depth@100ms"],
        "id": 1,
    }
    assert BINANCE_SPOT.expected_responses(two) == 1
    assert requests([], RECEIVED) == []


def test_market() -> None:
    assert BINANCE_SPOT.market(MarketDataInstrument.new("btc", "usdt", Spot())) == "BTCUSDT"


def test_snapshot_url() -> None:
    assert BINANCE_SPOT.snapshot_url is not None
    assert BINANCE_FUTURES_USD.snapshot_url is not None
    assert BINANCE_SPOT.snapshot_url("BTCUSDT") == "https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000"
    assert BINANCE_FUTURES_USD.snapshot_url("BTCUSDT") == "https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=1000"


@given(message=mutated([*PAYLOADS, SUBSCRIBED]))
def test_a_mutated_message_raises_nothing_else(message: bytes) -> None:
    raises_nothing_else(BINANCE_SPOT, message)
    raises_nothing_else(BINANCE_FUTURES_USD, message)
