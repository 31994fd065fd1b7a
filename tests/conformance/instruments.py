"""Unit traces of instruments, indexes, configurations and the execution map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from barter_python.codec.config import execution_config, system_config
from barter_python.codec.execution import INDEXED, UNINDEXED, order_kind, time_in_force
from barter_python.codec.instrument import (
    asset,
    exchange_asset,
    exchange_id,
    exchange_index,
    indexed_instrument,
    indexed_instruments,
    instrument,
    keyed,
    side,
)
from barter_python.codec.shape import sequence
from barter_python.errors import BarterError, DecodeError
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.map import ExecutionInstrumentMap, generate_execution_instrument_map
from barter_python.instrument.asset import Asset, AssetNameExchange, AssetNameInternal
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameExchange, InstrumentNameInternal

__all__ = ["ERROR", "config", "execution_map", "index", "instrument_names"]

ERROR = {"err": True}

_instruments = sequence(instrument)
_asset = exchange_asset(asset)


def _or_error(call: Callable[[], object]) -> object:
    try:
        return call()
    except BarterError:
        return ERROR


def index(given: Any) -> object:
    """Index instruments and look them up."""
    found = IndexedInstruments.new(_instruments.read(given["instruments"]))
    return {
        "indexed": indexed_instruments.write(found),
        "lookups": [_or_error(lambda: _index_lookup(found, lookup)) for lookup in given["lookups"]],  # noqa: B023
    }


def _index_lookup(found: IndexedInstruments, lookup: Any) -> object:
    match lookup["find"]:
        case "exchange_index":
            return found.find_exchange_index(exchange_id.read(lookup["exchange"]))
        case "exchange":
            return exchange_id.write(found.find_exchange(lookup["index"]))
        case "asset_index":
            return found.find_asset_index(exchange_id.read(lookup["exchange"]), lookup["name"])
        case "asset":
            return _asset.write(found.find_asset(lookup["index"]))
        case "instrument_index":
            return found.find_instrument_index(exchange_id.read(lookup["exchange"]), lookup["name"])
        case "instrument":
            return indexed_instrument.write(found.find_instrument(lookup["index"]))
        case other:
            raise NotImplementedError(other)


def execution_map(given: Any) -> object:
    """Translate names and indexes, account events and requests."""
    instruments = IndexedInstruments.new(_instruments.read(given["instruments"]))
    try:
        found = generate_execution_instrument_map(instruments, exchange_id.read(given["exchange"]))
    except BarterError:
        return ERROR
    indexer = AccountEventIndexer(found)

    def event(document: object) -> object:
        return INDEXED.account_event.write(indexer.account_event(UNINDEXED.account_event.read(document)))

    def request(document: object) -> object:
        return UNINDEXED.order_request_open.write(indexer.order_request(INDEXED.order_request_open.read(document)))

    return {
        "map": {
            "exchange": keyed(exchange_index, exchange_id).write(found.exchange),
            "assets": [_asset.write(item) for item in found.assets],
            "instruments": [indexed_instrument.write(item) for item in found.instruments],
            "asset_names": dict(found.asset_names),
            "instrument_names": dict(found.instrument_names),
        },
        "lookups": [_or_error(lambda: _map_lookup(found, lookup)) for lookup in given["lookups"]],  # noqa: B023
        "events": [_or_error(lambda: event(item)) for item in given["events"]],  # noqa: B023
        "requests": [_or_error(lambda: request(item)) for item in given["requests"]],  # noqa: B023
    }


def _map_lookup(found: ExecutionInstrumentMap, lookup: Any) -> object:
    match lookup["find"]:
        case "exchange_id":
            return exchange_id.write(found.find_exchange_id(lookup["index"]))
        case "exchange_index":
            return found.find_exchange_index(exchange_id.read(lookup["exchange"]))
        case "asset_name_exchange":
            return found.find_asset_name_exchange(lookup["index"])
        case "asset_index":
            return found.find_asset_index(lookup["name"])
        case "instrument_name_exchange":
            return found.find_instrument_name_exchange(lookup["index"])
        case "instrument_index":
            return found.find_instrument_index(lookup["name"])
        case other:
            raise NotImplementedError(other)


def config(given: Any) -> object:
    """Read a system configuration and index its instruments."""
    try:
        found = system_config.read(given["config"])
    except DecodeError:
        return ERROR
    instruments = [item.to_instrument() for item in found.instruments]
    return {
        "instruments": [instrument.write(item) for item in instruments],
        "executions": [execution_config.write(item) for item in found.executions],
        "indexed": indexed_instruments.write(IndexedInstruments.new(instruments)),
    }


def _internal_from_exchange(exchange: str, name: str) -> str:
    return InstrumentNameInternal.new_from_exchange(exchange_id.read(exchange), name)


def _internal_from_underlying(exchange: str, base: str, quote: str) -> str:
    return InstrumentNameInternal.new_from_exchange_underlying(exchange_id.read(exchange), base, quote)


def _exchange(name: str) -> object:
    found: ExchangeId = exchange_id.read(name)
    return {"display": str(found), "as_str": found.as_str()}


_NAMES: dict[str, Callable[..., object]] = {
    "InstrumentNameInternal::new": lambda name: str(InstrumentNameInternal(name)),
    "InstrumentNameInternal::new_from_exchange": lambda *args: str(_internal_from_exchange(*args)),
    "InstrumentNameInternal::new_from_exchange_underlying": lambda *args: str(_internal_from_underlying(*args)),
    "InstrumentNameExchange::new": InstrumentNameExchange,
    "AssetNameInternal::new": lambda name: str(AssetNameInternal(name)),
    "AssetNameExchange::new": AssetNameExchange,
    "Asset::new": lambda *args: asset.write(Asset.new(*args)),
    "Asset::new_from_exchange": lambda *args: asset.write(Asset.new_from_exchange(*args)),
    "ExchangeId": _exchange,
    # Indexes are plain integers here; messages spell them in this way.
    "ExchangeIndex::to_string": lambda number: f"ExchangeIndex({number})",
    "AssetIndex::to_string": lambda number: f"AssetIndex({number})",
    "InstrumentIndex::to_string": lambda number: f"InstrumentIndex({number})",
    "AssetId::to_string": str,
    "InstrumentId::to_string": str,
    "Side::to_string": lambda name: str(side.read(name)),
    "OrderKind::to_string": lambda name: str(order_kind.read(name)),
    "TimeInForce::to_string": lambda name: str(time_in_force.read(name)),
}


def instrument_names(given: Any) -> object:
    """Make a name, or print one."""
    if given["fn"] not in _NAMES:
        raise NotImplementedError(given["fn"])
    return _NAMES[given["fn"]](*given["args"])
