"""Exchanges. Rust origin: barter_instrument::exchange (tests)."""

from __future__ import annotations

import pytest

from barter_python.codec import instrument as codec
from barter_python.codec.json import decode
from barter_python.instrument.exchange import ExchangeId


@pytest.mark.parametrize("name", [pytest.param("htx", id="name"), pytest.param("huobi", id="former-name")])
def test_exchange_is_read_by_its_name(name: str) -> None:
    assert ExchangeId.HTX is decode(f'"{name}"', codec.exchange_id)


@pytest.mark.parametrize(
    ("exchange", "name", "display"),
    [
        pytest.param(ExchangeId.BINANCE_SPOT, "binance_spot", "BinanceSpot", id="two-words"),
        pytest.param(ExchangeId.KRAKEN, "kraken", "Kraken", id="one-word"),
        pytest.param(ExchangeId.BINANCE_FUTURES_USD, "binance_futures_usd", "BinanceFuturesUsd", id="three-words"),
    ],
)
def test_names(exchange: ExchangeId, name: str, display: str) -> None:
    assert (name, display) == (exchange.as_str(), str(exchange))


def test_exchanges_sort_in_the_order_of_their_declaration() -> None:
    backwards = list(ExchangeId)[::-1]
    assert list(ExchangeId) == sorted(backwards)
    assert list(range(len(ExchangeId))) == [exchange.position for exchange in ExchangeId]
