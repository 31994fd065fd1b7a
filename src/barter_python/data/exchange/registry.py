"""The venues whose market data can be streamed. Rust origin: the Connector implementations of barter_data::exchange."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from barter_python.data.exchange.binance.connector import BINANCE_FUTURES_USD, BINANCE_SPOT
from barter_python.data.exchange.bitfinex.connector import BITFINEX
from barter_python.data.exchange.bitmex.connector import BITMEX
from barter_python.data.exchange.bybit.connector import BYBIT_PERPETUALS_USD, BYBIT_SPOT
from barter_python.data.exchange.coinbase.connector import COINBASE
from barter_python.data.exchange.connector import Connector
from barter_python.data.exchange.gateio.connector import GATEIO
from barter_python.data.exchange.kraken.connector import KRAKEN
from barter_python.data.exchange.okx.connector import OKX
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["CONNECTORS", "connector_of"]

CONNECTORS: Final[Mapping[ExchangeId, Connector]] = {
    connector.exchange: connector
    for connector in (
        BINANCE_SPOT,
        BINANCE_FUTURES_USD,
        BITFINEX,
        BITMEX,
        BYBIT_SPOT,
        BYBIT_PERPETUALS_USD,
        COINBASE,
        *GATEIO,
        KRAKEN,
        OKX,
    )
}


def connector_of(exchange: ExchangeId) -> Connector:
    """The connector of a venue.

    Raises:
        ConfigError: There is none.
    """
    connector = CONNECTORS.get(exchange)
    if connector is None:
        known = ", ".join(sorted(known.value for known in CONNECTORS))
        raise ConfigError(f"exchange is {exchange.value!r}, expected one whose market data can be streamed: {known}")
    return connector
