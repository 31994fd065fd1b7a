"""A system of which a task dies: noticed at once, told with its cause, and stopped in a safe state."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from tests.execution.fake_client import VENUE, FakeClient, named
from tests.support.builders import request_open
from tests.support.virtual_time import START, in_virtual_time
from tests.system.systems import Market, Told, builder, buy, mock, settle

from barter_python.engine.audit.audit import ProcessAudit
from barter_python.engine.engine import Engine
from barter_python.engine.error import ExecutionChannelTerminated
from barter_python.engine.state.connectivity import Health
from barter_python.engine.state.trading import TradingState
from barter_python.errors import StrategyError
from barter_python.execution.account import InstrumentAccountSnapshot
from barter_python.execution.exchange.mock import MockExchange
from barter_python.execution.order.id import OrderId, StrategyId
from barter_python.execution.order.order import OrderKind
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import Cancelled, Open
from barter_python.numeric import ZERO
from barter_python.system import refusals
from barter_python.system.builder import EngineFeedMode
from barter_python.system.parts import OnFailure, SystemFailedError
from barter_python.system.refusals import REFUSALS_MAX
from barter_python.system.system import System


class Mistake(Exception):
    """What went wrong."""


def broken(_: Any) -> Any:
    raise Mistake("it went wrong")


class VenueWithAnOrder(FakeClient):
    """Has two resting orders, `old` of ours and `other` of somebody else, and cancels whatever it is told to."""

    def __init__(self) -> None:
        super().__init__()
        ours, resting = replace(named("old"), strategy=StrategyId("ours")), request_open().to_order()
        self.order = replace(resting, key=ours, state=Open(OrderId("1"), START, ZERO))
        other = replace(resting, key=named("other"), state=Open(OrderId("2"), START, ZERO))
        self.snapshots = [InstrumentAccountSnapshot(named().instrument, [self.order, other])]
        self.on_cancel = lambda request: OrderResponseCancel(request.key, Cancelled(OrderId("1"), START))


async def failure_of(system: System[Any, Any]) -> SystemFailedError:
    with pytest.raises(SystemFailedError) as caught:
        await system.wait()
    return caught.value


@in_virtual_time
async def test_a_strategy_that_raises() -> None:
    market, client = Market(), VenueWithAnOrder()
    system = await builder(market, Told(broken), client).build().init()
    failed = await failure_of(system)

    assert failed.message == "engine failed: Mistake: it went wrong"
    assert isinstance(failed.__cause__, Mistake)
    assert client.calls == [("cancel", "old")]
    assert [order.key.cid for order in system.engine.state.instruments.states[0].orders] == ["other"]
    with pytest.raises(SystemFailedError, match="it went wrong"):
        system.cancel_orders()
    with pytest.raises(SystemFailedError, match="it went wrong"):
        await system.shutdown()


@pytest.mark.parametrize(
    ("mode", "refusals_max"),
    [
        pytest.param(EngineFeedMode.STREAM, REFUSALS_MAX, id="stream"),
        pytest.param(EngineFeedMode.ITERATOR, 20, id="iterator"),  # each one takes two changes of the thread
    ],
)
async def test_a_strategy_that_repeats_what_is_refused(
    mode: EngineFeedMode, refusals_max: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "REFUSALS_MAX", refusals_max)
    numbers = count(1)
    too_much = Told(lambda _: ((), [request_open(str(next(numbers)), quantity="1000000", kind=OrderKind.MARKET)]))
    system = await builder(Market(), too_much).engine_feed_mode(mode).build().init()
    failed = await failure_of(system)

    assert isinstance(failed.__cause__, StrategyError)
    assert failed.message.startswith(
        f"engine failed: StrategyError: the strategy: more than {refusals_max:,} orders in a row were"
    )
    assert next(numbers) < refusals_max + 10


@in_virtual_time
async def test_orders_may_be_left_alone() -> None:
    client = VenueWithAnOrder()
    system = await builder(Market(), Told(broken), client).on_failure(OnFailure.LEAVE_ORDERS).build().init()
    await failure_of(system)
    assert client.calls == []


async def test_a_strategy_that_raises_in_a_thread() -> None:
    client = VenueWithAnOrder()
    system = await builder(Market(), Told(broken), client).engine_feed_mode(EngineFeedMode.ITERATOR).build().init()
    failed = await failure_of(system)
    assert failed.message == "engine failed: Mistake: it went wrong"
    assert client.calls == [("cancel", "old")]
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


@in_virtual_time
async def test_a_market_stream_that_raises() -> None:
    market, client = Market(), VenueWithAnOrder()
    system = await builder(market, execution=client).build().init()
    market.fail(Mistake("no market"))
    failed = await failure_of(system)

    assert failed.message == "market stream failed: Mistake: no market"
    assert system.engine.state.trading is TradingState.DISABLED
    assert client.calls == [("cancel", "old")]
    assert [order.key.cid for order in system.engine.state.instruments.states[0].orders] == ["other"]


@in_virtual_time
async def test_a_client_with_a_mistake() -> None:
    client = VenueWithAnOrder()
    client.on_open = broken
    system = await builder(Market(), execution=client).build().init()
    system.send_open_requests([buy()])
    failed = await failure_of(system)

    assert failed.message == "execution manager binance_spot failed: Mistake: it went wrong"
    assert isinstance(failed.__cause__, Mistake)
    assert [failure.task for failure in failed.failures] == ["execution manager binance_spot"]
    assert system.engine.state.connectivity.connectivity(VENUE).account is Health.RECONNECTING
    assert system.engine.state.trading is TradingState.DISABLED


@in_virtual_time
async def test_a_simulated_exchange_with_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    system = await builder(Market(), execution=mock()).build().init()
    monkeypatch.setattr(MockExchange, "on_request", lambda *_: broken(None))
    system.send_open_requests([buy()])
    failed = await failure_of(system)
    assert failed.message.startswith("simulated exchange binance_spot failed: Mistake: it went wrong")


@in_virtual_time
async def test_what_is_in_flight_at_another_failure_is_waited_for() -> None:
    market = Market()
    system = await builder(market, execution=mock(100)).build().init()
    system.send_open_requests([buy()])
    await settle()
    market.fail(Mistake("no market"))
    await failure_of(system)
    assert system.engine.state.instruments.states[0].position.current is not None


@in_virtual_time
async def test_fills_that_come_after_the_engine_died_are_in_its_state() -> None:
    market = Market()
    strategy = Told()
    system = await builder(market, strategy, mock(100)).build().init()
    system.send_open_requests([buy()])
    await settle()
    strategy.on_event = broken
    market.tick()
    await failure_of(system)
    assert system.engine.state.instruments.states[0].position.current is not None


@in_virtual_time
async def test_an_engine_that_has_to_stop_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    system = await builder(Market()).build().init()
    terminated = ExecutionChannelTerminated("gone")
    monkeypatch.setattr(Engine, "send_request", lambda *_: terminated)
    system.send_open_requests([buy()])
    _, audit = await system.wait()
    assert isinstance(audit, ProcessAudit)
    assert (terminated,) == audit.errors


@in_virtual_time
async def test_a_failure_while_shutting_down_is_told() -> None:
    client = VenueWithAnOrder()
    system = await builder(Market(), execution=client).build().init()
    client.on_open = lambda _: slow_mistake()
    system.send_open_requests([buy()])
    with pytest.raises(SystemFailedError, match="execution manager binance_spot failed: Mistake: too late"):
        await system.shutdown()


async def slow_mistake() -> None:
    await asyncio.sleep(1)
    raise Mistake("too late")


@in_virtual_time
async def test_a_cancelled_system_leaves_nothing_running() -> None:
    market = Market()
    system = await builder(market).build().init()
    task = system._task
    assert task is not None
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert market.is_closed
