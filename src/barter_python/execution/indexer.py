"""Account events from the venue's names to indexes, and requests back. Rust origin: barter_execution::indexer."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, cast

from barter_python.execution.account import AccountEvent, AccountEventKind, AccountSnapshot, Funding, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.error import (
    ApiError,
    AssetInvalid,
    BalanceInsufficient,
    ClientError,
    InstrumentInvalid,
    OrderError,
)
from barter_python.execution.map import ExecutionInstrumentMap
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import Cancelled, OpenFailed
from barter_python.execution.trade import AssetFees, Trade
from barter_python.instrument.asset import AssetIndex, AssetKey, AssetNameExchange
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.instrument import InstrumentIndex, InstrumentKey
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["AccountEventIndexer"]

RequestT = TypeVar("RequestT", OrderRequestCancel, OrderRequestOpen)
ErrorT = TypeVar("ErrorT")


class AccountEventIndexer:
    """Translates what comes from one venue into the engine's indexes, and requests into the venue's names.

    Every method raises `IndexLookupError` for a name that is not part of the run; `order_request` raises `KeyLookupError` for an
    index that is not of this venue. Nothing that is given is changed.

    Args:
        map: The names of the venue.
    """

    __slots__ = ("map",)

    def __init__(self, map: ExecutionInstrumentMap) -> None:  # noqa: A002 - barter's name
        self.map = map

    def account_event(self, event: AccountEvent) -> AccountEvent:
        """Translate an event."""
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
            case Funding():
                return replace(kind, instrument=self._instrument(kind.instrument))

    def snapshot(self, snapshot: AccountSnapshot) -> AccountSnapshot:
        """Translate a snapshot of the account."""
        return AccountSnapshot(
            self._exchange(snapshot.exchange),
            [self.asset_balance(balance) for balance in snapshot.balances],
            [
                InstrumentAccountSnapshot(
                    self._instrument(item.instrument), [self.order_snapshot(order) for order in item.orders]
                )
                for item in snapshot.instruments
            ],
        )

    def asset_balance(self, balance: AssetBalance) -> AssetBalance:
        """Translate a balance."""
        return AssetBalance(self._asset(balance.asset), balance.balance, balance.time_exchange)

    def order_snapshot(self, order: Order) -> Order:
        """Translate an order."""
        state = order.state
        if isinstance(state, OpenFailed):
            state = OpenFailed(self.order_error(state.error))
        key = self.order_key(order.key)
        return Order(key, order.side, order.price, order.quantity, order.kind, order.time_in_force, state)

    def order_response_cancel(self, response: OrderResponseCancel) -> OrderResponseCancel:
        """Translate the answer to a request to cancel."""
        state = response.state
        return OrderResponseCancel(
            self.order_key(response.key), state if isinstance(state, Cancelled) else self.order_error(state)
        )

    def order_key(self, key: OrderKey) -> OrderKey:
        """Translate what identifies an order."""
        return OrderKey(self._exchange(key.exchange), self._instrument(key.instrument), key.strategy, key.cid)

    def order_error(self, error: OrderError) -> OrderError:
        """Translate why an order failed."""
        return self._error(error)

    def api_error(self, error: ApiError) -> ApiError:
        """Translate a refusal."""
        return self._error(error)

    def client_error(self, error: ClientError) -> ClientError:
        """Translate why a call of a client failed."""
        return self._error(error)

    def _error(self, error: ErrorT) -> ErrorT:
        if isinstance(error, AssetInvalid | BalanceInsufficient):
            return replace(error, asset=self._asset(error.asset))
        if isinstance(error, InstrumentInvalid):
            return replace(error, instrument=self._instrument(error.instrument))
        return error

    def trade(self, trade: Trade) -> Trade:
        """Translate a fill."""
        charged = trade.fees_charged
        if charged is not None:
            asset = self.map.asset_names.get(cast("AssetNameExchange", charged.asset))
            charged = charged if asset is None else AssetFees(asset, charged.fees)
        return replace(trade, instrument=self._instrument(trade.instrument), fees_charged=charged)

    def order_request(self, request: RequestT) -> RequestT:
        """Translate a request of the engine into the venue's names.

        Raises:
            KeyLookupError: The request is for another venue, or its instrument is not part of the run.
        """
        key = request.key
        named = OrderKey(
            self.map.find_exchange_id(cast("ExchangeIndex", key.exchange)),
            self.map.find_instrument_name_exchange(cast("InstrumentIndex", key.instrument)),
            key.strategy,
            key.cid,
        )
        return replace(request, key=named)

    def _exchange(self, exchange: ExchangeIndex | ExchangeId) -> ExchangeIndex:
        return self.map.find_exchange_index(cast("ExchangeId", exchange))

    def _asset(self, asset: AssetKey) -> AssetIndex:
        return self.map.find_asset_index(cast("AssetNameExchange", asset))

    def _instrument(self, instrument: InstrumentKey) -> InstrumentIndex:
        return self.map.find_instrument_index(cast("InstrumentNameExchange", instrument))
