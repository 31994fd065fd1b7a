"""Codecs of exchanges, assets and instruments. Rust origin: barter-instrument."""

from __future__ import annotations

from typing import Any, Final, cast

from barter_python.codec.scalar import decimal, enumeration, epoch_milliseconds, text, unsigned
from barter_python.codec.shape import Codec, bare, convert, member, option, sequence, struct, union, variant
from barter_python.instrument.asset import Asset, AssetIndex, AssetKind, AssetNameExchange, AssetNameInternal, ExchangeAsset
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import (
    IndexedInstrument,
    Instrument,
    InstrumentDefinition,
    InstrumentIndex,
    InstrumentQuoteAsset,
    StateInstrument,
    Underlying,
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
)
from barter_python.instrument.market_data import (
    MarketDataFutureContract,
    MarketDataInstrument,
    MarketDataInstrumentKind,
    MarketDataOptionContract,
    MarketDataPerpetual,
)
from barter_python.instrument.name import InstrumentNameExchange, InstrumentNameInternal
from barter_python.instrument.side import Side
from barter_python.instrument.spec import (
    ContractUnits,
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
    OrderQuantityUnits,
    QuoteUnits,
)

__all__ = [
    "asset",
    "asset_index",
    "asset_kind",
    "asset_name_exchange",
    "asset_name_internal",
    "exchange_asset",
    "exchange_id",
    "exchange_index",
    "indexed_instrument",
    "indexed_instruments",
    "instrument",
    "instrument_index",
    "instrument_kind",
    "instrument_name_exchange",
    "instrument_name_internal",
    "instrument_quote_asset",
    "instrument_spec",
    "instrument_with_keys",
    "keyed",
    "market_data_instrument",
    "market_data_instrument_kind",
    "option_exercise",
    "option_kind",
    "order_quantity_units",
    "side",
    "state_instrument",
    "underlying",
]

side: Final = enumeration(Side, {"buy": "Buy", "BUY": "Buy", "b": "Buy", "sell": "Sell", "SELL": "Sell", "s": "Sell"})
exchange_id: Final = enumeration(ExchangeId, {"huobi": "htx"})
asset_kind: Final = enumeration(AssetKind)
option_kind: Final = enumeration(OptionKind, {"Call": "call", "CALL": "call", "Put": "put", "PUT": "put"})
option_exercise: Final = enumeration(
    OptionExercise,
    {alias: item.value for item in OptionExercise for alias in (item.value.capitalize(), item.value.upper())},
)
instrument_quote_asset: Final = enumeration(
    InstrumentQuoteAsset, {"underlying_base": "UnderlyingBase", "underlying_quote": "UnderlyingQuote"}
)

exchange_index: Final = cast("Codec[ExchangeIndex]", unsigned)
asset_index: Final = cast("Codec[AssetIndex]", unsigned)
instrument_index: Final = cast("Codec[InstrumentIndex]", unsigned)
asset_name_exchange: Final = cast("Codec[AssetNameExchange]", text)
asset_name_internal: Final[Codec[AssetNameInternal]] = convert(text, AssetNameInternal, str)
instrument_name_exchange: Final = cast("Codec[InstrumentNameExchange]", text)
instrument_name_internal: Final[Codec[InstrumentNameInternal]] = convert(text, InstrumentNameInternal, str)

asset: Final = struct(Asset, name_internal=asset_name_internal, name_exchange=asset_name_exchange)


def exchange_asset(item: Codec[Any]) -> Codec[ExchangeAsset[Any]]:
    """An asset of an exchange, whole or by name."""
    return struct(ExchangeAsset, exchange=exchange_id, asset=item)


def keyed(key: Codec[Any], value: Codec[Any]) -> Codec[Keyed[Any, Any]]:
    """A value under a key."""
    return struct(Keyed, key=key, value=value)


def underlying(item: Codec[Any]) -> Codec[Underlying[Any]]:
    """A pair of assets, whole, by index or by name."""
    return struct(Underlying, base=item, quote=item)


def instrument_kind(settlement: Codec[Any]) -> Codec[InstrumentKind]:
    """Spot, perpetual, future or option, whose settlement asset is whole, an index or a name."""
    perpetual = struct(PerpetualContract, contract_size=decimal, settlement_asset=settlement)
    future = struct(FutureContract, contract_size=decimal, settlement_asset=settlement, expiry=epoch_milliseconds)
    contract = struct(
        OptionContract,
        contract_size=decimal,
        settlement_asset=settlement,
        kind=option_kind,
        exercise=option_exercise,
        expiry=epoch_milliseconds,
        strike=decimal,
    )
    return union(
        bare("spot", Spot()),
        variant("perpetual", perpetual, PerpetualContract),
        variant("future", future, FutureContract),
        variant("option", contract, OptionContract),
    )


def order_quantity_units(item: Codec[Any]) -> Codec[OrderQuantityUnits]:
    """An asset, contracts, or the quote asset."""
    return union(variant("Asset", item), bare("Contract", ContractUnits.CONTRACT), bare("Quote", QuoteUnits.QUOTE))


def instrument_spec(item: Codec[Any]) -> Codec[InstrumentSpec]:
    """The limits on orders, whose unit is an asset in the form of `item`."""
    quantity = struct(InstrumentSpecQuantity, unit=order_quantity_units(item), min=decimal, increment=decimal)
    return struct(
        InstrumentSpec,
        price=struct(InstrumentSpecPrice, min=decimal, tick_size=decimal),
        quantity=quantity,
        notional=struct(InstrumentSpecNotional, min=decimal),
    )


def instrument_with_keys(exchange: Codec[Any], item: Codec[Any]) -> Codec[Instrument[Any, Any]]:
    """An instrument whose exchange and assets are given by these codecs."""
    return struct(
        Instrument,
        exchange=exchange,
        name_internal=instrument_name_internal,
        name_exchange=instrument_name_exchange,
        underlying=underlying(item),
        quote=instrument_quote_asset,
        kind=member(instrument_kind(item), aliases=("instrument_kind",)),
        spec=option(instrument_spec(item)),
    )


instrument: Final[Codec[InstrumentDefinition]] = instrument_with_keys(exchange_id, asset)
state_instrument: Final[Codec[StateInstrument]] = instrument_with_keys(exchange_index, asset_index)
indexed_instrument: Final[Codec[IndexedInstrument]] = instrument_with_keys(keyed(exchange_index, exchange_id), asset_index)


def _index(exchanges: list[Any], assets: list[Any], instruments: list[Any]) -> IndexedInstruments:
    return IndexedInstruments(tuple(exchanges), tuple(assets), tuple(instruments))


indexed_instruments: Final = struct(
    _index,
    exchanges=member(sequence(keyed(exchange_index, exchange_id)), IndexedInstruments.exchanges),
    assets=member(sequence(keyed(asset_index, exchange_asset(asset))), IndexedInstruments.assets),
    instruments=member(sequence(keyed(instrument_index, indexed_instrument)), IndexedInstruments.instruments),
)

_market_data_option: Final = struct(
    MarketDataOptionContract, kind=option_kind, exercise=option_exercise, expiry=epoch_milliseconds, strike=decimal
)
market_data_instrument_kind: Final[Codec[MarketDataInstrumentKind]] = union(
    bare("spot", Spot()),
    bare("perpetual", MarketDataPerpetual()),
    variant("future", struct(MarketDataFutureContract, expiry=epoch_milliseconds), MarketDataFutureContract),
    variant("option", _market_data_option, MarketDataOptionContract),
)
market_data_instrument: Final = struct(
    MarketDataInstrument,
    base=asset_name_internal,
    quote=asset_name_internal,
    instrument_kind=member(market_data_instrument_kind, "kind"),
)
