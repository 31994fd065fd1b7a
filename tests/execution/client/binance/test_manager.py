"""The client under the manager that drives it in live trading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.execution.client.binance.venue import (
    START_MS,
    STRATEGY,
    Answer,
    Venue,
    connected,
    fill_report,
    my_trade,
    order,
    position,
    pushes,
    report,
)

from barter_python.execution.account import (
    AccountEvent,
    AccountEventKind,
    AccountReconnecting,
    AccountSnapshot,
    AccountStreamEvent,
)
from barter_python.execution.balance import AssetBalance
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.link.manager import ExecutionManager, ManagerPolicy
from barter_python.execution.link.unknown import UnknownPolicy
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import (
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestCancel,
    RequestOpen,
)
from barter_python.execution.order.state import FULLY_FILLED, Cancelled, FullyFilled, Open
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentIndex
from barter_python.instrument.side import Side
from barter_python.integration.backoff import ReconnectionBackoffPolicy
from barter_python.integration.channel import UnboundedRx, UnboundedTx, mpsc_unbounded

EXCHANGE = ExchangeId.BINANCE_SPOT
INSTRUMENTS = IndexedInstruments.new([Instrument.spot(EXCHANGE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"))])
KEY = OrderKey(ExchangeIndex(0), InstrumentIndex(0), STRATEGY, ClientOrderId("sma-1"))
WANTED = RequestOpen(Side.BUY, Decimal(100), Decimal(2), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED)
SOON = timedelta(milliseconds=2)
POLICY = ManagerPolicy(ReconnectionBackoffPolicy(1, 1, 1), unknown=UnknownPolicy(SOON, SOON, SOON))


@dataclass
class Link:
    """An engine's side of the link."""

    requests: UnboundedTx[ExecutionRequest]
    events: UnboundedRx[AccountStreamEvent]
    stream: asyncio.Queue[dict[str, Any] | None]

    async def next(self) -> AccountEventKind | AccountReconnecting:
        event = await asyncio.wait_for(anext(self.events), 1.0)
        return event.kind if isinstance(event, AccountEvent) else event

    async def told(self, count: int) -> list[AccountEventKind | AccountReconnecting]:
        return [await self.next() for _ in range(count)]


@asynccontextmanager
async def linked(venue: Venue, request_timeout: timedelta = timedelta(seconds=1)) -> AsyncIterator[Link]:
    requests: tuple[UnboundedTx[ExecutionRequest], UnboundedRx[ExecutionRequest]] = mpsc_unbounded()
    responses: tuple[UnboundedTx[AccountStreamEvent], UnboundedRx[AccountStreamEvent]] = mpsc_unbounded()
    stream: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    venue.talks = [pushes(stream)]
    indexer = AccountEventIndexer(generate_execution_instrument_map(INSTRUMENTS, EXCHANGE))
    async with connected(venue) as client:
        manager = ExecutionManager(requests[1], request_timeout, responses[0], client, indexer, policy=POLICY)
        running = asyncio.ensure_future(manager.run())
        try:
            yield Link(requests[0], responses[1], stream)
        finally:
            requests[0].send(ExecutionShutdown())
            with suppress(TimeoutError):
                await asyncio.wait_for(running, 1.0)
            stream.put_nowait(None)


async def test_from_snapshot_to_fill_and_cancel() -> None:
    venue = Venue()
    venue.on("POST", "order", Answer(order()))
    venue.on("DELETE", "order", Answer(order(status="CANCELED", executedQty="0.5")))
    async with linked(venue) as link:
        snapshot = await link.next()
        link.requests.send(OrderRequestOpen(KEY, WANTED))
        opened = await link.next()
        for event in (report(), fill_report(), position()):
            link.stream.put_nowait(event)
        fill, filled, balance = await link.told(3)
        link.requests.send(OrderRequestCancel(KEY, RequestCancel(OrderId("28"))))
        cancelled = await link.next()

    assert isinstance(snapshot, AccountSnapshot)
    assert isinstance(opened, Order)
    assert isinstance(opened.state, Open)
    assert isinstance(fill, Trade)
    assert (STRATEGY, InstrumentIndex(0)) == (fill.strategy, fill.instrument)
    assert isinstance(filled, Order)
    assert (KEY, Decimal("0.5")) == (filled.key, filled.state.filled_quantity if isinstance(filled.state, Open) else None)
    assert isinstance(balance, AssetBalance)
    assert isinstance(cancelled, OrderResponseCancel)
    assert isinstance(cancelled.state, Cancelled)


async def test_a_fill_that_overtakes_the_answer_leaves_no_order_open() -> None:
    venue = Venue()
    answered = asyncio.Event()
    venue.on("POST", "order", Answer(order(), waits=answered))
    async with linked(venue) as link:
        await link.next()
        link.requests.send(OrderRequestOpen(KEY, WANTED))
        link.stream.put_nowait(report())
        link.stream.put_nowait(fill_report(filled="2", last="2"))
        told = await link.told(3)
        answered.set()
        link.stream.put_nowait(position())
        last = await link.next()

    assert [type(kind).__name__ for kind in told] == ["Order", "Trade", "Order"]
    assert isinstance(told[-1], Order)
    assert told[-1].state == FULLY_FILLED
    assert isinstance(last, AssetBalance), "the answer says that it is open, which it was"


async def test_after_the_stream_was_lost_nothing_is_missing() -> None:
    venue = Venue()
    venue.on("POST", "order", Answer(order()))
    async with linked(venue) as link:
        await link.next()
        link.requests.send(OrderRequestOpen(KEY, WANTED))
        await link.next()
        link.stream.put_nowait(fill_report(7))
        await link.told(2)
        venue.on("GET", "myTrades", Answer([my_trade(7), my_trade(8, START_MS + 3, qty="1.50000000")]))
        venue.on("GET", "order", Answer(order(status="FILLED", executedQty="2.0", updateTime=START_MS + 3)))
        link.stream.put_nowait(None)
        lost, snapshot, missed, filled = await link.told(4)

    assert lost == AccountReconnecting(EXCHANGE)
    assert isinstance(snapshot, AccountSnapshot)
    assert snapshot.instruments[0].orders == [], "the order must not end before its fill is told"
    assert isinstance(missed, Trade)
    assert ("8", Decimal("1.5"), STRATEGY) == (missed.id, missed.quantity, missed.strategy)
    assert isinstance(filled, Order)
    assert (KEY, FULLY_FILLED) == (filled.key, filled.state)


async def test_an_order_that_was_filled_while_its_answer_and_the_stream_were_lost() -> None:
    venue = Venue()
    venue.on("POST", "order", Answer("", 503))
    venue.on("GET", "order", Answer(order(status="FILLED", executedQty="2.0", updateTime=START_MS + 3)))
    async with linked(venue) as link:
        await link.next()
        link.stream.put_nowait(position())
        await link.next()
        venue.on("GET", "myTrades", Answer([my_trade(8, START_MS + 3, qty="2.00000000")]))
        link.requests.send(OrderRequestOpen(KEY, WANTED))
        while not venue.calls("POST", "order"):
            await asyncio.sleep(0.001)
        link.stream.put_nowait(None)
        told = await link.told(4)

    fills = [kind for kind in told if isinstance(kind, Trade)]
    orders = [kind for kind in told if isinstance(kind, Order)]
    assert [("8", STRATEGY)] == [(found.id, found.strategy) for found in fills]
    assert [(KEY, FULLY_FILLED)] == [(found.key, found.state) for found in orders]
    assert told.index(fills[0]) < told.index(orders[0])


async def test_a_fill_that_comes_to_light_after_the_stream_is_open_again_is_told_before_its_order_ends() -> None:
    venue = Venue()
    venue.on("POST", "order", Answer(order()))
    async with linked(venue) as link:
        await link.next()
        link.requests.send(OrderRequestOpen(KEY, WANTED))
        await link.next()
        link.stream.put_nowait(position(E=START_MS + 60_000))
        await link.next()
        fill = my_trade(8, START_MS + 3, qty="2.00000000")
        venue.on("GET", "myTrades", lambda seen: Answer([fill] if "orderId" in seen.params() else []))
        venue.on("GET", "order", Answer(order(status="FILLED", executedQty="2.0", updateTime=START_MS + 3)))
        link.stream.put_nowait(None)
        lost, snapshot, missed, filled = await link.told(4)

    assert lost == AccountReconnecting(EXCHANGE)
    assert isinstance(snapshot, AccountSnapshot)
    assert isinstance(missed, Trade)
    assert ("8", STRATEGY) == (missed.id, missed.strategy)
    assert isinstance(filled, Order)
    assert (KEY, FULLY_FILLED) == (filled.key, filled.state)
    assert "28" == venue.calls("GET", "myTrades")[-1].params()["orderId"]


async def test_an_open_order_of_an_earlier_session_is_in_the_first_snapshot_with_what_is_filled_of_it() -> None:
    venue = Venue()
    venue.on("GET", "openOrders", Answer([order(status="PARTIALLY_FILLED", executedQty="0.5", updateTime=START_MS)]))
    async with linked(venue) as link:
        snapshot = await link.next()

    assert isinstance(snapshot, AccountSnapshot)
    (found,) = snapshot.instruments[0].orders
    assert isinstance(found.state, Open)
    assert Decimal("0.5") == found.state.filled_quantity


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        pytest.param("POST", order(status="FILLED", executedQty="2.0"), id="opened-and-filled"),
        pytest.param("DELETE", order(status="CANCELED", executedQty="0.5"), id="cancelled-and-partly-filled"),
    ],
)
async def test_an_answer_that_is_ahead_of_the_fills_waits_for_them(method: str, answer: dict[str, Any]) -> None:
    venue = Venue()
    venue.on("POST", "order", Answer(order()))
    venue.on(method, "order", Answer(answer))
    is_cancel = method == "DELETE"
    async with linked(venue) as link:
        await link.next()
        link.requests.send(OrderRequestOpen(KEY, WANTED))
        if is_cancel:
            await link.next()
            link.requests.send(OrderRequestCancel(KEY, RequestCancel(OrderId("28"))))
        while not venue.calls(method, "order"):
            await asyncio.sleep(0.001)
        link.stream.put_nowait(position())
        balance = await link.next()
        link.stream.put_nowait(fill_report(filled="0.5" if is_cancel else "2", last="0.5" if is_cancel else "2"))
        fill, ended = await link.told(2)

    assert isinstance(balance, AssetBalance)
    assert isinstance(fill, Trade)
    assert isinstance(ended, Order)
    assert isinstance(ended.state, Cancelled if is_cancel else FullyFilled)


async def test_an_order_whose_answer_and_event_are_both_lost_is_told_after_its_fill() -> None:
    venue = Venue()
    venue.on("POST", "order", Answer("", 503))
    venue.on("GET", "order", Answer(order(status="FILLED", executedQty="2.0", updateTime=START_MS)))
    venue.on("GET", "myTrades", Answer([]), Answer([my_trade(7, qty="2.00000000")]))
    async with linked(venue, timedelta(milliseconds=30)) as link:
        await link.next()
        link.requests.send(OrderRequestOpen(KEY, WANTED))
        fill, filled = await link.told(2)
        begun_anew = await link.told(2)

    assert isinstance(fill, Trade)
    assert ("7", STRATEGY) == (fill.id, fill.strategy)
    assert isinstance(filled, Order)
    assert (KEY, FULLY_FILLED) == (filled.key, filled.state)
    assert [AccountReconnecting, AccountSnapshot] == [type(event) for event in begun_anew]


async def test_an_order_that_was_opened_although_the_venue_failed_is_open_once() -> None:
    venue = Venue()
    venue.on("POST", "order", Answer("", 503))
    venue.on("GET", "order", Answer(order(updateTime=START_MS)))
    async with linked(venue, timedelta(milliseconds=30)) as link:
        await link.next()
        link.requests.send(OrderRequestOpen(KEY, WANTED))
        opened = await link.next()

    assert isinstance(opened, Order)
    assert (opened.key, isinstance(opened.state, Open)) == (KEY, True)
    assert len(venue.calls("POST", "order")) == 1
