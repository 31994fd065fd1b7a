"""A client of an exchange that does what a test tells it to."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from tests.support.builders import spot
from tests.support.virtual_time import START

from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.client.client import ExecutionClient, ExecutionError
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.error import Socket
from barter_python.execution.link.tracked_order import quantity_filled, venue_id
from barter_python.execution.order.id import ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import time_exchange
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.integration.channel import Channel

VENUE = ExchangeId.BINANCE_SPOT
INSTRUMENTS = IndexedInstruments.new([spot(VENUE, "btc", "usdt"), spot(VENUE, "eth", "btc")])
"""Assets: btc 0, eth 1, usdt 2. Instruments: btc_usdt 0, eth_btc 1."""
LOST = ExecutionError("fake client", Socket("connection lost"))


class FakeClient(ExecutionClient):
    """Answers with `on_open(request)` and `on_cancel(request)`, which may return a value, raise, or return an awaitable."""

    EXCHANGE: ClassVar[ExchangeId] = VENUE

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.times: list[float] = []
        self.on_open: Callable[[OrderRequestOpen], Any] = lambda _: None
        self.on_cancel: Callable[[OrderRequestCancel], Any] = lambda _: None
        self.connects: deque[Exception | None] = deque()
        self.balances: list[AssetBalance] = []
        self.snapshots: list[Any] = []
        self.orders: list[Order] = []
        self.trades: list[Trade] = []
        self.trades_since: list[datetime] = []
        self.is_silent = False
        self.stream: Channel[AccountEvent] = Channel()
        self.streams = 0

    async def account_snapshot(self, assets: Sequence[Any], instruments: Sequence[Any], /) -> AccountSnapshot:
        return AccountSnapshot(VENUE, self.balances, self.snapshots)

    async def account_stream(self, assets: Sequence[Any], instruments: Sequence[Any], /) -> AsyncIterator[AccountEvent]:
        self.times.append(asyncio.get_running_loop().time())
        error = self.connects.popleft() if self.connects else None
        if error is not None:
            raise error
        self.stream = Channel()
        self.streams += 1
        return self.stream.rx

    def say(self, kind: Any) -> None:
        """Let the account stream say something."""
        self.stream.tx.send(AccountEvent(VENUE, kind))

    def hang_up(self) -> None:
        """End the account stream."""
        self.stream.tx.close()

    async def cancel_order(self, request: OrderRequestCancel, /) -> OrderResponseCancel | None:
        self.calls.append(("cancel", request.key.cid))
        return await _value(self.on_cancel(request))

    async def open_order(self, request: OrderRequestOpen, /) -> Order | None:
        self.calls.append(("open", request.key.cid))
        return await _value(self.on_open(request))

    async def fetch_balances(self, assets: Sequence[Any], /) -> list[AssetBalance]:
        return self.balances

    async def fetch_open_orders(self, instruments: Sequence[Any], /) -> list[Order]:
        self.calls.append(("query", ""))
        if self.is_silent:
            raise LOST
        return self.orders

    async def fetch_trades(self, time_since: datetime, /) -> list[Trade]:
        self.trades_since.append(time_since)
        return self.trades


class FindingClient(FakeClient):
    """One that finds orders by their name: `found`, with the fills `order_trades`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Order | None = None
        self.order_trades: list[Trade] = []
        self.clock: datetime | None = None

    async def find_order(
        self, instrument: InstrumentNameExchange, cid: ClientOrderId, order_id: OrderId | None, /
    ) -> OrderReport | None:
        self.calls.append(("find", cid))
        if self.is_silent:
            raise LOST
        return None if self.found is None else reported(self.found, sum(trade.quantity for trade in self.order_trades))

    async def fetch_order_trades(self, instrument: InstrumentNameExchange, order_id: OrderId, /) -> list[Trade]:
        return self.order_trades

    def venue_time(self) -> datetime | None:
        return self.clock


def reported(order: Order, filled: Any = 0) -> OrderReport:
    """An order as a venue tells of it: its number is 7 unless its state says otherwise, and it is filled so far."""
    claimed, number = quantity_filled(order), venue_id(order) or OrderId("7")
    fields = (order.key, order.side, order.price, order.quantity, order.kind, order.time_in_force, order.state)
    return OrderReport(
        *fields,
        id=number,
        filled=Decimal(filled) if claimed is None else claimed,
        time_exchange=time_exchange(order.state) or START,
    )


async def _value(answer: Any) -> Any:
    return await answer if hasattr(answer, "__await__") else answer


def named(cid: str = "cid", instrument: str = "btc_usdt") -> OrderKey:
    """The key under which the venue knows an order."""
    return OrderKey(VENUE, InstrumentNameExchange(instrument), StrategyId("unknown"), ClientOrderId(cid))
