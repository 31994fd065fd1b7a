"""The mock client against a simulated exchange that runs as a task, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.execution.fake_client import VENUE, named
from tests.support.builders import request_cancel, request_open, spot
from tests.support.virtual_time import START, LoopClock, in_virtual_time

from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.client.mock import MockExecution, MockExecutionClientConfig
from barter_python.execution.client.mock_exchange import ExchangeTask
from barter_python.execution.error import ExchangeOffline, OrderAlreadyFullyFilled, Socket
from barter_python.execution.exchange.mock import MockExchange
from barter_python.execution.exchange.model.latency import ConstantLatency
from barter_python.execution.link.pending import Pending
from barter_python.execution.order.order import Order, OrderKind
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.execution.order.state import Open, OpenFailed
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.side import Side

USDT, BTC = AssetNameExchange("usdt"), AssetNameExchange("btc")
MILLISECOND = timedelta(milliseconds=1)


def open_request(cid: str = "a", price: str = "10") -> OrderRequestOpen:
    return replace(request_open(cid, price=price, kind=OrderKind.MARKET), key=named(cid))


def cancel_request(cid: str = "a") -> OrderRequestCancel:
    return replace(request_cancel(cid), key=named(cid))


def exchange(cash: str = "100") -> MockExchange:
    balances = [AssetBalance(USDT, Balance(Decimal(cash), Decimal(cash)), START)]
    return MockExchange(VENUE, AccountSnapshot(VENUE, balances, []), Decimal(0), [spot(VENUE, "btc", "usdt")])


class Session:
    """A client, its exchange, and what the account stream said."""

    def __init__(self, task: ExchangeTask, pending: Pending) -> None:
        clock = LoopClock().time
        self.task = task
        self.pending = pending
        self.client = MockExecution(MockExecutionClientConfig(VENUE, clock, task.request_tx, task.subscribe))
        self.said: list[tuple[float, Any]] = []

    async def listen(self) -> None:
        async for event in await self.client.account_stream([], []):
            assert isinstance(event, AccountEvent)
            self.said.append((round(asyncio.get_running_loop().time(), 6), event.kind))


@asynccontextmanager
async def running(latency: Any = None, venue: Any = None) -> AsyncIterator[Session]:
    pending = Pending()
    task = ExchangeTask(venue or exchange(), latency or ConstantLatency(), LoopClock().time, pending)
    session = Session(task, pending)
    async with asyncio.TaskGroup() as group:
        group.create_task(task.run())
        group.create_task(session.listen())
        await asyncio.sleep(0)
        yield session
        task.stop()


@in_virtual_time
async def test_a_market_order_is_filled() -> None:
    async with running() as session:
        order = await session.client.open_order(open_request())

        assert order == replace(open_request().to_order(), state=Open(order.state.id, START, Decimal(1)))
        assert [AssetBalance, AssetBalance, Trade, Order] == [type(kind) for _, kind in session.said]
        assert order == session.said[-1][1]
        assert [AssetBalance(USDT, Balance(Decimal(90), Decimal(90)), START)] == await session.client.fetch_balances([USDT])
        assert await session.client.fetch_balances([]) == []
        assert await session.client.fetch_open_orders([named().instrument]) == []
        assert session.said[2][1] in await session.client.fetch_trades(START)
        assert await session.client.fetch_trades(START + MILLISECOND) == []
        snapshot = await session.client.account_snapshot([], [])
        assert {USDT: Decimal(90), BTC: Decimal(1)} == {balance.asset: balance.balance.total for balance in snapshot.balances}


@in_virtual_time
async def test_a_filled_order_cannot_be_cancelled() -> None:
    async with running() as session:
        await session.client.open_order(open_request())
        response = await session.client.cancel_order(cancel_request())
        assert response is not None
        assert OrderAlreadyFullyFilled() == response.state


@in_virtual_time
async def test_latency_is_slept_in_both_directions() -> None:
    async with running(ConstantLatency(3 * MILLISECOND, 4 * MILLISECOND)) as session:
        order = await session.client.open_order(open_request())

        assert order is not None
        assert order.state.time_exchange == START + 3 * MILLISECOND
        assert pytest.approx(asyncio.get_running_loop().time()) == 0.007
        assert [time for time, _ in session.said] == [0.007] * 4


class ShrinkingLatency:
    """Each message travels faster than the one before."""

    def __init__(self) -> None:
        self.times = [timedelta(milliseconds=time) for time in (1, 5, 20, 30)]

    def request(self) -> timedelta:
        return self.times.pop()

    def response(self) -> timedelta:
        return timedelta()

    market_data = response


@in_virtual_time
async def test_messages_never_overtake_each_other() -> None:
    async with running(ShrinkingLatency()) as session:
        answers = [order async for order in session.client.open_orders([open_request(cid) for cid in "abcd"])]

        assert [order.key.cid for order in answers if order is not None] == ["a", "b", "c", "d"]
        assert [kind.key.cid for _, kind in session.said if isinstance(kind, Order)] == ["a", "b", "c", "d"]


@in_virtual_time
async def test_cancel_orders_answers_each_request() -> None:
    async with running() as session:
        answers = [answer async for answer in session.client.cancel_orders([cancel_request("a"), cancel_request("b")])]
        assert [answer.key.cid for answer in answers if answer is not None] == ["a", "b"]


@in_virtual_time
async def test_pending_counts_until_the_reader_is_done_with_an_event() -> None:
    async with running(ConstantLatency(MILLISECOND, MILLISECOND)) as session:
        task = asyncio.create_task(session.client.open_order(open_request()))
        await asyncio.sleep(0.0015)
        assert session.pending.count == 1
        await task
        assert session.pending.count == 0


@in_virtual_time
async def test_what_a_reader_leaves_behind_is_not_pending() -> None:
    async with running() as session:
        stream: Any = await session.client.account_stream([], [])
        await session.client.open_order(open_request())
        assert isinstance(await anext(stream), AccountEvent)
        assert session.pending.count == 4
        await stream.aclose()
        await stream.aclose()
        assert session.pending.count == 0
        await session.client.open_order(open_request("b"))
        await asyncio.sleep(0)
        assert session.pending.count == 0


@in_virtual_time
async def test_a_stopped_exchange_is_offline() -> None:
    async with running() as session:
        pass
    order = await session.client.open_order(open_request())
    response = await session.client.cancel_order(cancel_request())

    assert open_request().to_order().with_state(OpenFailed(ExchangeOffline(VENUE))) == order
    assert response is not None
    assert ExchangeOffline(VENUE) == response.state
    with pytest.raises(ExecutionError, match="mock client of binance_spot: exchange offline"):
        await session.client.fetch_balances([USDT])


@in_virtual_time
async def test_an_exchange_that_stops_before_it_answers_leaves_the_order_unknown() -> None:
    async with running(ConstantLatency(MILLISECOND, MILLISECOND)) as session:
        task = asyncio.create_task(session.client.open_order(open_request()))
        await asyncio.sleep(0.0015)
    order = await task

    assert order is not None
    assert isinstance(order.state, OpenFailed)
    assert isinstance(order.state.error, Socket)


class Venue:
    """A simulated exchange that remembers when it was asked, and has timers."""

    def __init__(self, *times: datetime) -> None:
        self.timers = list(times)
        self.calls: list[tuple[str, datetime]] = []

    @property
    def time_next(self) -> datetime | None:
        return self.timers[0] if self.timers else None

    def account_snapshot(self, time: datetime) -> AccountSnapshot:
        self.calls.append(("snapshot", time))
        return AccountSnapshot(VENUE, [], [])

    def on_request(self, request: Any, time: datetime) -> list[AccountEvent]:
        self.calls.append(("request", time))
        return []

    def on_market(self, event: MarketEvent) -> list[AccountEvent]:
        self.calls.append(("market", event.time_exchange))
        return [AccountEvent(VENUE, AssetBalance(BTC, Balance(), event.time_exchange))]

    def on_time(self, time: datetime) -> list[AccountEvent]:
        self.calls.append(("time", self.timers.pop(0)))
        return [AccountEvent(VENUE, AssetBalance(USDT, Balance(), time))]


def tick(time: datetime) -> MarketEvent:
    return MarketEvent(time, time, VENUE, 0, PublicTrade("1", 1.0, 1.0, Side.BUY))


@in_virtual_time
async def test_an_exchange_that_looks_at_the_market_and_at_time() -> None:
    venue = Venue(START + MILLISECOND, START + 5 * MILLISECOND, START + 900 * MILLISECOND)
    async with running(ConstantLatency(response_time=2 * MILLISECOND), venue) as session:
        await asyncio.sleep(0.002)
        session.task.on_market(tick(START + 6 * MILLISECOND))
        await asyncio.sleep(0.01)
        assert await session.client.open_order(open_request()) is None
        session.task.on_market(tick(START + 7 * MILLISECOND))  # stamped long ago, here only now
        await asyncio.sleep(1)

    assert venue.calls == [
        ("time", START + MILLISECOND),
        ("time", START + 5 * MILLISECOND),
        ("market", START + 6 * MILLISECOND),
        ("request", START + 12 * MILLISECOND),
        ("market", START + 14 * MILLISECOND),
        ("time", START + 900 * MILLISECOND),
    ]
    assert [(time, kind.asset) for time, kind in session.said] == [
        (0.003, USDT),
        (0.004, USDT),
        (0.004, BTC),
        (0.016, BTC),
        (0.902, USDT),
    ]


@in_virtual_time
async def test_an_exchange_whose_timer_stands_still_is_a_mistake() -> None:
    venue = Venue(START + MILLISECOND, START + MILLISECOND)
    with pytest.raises(ExceptionGroup) as caught:
        async with running(venue=venue):
            await asyncio.sleep(1)
    assert caught.group_contains(RuntimeError, match="Venue.time_next")
