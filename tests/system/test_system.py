"""A running system: commands, audits, and its orderly end. Virtual time; every test checks that no task is left."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.execution.fake_client import LOST, VENUE, FakeClient
from tests.support.builders import request_cancel
from tests.support.virtual_time import in_virtual_time
from tests.system.systems import CASH, Market, Told, builder, buy, mock, settle, slow

from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.engine.audit.audit import ProcessAudit
from barter_python.engine.audit.replica import StateReplicaManager
from barter_python.engine.command import CancelOrders, ClosePositions, SendCancelRequests, SendOpenRequests
from barter_python.engine.event import Shutdown, TradingStateUpdate
from barter_python.engine.state.connectivity import Health
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.order.order import Order
from barter_python.execution.trade import Trade
from barter_python.strategy.strategy import NO_ORDERS
from barter_python.system.audit import AuditLostError
from barter_python.system.builder import AuditMode, EngineFeedMode
from barter_python.system.feed import SystemBusyError
from barter_python.system.market_task import MarketMode
from barter_python.system.parts import SystemStoppedError


def kinds(audits: Any) -> list[type]:
    """What the engine processed."""
    return [type(tick.event.event.kind if isinstance(tick.event.event, AccountEvent) else tick.event.event) for tick in audits]


@in_virtual_time
async def test_the_operator_trades_by_hand() -> None:
    market = Market()
    system = await builder(market).trading_state(TradingState.DISABLED).build().init()
    market.tick()
    await settle()
    position = system.engine.state.instruments.states[0].position

    system.send_open_requests([buy()])
    await settle()
    assert position.current is not None
    assert position.current.quantity_abs == Decimal(1)
    system.close_positions()
    await settle()
    assert position.current is None

    await system.shutdown()
    assert system.engine.state.assets.asset_index(2).balance.value.total == CASH


@in_virtual_time
async def test_every_command_reaches_the_engine() -> None:
    system = await builder(Market()).audit_mode(AuditMode.ENABLED).build().init()
    audit = system.take_audit()
    assert audit is not None
    system.send_open_requests([buy()])
    system.send_cancel_requests([request_cancel()])
    system.close_positions()
    system.cancel_orders()
    system.trading_state(TradingState.DISABLED)
    await settle()
    await system.shutdown()

    processed = [tick async for tick in audit.updates]
    commands = [kind for kind in kinds(processed) if kind in COMMANDS]
    assert list(COMMANDS) == commands
    assert Shutdown() == processed[-1].event.event


COMMANDS = (SendOpenRequests, SendCancelRequests, ClosePositions, CancelOrders, TradingStateUpdate)


@pytest.mark.parametrize("mode", EngineFeedMode)
async def test_engine_answers_in_both_modes(mode: EngineFeedMode) -> None:
    market = Market()
    bought = asyncio.Event()
    loop = asyncio.get_running_loop()

    def buy_once(state: Any) -> Any:
        instrument = state.instruments.states[0]
        if instrument.position.current is not None:
            loop.call_soon_threadsafe(bought.set)
            return NO_ORDERS
        return NO_ORDERS if instrument.data.price() is None or len(instrument.orders) else ([], [buy()])

    system = await builder(market, Told(buy_once)).engine_feed_mode(mode).build().init()
    market.tick()
    await bought.wait()
    engine, audit = await system.shutdown()

    assert isinstance(audit, ProcessAudit)
    assert Shutdown() == audit.event
    assert engine.state.instruments.states[0].position.current is not None
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


@pytest.mark.parametrize("mode", EngineFeedMode)
async def test_abort_in_both_modes(mode: EngineFeedMode) -> None:
    system = await builder(Market()).engine_feed_mode(mode).build().init()
    _, audit = await system.abort()
    assert isinstance(audit, ProcessAudit)
    assert Shutdown() == audit.event
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


@in_virtual_time
async def test_a_replica_equals_the_engine() -> None:
    market = Market()
    strategy = Told(lambda state: ([], [buy()]) if not len(state.instruments.states[0].orders) else NO_ORDERS)
    system = await builder(market, strategy, mock(10)).audit_mode(AuditMode.ENABLED).build().init()
    audit = system.take_audit()
    assert audit is not None
    assert system.take_audit() is None
    replica = StateReplicaManager(audit.snapshot)
    market.tick()
    await asyncio.sleep(0.1)
    await system.shutdown()
    async for tick in audit.updates:
        replica.send(tick)
    assert system.engine.state == replica.replica_engine_state()


@in_virtual_time
async def test_a_system_names_the_exchanges_it_trades_on() -> None:
    async with await builder(Market()).build().init() as system:
        assert (VENUE,) == system.exchanges_traded


@in_virtual_time
async def test_without_audit_mode_there_are_no_audits() -> None:
    async with await builder(Market()).build().init() as system:
        assert system.take_audit() is None


@in_virtual_time
async def test_a_reader_that_is_too_slow_is_told() -> None:
    market = Market()
    system = await builder(market).audit_mode(AuditMode.ENABLED, capacity=3).build().init()
    audit = system.take_audit()
    assert audit is not None
    for _ in range(9):
        market.tick()
    await settle()
    await system.shutdown()

    read = []

    async def read_all() -> None:
        async for tick in audit.updates:
            read.append(tick)

    with pytest.raises(AuditLostError, match="the reader fell too far behind"):
        await read_all()
    assert [tick.context.sequence for tick in read] == [1, 2, 3]


@in_virtual_time
async def test_a_reader_that_goes_away_costs_nothing() -> None:
    market = Market()
    system = await builder(market).audit_mode(AuditMode.ENABLED).build().init()
    audit = system.take_audit()
    assert audit is not None
    audit.updates.close()
    market.tick()
    await settle()
    await system.shutdown()
    assert system.engine.meta.sequence.value > 2


@in_virtual_time
async def test_shutdown_waits_for_what_is_in_flight() -> None:
    market = Market()
    system = await builder(market, execution=mock(100)).audit_mode(AuditMode.ENABLED).build().init()
    audit = system.take_audit()
    assert audit is not None
    system.send_open_requests([buy()])
    await system.shutdown()

    processed = kinds([tick async for tick in audit.updates])
    assert [Trade, Order, Shutdown] == processed[-3:]
    assert system.engine.state.trading is TradingState.DISABLED
    assert market.is_closed


@in_virtual_time
async def test_shutdown_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    client = FakeClient()
    client.is_silent = True
    system = await builder(Market(), execution=client).drain_timeout(timedelta(seconds=3)).build().init()
    system.send_open_requests([buy()])
    await system.shutdown()
    assert asyncio.get_running_loop().time() < 7
    assert "shutdown: 1 requests or answers are under way still" in caplog.text


@in_virtual_time
async def test_abort_waits_for_nothing() -> None:
    system = await builder(Market(), execution=mock(100)).build().init()
    started = asyncio.get_running_loop().time()
    system.send_open_requests([buy()])
    await settle()
    await system.abort()
    assert asyncio.get_running_loop().time() - started < 0.05
    assert system.engine.state.instruments.states[0].position.current is None


@in_virtual_time
async def test_abort_cuts_short_a_shutdown_that_waits_for_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    client = FakeClient()
    client.is_silent = True
    system = await builder(Market(), execution=client).drain_timeout(timedelta(seconds=60)).build().init()
    system.send_open_requests([buy()])
    shutdown = asyncio.create_task(system.shutdown())
    await asyncio.sleep(1)
    assert not shutdown.done()
    _, audit = await system.abort()
    assert (await shutdown)[1] is audit
    assert isinstance(audit, ProcessAudit)
    assert Shutdown() == audit.event
    assert asyncio.get_running_loop().time() < 1.01
    assert "under way still" not in caplog.text


@in_virtual_time
async def test_abort_cuts_short_a_shutdown_that_waits_for_the_links() -> None:
    client = FakeClient()
    client.is_silent = True
    system = await builder(Market(), execution=client).drain_timeout(timedelta(seconds=2)).build().init()
    system.send_open_requests([buy()])
    shutdown = asyncio.create_task(system.shutdown())
    await asyncio.sleep(3)
    assert not shutdown.done()
    await system.abort()
    assert asyncio.get_running_loop().time() < 3.01


@in_virtual_time
async def test_shutdown_does_not_wait_behind_the_market() -> None:
    market = Market()
    system = await builder(market, Told(slow)).build().init()
    for _ in range(5_000):
        market.tick()
    await asyncio.sleep(3)
    await system.shutdown()
    assert system.engine.meta.sequence.value < 20


@in_virtual_time
async def test_an_engine_that_is_too_slow_gets_the_newest_market(caplog: pytest.LogCaptureFixture) -> None:
    market = Market()
    system = await builder(market, Told(slow)).market_mode(MarketMode.LIVE, capacity=100).build().init()
    await settle()
    before = system.engine.meta.sequence.value
    for price in range(1, 1_001):
        market.tick(float(price))
    await asyncio.sleep(1_000)
    assert system.engine.state.instruments.states[0].data.price() == Decimal(1_000)
    processed = system.engine.meta.sequence.value - before
    assert processed < 200
    assert 1_000 - processed == system.conflated
    assert "the engine is too slow" in caplog.text
    await system.shutdown()


@in_virtual_time
async def test_a_request_leaves_before_the_next_market_event_is_processed() -> None:
    market, client = Market(), FakeClient()
    processed = []

    def buy_at_fifth(state: Any) -> Any:
        processed.append(state)
        return ([], [buy()]) if len(processed) == 5 else NO_ORDERS

    client.on_open = lambda _: client.calls.append(("after", str(len(processed))))
    system = await builder(market, Told(buy_at_fifth), client).build().init()
    for _ in range(2_000):
        market.tick()
    await settle()
    assert ("after", "5") in client.calls
    await system.abort()


@in_virtual_time
async def test_a_market_that_never_pauses_lets_the_others_in() -> None:
    class Endless(Market):
        async def stream(self) -> Any:
            while True:
                self.tick()
                yield self.channel.rx.try_recv()

    system = await builder(Endless()).build().init()
    for _ in range(10):  # time stands still as long as something can happen
        await asyncio.sleep(0)
    await system.shutdown()
    assert system.engine.meta.sequence.value > 256


@in_virtual_time
async def test_a_command_is_obeyed_within_a_batch_of_market_events() -> None:
    market = Market()
    system = await builder(market).audit_mode(AuditMode.ENABLED).build().init()
    audit = system.take_audit()
    assert audit is not None
    for _ in range(2_000):
        market.tick()
    while system.engine.meta.sequence.value < 300:
        await asyncio.sleep(0)
    before = system.engine.meta.sequence.value
    system.trading_state(TradingState.DISABLED)
    await settle()
    await system.shutdown()
    at = [
        tick.context.sequence for tick in iter(audit.updates.try_recv, None) if isinstance(tick.event.event, TradingStateUpdate)
    ]
    assert at[0] - before <= 256


@in_virtual_time
async def test_a_second_shutdown_gives_the_same() -> None:
    system = await builder(Market()).build().init()
    assert system.is_running
    first = await system.shutdown()
    assert first == await system.shutdown() == await system.wait() == await system.abort()
    assert not system.is_running


@in_virtual_time
async def test_a_stopped_system_takes_no_command() -> None:
    system = await builder(Market()).build().init()
    await system.shutdown()
    with pytest.raises(SystemStoppedError, match="CancelOrders: the system has stopped, expected a running system"):
        system.cancel_orders()


@in_virtual_time
async def test_a_flood_of_commands_is_refused() -> None:
    system = await builder(Market()).build().init()
    for _ in range(1_000):
        system.cancel_orders()
    with pytest.raises(SystemBusyError, match="1000 commands wait for the engine"):
        system.cancel_orders()
    await system.shutdown()


@in_virtual_time
async def test_the_end_of_a_live_market_is_told() -> None:
    market, strategy = Market(), Told()
    system = await builder(market, strategy).build().init()
    market.tick()
    await settle()
    connectivity = system.engine.state.connectivity.connectivity(VENUE)
    assert connectivity.market_data is Health.HEALTHY
    market.end()
    await settle()
    assert connectivity.market_data is Health.RECONNECTING
    assert strategy.disconnects == [VENUE]
    assert system.is_running
    await system.shutdown()


@in_virtual_time
async def test_shutdown_after_backtest_waits_for_the_end_of_the_market() -> None:
    market = Market()
    system = await builder(market).audit_mode(AuditMode.ENABLED).build().init()
    audit = system.take_audit()
    assert audit is not None
    task = asyncio.create_task(system.shutdown_after_backtest())
    for _ in range(3):
        market.tick()
        await asyncio.sleep(1)
    assert not task.done()
    market.end()
    await task
    processed = kinds([tick async for tick in audit.updates])
    assert [*[MarketEvent] * 3, MarketReconnecting, TradingStateUpdate, Shutdown] == processed[-6:]


@in_virtual_time
async def test_an_account_that_cannot_be_connected_leaves_nothing_running() -> None:
    client, market = FakeClient(), Market()
    client.connects.append(LOST)
    with pytest.raises(ExecutionError, match="connection lost"):
        await builder(market, execution=client).build().init()


@in_virtual_time
async def test_a_start_that_is_cancelled_leaves_nothing_running() -> None:
    class Slow(FakeClient):
        async def account_snapshot(self, *_: Any) -> Any:
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await builder(Market(), execution=Slow()).build().init()


@in_virtual_time
async def test_a_block_that_raises_aborts() -> None:
    class Problem(Exception):
        pass

    system = None
    with pytest.raises(Problem):
        async with await builder(Market()).build().init() as system:
            raise Problem
    assert not system.is_running


@in_virtual_time
async def test_a_caller_that_gives_up_waiting_does_not_stop_the_shutdown() -> None:
    system = await builder(Market(), execution=mock(1_000)).build().init()
    system.send_open_requests([buy()])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await system.shutdown()
    await system.wait()
    assert system.engine.state.instruments.states[0].position.current is not None
