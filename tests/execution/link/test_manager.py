"""The link to one exchange. Virtual time, and a client that does what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.execution.fake_client import INSTRUMENTS, LOST, VENUE, FakeClient, FindingClient, named
from tests.support.builders import order_key, request_cancel, request_open, trade
from tests.support.virtual_time import START, LoopClock, in_virtual_time

from barter_python.errors import ConfigError
from barter_python.execution.account import (
    AccountEvent,
    AccountReconnecting,
    AccountSnapshot,
    AccountStreamEvent,
    InstrumentAccountSnapshot,
)
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.error import (
    AssetInvalid,
    BalanceInsufficient,
    ExchangeOffline,
    OrderAlreadyFullyFilled,
    OrderRejected,
    RateLimit,
    Socket,
    Timeout,
)
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.link.manager import ExecutionManager, ManagerPolicy
from barter_python.execution.link.pending import Pending
from barter_python.execution.link.unknown import UnknownPolicy
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import EXPIRED, FULLY_FILLED, Cancelled, Open, OpenFailed, OrderState
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.instrument.spec import InstrumentSpec, InstrumentSpecNotional, InstrumentSpecPrice, InstrumentSpecQuantity
from barter_python.integration.backoff import ReconnectionBackoffPolicy
from barter_python.integration.channel import Channel

POLICY = ManagerPolicy(
    ReconnectionBackoffPolicy(100, 2, 1_000, jitter=0.0),
    unknown=UnknownPolicy(timedelta(seconds=1), timedelta(seconds=8), timedelta(seconds=20)),
    drain_timeout=timedelta(seconds=30),
)
TIMEOUT = timedelta(seconds=5)
NO_SPECS: Mapping[InstrumentNameExchange, InstrumentSpec] = {}
OPEN = Open(OrderId("7"), START, Decimal(0))
FULL = Open(OrderId("7"), START, Decimal(1))
PARTLY = Open(OrderId("7"), START, Decimal("0.5"))


class Link:
    """A running manager, and what it has emitted so far."""

    def __init__(self, client: FakeClient, specs: Mapping[InstrumentNameExchange, InstrumentSpec] = NO_SPECS) -> None:
        self.client = client
        self.requests: Channel[ExecutionRequest] = Channel()
        self.events: Channel[AccountStreamEvent] = Channel()
        self.pending = Pending()
        self.manager = ExecutionManager(
            self.requests.rx,
            TIMEOUT,
            self.events.tx,
            client,
            INDEXER,
            policy=POLICY,
            pending=self.pending,
            spot=(0, 1),
            specs=specs,
            now=LoopClock().time,
        )

    def send(self, *requests: Any) -> None:
        for request in requests:
            self.pending.add_request()
            self.requests.tx.send(request)

    def taken(self) -> list[Any]:
        """What was emitted since the last call: the kind of an event, or the marker."""
        events = list(iter(self.events.rx.try_recv, None))
        return [event.kind if isinstance(event, AccountEvent) else event for event in events]

    def told(self) -> list[Any]:
        """The same, without what begins a new account stream."""
        return [kind for kind in self.taken() if not isinstance(kind, AccountReconnecting | AccountSnapshot)]


INDEXER = AccountEventIndexer(generate_execution_instrument_map(INSTRUMENTS, VENUE))


@asynccontextmanager
async def running(client: FakeClient, specs: Mapping[InstrumentNameExchange, InstrumentSpec] = NO_SPECS) -> Any:
    link = Link(client, specs)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(link.manager.run())
        await asyncio.sleep(0.001)
        link.taken()
        yield link
        if not task.done():
            link.requests.tx.send(ExecutionShutdown())


def venue_order(state: OrderState, cid: str = "cid", instrument: str = "btc_usdt") -> Order:
    return replace(request_open(cid).to_order(), key=named(cid, instrument), state=state)


def engine_order(state: OrderState, cid: str = "cid") -> Order:
    return replace(request_open(cid).to_order(), state=state)


class ClosableStream:
    """Nothing happens on it."""

    is_closed = False

    def __aiter__(self) -> ClosableStream:
        return self

    async def __anext__(self) -> AccountEvent:
        await never()
        raise AssertionError

    async def aclose(self) -> None:
        self.is_closed = True


async def never() -> None:
    await asyncio.Event().wait()


@in_virtual_time
async def test_the_first_event_is_a_snapshot() -> None:
    client = FakeClient()
    client.balances = [AssetBalance(AssetNameExchange("usdt"), Balance(Decimal(3), Decimal(2)), START)]
    client.snapshots = [InstrumentAccountSnapshot(named().instrument, [venue_order(OPEN)])]
    requests: Channel[ExecutionRequest] = Channel()

    manager, stream = await ExecutionManager.init(requests.rx, TIMEOUT, client, INDEXER)
    requests.tx.send(ExecutionShutdown())
    await manager.run()

    expected = AccountSnapshot(
        0,
        [AssetBalance(2, Balance(Decimal(3), Decimal(2)), START)],
        [InstrumentAccountSnapshot(0, [engine_order(OPEN)])],
    )
    assert AccountEvent(0, expected) == await anext(stream)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(OPEN, OPEN, id="open"),
        pytest.param(FULL, FULL, id="open-with-nothing-left-comes-after-its-fill"),
        pytest.param(OpenFailed(OrderRejected("no")), OpenFailed(OrderRejected("no")), id="rejected"),
        pytest.param(
            OpenFailed(BalanceInsufficient(AssetNameExchange("usdt"), "poor")),
            OpenFailed(BalanceInsufficient(2, "poor")),
            id="error-is-indexed",
        ),
        pytest.param(
            OpenFailed(AssetInvalid(AssetNameExchange("doge"), "unknown")),
            OpenFailed(OrderRejected("asset doge invalid: unknown")),
            id="error-that-cannot-be-indexed-is-told-in-words",
        ),
        pytest.param(
            OpenFailed(ExchangeOffline(VENUE)), OpenFailed(ExchangeOffline(VENUE)), id="a-request-that-has-not-left-has-failed"
        ),
    ],
)
@in_virtual_time
async def test_answer_to_an_open(state: OrderState, expected: OrderState) -> None:
    client = FakeClient()
    client.on_open = lambda _: venue_order(state)
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(0.1)
        client.say(fill())
        await asyncio.sleep(0.1)
        assert engine_order(expected) in link.taken()
        assert link.pending.count == 0


@in_virtual_time
async def test_answer_to_a_cancel() -> None:
    client = FakeClient()
    client.on_cancel = lambda request: OrderResponseCancel(request.key, Cancelled(OrderId("7"), START))
    async with running(client) as link:
        link.send(request_cancel())
        await asyncio.sleep(0.1)
        assert [OrderResponseCancel(order_key(), Cancelled(OrderId("7"), START))] == link.taken()


@pytest.mark.parametrize("is_more", [pytest.param(False, id="as-much"), pytest.param(True, id="more")])
@in_virtual_time
async def test_an_answer_that_comes_on_the_stream_is_not_repeated(is_more: bool) -> None:
    client = FakeClient()
    more = [fill("0.5"), venue_order(PARTLY)] if is_more else []

    async def stream_first(_: Any) -> Order:
        for said in (venue_order(OPEN), *more):
            client.say(said)
        await asyncio.sleep(0.01)
        return venue_order(OPEN)

    client.on_open = stream_first
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(1)
        expected = [indexed(fill("0.5")), engine_order(PARTLY)] if is_more else []
        assert [engine_order(OPEN), *expected] == link.taken()
        assert link.pending.count == 0


@in_virtual_time
async def test_the_rate_limit_is_told_a_little_later() -> None:
    client = FakeClient()
    client.on_open = lambda _: venue_order(OpenFailed(RateLimit()))
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(0.09)
        assert [] == link.taken()
        await asyncio.sleep(0.02)
        assert [engine_order(OpenFailed(RateLimit()))] == link.taken()


@in_virtual_time
async def test_none_means_that_the_answer_comes_on_the_stream() -> None:
    client = FakeClient()
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(1)
        assert link.pending.count == 1
        client.say(venue_order(OPEN))
        await asyncio.sleep(0.001)
        assert [engine_order(OPEN)] == link.taken()
        assert link.pending.count == 0


LOST_ANSWERS = [
    pytest.param(lambda _: never(), id="timeout"),
    pytest.param(lambda _: venue_order(OpenFailed(Timeout())), id="client-says-timeout"),
    pytest.param(lambda _: venue_order(OpenFailed(Socket("reset"))), id="client-says-socket"),
    pytest.param(lambda _: fail(LOST), id="client-raises"),
    pytest.param(lambda _: fail(ConnectionResetError("reset")), id="connection-is-reset"),
    pytest.param(lambda _: None, id="never-on-the-stream"),
]


def fail(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("lost", LOST_ANSWERS)
@in_virtual_time
async def test_a_lost_answer_of_a_live_order_is_found(lost: Any) -> None:
    client = FakeClient()
    client.on_open = lost
    client.orders = [venue_order(OPEN)]
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(15)
        assert [engine_order(OPEN)] == link.told()
        assert link.pending.count == 0


@pytest.mark.parametrize("lost", LOST_ANSWERS)
@in_virtual_time
async def test_unknown_is_not_failed_until_the_venue_has_settled(lost: Any) -> None:
    client = FakeClient()
    client.on_open = lost
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(19)
        assert link.taken() == []
        assert link.pending.count == 1
        await asyncio.sleep(30)
        assert [engine_order(OpenFailed(Timeout()))] == link.taken()


@pytest.mark.parametrize(
    ("order_id", "instrument", "is_decided"),
    [
        pytest.param("99", "btc_usdt", False, id="a-fill-of-an-order-that-nobody-knows"),
        pytest.param("7", "btc_usdt", True, id="a-fill-of-another-order-of-ours"),
        pytest.param("7", "eth_btc", False, id="another-order-of-ours-has-the-number-in-another-instrument"),
    ],
)
@in_virtual_time
async def test_an_absent_order_may_have_been_filled(order_id: str, instrument: str, is_decided: bool) -> None:
    client = FakeClient()
    client.on_open = lambda _: never()
    client.trades = [replace(trade(Side.BUY, "1", "1"), order_id=OrderId(order_id), instrument=named().instrument)]
    async with running(client) as link:
        client.say(venue_order(OPEN, "other", instrument))
        link.send(request_open())
        await asyncio.sleep(60)
        assert is_decided is (engine_order(OpenFailed(Timeout())) in link.taken())
        client.say(venue_order(OPEN))


@in_virtual_time
async def test_a_venue_that_does_not_tell_leaves_it_unknown() -> None:
    client = FakeClient()
    client.on_open = lambda _: never()
    client.is_silent = True
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(600)
        assert link.taken() == []
        client.say(venue_order(OPEN))
        await asyncio.sleep(0.1)
        assert [engine_order(OPEN)] == link.taken()


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        pytest.param([venue_order(OPEN)], Timeout(), id="still-open"),
        pytest.param([], Cancelled(OrderId("7"), START), id="gone"),
    ],
)
@in_virtual_time
async def test_a_lost_answer_to_a_cancel_is_looked_up(orders: list[Order], expected: Any) -> None:
    client = FakeClient()
    client.on_cancel = lambda _: never()
    client.orders = orders
    async with running(client) as link:
        client.say(venue_order(OPEN))
        await asyncio.sleep(0)
        link.taken()
        link.send(request_cancel(id="7"))
        await asyncio.sleep(5.5)
        assert link.taken() == []
        await asyncio.sleep(10)
        (response,) = link.taken()
        if isinstance(expected, Cancelled):
            expected = Cancelled(expected.id, response.state.time_exchange)
        assert OrderResponseCancel(order_key(), expected) == response


def fill(quantity: str = "1", number: str = "1", instrument: str = "btc_usdt", order_id: str = "7") -> Trade:
    """As the venue tells of it."""
    told = trade(Side.BUY, "1", quantity, time=START, id=number)
    return replace(told, order_id=OrderId(order_id), instrument=named(instrument=instrument).instrument)


def indexed(told: Trade) -> Trade:
    """As the engine is told of it."""
    return replace(told, instrument=0)


SENT = START + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("heard", "since"),
    [
        pytest.param(None, SENT - timedelta(days=1), id="nothing-was-heard"),
        pytest.param(SENT - timedelta(minutes=1), SENT - timedelta(seconds=70), id="the-venue-is-a-minute-behind"),
        pytest.param(SENT + timedelta(minutes=1), SENT - timedelta(seconds=10), id="the-venue-is-a-minute-ahead"),
        pytest.param(SENT - timedelta(days=300), SENT - timedelta(days=1), id="a-quiet-account"),
    ],
)
@in_virtual_time
async def test_fills_are_asked_for_since_the_venue_was_last_heard_of(heard: Any, since: Any) -> None:
    client = FakeClient()
    client.on_open = lambda _: never()
    if heard is not None:
        client.balances = [AssetBalance(AssetNameExchange("btc"), Balance(), heard)]
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(12)
        client.say(venue_order(OPEN))

    assert [since] == client.trades_since


@pytest.mark.parametrize("lost", LOST_ANSWERS)
@pytest.mark.parametrize(
    ("state", "fills"),
    [
        pytest.param(OPEN, [], id="open"),
        pytest.param(Open(OrderId("7"), START, Decimal("0.5")), [fill("0.5")], id="partly-filled"),
        pytest.param(FULLY_FILLED, [fill("0.4"), fill("0.6", "2")], id="filled"),
        pytest.param(Cancelled(OrderId("7"), START), [fill("0.5")], id="cancelled"),
        pytest.param(EXPIRED, [], id="expired"),
        pytest.param(OpenFailed(OrderRejected("no")), [], id="refused"),
    ],
)
@in_virtual_time
async def test_what_became_of_an_open_is_found_by_name_and_its_fills_come_first(
    lost: Any, state: OrderState, fills: list[Trade]
) -> None:
    client = FindingClient()
    client.on_open, client.found, client.order_trades = lost, venue_order(state), fills
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(15)
        assert [*map(indexed, fills), engine_order(state)] == link.told()
        assert client.calls[1:] == [("find", "cid")]
        assert link.pending.count == 0


@in_virtual_time
async def test_a_name_that_the_venue_does_not_know_has_failed_once_it_has_settled() -> None:
    client = FindingClient()
    client.on_open = lambda _: never()
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(19)
        assert link.taken() == []
        await asyncio.sleep(30)
        assert [engine_order(OpenFailed(Timeout()))] == link.taken()


@in_virtual_time
async def test_an_order_whose_fills_the_venue_does_not_show_yet_has_not_ended() -> None:
    client = FindingClient()
    client.on_open, client.found, client.order_trades = lambda _: never(), venue_order(FULLY_FILLED), [fill("0.4")]
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(100)
        assert [indexed(fill("0.4"))] == link.told()
        client.order_trades = [fill("0.4"), fill("0.6", "2")]
        await asyncio.sleep(10)
        assert [indexed(fill("0.6", "2")), engine_order(FULLY_FILLED)] == link.told()


@pytest.mark.parametrize(
    ("found", "fills", "expected"),
    [
        pytest.param(venue_order(OPEN), [], OrderResponseCancel(order_key(), Timeout()), id="still-open"),
        pytest.param(
            venue_order(Cancelled(OrderId("7"), START)),
            [fill("0.5")],
            engine_order(Cancelled(OrderId("7"), START)),
            id="cancelled",
        ),
        pytest.param(venue_order(FULLY_FILLED), [fill()], engine_order(FULLY_FILLED), id="filled-before"),
        pytest.param(venue_order(EXPIRED), [], engine_order(EXPIRED), id="expired-before"),
    ],
)
@in_virtual_time
async def test_what_became_of_a_cancel_is_found_by_name(found: Order, fills: list[Trade], expected: Any) -> None:
    client = FindingClient()
    client.on_cancel, client.found, client.order_trades = lambda _: never(), found, fills
    async with running(client) as link:
        client.say(venue_order(OPEN))
        await asyncio.sleep(0.1)
        link.taken()
        link.send(request_cancel(id="7"))
        await asyncio.sleep(15)
        assert [*map(indexed, fills), expected] == link.taken()


@in_virtual_time
async def test_an_order_that_cannot_be_cancelled_because_it_ended_unseen_is_looked_up() -> None:
    client = FindingClient()
    client.on_cancel = lambda request: OrderResponseCancel(request.key, OrderAlreadyFullyFilled())
    client.found, client.order_trades = venue_order(FULLY_FILLED), [fill()]
    async with running(client) as link:
        client.say(venue_order(OPEN))
        await asyncio.sleep(0.1)
        link.taken()
        link.send(request_cancel(id="7"))
        await asyncio.sleep(15)
        assert [indexed(fill()), engine_order(FULLY_FILLED)] == link.taken()


@in_virtual_time
async def test_an_order_that_cannot_be_cancelled_because_it_ended_as_was_told_needs_no_look() -> None:
    client = FindingClient()
    client.on_cancel = lambda request: OrderResponseCancel(request.key, OrderAlreadyFullyFilled())
    async with running(client) as link:
        client.say(venue_order(FULLY_FILLED))
        await asyncio.sleep(0.1)
        link.taken()
        link.send(request_cancel(id="7"))
        await asyncio.sleep(0.1)
        assert [OrderResponseCancel(order_key(), OrderAlreadyFullyFilled())] == link.taken()
        assert ("find", "cid") not in client.calls


@in_virtual_time
async def test_what_was_filled_before_the_first_snapshot_is_not_told() -> None:
    client = FindingClient()
    client.snapshots = [InstrumentAccountSnapshot(named().instrument, [venue_order(PARTLY)])]
    client.found = venue_order(FULLY_FILLED)
    client.order_trades = [fill("0.2", "1"), fill("0.3", "2"), fill("0.5", "3")]
    async with running(client) as link:
        await asyncio.sleep(61)
        assert [indexed(fill("0.5", "3")), engine_order(FULLY_FILLED)] == link.told()


@in_virtual_time
async def test_the_fills_of_an_order_that_was_never_told_of_are_not_told() -> None:
    client = FindingClient()
    client.on_cancel = lambda request: OrderResponseCancel(request.key, OrderAlreadyFullyFilled())
    client.found, client.order_trades = venue_order(FULLY_FILLED), [fill()]
    async with running(client) as link:
        link.send(request_cancel(id="7"))
        await asyncio.sleep(15)
        assert [engine_order(FULLY_FILLED)] == link.taken()


@in_virtual_time
async def test_a_fill_is_told_once() -> None:
    client = FindingClient()
    async with running(client) as link:
        other_order, other_place = fill(order_id="8"), fill(instrument="eth_btc")
        for said in (fill(), fill(), other_order, other_place):
            client.say(said)
        await asyncio.sleep(0.1)
        assert [indexed(fill()), indexed(other_order), replace(other_place, instrument=1)] == link.taken()


@in_virtual_time
async def test_an_order_that_has_ended_stays_ended_until_its_name_is_used_again() -> None:
    client = FakeClient()
    async with running(client) as link:
        client.say(venue_order(FULLY_FILLED))
        client.say(venue_order(OPEN))
        client.say(AccountSnapshot(VENUE, [], [InstrumentAccountSnapshot(named().instrument, [venue_order(OPEN)])]))
        await asyncio.sleep(0.1)
        snapshot = AccountSnapshot(0, [], [InstrumentAccountSnapshot(0, [])])
        assert [engine_order(FULLY_FILLED), snapshot] == link.taken()
        link.send(request_open())
        await asyncio.sleep(0.1)
        again = Open(OrderId("8"), START, Decimal(0))
        client.say(venue_order(again))
        await asyncio.sleep(0.1)
        assert [engine_order(again)] == link.taken()


@in_virtual_time
async def test_an_answer_that_the_stream_has_overtaken_does_not_open_the_order_again() -> None:
    client = FakeClient()

    async def stream_first(_: Any) -> Order:
        client.say(fill())
        client.say(venue_order(FULLY_FILLED))
        await asyncio.sleep(0.01)
        return venue_order(OPEN)

    client.on_open = stream_first
    async with running(client) as link:
        link.send(request_open())
        await asyncio.sleep(1)
        assert [indexed(fill()), engine_order(FULLY_FILLED)] == link.taken()


@pytest.mark.parametrize(
    ("listed", "found", "fills", "expected"),
    [
        pytest.param([], venue_order(FULLY_FILLED), [fill()], [indexed(fill()), engine_order(FULLY_FILLED)], id="filled"),
        pytest.param([], venue_order(EXPIRED), [], [engine_order(EXPIRED)], id="expired"),
        pytest.param(
            [venue_order(PARTLY)],
            venue_order(PARTLY),
            [fill("0.5")],
            [indexed(fill("0.5")), engine_order(PARTLY)],
            id="partly-filled",
        ),
        pytest.param([venue_order(OPEN)], venue_order(FULLY_FILLED), [fill()], [], id="open-as-was-told"),
        pytest.param([], venue_order(OPEN), [], [], id="the-list-lags-behind"),
        pytest.param([], None, [], [], id="not-known-which-means-nothing"),
    ],
)
@in_virtual_time
async def test_what_the_stream_has_lost_of_an_open_order_is_found(
    listed: list[Order], found: Order | None, fills: list[Trade], expected: list[Any]
) -> None:
    client = FindingClient()
    client.orders, client.found, client.order_trades = listed, found, fills
    async with running(client) as link:
        client.say(venue_order(OPEN))
        await asyncio.sleep(59)
        assert [engine_order(OPEN)] == link.told()
        await asyncio.sleep(2)
        assert expected == link.told()
        client.say(fill(number="9"))
        client.say(venue_order(FULLY_FILLED))
        await asyncio.sleep(1)
        client.calls.clear()
        await asyncio.sleep(60)
        assert [] == client.calls, "there is nothing left to ask for"


@in_virtual_time
async def test_a_venue_that_does_not_tell_its_open_orders_is_asked_again() -> None:
    client = FindingClient()
    client.found, client.order_trades, client.is_silent = venue_order(FULLY_FILLED), [fill()], True
    async with running(client) as link:
        client.say(venue_order(OPEN))
        await asyncio.sleep(100)
        client.is_silent = False
        await asyncio.sleep(30)
        assert [engine_order(OPEN), indexed(fill()), engine_order(FULLY_FILLED)] == link.told()


def balance(total: int) -> AssetBalance:
    return AssetBalance(AssetNameExchange("usdt"), Balance(Decimal(total), Decimal(total)), START)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        pytest.param([3, 3], [], id="as-was-told"),
        pytest.param([2, 2], [2], id="different-twice"),
        pytest.param([2, 3], [], id="the-first-look-was-late"),
        pytest.param([2, 1], [], id="it-is-moving"),
    ],
)
@in_virtual_time
async def test_a_balance_that_the_stream_has_lost_is_told_after_a_second_look(looks: list[int], expected: list[int]) -> None:
    client = FindingClient()
    async with running(client) as link:
        client.say(balance(3))
        await asyncio.sleep(59)
        link.taken()
        client.balances = [balance(looks[0])]
        await asyncio.sleep(1.5)
        client.balances = [balance(looks[1])]
        await asyncio.sleep(5)
        assert [Decimal(total) for total in expected] == [found.balance.total for found in link.told()]


@in_virtual_time
async def test_the_id_of_a_cancelled_order_is_that_of_its_instrument() -> None:
    client = FakeClient()
    client.on_cancel = lambda _: never()
    async with running(client) as link:
        client.say(venue_order(OPEN))
        client.say(venue_order(Open(OrderId("8"), START, Decimal(0)), instrument="eth_btc"))
        await asyncio.sleep(0.1)
        link.taken()
        link.send(request_cancel())
        await asyncio.sleep(15)
        assert [OrderId("7")] == [response.state.id for response in link.taken()]


@in_virtual_time
async def test_a_cancel_never_overtakes_its_open() -> None:
    client = FakeClient()

    async def slow(_: Any) -> Order:
        await asyncio.sleep(2)
        client.calls.append(("opened", "a"))
        return venue_order(OPEN, "a")

    other = Open(OrderId("8"), START, Decimal(0))
    client.on_open = lambda request: slow(request) if request.key.cid == "a" else venue_order(other, "b")
    client.on_cancel = lambda request: OrderResponseCancel(request.key, Cancelled(OrderId("7"), START))
    async with running(client) as link:
        link.send(request_open("a"), request_cancel("a"), request_open("b"))
        await asyncio.sleep(3)

    assert client.calls == [("open", "a"), ("open", "b"), ("opened", "a"), ("cancel", "a")]


@in_virtual_time
async def test_a_cancel_names_the_venue_s_id_as_soon_as_it_is_known() -> None:
    client, asked = FakeClient(), list[OrderId | None]()
    client.on_open = lambda _: venue_order(OPEN)
    client.on_cancel = lambda request: asked.append(request.state.id)
    async with running(client) as link:
        link.send(request_open(), request_cancel())
        await asyncio.sleep(1)
        client.say(venue_order(Cancelled(OrderId("7"), START)))
    assert [OrderId("7")] == asked


@in_virtual_time
async def test_a_cancel_does_not_wait_for_what_became_of_its_open() -> None:
    client = FakeClient()
    client.on_open = lambda _: never()
    client.on_cancel = lambda request: OrderResponseCancel(request.key, Cancelled(OrderId("7"), START))
    async with running(client) as link:
        link.send(request_open(), request_cancel())
        await asyncio.sleep(TIMEOUT.total_seconds() + 0.1)
        assert ("cancel", "cid") in client.calls
        client.say(venue_order(Cancelled(OrderId("7"), START)))


@in_virtual_time
async def test_a_lost_account_stream_is_told_and_opened_again() -> None:
    client = FakeClient()
    async with running(client) as link:
        client.connects.extend([LOST, ConnectionRefusedError("down")])
        client.hang_up()
        await asyncio.sleep(2)
        assert [AccountReconnecting(VENUE), AccountSnapshot(0, [], [])] == link.taken()
        assert client.streams == 2
        assert [round(time, 3) for time in client.times] == [0.0, 0.101, 0.301, 0.701]


@in_virtual_time
async def test_a_stream_that_has_missed_something_is_opened_again_once_in_a_while() -> None:
    client = FindingClient()
    async with running(client) as link:
        for seconds, streams in ((0, 2), (15, 2), (60, 3)):
            await asyncio.sleep(seconds)
            client.found = venue_order(Open(OrderId(str(seconds)), START, Decimal(0)), str(seconds))
            link.send(request_open(str(seconds)))
            await asyncio.sleep(15)
            assert streams == client.streams
        beginnings = [type(kind) for kind in link.taken() if isinstance(kind, AccountReconnecting | AccountSnapshot)]
        assert [AccountReconnecting, AccountSnapshot] * 2 == beginnings


@in_virtual_time
async def test_no_order_is_opened_while_the_account_is_unknown() -> None:
    client = FakeClient()
    client.on_open = lambda request: venue_order(OPEN, request.key.cid)
    client.on_cancel = lambda request: OrderResponseCancel(request.key, Cancelled(OrderId("7"), START))
    async with running(client) as link:
        client.hang_up()
        await asyncio.sleep(0.01)
        link.taken()
        reduce = replace(request_open("reduce"), state=replace(request_open().state, reduce_only=True))
        link.send(request_open(), request_cancel("old"), reduce, request_open("sale", side=Side.SELL))
        await asyncio.sleep(0.01)
        assert engine_order(OpenFailed(ExchangeOffline(VENUE))) in link.taken()
        assert client.calls == [("cancel", "old"), ("open", "reduce"), ("open", "sale")]


class CheckingClient(FakeClient):
    """One that knows what its venue accepts."""

    async def fetch_specs(self, instruments: Any, /) -> dict[InstrumentNameExchange, InstrumentSpec]:
        return {name: spec("0.1") for name in instruments}

    def refusal(self, request: OrderRequestOpen, open_orders: int, /) -> OrderRejected | None:
        return OrderRejected("too many") if open_orders > 0 else None


def spec(tick_size: str) -> InstrumentSpec:
    least = Decimal("0.1")
    quantity = InstrumentSpecQuantity(AssetNameExchange("btc"), least, least)
    return InstrumentSpec(InstrumentSpecPrice(least, Decimal(tick_size)), quantity, InstrumentSpecNotional(least))


@in_virtual_time
async def test_what_the_venue_would_refuse_is_not_sent() -> None:
    client = CheckingClient()
    client.on_open = lambda request: venue_order(OPEN, request.key.cid)
    async with running(client) as link:
        link.send(request_open("a"), request_open("b"))
        await asyncio.sleep(0.2)
        assert client.calls == [("open", "a")]
        assert [engine_order(OPEN, "a"), engine_order(OpenFailed(OrderRejected("too many")), "b")] == link.taken()


@in_virtual_time
async def test_a_configuration_that_contradicts_the_venue_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async with running(CheckingClient(), {InstrumentNameExchange("btc_usdt"): spec("0.05")}):
        pass
    assert "spec of btc_usdt: price.tick_size is 0.05, expected a multiple of the 0.1 of the venue" in caplog.text


@in_virtual_time
async def test_what_cannot_be_indexed_is_kept_aside_and_the_rest_goes_on() -> None:
    client = FakeClient()
    dust = AssetBalance(AssetNameExchange("dust"), Balance(), START)
    known = AssetBalance(AssetNameExchange("btc"), Balance(), START)
    fill = replace(trade(Side.BUY, "1", "1"), instrument=named(instrument="doge_usdt").instrument)
    client.balances = [dust, known]
    link = Link(client)
    async with asyncio.TaskGroup() as group:
        group.create_task(link.manager.run())
        await asyncio.sleep(0.001)
        client.say(dust)
        client.say(fill)
        client.say(known)
        await asyncio.sleep(0.001)
        link.requests.tx.send(ExecutionShutdown())

    btc = AssetBalance(0, Balance(), START)
    assert [AccountSnapshot(0, [btc], []), btc] == link.taken()
    assert [dust, fill] == [quarantined.item for quarantined in link.manager.quarantined()]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(request_open(instrument=9), OpenFailed, id="open"),
        pytest.param(request_cancel(instrument=9), OrderRejected, id="cancel"),
    ],
)
@in_virtual_time
async def test_a_request_for_an_unknown_instrument_is_refused(request_: Any, expected: type) -> None:
    client = FakeClient()
    async with running(client) as link:
        link.send(request_)
        await asyncio.sleep(0.1)
        assert [expected] == [type(kind.state) for kind in link.taken()]
        assert client.calls == []


@in_virtual_time
async def test_shutdown_waits_for_what_is_in_flight() -> None:
    client = FakeClient()

    async def slow(_: Any) -> Order:
        await asyncio.sleep(2)
        return venue_order(OPEN)

    client.on_open = slow
    async with running(client) as link:
        link.send(request_open())
    assert [engine_order(OPEN)] == link.taken()


@in_virtual_time
async def test_shutdown_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    client = FakeClient()
    client.on_open = lambda _: never()
    client.is_silent = True
    async with running(client) as link:
        link.send(request_open())
    assert 30.0 < asyncio.get_running_loop().time() < 31.0
    assert link.taken() == []
    assert link.pending.count == 0
    assert "it is not known what became of the request to open cid" in caplog.text


@in_virtual_time
async def test_a_mistake_in_the_client_ends_the_link() -> None:
    client = FakeClient()
    client.on_open = lambda _: fail(TypeError("a mistake"))

    async def run() -> None:
        async with running(client) as link:
            link.send(request_open())
            await asyncio.sleep(1)

    with pytest.raises(ExceptionGroup, match="unhandled errors") as caught:
        await run()
    assert caught.group_contains(TypeError, match="a mistake")


@in_virtual_time
async def test_an_account_that_is_refused_for_good_ends_the_link() -> None:
    client = FakeClient()
    refused = ExecutionError("fake client", OrderRejected("the key was revoked"))

    async def run() -> None:
        async with running(client):
            client.connects.append(refused)
            client.hang_up()
            await asyncio.sleep(1)

    with pytest.raises(ExceptionGroup) as caught:
        await run()
    assert caught.group_contains(ExecutionError, match="the key was revoked")


@in_virtual_time
async def test_an_account_that_cannot_be_connected_at_first_is_an_error() -> None:
    client = FakeClient()
    client.connects.append(LOST)
    with pytest.raises(ExecutionError, match="connection lost"):
        await ExecutionManager.init(Channel().rx, TIMEOUT, client, INDEXER)


@pytest.mark.parametrize("reason", ["the snapshot fails", "the snapshot takes too long"])
@in_virtual_time
async def test_an_account_without_a_snapshot_leaves_no_stream_open(reason: str) -> None:
    class NoSnapshot(FakeClient):
        async def account_snapshot(self, assets: Any, instruments: Any, /) -> AccountSnapshot:
            if reason == "the snapshot fails":
                raise LOST
            await never()
            raise AssertionError

        async def account_stream(self, assets: Any, instruments: Any, /) -> AsyncIterator[AccountEvent]:
            await super().account_stream(assets, instruments)
            return stream

    stream = ClosableStream()
    with pytest.raises((ExecutionError, TimeoutError)):
        await ExecutionManager.init(Channel().rx, TIMEOUT, NoSnapshot(), INDEXER)
    assert stream.is_closed


@in_virtual_time
async def test_a_client_of_another_exchange_is_refused() -> None:
    class Kraken(FakeClient):
        EXCHANGE = ExchangeId.KRAKEN

    with pytest.raises(ConfigError, match="client: it is one of 'kraken', expected one of 'binance_spot'"):
        Link(Kraken())
