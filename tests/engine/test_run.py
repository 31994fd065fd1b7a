"""Run loops. Rust origin: barter::engine::run (no Rust tests of their own)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from decimal import Context, getcontext, localcontext
from typing import Any

import pytest
from tests.support.builders import D, request_open
from tests.support.engine import (
    FailingTx,
    RecordingAuditTx,
    RecordingTx,
    ScriptedStrategy,
    account_balance,
    account_trade,
    build_engine,
    market_trade,
)

from barter_python.engine.audit.audit import EngineAudit, FeedEnded, ProcessAudit
from barter_python.engine.audit.replica import StateReplicaManager
from barter_python.engine.command import SendOpenRequests
from barter_python.engine.engine import Engine
from barter_python.engine.error import ExecutionChannelTerminated
from barter_python.engine.event import EngineEvent, Shutdown, TradingStateUpdate
from barter_python.engine.run import async_run, async_run_with_audit, sync_run, sync_run_with_audit
from barter_python.engine.state.trading import TradingState
from barter_python.execution.execution_tx import TxError
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.instrument.side import Side
from barter_python.strategy.strategy import DefaultStrategy

Run = Callable[[list[EngineEvent], Engine[Any, Any]], Awaitable[EngineAudit]]
RunWithAudit = Callable[[list[EngineEvent], Engine[Any, Any], Any], Awaitable[EngineAudit]]


async def stream(events: Iterable[EngineEvent]) -> AsyncIterator[EngineEvent]:
    for event in events:
        yield event


async def run_sync(events: list[EngineEvent], engine: Engine[Any, Any]) -> EngineAudit:
    return sync_run(iter(events), engine)


async def run_async(events: list[EngineEvent], engine: Engine[Any, Any]) -> EngineAudit:
    return await async_run(stream(events), engine)


async def run_sync_with_audit(events: list[EngineEvent], engine: Engine[Any, Any], audit_tx: Any) -> EngineAudit:
    return sync_run_with_audit(iter(events), engine, audit_tx)


async def run_async_with_audit(events: list[EngineEvent], engine: Engine[Any, Any], audit_tx: Any) -> EngineAudit:
    return await async_run_with_audit(stream(events), engine, audit_tx)


async def run_sync_and_drop_audits(events: list[EngineEvent], engine: Engine[Any, Any]) -> EngineAudit:
    return sync_run_with_audit(iter(events), engine, RecordingAuditTx())


async def run_async_and_drop_audits(events: list[EngineEvent], engine: Engine[Any, Any]) -> EngineAudit:
    return await async_run_with_audit(stream(events), engine, RecordingAuditTx())


every_loop = pytest.mark.parametrize(
    "run",
    [
        pytest.param(run_sync, id="sync_run"),
        pytest.param(run_async, id="async_run"),
        pytest.param(run_sync_and_drop_audits, id="sync_run_with_audit"),
        pytest.param(run_async_and_drop_audits, id="async_run_with_audit"),
    ],
)
audited_loops = pytest.mark.parametrize(
    "run",
    [
        pytest.param(run_sync_with_audit, id="sync_run_with_audit"),
        pytest.param(run_async_with_audit, id="async_run_with_audit"),
    ],
)

FIRST, SECOND, LATER = market_trade(1, 0, 100.0), account_balance(2, 2, "500"), market_trade(3, 0, 300.0)
FATAL = SendOpenRequests((request_open("fatal"),))
OPEN = SendOpenRequests((request_open(),))


class FragileTx(RecordingTx):
    """Breaks for good when it gets the order `fatal`."""

    def send(self, request: ExecutionRequest, /) -> None:
        if isinstance(request, OrderRequestOpen) and request.key.cid == "fatal":
            raise TxError("channel down", is_unrecoverable=True)
        super().send(request)


def engine_of_runs() -> Engine[Any, Any]:
    return build_engine(txs=[FragileTx()])


endings = pytest.mark.parametrize(
    ("last", "sequence"),
    [
        pytest.param([], 3, id="feed-ended"),
        pytest.param([Shutdown(), LATER], 3, id="shutdown"),
        pytest.param([FATAL, LATER], 3, id="unrecoverable-command"),
    ],
)


@every_loop
async def test_feed_ended(run: Run) -> None:
    assert FeedEnded() == await run([FIRST, SECOND], engine_of_runs())


@every_loop
async def test_shutdown(run: Run) -> None:
    assert ProcessAudit(Shutdown()) == await run([FIRST, Shutdown(), LATER], engine_of_runs())


@every_loop
async def test_unrecoverable_error_of_a_command(run: Run) -> None:
    audit = await run([FIRST, FATAL, LATER], engine_of_runs())
    assert isinstance(audit, ProcessAudit)
    assert (FATAL, [ExecutionChannelTerminated]) == (audit.event, [type(error) for error in audit.errors])


@every_loop
async def test_unrecoverable_error_of_the_strategys_orders(run: Run) -> None:
    engine = build_engine(
        strategy=ScriptedStrategy(opens=[request_open()]),
        trading=TradingState.ENABLED,
        txs=[FailingTx(is_unrecoverable=True)],
    )
    audit = await run([FIRST, SECOND], engine)
    assert isinstance(audit, ProcessAudit)
    assert (FIRST, [ExecutionChannelTerminated]) == (audit.event, [type(error) for error in audit.errors])


@every_loop
async def test_recoverable_error_does_not_end_the_run(run: Run) -> None:
    engine = build_engine(strategy=DefaultStrategy(), txs=[FailingTx(is_unrecoverable=False)])
    assert FeedEnded() == await run([OPEN, LATER], engine)
    assert LATER.time_exchange == engine.time()


@every_loop
@endings
async def test_nothing_is_processed_after_the_end(run: Run, last: list[EngineEvent], sequence: int) -> None:
    engine = engine_of_runs()
    await run([FIRST, SECOND, *last], engine)
    price = engine.state.instruments.instrument_index(0).data.price()
    assert (D(100), SECOND.kind.balance) == (price, engine.state.assets.asset_index(2).balance.value)


@every_loop
@endings
async def test_next_audit_is_numbered_after_the_last(run: Run, last: list[EngineEvent], sequence: int) -> None:
    engine = engine_of_runs()
    await run([FIRST, SECOND, *last], engine)
    assert sequence == engine.meta.sequence.value


@every_loop
@endings
async def test_execution_is_told_once_that_the_engine_stops(run: Run, last: list[EngineEvent], sequence: int) -> None:
    tx = FragileTx()
    await run([FIRST, SECOND, *last], build_engine(txs=[tx]))
    assert [ExecutionShutdown()] == tx.requests


@every_loop
async def test_execution_that_is_gone_does_not_disturb_the_end(run: Run) -> None:
    assert FeedEnded() == await run([FIRST], build_engine(txs=[FailingTx(is_unrecoverable=True)]))


@every_loop
async def test_empty_feed(run: Run) -> None:
    engine = engine_of_runs()
    assert FeedEnded() == await run([], engine)
    assert engine.meta.sequence.value == 1


@every_loop
async def test_second_run_goes_on_counting(run: Run) -> None:
    engine = engine_of_runs()
    await run([FIRST], engine)
    await run([SECOND], engine)
    assert engine.meta.sequence.value == 4


@every_loop
async def test_reset_metadata_starts_a_new_count_at_the_time_reached(run: Run) -> None:
    engine = engine_of_runs()
    await run([FIRST], engine)
    engine.reset_metadata()
    assert (FIRST.time_exchange, 0) == (engine.meta.time_start, engine.meta.sequence.value)


@audited_loops
@pytest.mark.parametrize(
    ("last", "terminal"),
    [
        pytest.param([], FeedEnded(), id="feed-ended"),
        pytest.param([Shutdown(), LATER], ProcessAudit(Shutdown()), id="shutdown"),
    ],
)
async def test_every_audit_is_sent_the_terminal_one_last(
    run: RunWithAudit, last: list[EngineEvent], terminal: EngineAudit
) -> None:
    audit_tx = RecordingAuditTx()
    returned = await run([FIRST, SECOND, *last], engine_of_runs(), audit_tx)
    assert [ProcessAudit(FIRST), ProcessAudit(SECOND), terminal] == [tick.event for tick in audit_tx.ticks]
    assert terminal == returned


@audited_loops
async def test_audit_of_an_unrecoverable_error_is_sent_and_returned(run: RunWithAudit) -> None:
    audit_tx = RecordingAuditTx()
    returned = await run([FATAL, LATER], engine_of_runs(), audit_tx)
    assert [returned] == [tick.event for tick in audit_tx.ticks]
    assert returned.is_terminal()


@audited_loops
async def test_audits_are_numbered_without_gaps(run: RunWithAudit) -> None:
    engine, audit_tx = engine_of_runs(), RecordingAuditTx()
    await run([FIRST, SECOND], engine, audit_tx)
    await run([LATER, Shutdown()], engine, audit_tx)
    assert list(range(5)) == audit_tx.sequences()


@audited_loops
async def test_audits_carry_the_time_of_the_engine(run: RunWithAudit) -> None:
    audit_tx = RecordingAuditTx()
    await run([LATER, FIRST], engine_of_runs(), audit_tx)
    assert [LATER.time_exchange] * 3 == [tick.context.time for tick in audit_tx.ticks]


@audited_loops
@endings
async def test_divergence_6_replica_that_listens_to_a_run_equals_the_engine(
    run: RunWithAudit, last: list[EngineEvent], sequence: int
) -> None:
    engine = engine_of_runs()
    replica = StateReplicaManager(engine.audit_snapshot())
    enable = TradingStateUpdate(TradingState.ENABLED)
    await run([FIRST, enable, account_trade(2, 0, Side.BUY, "100"), *last], engine, replica)
    assert engine.state == replica.replica_engine_state()
    assert engine.meta.sequence.value - 1 == replica.state_replica.context.sequence


@every_loop
async def test_every_loop_leads_to_the_same_state(run: Run) -> None:
    events = [FIRST, TradingStateUpdate(TradingState.ENABLED), account_trade(2, 0, Side.BUY, "7", "3", "0.1"), LATER]
    engine, expected = engine_of_runs(), engine_of_runs()
    await run(list(events), engine)
    for event in events:
        expected.process(event)
    assert expected.state == engine.state


@every_loop
async def test_result_does_not_depend_on_the_decimal_context_of_the_caller(run: Run) -> None:
    events = [account_trade(1, 0, Side.BUY, "1", "3"), account_trade(1, 0, Side.BUY, "2", "3.7")]
    engine, rough = engine_of_runs(), engine_of_runs()
    await run(list(events), engine)
    with localcontext(Context(prec=3)):
        await run(list(events), rough)
        assert getcontext().prec == 3
    assert engine.state == rough.state


def test_sync_run_counts_the_events_before_a_strategy_that_raises() -> None:
    class Broken(DefaultStrategy):
        def generate_algo_orders(self, state: Any, /) -> Any:
            raise RuntimeError("my mistake")

    engine = build_engine(strategy=Broken())
    with pytest.raises(RuntimeError, match="my mistake"):
        sync_run([FIRST, TradingStateUpdate(TradingState.ENABLED)], engine)
    assert engine.meta.sequence.value == 2
