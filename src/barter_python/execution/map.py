"""The names of one venue and the indexes of the engine, both ways. Rust origin: barter_execution::map."""

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
    """Translates between the engine's indexes and the names that one venue uses.

    Attributes:
        exchange: The venue, under its index.
        assets: Every asset of the run in index order, those of other venues included.
        instruments: Every instrument of the run in index order, those of other venues included.
        asset_names: Index by the venue's name, for the assets of this venue.
        instrument_names: Index by the venue's name, for the instruments of this venue.
    """

    __slots__ = ("asset_names", "assets", "exchange", "instrument_names", "instruments")

    def __init__(self, exchange: Keyed[ExchangeIndex, ExchangeId], instruments: IndexedInstruments) -> None:
        self.exchange = exchange
        self.assets: tuple[ExchangeAsset[Asset], ...] = tuple(keyed.value for keyed in instruments.assets())
        self.instruments: tuple[IndexedInstrument, ...] = tuple(keyed.value for keyed in instruments.instruments())
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
        """The venue, by index.

        Raises:
            ExchangeKeyError: The index is that of another venue.
        """
        if exchange == self.exchange.key:
            return self.exchange.value
        raise ExchangeKeyError(f"ExchangeIndex({exchange}) is not {self._venue()}, expected ExchangeIndex({self.exchange.key})")

    def find_exchange_index(self, exchange: ExchangeId) -> ExchangeIndex:
        """Index of the venue.

        Raises:
            ExchangeIndexError: It is another venue.
        """
        if exchange is self.exchange.value:
            return self.exchange.key
        raise ExchangeIndexError(f"exchange {exchange.value!r} is not {self._venue()}")

    def find_asset_name_exchange(self, asset: AssetIndex) -> AssetNameExchange:
        """The venue's name of an asset; for an asset of another venue, that venue's name.

        Raises:
            AssetKeyError: The index is out of range.
        """
        if 0 <= asset < len(self.assets):
            return self.assets[asset].asset.name_exchange
        raise AssetKeyError(f"AssetIndex({asset}) is not indexed, expected less than {len(self.assets)}")

    def find_asset_index(self, asset: AssetNameExchange) -> AssetIndex:
        """Index of an asset, by the venue's name.

        Raises:
            AssetIndexError: No instrument of this venue uses the asset.
        """
        index = self.asset_names.get(asset)
        if index is None:
            known = ", ".join(self.asset_names) or "none"
            raise AssetIndexError(f"asset {asset!r} of {self._venue()} is not indexed, expected one of: {known}")
        return index

    def find_instrument_name_exchange(self, instrument: InstrumentIndex) -> InstrumentNameExchange:
        """The venue's name of an instrument; for an instrument of another venue, that venue's name.

        Raises:
            InstrumentKeyError: The index is out of range.
        """
        if 0 <= instrument < len(self.instruments):
            return self.instruments[instrument].name_exchange
        raise InstrumentKeyError(f"InstrumentIndex({instrument}) is not indexed, expected less than {len(self.instruments)}")

    def find_instrument_index(self, instrument: InstrumentNameExchange) -> InstrumentIndex:
        """Index of an instrument, by the venue's name.

        Raises:
            InstrumentIndexError: The instrument is not part of the run.
        """
        index = self.instrument_names.get(instrument)
        if index is None:
            known = ", ".join(self.instrument_names) or "none"
            raise InstrumentIndexError(f"instrument {instrument!r} of {self._venue()} is not indexed, expected one of: {known}")
        return index

    def _venue(self) -> str:
        return repr(self.exchange.value.value)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ExecutionInstrumentMap)
            and self.exchange == other.exchange
            and self.assets == other.assets
            and self.instruments == other.instruments
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"ExecutionInstrumentMap({self.exchange!r}, {self.asset_names!r}, {self.instrument_names!r})"


def generate_execution_instrument_map(instruments: IndexedInstruments, exchange: ExchangeId) -> ExecutionInstrumentMap:
    """The map of one venue of a run.

    Raises:
        ExchangeIndexError: No instrument of the run trades there.
    """
    return ExecutionInstrumentMap(Keyed(instruments.find_exchange_index(exchange), exchange), instruments)
