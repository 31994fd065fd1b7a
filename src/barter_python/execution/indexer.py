"""Translates account events from a venue's names to indexes, and requests back. Rust origin: barter_execution::indexer."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, cast

from barter_python.errors import ExchangeKeyError, InstrumentKeyError
from barter_python.execution.account import AccountEvent, AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.error import AssetInvalid, BalanceInsufficient, ClientError, InstrumentInvalid
from barter_python.execution.map import ExecutionInstrumentMap
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import Cancelled, OpenFailed
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetIndex, AssetKey, AssetNameExchange
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.instrument import InstrumentIndex, InstrumentKey
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["AccountEventIndexer"]

RequestT = TypeVar("RequestT", OrderRequestOpen, OrderRequestCancel)
ErrorT = TypeVar("ErrorT", bound=ClientError)


class AccountEventIndexer:
    """Translates for one exchange. Every method raises `IndexLookupError` for a name that the map does not have.

    Attributes:
        map: Indexes and names of the exchange.
    """

    __slots__ = ("map",)

    def __init__(self, map: ExecutionInstrumentMap) -> None:  # noqa: A002 - barter's name
        self.map = map

    def index(self, item: AccountEvent) -> AccountEvent:
        """Rust's `Indexer::index`: the same as `account_event`."""
        return self.account_event(item)

    def account_event(self, event: AccountEvent) -> AccountEvent:
        """Translate an event of any kind."""
        return AccountEvent(self._exchange(event.exchange), self._kind(event.kind))

    def _kind(self, kind: AccountEventKind) -> AccountEventKind:
        match kind:
            case AccountSnapshot():
                return self.snapshot(kind)
            case AssetBalance():
                return self.asset_balance(kind)
            case Order():
                return self.order_snapshot(kind)
            case OrderResponseCancel():
                return self.order_response_cancel(kind)
            case Trade():
                return self.trade(kind)

    def snapshot(self, snapshot: AccountSnapshot) -> AccountSnapshot:
        """Translate balances and orders."""
        return AccountSnapshot(
            self._exchange(snapshot.exchange),
            [self.asset_balance(balance) for balance in snapshot.balances],
            [
                InstrumentAccountSnapshot(
                    self._instrument(instrument.instrument), [self.order_snapshot(order) for order in instrument.orders]
                )
                for instrument in snapshot.instruments
            ],
        )

    def asset_balance(self, balance: AssetBalance) -> AssetBalance:
        """Translate a balance."""
        return AssetBalance(self._asset(balance.asset), balance.balance, balance.time_exchange)

    def order_snapshot(self, order: Order) -> Order:
        """Translate an order in any state."""
        state = order.state
        if isinstance(state, OpenFailed):
            state = OpenFailed(self.error(state.error))
        return replace(order, key=self.order_key(order.key), state=state)

    def order_response_cancel(self, response: OrderResponseCancel) -> OrderResponseCancel:
        """Translate the answer to a request to cancel."""
        state = response.state
        return OrderResponseCancel(self.order_key(response.key), state if isinstance(state, Cancelled) else self.error(state))

    def order_key(self, key: OrderKey) -> OrderKey:
        """Translate what identifies an order."""
        return OrderKey(self._exchange(key.exchange), self._instrument(key.instrument), key.strategy, key.cid)

    def trade(self, trade: Trade) -> Trade:
        """Translate a fill."""
        return replace(trade, instrument=self._instrument(trade.instrument))

    def error(self, error: ErrorT) -> ErrorT:
        """Translate a failure. Rust: `api_error`, `order_error` and `client_error`."""
        match error:
            case AssetInvalid() | BalanceInsufficient():
                return replace(error, asset=self._asset(error.asset))
            case InstrumentInvalid():
                return replace(error, instrument=self._instrument(error.instrument))
            case _:
                return error

    def order_request(self, request: RequestT) -> RequestT:
        """Translate a request from indexes to the venue's names.

        Raises:
            KeyLookupError: The exchange or instrument has no name at the venue.
        """
        return replace(request, key=self.request_key(request.key))

    def request_key(self, key: OrderKey) -> OrderKey:
        """Translate what identifies an order from indexes to the venue's names.

        Raises:
            KeyLookupError: The exchange or instrument has no name at the venue.
        """
        if isinstance(key.exchange, ExchangeId):
            raise ExchangeKeyError(f"exchange {key.exchange.value!r}, expected an ExchangeIndex")
        if not isinstance(key.instrument, int):
            raise InstrumentKeyError(f"instrument {key.instrument!r}, expected an InstrumentIndex")
        return OrderKey(
            self.map.find_exchange_id(key.exchange),
            self.map.find_instrument_name_exchange(key.instrument),
            key.strategy,
            key.cid,
        )

    def _exchange(self, exchange: ExchangeIndex | ExchangeId) -> ExchangeIndex:
        return self.map.find_exchange_index(cast("ExchangeId", exchange))

    def _asset(self, asset: AssetKey) -> AssetIndex:
        return self.map.find_asset_index(cast("AssetNameExchange", asset))

    def _instrument(self, instrument: InstrumentKey) -> InstrumentIndex:
        return self.map.find_instrument_index(cast("InstrumentNameExchange", instrument))
