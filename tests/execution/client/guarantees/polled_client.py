"""A venue with other habits, and its client.

It acknowledges an order before it accepts it, pushes nothing, and its fills name their order by the venue's id alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import ClassVar

from tests.execution.client.guarantees.small_venue import SYMBOL, SmallVenue, VenueFill, VenueOrder

from barter_python.execution.account import AccountEvent, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.client.client import ExecutionClient, ExecutionError
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.error import ExchangeOffline, OrderError, OrderRejected, Socket, Timeout
from barter_python.execution.order.id import STRATEGY_UNKNOWN, ClientOrderId, OrderId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import FULLY_FILLED, OPEN_IN_FLIGHT, Cancelled, Open, OpenFailed, OrderState
from barter_python.execution.trade import AssetFees, Trade, TradeId
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

INSTRUMENT = InstrumentNameExchange(SYMBOL)
PAUSE = 0.2
"""Seconds between questions."""


class PolledClient(ExecutionClient):
    EXCHANGE: ClassVar[ExchangeId] = ExchangeId.KRAKEN

    def __init__(self, venue: SmallVenue) -> None:
        self.venue = venue

    async def account_snapshot(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AccountSnapshot:
        orders = await self.fetch_open_orders(instruments)
        return AccountSnapshot(self.EXCHANGE, [], [InstrumentAccountSnapshot(INSTRUMENT, orders)])

    async def account_stream(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AsyncIterator[AccountEvent]:
        return Polling(self)

    async def open_order(self, request: OrderRequestOpen, /) -> Order | None:
        wanted = request.state
        if (error := self._failure()) is not None:
            return request.to_order().with_state(OpenFailed(error))
        placed = self.venue.place(request.key.cid, wanted.side.value, wanted.quantity, wanted.price)
        if self.venue.is_answer_lost():
            return request.to_order().with_state(OpenFailed(Timeout()))
        return report(placed, OPEN_IN_FLIGHT)

    async def cancel_order(self, request: OrderRequestCancel, /) -> OrderResponseCancel | Order | None:
        found = self.venue.find(request.key.cid)
        if (error := self._failure()) is not None:
            return OrderResponseCancel(request.key, error)
        if found is None or not found.is_open:
            return OrderResponseCancel(request.key, OrderRejected("not open"))
        self.venue.cancel(found)
        return OrderResponseCancel(request.key, Timeout()) if self.venue.is_answer_lost() else None

    async def fetch_balances(self, assets: Sequence[AssetNameExchange], /) -> list[AssetBalance]:
        return []

    async def fetch_open_orders(self, instruments: Sequence[InstrumentNameExchange], /) -> list[Order]:
        self._ask()
        return [report(order) for order in self.venue.orders if order.is_open]

    async def fetch_trades(self, time_since: datetime, /) -> list[Trade]:
        self._ask()
        return [trade(fill) for fill in self.venue.fills if fill.time >= time_since]

    async def find_order(
        self, instrument: InstrumentNameExchange, cid: ClientOrderId, order_id: OrderId | None, /
    ) -> OrderReport | None:
        self._ask()
        found = self.venue.find(cid) if order_id is None else self.venue.find(order_id=int(order_id))
        return None if found is None else report(found)

    async def fetch_order_trades(self, instrument: InstrumentNameExchange, order_id: OrderId, /) -> list[Trade]:
        self._ask()
        return [trade(fill) for fill in self.venue.fills if fill.order_id == int(order_id)]

    def venue_time(self) -> datetime | None:
        return None

    def _failure(self) -> OrderError | None:
        if self.venue.is_down:
            return ExchangeOffline(self.EXCHANGE)
        return None if self.venue.refusal is None else OrderRejected(self.venue.refusal)

    def _ask(self) -> None:
        if self.venue.is_down:
            raise ExecutionError("polled venue", Socket("no connection"))


class Polling:
    """Asks again and again what is new since it was made."""

    def __init__(self, client: PolledClient) -> None:
        self._client = client
        self._seen = len(client.venue.changes)
        self._events: deque[AccountEvent] = deque()

    def __aiter__(self) -> Polling:
        return self

    async def __anext__(self) -> AccountEvent:
        while not self._events:
            await asyncio.sleep(PAUSE)
            self._client._ask()
            changes = self._client.venue.changes[self._seen :]
            self._seen += len(changes)
            kinds = [*(trade(fill) for _, fill in changes if fill is not None), *(report(order) for order, _ in changes)]
            self._events.extend(AccountEvent(self._client.EXCHANGE, kind) for kind in kinds)
        return self._events.popleft()


def report(order: VenueOrder, state: OrderState | None = None) -> OrderReport:
    order_id, key = (
        OrderId(str(order.id)),
        OrderKey(PolledClient.EXCHANGE, INSTRUMENT, STRATEGY_UNKNOWN, ClientOrderId(order.cid)),
    )
    states = {"FILLED": FULLY_FILLED, "CANCELED": Cancelled(order_id, order.time)}
    state = state or states.get(order.status) or Open(order_id, order.time, order.filled)
    terms = (Side(order.side), order.price, order.quantity, OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED)
    return OrderReport(key, *terms, state, id=order_id, filled=order.filled, time_exchange=order.time)


def trade(fill: VenueFill) -> Trade:
    ids = (TradeId(str(fill.id)), OrderId(str(fill.order_id)), INSTRUMENT, STRATEGY_UNKNOWN)
    return Trade(*ids, fill.time, Side(fill.side), fill.price, fill.quantity, AssetFees())
