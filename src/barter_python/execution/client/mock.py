"""A client of a simulated exchange. Rust origin: barter_execution::client::mock.

Everything that happens to the account comes on the account stream, in the order in which it happened; an answer to a request is
repeated as the result of the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, TypeVar

from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.client.client import ExecutionClient, ExecutionError
from barter_python.execution.client.mock_request import MockExchangeRequest
from barter_python.execution.error import ExchangeOffline, OrderError, Socket
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import OpenFailed
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.integration.channel import ChannelClosed, Tx

__all__ = ["MockExecution", "MockExecutionClientConfig"]

T = TypeVar("T")

_STOPPED: Final = Socket("the simulated exchange stopped before it answered")


@dataclass(slots=True)
class MockExecutionClientConfig:
    """What a mock client works with.

    Attributes:
        mocked_exchange: The venue that is simulated.
        clock: Tells the time, aware UTC.
        request_tx: Where requests go.
        subscribe: Opens an account stream. Rust: `event_rx`, a broadcast receiver that is subscribed again.
    """

    mocked_exchange: ExchangeId
    clock: Callable[[], datetime]
    request_tx: Tx[MockExchangeRequest]
    subscribe: Callable[[], AsyncIterator[AccountEvent]]


class MockExecution(ExecutionClient):
    """Sends requests to a simulated exchange that runs as a task, see `mock_exchange.ExchangeTask`."""

    EXCHANGE: ClassVar[ExchangeId] = ExchangeId.MOCK

    def __init__(self, config: MockExecutionClientConfig) -> None:
        self.mocked_exchange = config.mocked_exchange
        self._clock = config.clock
        self._request_tx = config.request_tx
        self._subscribe = config.subscribe

    def time_request(self) -> datetime:
        """When a request leaves now."""
        return self._clock()

    async def account_snapshot(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AccountSnapshot:
        """Balances and orders, of whatever asset and instrument."""
        return await self._fetch(MockExchangeRequest.fetch_account_snapshot)

    async def account_stream(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AsyncIterator[AccountEvent]:
        """What happens to the account from now on, of whatever asset and instrument."""
        return self._subscribe()

    async def cancel_order(self, request: OrderRequestCancel, /) -> OrderResponseCancel | None:
        """Cancel an order."""

        def ask(time: datetime, response_tx: asyncio.Future[OrderResponseCancel | None]) -> MockExchangeRequest:
            return MockExchangeRequest.cancel_order(time, response_tx, request)

        answer = await self._ask(ask)
        return OrderResponseCancel(request.key, answer) if isinstance(answer, ExchangeOffline | Socket) else answer

    async def open_order(self, request: OrderRequestOpen, /) -> Order | None:
        """Open an order."""

        def ask(time: datetime, response_tx: asyncio.Future[Order | None]) -> MockExchangeRequest:
            return MockExchangeRequest.open_order(time, response_tx, request)

        answer = await self._ask(ask)
        return _failed(request, answer) if isinstance(answer, ExchangeOffline | Socket) else answer

    async def fetch_balances(self, assets: Sequence[AssetNameExchange], /) -> list[AssetBalance]:
        """Balances of the given assets."""
        return await self._fetch(lambda time, response_tx: MockExchangeRequest.fetch_balances(time, assets, response_tx))

    async def fetch_open_orders(self, instruments: Sequence[InstrumentNameExchange], /) -> list[Order]:
        """The open orders of the given instruments."""
        return await self._fetch(lambda time, response_tx: MockExchangeRequest.fetch_orders_open(time, instruments, response_tx))

    async def fetch_trades(self, time_since: datetime, /) -> list[Trade]:
        """Our fills since a time of the venue."""
        return await self._fetch(lambda time, response_tx: MockExchangeRequest.fetch_trades(time, response_tx, time_since))

    async def _ask(self, request: Callable[[datetime, asyncio.Future[T]], MockExchangeRequest]) -> T | ExchangeOffline | Socket:
        """The exchange's answer, or why there is none."""
        response_tx: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            self._request_tx.send(request(self.time_request(), response_tx))
        except ChannelClosed:
            return ExchangeOffline(self.mocked_exchange)
        try:
            return await response_tx
        except ChannelClosed:
            return _STOPPED

    async def _fetch(self, request: Callable[[datetime, asyncio.Future[T]], MockExchangeRequest]) -> T:
        answer = await self._ask(request)
        if isinstance(answer, ExchangeOffline | Socket):
            raise ExecutionError(f"mock client of {self.mocked_exchange.value}", answer)
        return answer


def _failed(request: OrderRequestOpen, error: OrderError) -> Order:
    return request.to_order().with_state(OpenFailed(error))
