"""Between the engine's indexes and a venue's names. Rust origin: barter_execution::map."""

from __future__ import annotations

from barter_python.errors import (
    AssetIndexError,
    AssetKeyError,
    ExchangeIndexError,
    ExchangeKeyError,
    InstrumentIndexError,
    InstrumentKeyError,
)
from barter_python.instrument.asset import Asset, AssetIndex, AssetNameExchange, ExchangeAsset
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["ExecutionInstrumentMap", "generate_execution_instrument_map"]


class ExecutionInstrumentMap:
    """Indexes and venue names of one exchange.

    Attributes:
        exchange: The exchange under its index.
        assets: Every asset of every exchange, in index order.
        instruments: Every instrument of every exchange, in index order.
        asset_names: Index of each asset of this exchange, by the venue's name.
        instrument_names: Index of each instrument of this exchange, by the venue's name.
    """

    __slots__ = ("asset_names", "assets", "exchange", "instrument_names", "instruments")

    def __init__(self, exchange: Keyed[ExchangeIndex, ExchangeId], instruments: IndexedInstruments) -> None:
        self.exchange = exchange
        self.assets: list[ExchangeAsset[Asset]] = [keyed.value for keyed in instruments.assets()]
        self.instruments: list[IndexedInstrument] = [keyed.value for keyed in instruments.instruments()]
        self.asset_names: dict[AssetNameExchange, AssetIndex] = {
            keyed.value.asset.name_exchange: keyed.key for keyed in instruments.assets() if keyed.value.exchange is exchange.value
        }
        self.instrument_names: dict[InstrumentNameExchange, InstrumentIndex] = {
            keyed.value.name_exchange: keyed.key
            for keyed in instruments.instruments()
            if keyed.value.exchange.value is exchange.value
        }

    def exchange_assets(self) -> list[AssetNameExchange]:
        """The venue's names of its assets."""
        return list(self.asset_names)

    def exchange_instruments(self) -> list[InstrumentNameExchange]:
        """The venue's names of its instruments."""
        return list(self.instrument_names)

    def find_exchange_id(self, exchange: ExchangeIndex) -> ExchangeId:
        """The exchange of this map.

        Raises:
            ExchangeKeyError: The index is that of another exchange.
        """
        if exchange != self.exchange.key:
            raise ExchangeKeyError(f"ExchangeIndex({exchange}), expected that of {self.exchange.value.value!r}")
        return self.exchange.value

    def find_exchange_index(self, exchange: ExchangeId) -> ExchangeIndex:
        """The index of the exchange of this map.

        Raises:
            ExchangeIndexError: It is another exchange.
        """
        if exchange is not self.exchange.value:
            raise ExchangeIndexError(f"exchange {exchange.value!r}, expected {self.exchange.value.value!r}")
        return self.exchange.key

    def find_asset_name_exchange(self, asset: AssetIndex) -> AssetNameExchange:
        """The venue's name of an asset.

        Raises:
            AssetKeyError: The index is out of range.
        """
        if not 0 <= asset < len(self.assets):
            raise AssetKeyError(f"AssetIndex({asset}), expected less than {len(self.assets)}")
        return self.assets[asset].asset.name_exchange

    def find_asset_index(self, asset: AssetNameExchange) -> AssetIndex:
        """The index of an asset.

        Raises:
            AssetIndexError: The exchange has no such asset.
        """
        index = self.asset_names.get(asset)
        if index is None:
            raise AssetIndexError(self._unknown("asset", asset, self.asset_names))
        return index

    def find_instrument_name_exchange(self, instrument: InstrumentIndex) -> InstrumentNameExchange:
        """The venue's name of an instrument.

        Raises:
            InstrumentKeyError: The index is out of range.
        """
        if not 0 <= instrument < len(self.instruments):
            raise InstrumentKeyError(f"InstrumentIndex({instrument}), expected less than {len(self.instruments)}")
        return self.instruments[instrument].name_exchange

    def find_instrument_index(self, instrument: InstrumentNameExchange) -> InstrumentIndex:
        """The index of an instrument.

        Raises:
            InstrumentIndexError: The exchange has no such instrument.
        """
        index = self.instrument_names.get(instrument)
        if index is None:
            raise InstrumentIndexError(self._unknown("instrument", instrument, self.instrument_names))
        return index

    def _unknown(self, what: str, name: object, known: object) -> str:
        names = ", ".join(known) or "none" if isinstance(known, dict) else "none"
        return f"{what} {name!r} of {self.exchange.value.value!r}, expected one of: {names}"


def generate_execution_instrument_map(instruments: IndexedInstruments, exchange: ExchangeId) -> ExecutionInstrumentMap:
    """The map of one exchange.

    Raises:
        ExchangeIndexError: No instrument trades there.
    """
    return ExecutionInstrumentMap(Keyed(instruments.find_exchange_index(exchange), exchange), instruments)
