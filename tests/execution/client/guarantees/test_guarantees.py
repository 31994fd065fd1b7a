"""What a client and its link guarantee, whatever the habits of the venue. A client is complete once it passes this."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
from tests.execution.client.guarantees.binance_transport import BinanceFront
from tests.execution.client.guarantees.polled_client import PolledClient
from tests.execution.client.guarantees.small_venue import SYMBOL, SmallVenue
from tests.support.virtual_time import LoopClock, in_virtual_time

from barter_python.execution.account import AccountEvent, AccountSnapshot, AccountStreamEvent
from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.config import BinanceSpotConfig
from barter_python.execution.client.client import ExecutionClient
from barter_python.execution.error import ExchangeOffline, OrderAlreadyFullyFilled
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.link.manager import ExecutionManager, ManagerPolicy
from barter_python.execution.link.unknown import UnknownPolicy
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.execution.order.id import ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import (
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestCancel,
    RequestOpen,
)
from barter_python.execution.order.state import Open, OpenFailed
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentIndex
from barter_python.instrument.side import Side
from barter_python.integration.backoff import ReconnectionBackoffPolicy
from barter_python.integration.channel import Channel
from barter_python.integration.secret import Secret

STRATEGY = StrategyId("sma")
SECOND = timedelta(seconds=1)
POLICY = ManagerPolicy(
    ReconnectionBackoffPolicy(500, 1, 500, jitter=0.0),
    unknown=UnknownPolicy(SECOND, 2 * SECOND, 10 * SECOND),
    compare=timedelta(seconds=30),
)
MakeClient: TypeAlias = Callable[[SmallVenue], ExecutionClient]


def binance(venue: SmallVenue) -> ExecutionClient:
    loop = asyncio.get_running_loop()
    config = BinanceSpotConfig(Secret("key"), Secret("secret"), "http://127.0.0.1:1", "ws://127.0.0.1:1/ws-api/v3")
    return BinanceSpot(config, transport=BinanceFront(venue), monotonic=loop.time, random=lambda: 0.0)


of_each_client = pytest.mark.parametrize(
    "make", [pytest.param(binance, id="binance-spot"), pytest.param(PolledClient, id="acknowledges-first-and-is-polled")]
)


@dataclass
class Link:
    """The engine's side."""

    venue: SmallVenue
    requests: Channel[ExecutionRequest] = field(default_factory=Channel)
    events: Channel[AccountStreamEvent] = field(default_factory=Channel)

    def open(self, cid: str = "sma-1", quantity: str = "1") -> None:
        wanted = RequestOpen(Side.BUY, Decimal(100), Decimal(quantity), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED)
        self.requests.tx.send(OrderRequestOpen(key(cid), wanted))

    def cancel(self, cid: str = "sma-1") -> None:
        self.requests.tx.send(OrderRequestCancel(key(cid), RequestCancel(None)))

    async def told(self, seconds: float = 5.0) -> list[Any]:
        """What the engine is told within some seconds, without balances."""
        await asyncio.sleep(seconds)
        events = list(iter(self.events.rx.try_recv, None))
        kinds = [event.kind if isinstance(event, AccountEvent) else event for event in events]
        return [kind for kind in kinds if isinstance(kind, Order | OrderResponseCancel | Trade)]


def key(cid: str) -> OrderKey:
    return OrderKey(ExchangeIndex(0), InstrumentIndex(0), STRATEGY, ClientOrderId(cid))


def said(kinds: list[Any]) -> list[tuple[str, str]]:
    """In short: what happened, and how much was filled, or why it failed."""
    found = []
    for kind in kinds:
        if isinstance(kind, Trade):
            found.append(("fill", str(kind.quantity)))
        else:
            state = kind.state
            detail = str(state.filled_quantity) if isinstance(state, Open) else ""
            found.append((type(state).__name__, detail))
    return found


@asynccontextmanager
async def linked(make: MakeClient, venue: SmallVenue) -> AsyncIterator[Link]:
    client = make(venue)
    instruments = IndexedInstruments.new([Instrument.spot(client.EXCHANGE, "btc_usdt", SYMBOL, ("BTC", "USDT"))])
    indexer = AccountEventIndexer(generate_execution_instrument_map(instruments, client.EXCHANGE))
    link = Link(venue)
    manager = ExecutionManager(link.requests.rx, SECOND, link.events.tx, client, indexer, policy=POLICY, now=LoopClock().time)
    running = asyncio.create_task(manager.run())
    await asyncio.sleep(0.001)
    first = link.events.rx.try_recv()
    assert isinstance(first, AccountEvent)
    assert isinstance(first.kind, AccountSnapshot), "the first event is a snapshot"
    venue.changes.append((venue.place("warm-up", "Buy", Decimal(1), Decimal(1)), None))
    venue.cancel(venue.orders[-1])
    await link.told(1)
    yield link
    link.requests.tx.send(ExecutionShutdown())
    await running


@of_each_client
@in_virtual_time
async def test_an_order_is_open_then_filled_and_each_fill_has_its_owner_and_the_venue_s_ids(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.open()
        told = await link.told()
        link.venue.fill("sma-1", "0.4")
        told += await link.told()
        link.venue.fill("sma-1", "0.6")
        told += await link.told()

    assert [("Open", "0"), ("fill", "0.4"), ("Open", "0.4"), ("fill", "0.6"), ("FullyFilled", "")] == said(told)
    assert {STRATEGY} == {kind.strategy if isinstance(kind, Trade) else kind.key.strategy for kind in told}
    fills = [kind for kind in told if isinstance(kind, Trade)]
    assert [(str(fill.id), str(fill.order_id)) for fill in link.venue.fills] == [(fill.id, fill.order_id) for fill in fills]
    assert isinstance(told[0].state, Open)
    assert OrderId(str(link.venue.orders[-1].id)) == told[0].state.id


@of_each_client
@in_virtual_time
async def test_an_order_that_is_filled_at_once_ends_after_its_fill(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.venue.fills_at_once = True
        link.open()
        told = await link.told()

    assert [("fill", "1"), ("FullyFilled", "")] == said(told)[-2:]


@of_each_client
@in_virtual_time
async def test_a_cancelled_order_ends_after_its_fills(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.open()
        await link.told()
        link.venue.messages_lost = 1
        link.venue.fill("sma-1", "0.4")
        link.cancel()
        told = await link.told(10)

    assert [("fill", "0.4"), ("Cancelled", "")] == said(told)


@of_each_client
@in_virtual_time
async def test_the_lost_message_of_a_partial_fill_is_made_good_before_the_next_report(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.open()
        await link.told()
        link.venue.messages_lost = 1
        link.venue.fill("sma-1", "0.25")
        link.venue.fill("sma-1", "0.5")
        told = await link.told(2)

    assert {("fill", "0.25"), ("fill", "0.5")} == set(said(told)[:2])
    assert [("Open", "0.75")] == said(told)[2:]


@of_each_client
@in_virtual_time
async def test_the_lost_message_of_the_last_fill_is_made_good(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.open()
        await link.told()
        link.venue.messages_lost = 1
        link.venue.fill("sma-1", "1")
        told = await link.told(40)

    assert [("fill", "1"), ("FullyFilled", "")] == said(told)


@pytest.mark.parametrize("filled", ["0", "0.4", "1"])
@of_each_client
@in_virtual_time
async def test_a_lost_answer_is_cleared_up_and_the_order_is_sent_once(make: MakeClient, filled: str) -> None:
    async with linked(make, SmallVenue()) as link:
        link.venue.answers_lost, link.venue.messages_lost = 1, 3
        link.open()
        await asyncio.sleep(0.1)
        if filled != "0":
            link.venue.fill("sma-1", filled)
        told = await link.told(8)

    last = ("FullyFilled", "") if filled == "1" else ("Open", filled)
    assert [*([] if filled == "0" else [("fill", filled)]), last] == said(told)
    assert ["warm-up", "sma-1"] == [order.cid for order in link.venue.orders]


@of_each_client
@in_virtual_time
async def test_a_lost_answer_to_a_cancel_is_cleared_up(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.open()
        await link.told()
        link.venue.answers_lost, link.venue.messages_lost = 1, 1
        link.cancel()
        told = await link.told(8)

    assert ["Cancelled"] == [type(kind.state).__name__ for kind in told]


@of_each_client
@in_virtual_time
async def test_what_happens_while_the_stream_is_lost_is_told_once_fills_first(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        for cid in ("partly", "filled", "gone"):
            link.open(cid)
        await link.told()
        link.venue.is_down = True
        await asyncio.sleep(1)
        link.venue.fill("partly", "0.4")
        link.venue.fill("filled", "1")
        link.venue.cancel(link.venue.orders[-1])
        link.venue.is_down = False
        told = await link.told(40)

    by_order = {cid: said([kind for kind in told if _cid(kind, link.venue) == cid]) for cid in ("partly", "filled", "gone")}
    assert {
        "partly": [("fill", "0.4"), ("Open", "0.4")],
        "filled": [("fill", "1"), ("FullyFilled", "")],
        "gone": [("Cancelled", "")],
    } == by_order


def _cid(kind: Any, venue: SmallVenue) -> str:
    if not isinstance(kind, Trade):
        return str(kind.key.cid)
    found = venue.find(order_id=int(kind.order_id))
    assert found is not None
    return found.cid


@of_each_client
@in_virtual_time
async def test_what_the_venue_repeats_is_told_once(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.venue.repeats = 3
        link.open()
        await link.told()
        link.venue.fill("sma-1", "1")
        told = await link.told(40)

    assert [("fill", "1"), ("FullyFilled", "")] == said(told)


@of_each_client
@in_virtual_time
async def test_a_refusal_and_a_request_that_has_not_left_are_failures(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.venue.refusal = "too poor"
        link.open()
        told = await link.told(1)
        link.venue.is_down = True
        link.open("sma-2")
        told += await link.told(1)

    assert ["OpenFailed"] * 2 == [type(kind.state).__name__ for kind in told]
    assert "too poor" in str(told[0].state.error)
    assert isinstance(told[1].state, OpenFailed)
    assert isinstance(told[1].state.error, ExchangeOffline)
    assert ["warm-up"] == [order.cid for order in link.venue.orders]


@of_each_client
@in_virtual_time
async def test_a_cancel_that_comes_too_late_tells_how_the_order_has_ended(make: MakeClient) -> None:
    async with linked(make, SmallVenue()) as link:
        link.open()
        await link.told()
        link.venue.fill("sma-1", "1")
        link.cancel()
        told = await link.told()
        link.cancel()
        late = await link.told()

    assert [("fill", "1"), ("FullyFilled", "")] == said(told)[:2]
    assert [OrderResponseCancel(key("sma-1"), OrderAlreadyFullyFilled())] == late
