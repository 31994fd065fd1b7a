"""Assets and their names. Rust origin: barter_instrument::asset."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, NewType, TypeVar

from barter_python.instrument.exchange import ExchangeId

__all__ = [
    "BASE_ASSET",
    "QUOTE_ASSET",
    "Asset",
    "AssetId",
    "AssetIndex",
    "AssetKey",
    "AssetKind",
    "AssetNameExchange",
    "AssetNameInternal",
    "BaseAsset",
    "ExchangeAsset",
    "QuoteAsset",
]

AssetId = NewType("AssetId", int)
"""Opaque number of an asset, for users who number assets themselves."""

AssetIndex = NewType("AssetIndex", int)
"""Position of an asset in `IndexedInstruments`. The same asset on two exchanges has two indexes."""

AssetNameExchange = NewType("AssetNameExchange", str)
"""Asset name exactly as the venue spells it, for example `XBT`."""

AssetKey = AssetIndex | AssetNameExchange
"""An asset inside the engine (index), or at a venue (name)."""


class AssetNameInternal(str):
    """Asset name in lower case, for example `btc`. Not unique across exchanges."""

    __slots__ = ()

    def __new__(cls, name: str) -> AssetNameInternal:
        """Lowercase `name`."""
        return super().__new__(cls, name.lower())


class AssetKind(Enum):
    """Crypto or fiat."""

    CRYPTO = "crypto"
    FIAT = "fiat"


class BaseAsset(Enum):
    """Marker: an amount in the base asset of its instrument, whichever that is."""

    BASE_ASSET = None


class QuoteAsset(Enum):
    """Marker: an amount in the quote asset of its instrument, whichever that is. The fee asset of every trade."""

    QUOTE_ASSET = None


BASE_ASSET: Final = BaseAsset.BASE_ASSET
QUOTE_ASSET: Final = QuoteAsset.QUOTE_ASSET


@dataclass(slots=True, frozen=True, order=True)
class Asset:
    """The two names of an asset.

    Attributes:
        name_internal: Lower-case name used inside the engine.
        name_exchange: Name at the venue.
    """

    name_internal: AssetNameInternal
    name_exchange: AssetNameExchange

    @classmethod
    def new(cls, name_internal: str, name_exchange: str) -> Asset:
        """Build an asset from plain text."""
        return cls(AssetNameInternal(name_internal), AssetNameExchange(name_exchange))

    @classmethod
    def new_from_exchange(cls, name_exchange: str) -> Asset:
        """Build an asset whose internal name is the venue's name in lower case."""
        return cls.new(name_exchange, name_exchange)


AssetT_co = TypeVar("AssetT_co", covariant=True)


class ExchangeAsset(Generic[AssetT_co]):
    """An asset on one exchange. `asset` is an `Asset` in an index, and an `AssetNameInternal` as a key of states.

    Attributes:
        exchange: The venue.
        asset: The asset, or its internal name.
    """

    __slots__ = ("asset", "exchange")

    exchange: ExchangeId
    asset: AssetT_co

    def __init__(self, exchange: ExchangeId, asset: AssetT_co) -> None:
        self.exchange = exchange
        self.asset = asset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExchangeAsset) and self.exchange is other.exchange and self.asset == other.asset

    def __hash__(self) -> int:
        return hash((self.exchange.value, self.asset))

    def __repr__(self) -> str:
        return f"ExchangeAsset({self.exchange.value!r}, {self.asset!r})"
