"""What a mock client asks a simulated exchange. Rust origin: barter_execution::exchange::mock::request."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.name import InstrumentNameExchange

__all__ = [
    "CancelOrder",
    "FetchAccountSnapshot",
    "FetchBalances",
    "FetchOrdersOpen",
    "FetchTrades",
    "MockExchangeRequest",
    "MockExchangeRequestKind",
    "OpenOrder",
]


@dataclass(slots=True, eq=False)
class FetchAccountSnapshot:
    """Balances and orders."""

    response_tx: Future[AccountSnapshot]


@dataclass(slots=True, eq=False)
class FetchBalances:
    """Balances of the given assets."""

    assets: Sequence[AssetNameExchange]
    response_tx: Future[list[AssetBalance]]


@dataclass(slots=True, eq=False)
class FetchOrdersOpen:
    """Open orders of the given instruments."""

    instruments: Sequence[InstrumentNameExchange]
    response_tx: Future[list[Order]]


@dataclass(slots=True, eq=False)
class FetchTrades:
    """Fills since a time of the venue."""

    response_tx: Future[list[Trade]]
    time_since: datetime


@dataclass(slots=True, eq=False)
class CancelOrder:
    """Cancel an order."""

    response_tx: Future[OrderResponseCancel | None]
    request: OrderRequestCancel


@dataclass(slots=True, eq=False)
class OpenOrder:
    """Open an order."""

    response_tx: Future[Order | None]
    request: OrderRequestOpen


MockExchangeRequestKind: TypeAlias = (
    FetchAccountSnapshot | FetchBalances | FetchOrdersOpen | FetchTrades | CancelOrder | OpenOrder
)


@dataclass(slots=True, eq=False)
class MockExchangeRequest:
    """A question, and when it was asked.

    Attributes:
        time_request: When it left the client, aware UTC.
        kind: The question, and where its answer goes.
    """

    time_request: datetime
    kind: MockExchangeRequestKind

    @classmethod
    def fetch_account_snapshot(cls, time_request: datetime, response_tx: Future[AccountSnapshot]) -> MockExchangeRequest:
        """Ask for balances and orders."""
        return cls(time_request, FetchAccountSnapshot(response_tx))

    @classmethod
    def fetch_balances(
        cls, time_request: datetime, assets: Sequence[AssetNameExchange], response_tx: Future[list[AssetBalance]]
    ) -> MockExchangeRequest:
        """Ask for the balances of the given assets."""
        return cls(time_request, FetchBalances(assets, response_tx))

    @classmethod
    def fetch_orders_open(
        cls, time_request: datetime, instruments: Sequence[InstrumentNameExchange], response_tx: Future[list[Order]]
    ) -> MockExchangeRequest:
        """Ask for the open orders of the given instruments."""
        return cls(time_request, FetchOrdersOpen(instruments, response_tx))

    @classmethod
    def fetch_trades(cls, time_request: datetime, response_tx: Future[list[Trade]], time_since: datetime) -> MockExchangeRequest:
        """Ask for the fills since a time."""
        return cls(time_request, FetchTrades(response_tx, time_since))

    @classmethod
    def cancel_order(
        cls, time_request: datetime, response_tx: Future[OrderResponseCancel | None], request: OrderRequestCancel
    ) -> MockExchangeRequest:
        """Ask for an order to be cancelled."""
        return cls(time_request, CancelOrder(response_tx, request))

    @classmethod
    def open_order(
        cls, time_request: datetime, response_tx: Future[Order | None], request: OrderRequestOpen
    ) -> MockExchangeRequest:
        """Ask for an order to be opened."""
        return cls(time_request, OpenOrder(response_tx, request))
