"""The venues whose market data can be streamed, and what of them.

Rust origin: the Connector implementations of barter_data::exchange, and the table in barter_data::subscription.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from barter_python.data.exchange.binance.connector import BINANCE_FUTURES_USD, BINANCE_SPOT
from barter_python.data.exchange.bitfinex.connector import BITFINEX
from barter_python.data.exchange.bitmex.connector import BITMEX
from barter_python.data.exchange.bybit.connector import BYBIT_PERPETUALS_USD, BYBIT_SPOT
from barter_python.data.exchange.coinbase.connector import COINBASE
from barter_python.data.exchange.connector import Connector
from barter_python.data.exchange.gateio.connector import GATEIO
from barter_python.data.exchange.kraken.connector import KRAKEN
from barter_python.data.exchange.okx.connector import OKX
from barter_python.data.subscription import (
    InstrumentData,
    SubKind,
    Subscription,
    UnsupportedSubscriptionError,
    instrument_kind,
)
from barter_python.errors import ConfigError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.market_data import MarketDataInstrumentKind

__all__ = ["CONNECTORS", "connector_of", "exchange_supports", "supported_sub_kinds", "validate"]

InstrumentT = TypeVar("InstrumentT", bound=InstrumentData)

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


def supported_sub_kinds(exchange: ExchangeId, instrument_kind: MarketDataInstrumentKind) -> tuple[SubKind, ...]:
    """What can be streamed of instruments of this kind; empty where nothing can."""
    connector = CONNECTORS.get(exchange)
    return () if connector is None else connector.supported_sub_kinds(instrument_kind)


def exchange_supports(exchange: ExchangeId, instrument_kind: MarketDataInstrumentKind, sub_kind: SubKind | None = None) -> bool:
    """Whether this can be streamed; `sub_kind` None asks whether anything of such instruments can.

    Rust: `exchange_supports_instrument_kind_sub_kind` and `exchange_supports_instrument_kind`.
    """
    kinds = supported_sub_kinds(exchange, instrument_kind)
    return bool(kinds) if sub_kind is None else sub_kind in kinds


def validate(subscription: Subscription[InstrumentT]) -> Subscription[InstrumentT]:
    """Return the subscription where its venue can stream it.

    Raises:
        UnsupportedSubscriptionError: It cannot.
    """
    kind = instrument_kind(subscription.instrument)
    supported = supported_sub_kinds(subscription.exchange, kind)
    if subscription.kind not in supported:
        raise UnsupportedSubscriptionError(subscription.exchange, kind, subscription.kind, supported)
    return subscription
