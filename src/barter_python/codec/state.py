"""Codecs of the engine's state. Rust origin: barter::engine::state."""

from __future__ import annotations

from typing import Any, Final, cast

from barter_python.codec.collection import one_or_many
from barter_python.codec.data import order_book_l1
from barter_python.codec.execution import INDEXED, balance, quote_fees
from barter_python.codec.instrument import (
    asset,
    asset_index,
    asset_name_internal,
    exchange_asset,
    exchange_id,
    exchange_index,
    instrument_index,
    instrument_name_internal,
    side,
    state_instrument,
    underlying,
)
from barter_python.codec.scalar import decimal, enumeration, instant, marker, text
from barter_python.codec.shape import (
    Codec,
    addition,
    bare,
    convert,
    mapping,
    member,
    option,
    pair,
    sequence,
    struct,
    union,
    variant,
)
from barter_python.codec.statistic import tear_sheet_asset_generator, tear_sheet_generator, timed
from barter_python.engine.state.asset.filter import AssetExchangesFilter, AssetFilter
from barter_python.engine.state.asset.state import AssetState, AssetStates
from barter_python.engine.state.connectivity import ConnectivityState, ConnectivityStates, Health
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.filter import (
    ExchangesFilter,
    InstrumentFilter,
    InstrumentsFilter,
    UnderlyingsFilter,
)
from barter_python.engine.state.instrument.state import InstrumentState, InstrumentStates
from barter_python.engine.state.order.manager import Orders
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState, TradingStateUpdateAudit
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.position import Position, PositionExited, PositionManager

__all__ = [
    "asset_filter",
    "asset_state",
    "asset_states",
    "connectivity_states",
    "default_global_data",
    "default_instrument_market_data",
    "engine_state",
    "health",
    "instrument_filter",
    "instrument_state",
    "instrument_states",
    "orders",
    "position",
    "position_exited",
    "position_manager",
    "trading_state",
    "trading_state_update_audit",
]

trading_state: Final = enumeration(TradingState)
trading_state_update_audit: Final = struct(TradingStateUpdateAudit, prev=trading_state, current=trading_state)

health: Final = enumeration(Health)
_connectivity_state: Final = struct(ConnectivityState, market_data=health, account=health)
connectivity_states: Final = struct(
    ConnectivityStates, **{"global": member(health, "global_health")}, exchanges=mapping(exchange_id, _connectivity_state)
)

asset_state: Final = struct(AssetState, asset=asset, statistics=tear_sheet_asset_generator, balance=option(timed(balance)))
asset_states: Final[Codec[AssetStates]] = convert(
    sequence(pair(exchange_asset(asset_name_internal), asset_state)), AssetStates, lambda states: list(states.items())
)
_exchange_ids: Final[Codec[AssetExchangesFilter]] = convert(
    one_or_many(exchange_id), AssetExchangesFilter, lambda selected: selected.exchanges
)
asset_filter: Final[Codec[AssetFilter]] = union(bare("None", None), variant("Exchanges", _exchange_ids, AssetExchangesFilter))

position: Final = struct(
    Position,
    instrument=instrument_index,
    side=side,
    price_entry_average=decimal,
    quantity_abs=decimal,
    quantity_abs_max=decimal,
    pnl_unrealised=decimal,
    pnl_realised=decimal,
    fees_enter=quote_fees,
    fees_exit=quote_fees,
    time_enter=instant,
    time_exchange_update=instant,
    trades=sequence(text),
    funding=addition(decimal, absent="0"),
)
position_exited: Final = struct(
    PositionExited,
    instrument=instrument_index,
    side=side,
    price_entry_average=decimal,
    quantity_abs_max=decimal,
    pnl_realised=decimal,
    fees_enter=quote_fees,
    fees_exit=quote_fees,
    time_enter=instant,
    time_exit=instant,
    trades=sequence(text),
    funding=addition(decimal, absent="0"),
)
position_manager: Final = struct(PositionManager, current=option(position))

_client_order_id: Final = cast("Codec[ClientOrderId]", text)
orders: Final[Codec[Orders]] = convert(
    mapping(_client_order_id, INDEXED.order_active), Orders, lambda tracked: dict(tracked.items())
)

default_instrument_market_data: Final = struct(
    DefaultInstrumentMarketData, l1=order_book_l1, last_traded_price=option(timed(decimal))
)
default_global_data: Final = marker(DefaultGlobalData())


def instrument_state(data: Codec[Any] = default_instrument_market_data) -> Codec[InstrumentState[Any]]:
    """The state of an instrument, with your data in the form of `data`."""
    return struct(
        InstrumentState,
        key=instrument_index,
        instrument=state_instrument,
        tear_sheet=tear_sheet_generator,
        position=position_manager,
        orders=orders,
        data=data,
    )


def instrument_states(data: Codec[Any] = default_instrument_market_data) -> Codec[InstrumentStates[Any]]:
    """The state of every instrument, by internal name in index order."""
    return convert(
        mapping(instrument_name_internal, instrument_state(data)),
        lambda states: InstrumentStates(states.values(), states),
        lambda states: dict(zip(states.names(), states, strict=True)),
    )


def engine_state(
    global_data: Codec[Any] = default_global_data, data: Codec[Any] = default_instrument_market_data
) -> Codec[EngineState[Any, Any]]:
    """The whole state.

    Args:
        global_data: Codec of your data across instruments.
        data: Codec of your data of an instrument.
    """
    return struct(
        EngineState,
        trading=trading_state,
        **{"global": member(global_data, "global_data")},
        connectivity=connectivity_states,
        assets=asset_states,
        instruments=instrument_states(data),
    )


_underlyings: Final[Codec[UnderlyingsFilter]] = convert(
    one_or_many(underlying(asset_index)), UnderlyingsFilter, lambda selected: selected.underlyings
)
_exchanges: Final[Codec[ExchangesFilter]] = convert(
    one_or_many(exchange_index), ExchangesFilter, lambda selected: selected.exchanges
)
_instruments: Final[Codec[InstrumentsFilter]] = convert(
    one_or_many(instrument_index), InstrumentsFilter, lambda selected: selected.instruments
)
instrument_filter: Final[Codec[InstrumentFilter]] = union(
    bare("None", None),
    variant("Exchanges", _exchanges, ExchangesFilter),
    variant("Instruments", _instruments, InstrumentsFilter),
    variant("Underlyings", _underlyings, UnderlyingsFilter),
)
