"""The index of all exchanges, assets and instruments of a run. Rust origin: barter_instrument::index.

The engine keeps its state in lists; an index is a place in these lists, so every lookup on the hot path is one subscript.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from barter_python.errors import (
    AssetIndexError,
    ExchangeIndexError,
    InstrumentIndexError,
)
from barter_python.instrument.asset import Asset, AssetIndex, AssetNameInternal, ExchangeAsset
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.instrument import (
    IndexedInstrument,
    InstrumentDefinition,
    InstrumentIndex,
    InstrumentQuoteAsset,
)
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.kind import (
    FutureContract,
    InstrumentKind,
    OptionContract,
    OptionExercise,
    OptionKind,
    PerpetualContract,
    Spot,
    settlement_asset,
)
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.spec import ContractUnits, InstrumentSpec, QuoteUnits

__all__ = ["IndexedInstruments", "IndexedInstrumentsBuilder"]


class IndexedInstruments:
    """All exchanges, assets and instruments of a run, numbered from 0 in sort order. Immutable once built."""

    __slots__ = ("_asset_indexes", "_assets", "_exchanges", "_instrument_indexes", "_instruments")

    def __init__(
        self,
        exchanges: tuple[Keyed[ExchangeIndex, ExchangeId], ...],
        assets: tuple[Keyed[AssetIndex, ExchangeAsset[Asset]], ...],
        instruments: tuple[Keyed[InstrumentIndex, IndexedInstrument], ...],
    ) -> None:
        self._exchanges = exchanges
        self._assets = assets
        self._instruments = instruments
        self._asset_indexes: dict[tuple[ExchangeId, str], AssetIndex] = {}
        for keyed_asset in assets:
            name = (keyed_asset.value.exchange, keyed_asset.value.asset.name_internal)
            self._asset_indexes.setdefault(name, keyed_asset.key)
        self._instrument_indexes: dict[tuple[ExchangeId, str], InstrumentIndex] = {}
        for keyed_instrument in instruments:
            instrument = keyed_instrument.value
            self._instrument_indexes.setdefault((instrument.exchange.value, instrument.name_internal), keyed_instrument.key)

    @classmethod
    def new(cls, instruments: Iterable[InstrumentDefinition]) -> IndexedInstruments:
        """Index the given instruments with their exchanges and assets; order and duplicates do not matter.

        Different instruments that share one internal name are all indexed, and the first is found by it; the state of the engine
        refuses them.
        """
        builder = cls.builder()
        for instrument in instruments:
            builder.add_instrument(instrument)
        return builder.build()

    @staticmethod
    def builder() -> IndexedInstrumentsBuilder:
        """A builder that takes one instrument at a time."""
        return IndexedInstrumentsBuilder()

    def exchanges(self) -> tuple[Keyed[ExchangeIndex, ExchangeId], ...]:
        """Every exchange under its index."""
        return self._exchanges

    def assets(self) -> tuple[Keyed[AssetIndex, ExchangeAsset[Asset]], ...]:
        """Every asset of every exchange under its index."""
        return self._assets

    def instruments(self) -> tuple[Keyed[InstrumentIndex, IndexedInstrument], ...]:
        """Every instrument under its index."""
        return self._instruments

    def with_specs(self, exchange: ExchangeId, specs: Mapping[InstrumentNameExchange, InstrumentSpec]) -> IndexedInstruments:
        """The same under the same indexes, with the limits of a venue where an instrument has none of its own.

        Args:
            exchange: The venue.
            specs: Its limits, by its names; quantities are of the base asset, or contracts.
        """

        def limited(instrument: IndexedInstrument) -> IndexedInstrument:
            spec = specs.get(instrument.name_exchange) if instrument.exchange.value is exchange else None
            if instrument.spec is not None or spec is None:
                return instrument
            if not isinstance(spec.quantity.unit, ContractUnits | QuoteUnits):
                spec = replace(spec, quantity=replace(spec.quantity, unit=instrument.underlying.base))
            return instrument.with_spec(spec)

        instruments = tuple(Keyed(keyed.key, limited(keyed.value)) for keyed in self._instruments)
        return IndexedInstruments(self._exchanges, self._assets, instruments)

    def find_exchange_index(self, exchange: ExchangeId) -> ExchangeIndex:
        """Index of an exchange.

        Raises:
            ExchangeIndexError: No instrument trades there.
        """
        for keyed in self._exchanges:
            if keyed.value is exchange:
                return keyed.key
        known = ", ".join(keyed.value.value for keyed in self._exchanges) or "none"
        raise ExchangeIndexError(f"exchange {exchange.value!r} is not indexed, expected one of: {known}")

    def find_exchange(self, index: ExchangeIndex) -> ExchangeId:
        """Exchange under an index.

        Raises:
            ExchangeIndexError: The index is out of range.
        """
        if 0 <= index < len(self._exchanges):
            return self._exchanges[index].value
        raise ExchangeIndexError(f"ExchangeIndex({index}) is not indexed, expected less than {len(self._exchanges)}")

    def find_asset_index(self, exchange: ExchangeId, name: str) -> AssetIndex:
        """Index of an asset of an exchange, by internal name.

        Raises:
            AssetIndexError: No instrument of that exchange uses the asset.
        """
        try:
            return self._asset_indexes[exchange, name]
        except KeyError:
            known = ", ".join(asset for venue, asset in self._asset_indexes if venue is exchange) or "none"
            raise AssetIndexError(f"asset {str(name)!r} of {exchange.value!r} is not indexed, expected one of: {known}") from None

    def definitions(self, exchange: ExchangeId) -> Iterator[Keyed[InstrumentIndex, InstrumentDefinition]]:
        """The instruments of an exchange as they were defined, with names in place of indexes."""
        for keyed in self._instruments:
            if keyed.value.exchange.value is exchange:
                named = keyed.value.map_exchange_key(exchange)
                yield Keyed(keyed.key, named.map_asset_key_with_lookup(lambda index: self.find_asset(index).asset))

    def find_asset(self, index: AssetIndex) -> ExchangeAsset[Asset]:
        """Asset under an index.

        Raises:
            AssetIndexError: The index is out of range.
        """
        if 0 <= index < len(self._assets):
            return self._assets[index].value
        raise AssetIndexError(f"AssetIndex({index}) is not indexed, expected less than {len(self._assets)}")

    def find_instrument_index(self, exchange: ExchangeId, name: str) -> InstrumentIndex:
        """Index of an instrument of an exchange, by internal name.

        Raises:
            InstrumentIndexError: There is no such instrument.
        """
        try:
            return self._instrument_indexes[exchange, name]
        except KeyError:
            known = ", ".join(known for venue, known in self._instrument_indexes if venue is exchange) or "none"
            raise InstrumentIndexError(
                f"instrument {str(name)!r} of {exchange.value!r} is not indexed, expected one of: {known}"
            ) from None

    def find_instrument(self, index: InstrumentIndex) -> IndexedInstrument:
        """Instrument under an index.

        Raises:
            InstrumentIndexError: The index is out of range.
        """
        if 0 <= index < len(self._instruments):
            return self._instruments[index].value
        raise InstrumentIndexError(f"InstrumentIndex({index}) is not indexed, expected less than {len(self._instruments)}")

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, IndexedInstruments)
            and self._exchanges == other._exchanges
            and self._assets == other._assets
            and self._instruments == other._instruments
        )

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"IndexedInstruments({self._exchanges!r}, {self._assets!r}, {self._instruments!r})"


class IndexedInstrumentsBuilder:
    """Collects instruments, then sorts, de-duplicates and numbers everything they name."""

    def __init__(self) -> None:
        self._exchanges: set[ExchangeId] = set()
        self._assets: set[ExchangeAsset[Asset]] = set()
        self._instruments: list[InstrumentDefinition] = []

    def add_instrument(self, instrument: InstrumentDefinition) -> IndexedInstrumentsBuilder:
        """Add an instrument, its exchange and every asset it names."""
        exchange = instrument.exchange
        self._exchanges.add(exchange)
        self._assets.add(ExchangeAsset(exchange, instrument.underlying.base))
        self._assets.add(ExchangeAsset(exchange, instrument.underlying.quote))
        settlement = settlement_asset(instrument.kind)
        if isinstance(settlement, Asset):
            self._assets.add(ExchangeAsset(exchange, settlement))
        if instrument.spec is not None and isinstance(instrument.spec.quantity.unit, Asset):
            self._assets.add(ExchangeAsset(exchange, instrument.spec.quantity.unit))
        self._instruments.append(instrument)
        return self

    def build(self) -> IndexedInstruments:
        """Number everything from 0 in sort order."""
        exchanges = tuple(Keyed(ExchangeIndex(index), exchange) for index, exchange in enumerate(sorted(self._exchanges)))
        assets = tuple(
            Keyed(AssetIndex(index), asset)
            for index, asset in enumerate(sorted(self._assets, key=lambda item: (item.exchange, item.asset)))
        )
        definitions: list[InstrumentDefinition] = []
        for instrument in sorted(self._instruments, key=_sort_key):
            if not definitions or instrument != definitions[-1]:
                definitions.append(instrument)
        exchange_keys = {keyed.value: keyed for keyed in exchanges}
        asset_keys: dict[tuple[ExchangeId, AssetNameInternal], AssetIndex] = {}
        for keyed in assets:
            asset_keys.setdefault((keyed.value.exchange, keyed.value.asset.name_internal), keyed.key)

        def indexed(instrument: InstrumentDefinition) -> IndexedInstrument:
            def find_asset(asset: Asset) -> AssetIndex:
                return asset_keys[instrument.exchange, asset.name_internal]

            return instrument.map_exchange_key(exchange_keys[instrument.exchange]).map_asset_key_with_lookup(find_asset)

        instruments = tuple(Keyed(InstrumentIndex(index), indexed(instrument)) for index, instrument in enumerate(definitions))
        return IndexedInstruments(exchanges, assets, instruments)


def _sort_key(instrument: InstrumentDefinition) -> tuple[Any, ...]:
    """Rust sorts instruments member by member, in the order of their declaration."""
    return (
        instrument.exchange,
        instrument.name_internal,
        instrument.name_exchange,
        instrument.underlying.base,
        instrument.underlying.quote,
        instrument.quote is InstrumentQuoteAsset.UNDERLYING_QUOTE,
        _kind_sort_key(instrument.kind),
        _spec_sort_key(instrument.spec),
    )


_OPTION_EXERCISES = tuple(OptionExercise)


def _kind_sort_key(kind: InstrumentKind) -> tuple[Any, ...]:
    match kind:
        case Spot():
            return (0,)
        case PerpetualContract():
            return (1, kind.contract_size, kind.settlement_asset)
        case FutureContract():
            return (2, kind.contract_size, kind.settlement_asset, kind.expiry)
        case OptionContract():
            return (
                3,
                kind.contract_size,
                kind.settlement_asset,
                kind.kind is OptionKind.PUT,
                _OPTION_EXERCISES.index(kind.exercise),
                kind.expiry,
                kind.strike,
            )


def _spec_sort_key(spec: InstrumentSpec | None) -> tuple[Any, ...]:
    if spec is None:
        return ()
    unit = spec.quantity.unit
    unit_key: tuple[Any, ...] = (0, unit)
    if isinstance(unit, ContractUnits):
        unit_key = (1,)
    elif isinstance(unit, QuoteUnits):
        unit_key = (2,)
    return (
        spec.price.min,
        spec.price.tick_size,
        unit_key,
        spec.quantity.min,
        spec.quantity.increment,
        spec.notional.min,
    )
