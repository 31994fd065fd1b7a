"""Exchanges. Rust origin: barter_instrument::exchange."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NewType

__all__ = ["ExchangeId", "ExchangeIndex"]

ExchangeIndex = NewType("ExchangeIndex", int)
"""Position of an exchange in `IndexedInstruments`."""


class ExchangeId(Enum):
    """A venue server. One venue can have several: spot and futures of Binance are two.

    The value is the wire name, `str()` gives Rust's display name, and members sort in the order of their declaration.
    """

    OTHER = "other"
    SIMULATED = "simulated"
    MOCK = "mock"
    BINANCE_FUTURES_COIN = "binance_futures_coin"
    BINANCE_FUTURES_USD = "binance_futures_usd"
    BINANCE_OPTIONS = "binance_options"
    BINANCE_PORTFOLIO_MARGIN = "binance_portfolio_margin"
    BINANCE_SPOT = "binance_spot"
    BINANCE_US = "binance_us"
    BITAZZA = "bitazza"
    BITFINEX = "bitfinex"
    BITFLYER = "bitflyer"
    BITGET = "bitget"
    BITMART = "bitmart"
    BITMART_FUTURES_USD = "bitmart_futures_usd"
    BITMEX = "bitmex"
    BITSO = "bitso"
    BITSTAMP = "bitstamp"
    BITVAVO = "bitvavo"
    BITHUMB = "bithumb"
    BYBIT_PERPETUALS_USD = "bybit_perpetuals_usd"
    BYBIT_SPOT = "bybit_spot"
    CEXIO = "cexio"
    COINBASE = "coinbase"
    COINBASE_INTERNATIONAL = "coinbase_international"
    CRYPTOCOM = "cryptocom"
    DERIBIT = "deribit"
    GATEIO_FUTURES_BTC = "gateio_futures_btc"
    GATEIO_FUTURES_USD = "gateio_futures_usd"
    GATEIO_OPTIONS = "gateio_options"
    GATEIO_PERPETUALS_BTC = "gateio_perpetuals_btc"
    GATEIO_PERPETUALS_USD = "gateio_perpetuals_usd"
    GATEIO_SPOT = "gateio_spot"
    GEMINI = "gemini"
    HITBTC = "hitbtc"
    HTX = "htx"
    KRAKEN = "kraken"
    KUCOIN = "kucoin"
    LIQUID = "liquid"
    MEXC = "mexc"
    OKX = "okx"
    POLONIEX = "poloniex"

    def as_str(self) -> str:
        """The wire name, such as `binance_spot`."""
        return self.value

    @property
    def position(self) -> int:
        """Place in the order of declaration, which is the sort order of exchanges."""
        return _POSITIONS[self]

    def __str__(self) -> str:
        return _DISPLAY_NAMES[self]

    # An enum hashes its name in Python code; members are looked up at every market event.
    if not TYPE_CHECKING:  # which would take it for a variable
        __hash__ = object.__hash__

    def __lt__(self, other: ExchangeId) -> bool:
        return _POSITIONS[self] < _POSITIONS[other]


_POSITIONS = {exchange: position for position, exchange in enumerate(ExchangeId)}
_DISPLAY_NAMES = {exchange: "".join(part.capitalize() for part in exchange.value.split("_")) for exchange in ExchangeId}
