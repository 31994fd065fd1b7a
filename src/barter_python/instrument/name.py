"""Instrument names. Rust origin: barter_instrument::instrument::name."""

from __future__ import annotations

from typing import NewType

from barter_python.instrument.exchange import ExchangeId

__all__ = ["InstrumentNameExchange", "InstrumentNameInternal"]

InstrumentNameExchange = NewType("InstrumentNameExchange", str)
"""Instrument name exactly as the venue spells it, for example `XBT-USDT`. Not unique across exchanges."""


class InstrumentNameInternal(str):
    """Lower-case instrument name, unique across exchanges, for example `binance_spot-btcusdt`."""

    __slots__ = ()

    def __new__(cls, name: str) -> InstrumentNameInternal:
        """Lowercase `name`."""
        return super().__new__(cls, name.lower())

    @classmethod
    def new_from_exchange(cls, exchange: ExchangeId, name_exchange: str) -> InstrumentNameInternal:
        """Name from the exchange and the venue's own name: `binance_spot-btcusdt`."""
        return cls(f"{exchange.value}-{name_exchange}")

    @classmethod
    def new_from_exchange_underlying(cls, exchange: ExchangeId, base: str, quote: str) -> InstrumentNameInternal:
        """Name from the exchange and the pair: `binancespot-btc_usdt`.

        Rust prints the exchange without underscores here, unlike in `new_from_exchange`; the wire keeps both forms.
        """
        return cls(f"{exchange}-{base}_{quote}")
