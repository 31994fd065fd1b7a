"""The state of the engine. Rust origin: barter::engine::state (mod.rs, builder.rs)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final, Generic, TypeVar

from barter_python.data.event import MarketEvent
from barter_python.engine.state.asset.filter import AssetExchangesFilter
from barter_python.engine.state.asset.state import AssetStates, generate_empty_indexed_asset_states
from barter_python.engine.state.connectivity import ConnectivityStates, Health, generate_empty_indexed_connectivity_states
from barter_python.engine.state.global_data import GlobalData
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.instrument.filter import ExchangesFilter
from barter_python.engine.state.instrument.state import (
    InstrumentState,
    InstrumentStates,
    generate_indexed_instrument_states,
    generate_unindexed_instrument_account_snapshot,
)
from barter_python.engine.state.trading import TradingState
from barter_python.errors import BarterError, ConfigError, ExchangeIndexError, shown
from barter_python.execution.account import AccountEvent, AccountSnapshot, Funding
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequest, OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.position import PositionExited
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameInternal, ExchangeAsset
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.numeric import checked_mul

__all__ = ["EngineState", "EngineStateBuilder", "InvalidEventError"]

_HEALTHY: Final = Health.HEALTHY
_TRADE_VALUE_MAX: Final = Decimal("1e26")
"""No venue trades so much at once, and sums of such values stay far from the limits of the decimal context."""

_BALANCE_MAX: Final = Decimal("1e28")
"""The difference of two such balances is still a number of the decimal context."""

GlobalT = TypeVar("GlobalT", bound=GlobalData)
DataT = TypeVar("DataT", bound=InstrumentDataState)
NewGlobalT = TypeVar("NewGlobalT", bound=GlobalData)
NewDataT = TypeVar("NewDataT", bound=InstrumentDataState)


class InvalidEventError(BarterError):
    """An event carries a value that no venue can mean, such as a fill of nothing."""


class EngineState(Generic[GlobalT, DataT]):
    """Everything the engine knows.

    Attributes:
        trading: Whether the engine asks the strategy for orders.
        global_data: Your data across instruments. Rust and the wire: `global`.
        connectivity: Health of every connection.
        assets: State of every asset.
        instruments: State of every instrument.
    """

    __slots__ = ("assets", "connectivity", "global_data", "instruments", "trading")

    def __init__(
        self,
        trading: TradingState,
        global_data: GlobalT,
        connectivity: ConnectivityStates,
        assets: AssetStates,
        instruments: InstrumentStates[DataT],
    ) -> None:
        self.trading: TradingState = trading
        self.global_data: GlobalT = global_data
        self.connectivity: ConnectivityStates = connectivity
        self.assets: AssetStates = assets
        self.instruments: InstrumentStates[DataT] = instruments

    @staticmethod
    def builder(
        instruments: IndexedInstruments,
        global_data: NewGlobalT,
        instrument_data_init: Callable[[Keyed[InstrumentIndex, IndexedInstrument]], NewDataT],
    ) -> EngineStateBuilder[NewGlobalT, NewDataT]:
        """A builder for the state of a run over `instruments`."""
        return EngineStateBuilder(instruments, global_data, instrument_data_init)

    def update_from_account(self, event: AccountEvent) -> PositionExited | None:
        """Take in an account event; returns the position that it closed, if it closed one.

        Raises:
            IndexLookupError: The event names an exchange, asset or instrument that is not part of the run.
            InvalidEventError: A number in the event cannot be, such as a fill of nothing.
            Overflow: A sum would be beyond all numbers. Nothing is changed by an event that raises.
        """
        kind = event.kind
        self._validate(event)
        exited = None
        if isinstance(kind, Funding):
            state = self.instruments.instrument_index(kind.instrument)
            state.update_from_funding(kind)
            state.data.process(event)
        elif isinstance(kind, Trade):
            state = self.instruments.instrument_index(kind.instrument)
            exited = state.update_from_trade(kind)  # first, as it may find that the fill is beyond all numbers
            state.data.process(event)
        elif isinstance(kind, AssetBalance):
            self.assets.asset_index(kind.asset).update_from_balance(kind)
        elif isinstance(kind, AccountSnapshot):
            for balance in kind.balances:
                self.assets.asset_index(balance.asset).update_from_balance(balance)
            for instrument in kind.instruments:
                state = self.instruments.instrument_index(instrument.instrument)
                state.update_from_account_snapshot(instrument)
                state.data.process(event)
        else:
            state = self.instruments.instrument_index(kind.key.instrument)
            if isinstance(kind, Order):
                state.update_from_order_snapshot(kind)
            else:
                state.update_from_cancel_response(kind)
            state.data.process(event)
        self.connectivity.update_from_account_event(_exchange_index(event.exchange))
        self.global_data.process(event)
        return exited

    def _validate(self, event: AccountEvent) -> None:
        """Raise before anything is changed, so that a bad event is never half applied."""
        kind = event.kind
        self.connectivity.connectivity_index(_exchange_index(event.exchange))
        if isinstance(kind, Funding):
            self.instruments.instrument_index(kind.instrument)
            _validate_funding(kind)
        elif isinstance(kind, Trade):
            _validate_trade(kind, self.instruments.instrument_index(kind.instrument))
        elif isinstance(kind, AssetBalance):
            self.assets.asset_index(kind.asset)
            _validate_balance(kind)
        elif isinstance(kind, Order | OrderResponseCancel):
            self.instruments.instrument_index(kind.key.instrument)
        else:
            for balance in kind.balances:
                self.assets.asset_index(balance.asset)
                _validate_balance(balance)
            for instrument in kind.instruments:
                self.instruments.instrument_index(instrument.instrument)

    def validate_keys(self, requests: Iterable[OrderRequest]) -> None:
        """Check that requests name what is part of the run.

        Raises:
            IndexLookupError: One names an exchange or an instrument that is not.
        """
        for request in requests:
            self.connectivity.connectivity_index(_exchange_index(request.key.exchange))
            self.instruments.instrument_index(request.key.instrument)

    def update_from_market(self, event: MarketEvent) -> None:
        """Take in a market event and revalue the position of its instrument.

        Raises:
            IndexLookupError: The event names an exchange or instrument that is not part of the run. Nothing is changed then.
            Overflow: The position at that price would be beyond all numbers.
        """
        key = event.instrument
        instruments = self.instruments
        state = instruments.states[key] if 0 <= key < len(instruments.states) else instruments.instrument_index(key)
        connectivity = self.connectivity
        if event.exchange not in connectivity.exchanges:
            connectivity.update_from_market_event(event.exchange)  # raises
        state.update_from_market(event)
        if connectivity.global_health is not _HEALTHY:
            connectivity.update_from_market_event(event.exchange)
        self.global_data.process(event)

    def record_in_flight_open(self, request: OrderRequestOpen) -> None:
        """A request to open an order was sent."""
        state = self.instruments.instrument_index(request.key.instrument)
        state.orders.record_in_flight_open(request)
        state.data.record_in_flight_open(request)

    def record_in_flight_opens(self, requests: Iterable[OrderRequestOpen]) -> None:
        """Requests to open orders were sent."""
        for request in requests:
            self.record_in_flight_open(request)

    def record_in_flight_cancel(self, request: OrderRequestCancel) -> None:
        """A request to cancel an order was sent."""
        state = self.instruments.instrument_index(request.key.instrument)
        state.orders.record_in_flight_cancel(request)
        state.data.record_in_flight_cancel(request)

    def record_in_flight_cancels(self, requests: Iterable[OrderRequestCancel]) -> None:
        """Requests to cancel orders were sent."""
        for request in requests:
            self.record_in_flight_cancel(request)

    def to_account_snapshots(self, time_unknown: datetime) -> dict[ExchangeId, AccountSnapshot]:
        """Balances and open orders of each exchange under the venue's names.

        Args:
            time_unknown: Stamp for balances that were never seen, which are zero.
        """
        return {
            exchange: AccountSnapshot(
                exchange,
                [state.to_asset_balance(time_unknown) for state in self.assets.filtered(AssetExchangesFilter((exchange,)))],
                [
                    generate_unindexed_instrument_account_snapshot(exchange, state)
                    for state in self.instruments.instruments(ExchangesFilter((ExchangeIndex(index),)))
                ],
            )
            for index, exchange in enumerate(self.connectivity.exchange_ids())
        }

    def _members(self) -> tuple[object, ...]:
        return (self.trading, self.global_data, self.connectivity, self.assets, self.instruments)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EngineState) and self._members() == other._members()

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"EngineState{self._members()!r}"


def _validate_trade(trade: Trade, instrument: InstrumentState[Any]) -> None:
    quantity, price, fees = trade.quantity, trade.price, trade.fees.fees
    value = checked_mul(price, quantity) if quantity.is_finite() and price.is_finite() else None
    if not quantity or value is None or value.copy_abs() > _TRADE_VALUE_MAX or not fees.is_finite():
        raise InvalidEventError(
            f"trade {trade.id!r}: quantity {quantity} at price {price} with fees {fees}, expected finite numbers, a quantity "
            f"other than zero, and a value of at most {_TRADE_VALUE_MAX}"
        )
    charged = trade.fees_charged
    if charged is None or not instrument.pays_in_base(trade):
        return
    if not charged.fees.is_finite() or charged.fees.copy_abs() >= quantity.copy_abs():
        raise InvalidEventError(
            f"trade {trade.id!r}: fees_charged {charged.fees} in the base asset, expected less than the quantity {quantity}"
        )


def _validate_balance(balance: AssetBalance) -> None:
    total, free = balance.balance.total, balance.balance.free
    if not total.is_finite() or not free.is_finite() or max(total.copy_abs(), free.copy_abs()) > _BALANCE_MAX:
        raise InvalidEventError(f"balance: total {total}, free {free}, expected finite numbers of at most {_BALANCE_MAX}")


def _validate_funding(funding: Funding) -> None:
    if not funding.amount.is_finite() or funding.amount.copy_abs() > _TRADE_VALUE_MAX:
        raise InvalidEventError(f"funding: amount {funding.amount}, expected a number of at most {_TRADE_VALUE_MAX}")


def _exchange_index(key: ExchangeIndex | ExchangeId) -> ExchangeIndex:
    if isinstance(key, ExchangeId):
        raise ExchangeIndexError(f"exchange {key.value!r} is not indexed, expected an ExchangeIndex inside the engine")
    return key


class EngineStateBuilder(Generic[GlobalT, DataT]):
    """Builds the state of a run: every instrument flat, every connection down, trading disabled unless told otherwise."""

    def __init__(
        self,
        instruments: IndexedInstruments,
        global_data: GlobalT,
        instrument_data_init: Callable[[Keyed[InstrumentIndex, IndexedInstrument]], DataT],
    ) -> None:
        self._instruments = instruments
        self._global_data = global_data
        self._instrument_data_init = instrument_data_init
        self._trading_state = TradingState.DISABLED
        self._time_engine_start: datetime | None = None
        self._balances: dict[ExchangeAsset[AssetNameInternal], Balance] = {}

    def trading_state(self, value: TradingState) -> EngineStateBuilder[GlobalT, DataT]:
        """Set the initial trading state."""
        self._trading_state = value
        return self

    def time_engine_start(self, value: datetime) -> EngineStateBuilder[GlobalT, DataT]:
        """Set the start of the session (aware UTC). It must be set: the core reads no clock."""
        self._time_engine_start = value
        return self

    def balances(self, balances: Iterable[tuple[ExchangeId, str, Balance]]) -> EngineStateBuilder[GlobalT, DataT]:
        """Add initial balances as (exchange, asset name, balance); a later one replaces an earlier one.

        Raises:
            ConfigError: A balance is no number of money.
        """
        for exchange, asset, balance in balances:
            for member, amount in (("total", balance.total), ("free", balance.free)):
                if not isinstance(amount, Decimal) or not amount.is_finite():
                    raise ConfigError(f"balances, {asset!r}: {member} is {shown(amount)}, expected a finite Decimal")
            self._balances[ExchangeAsset(exchange, AssetNameInternal(asset))] = balance
        return self

    def build(self) -> EngineState[GlobalT, DataT]:
        """Build the state.

        Raises:
            AssetIndexError: A balance names an asset that no instrument uses.
            ValueError: `time_engine_start` was not set.
        """
        start = self._time_engine_start
        if start is None:
            raise ValueError("time_engine_start is not set, expected the aware UTC time at which the session starts")
        assets = generate_empty_indexed_asset_states(self._instruments)
        for key, balance in self._balances.items():
            state = assets.asset(key)
            state.update_from_balance(AssetBalance(state.asset.name_exchange, balance, start))
        return EngineState(
            self._trading_state,
            self._global_data,
            generate_empty_indexed_connectivity_states(self._instruments),
            assets,
            generate_indexed_instrument_states(self._instruments, start, self._instrument_data_init),
        )
