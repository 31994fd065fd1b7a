"""Instruments. Rust origin: barter_instrument::instrument, barter_instrument::Underlying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Generic, NewType, TypeAlias, TypeVar, cast

from barter_python.instrument.asset import Asset, AssetIndex
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import AssetReference, InstrumentKind, Spot
from barter_python.instrument.market_data import MarketDataInstrument, market_data_instrument_kind
from barter_python.instrument.name import InstrumentNameExchange, InstrumentNameInternal
from barter_python.instrument.spec import ContractUnits, InstrumentSpec, QuoteUnits

__all__ = [
    "IndexedInstrument",
    "Instrument",
    "InstrumentDefinition",
    "InstrumentId",
    "InstrumentIndex",
    "InstrumentKey",
    "InstrumentQuoteAsset",
    "StateInstrument",
    "Underlying",
    "market_data_instrument",
]

InstrumentId = NewType("InstrumentId", int)
"""Opaque number of an instrument, for users who number instruments themselves."""

InstrumentIndex = NewType("InstrumentIndex", int)
"""Position of an instrument in `IndexedInstruments`."""

InstrumentKey = InstrumentIndex | InstrumentNameExchange
"""An instrument inside the engine (index), or at a venue (name)."""

ExchangeT = TypeVar("ExchangeT")
AssetT = TypeVar("AssetT", bound=AssetReference)
NewExchangeT = TypeVar("NewExchangeT")
NewAssetT = TypeVar("NewAssetT", bound=AssetReference)


class InstrumentQuoteAsset(Enum):
    """Whether prices are in the base or the quote asset of the underlying. Spot is always in the quote asset."""

    UNDERLYING_BASE = "UnderlyingBase"
    UNDERLYING_QUOTE = "UnderlyingQuote"


class Underlying(Generic[AssetT]):
    """The pair under an instrument.

    Attributes:
        base: The asset that is bought and sold.
        quote: The asset in which it is priced.
    """

    __slots__ = ("base", "quote")

    def __init__(self, base: AssetT, quote: AssetT) -> None:
        self.base: AssetT = base
        self.quote: AssetT = quote

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Underlying) and self.base == other.base and self.quote == other.quote

    def __hash__(self) -> int:
        return hash((self.base, self.quote))

    def __repr__(self) -> str:
        return f"Underlying({self.base!r}, {self.quote!r})"


class Instrument(Generic[ExchangeT, AssetT]):
    """Everything needed to subscribe to an instrument and to send valid orders. Treat it as immutable.

    Attributes:
        exchange: The venue: an `ExchangeId` in a definition, an index in the engine's state, both in an index.
        name_internal: Unique name across exchanges.
        name_exchange: Name at the venue.
        underlying: The pair.
        quote: In which of the two prices are.
        kind: Spot, perpetual, future or option.
        spec: The venue's limits on orders, None where unknown.
    """

    __slots__ = ("exchange", "kind", "name_exchange", "name_internal", "quote", "spec", "underlying")

    def __init__(
        self,
        exchange: ExchangeT,
        name_internal: str,
        name_exchange: str,
        underlying: Underlying[AssetT],
        quote: InstrumentQuoteAsset,
        kind: InstrumentKind,
        spec: InstrumentSpec | None = None,
    ) -> None:
        self.exchange: ExchangeT = exchange
        self.name_internal: InstrumentNameInternal = InstrumentNameInternal(name_internal)
        self.name_exchange: InstrumentNameExchange = InstrumentNameExchange(name_exchange)
        self.underlying: Underlying[AssetT] = underlying
        self.quote: InstrumentQuoteAsset = quote
        self.kind: InstrumentKind = kind
        self.spec: InstrumentSpec | None = spec

    @staticmethod
    def spot(
        exchange: ExchangeId,
        name_internal: str,
        name_exchange: str,
        underlying: Underlying[Asset] | tuple[str, str],
        spec: InstrumentSpec | None = None,
    ) -> InstrumentDefinition:
        """Define a spot instrument; the underlying may be given as the venue's two asset names."""
        if isinstance(underlying, tuple):
            base, quote = underlying
            underlying = Underlying(Asset.new_from_exchange(base), Asset.new_from_exchange(quote))
        return Instrument(exchange, name_internal, name_exchange, underlying, InstrumentQuoteAsset.UNDERLYING_QUOTE, Spot(), spec)

    def map_exchange_key(self, exchange: NewExchangeT) -> Instrument[NewExchangeT, AssetT]:
        """The same instrument under another key for its exchange."""
        return Instrument(exchange, self.name_internal, self.name_exchange, self.underlying, self.quote, self.kind, self.spec)

    def with_spec(self, spec: InstrumentSpec | None) -> Instrument[ExchangeT, AssetT]:
        """The same instrument with these limits on orders."""
        return Instrument(self.exchange, self.name_internal, self.name_exchange, self.underlying, self.quote, self.kind, spec)

    def map_asset_key_with_lookup(self, find_asset: Callable[[AssetT], NewAssetT]) -> Instrument[ExchangeT, NewAssetT]:
        """The same instrument with every asset replaced by what `find_asset` returns for it.

        Raises:
            IndexLookupError: Whatever `find_asset` raises for an asset it does not know.
        """
        kind, spec = self.kind, self.spec
        if not isinstance(kind, Spot):
            kind = replace(kind, settlement_asset=find_asset(cast("AssetT", kind.settlement_asset)))
        if spec is not None and not isinstance(spec.quantity.unit, ContractUnits | QuoteUnits):
            unit = find_asset(cast("AssetT", spec.quantity.unit))
            spec = replace(spec, quantity=replace(spec.quantity, unit=unit))
        underlying = Underlying(find_asset(self.underlying.base), find_asset(self.underlying.quote))
        return Instrument(self.exchange, self.name_internal, self.name_exchange, underlying, self.quote, kind, spec)

    def _members(self) -> tuple[object, ...]:
        return (
            self.exchange,
            self.name_internal,
            self.name_exchange,
            self.underlying,
            self.quote,
            self.kind,
            self.spec,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instrument) and self._members() == other._members()

    def __hash__(self) -> int:
        return hash((self.name_internal, self.name_exchange))

    def __repr__(self) -> str:
        return f"Instrument{self._members()!r}"


InstrumentDefinition: TypeAlias = Instrument[ExchangeId, Asset]
"""An instrument as a user defines it."""

IndexedInstrument: TypeAlias = Instrument[Keyed[ExchangeIndex, ExchangeId], AssetIndex]
"""An instrument inside `IndexedInstruments`."""

StateInstrument: TypeAlias = Instrument[ExchangeIndex, AssetIndex]
"""An instrument inside the engine's state."""


def market_data_instrument(instrument: InstrumentDefinition) -> MarketDataInstrument:
    """How a market data subscription names `instrument`."""
    return MarketDataInstrument(
        instrument.underlying.base.name_internal,
        instrument.underlying.quote.name_internal,
        market_data_instrument_kind(instrument.kind),
    )
