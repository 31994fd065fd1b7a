"""Replicas of the engine's state. Rust origin: barter::engine::audit::state_replica (no Rust tests); divergence 6."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.builders import TIME_MIN, open_state, order, order_key, request_cancel, request_open
from tests.support.engine import (
    VENUE,
    FailingTx,
    ScriptedStrategy,
    account_balance,
    account_trade,
    build_engine,
    market_trade,
)

from barter_python.data.event import MarketReconnecting
from barter_python.engine.action.output import EventRefused
from barter_python.engine.audit.audit import AuditTick, EngineAudit, EngineContext, FeedEnded, ProcessAudit
from barter_python.engine.audit.replica import AuditOutOfOrderError, StateReplicaManager
from barter_python.engine.command import CancelOrders, ClosePositions, Command, SendCancelRequests, SendOpenRequests
from barter_python.engine.engine import Engine, process_with_audit
from barter_python.engine.event import EngineEvent, Shutdown, TradingStateUpdate
from barter_python.engine.sequence import EngineMeta, Sequence
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent, AccountReconnecting
from barter_python.execution.error import Timeout
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import CancelInFlight, OpenInFlight
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.side import Side
from barter_python.strategy.strategy import DefaultStrategy, Strategy

BUY, SELL = Side.BUY, Side.SELL
ENABLE, DISABLE = TradingStateUpdate(TradingState.ENABLED), TradingStateUpdate(TradingState.DISABLED)
RESTING = AccountEvent(0, order(open_state(), "resting"))
BOUGHT = account_trade(1, 0, BUY, "10000")


def follow(engine: Engine[Any, Any], *events: EngineEvent) -> StateReplicaManager[Any, Any]:
    """Process events, and let a replica see the audits."""
    replica = StateReplicaManager(engine.audit_snapshot())
    for event in events:
        replica.send(process_with_audit(engine, event))
    return replica


def tick(sequence: int, audit: EngineAudit) -> AuditTick[EngineAudit]:
    return AuditTick(audit, EngineContext(sequence, TIME_MIN))


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(market_trade(1, 0, 100.0), id="market"),
        pytest.param(MarketReconnecting(VENUE), id="market-reconnecting"),
        pytest.param(AccountReconnecting(VENUE), id="account-reconnecting"),
        pytest.param(account_balance(1, 2, "5"), id="balance"),
        pytest.param(account_trade(1, 0, BUY, "100"), id="fill"),
        pytest.param(RESTING, id="order"),
        pytest.param(AccountEvent(0, OrderResponseCancel(order_key("resting"), Timeout())), id="cancel-response"),
        pytest.param(ENABLE, id="trading-enabled"),
        pytest.param(DISABLE, id="trading-disabled"),
        pytest.param(Shutdown(), id="shutdown"),
        pytest.param(account_trade(1, 9, BUY, "100"), id="divergence-8-refused"),
    ],
)
def test_replica_follows_an_event(event: EngineEvent) -> None:
    engine = build_engine(strategy=DefaultStrategy())
    replica = follow(engine, RESTING, event)
    assert engine.state == replica.replica_engine_state()


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(SendOpenRequests((request_open("a"), request_open("b"))), id="divergence-6-open"),
        pytest.param(SendCancelRequests((request_cancel("resting"),)), id="divergence-6-cancel"),
        pytest.param(SendOpenRequests((request_open("a"), request_open("b", exchange=7))), id="divergence-6-one-open-failed"),
        pytest.param(CancelOrders(), id="divergence-6-cancel-all"),
        pytest.param(ClosePositions(), id="divergence-6-close-positions"),
    ],
)
def test_replica_follows_a_command(command: Command) -> None:
    engine = build_engine(strategy=DefaultStrategy())
    replica = follow(engine, RESTING, market_trade(1, 0, 10_000.0), BOUGHT, command)
    assert engine.state == replica.replica_engine_state()


def test_command_changes_the_state_that_the_replica_follows() -> None:
    """Else the tests above would compare two states to which nothing has happened."""
    engine = build_engine(strategy=DefaultStrategy())
    follow(engine, RESTING, market_trade(1, 0, 10_000.0), BOUGHT, ClosePositions(), CancelOrders())
    assert [CancelInFlight, CancelInFlight] == [type(item.state) for item in engine.state.instruments.instrument_index(0).orders]


def both() -> ScriptedStrategy:
    return ScriptedStrategy([request_cancel("resting")], [request_open("new")])


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        pytest.param(lambda: build_engine(strategy=both()), [CancelInFlight, OpenInFlight], id="divergence-6-sent"),
        pytest.param(
            lambda: build_engine(strategy=both(), txs=[FailingTx(is_unrecoverable=True, sends=1)]),
            [CancelInFlight],
            id="divergence-6-second-failed-for-good",
        ),
        pytest.param(
            lambda: build_engine(strategy=both(), txs=[FailingTx(is_unrecoverable=False, sends=1)]),
            [CancelInFlight],
            id="divergence-6-second-failed-for-now",
        ),
    ],
)
def test_replica_follows_the_orders_of_the_strategy(engine: Callable[[], Engine[Any, Any]], expected: list[type]) -> None:
    actual = engine()
    replica = follow(actual, RESTING, ENABLE)
    orders = actual.state.instruments.instrument_index(0).orders
    assert expected == [type(item.state) for item in orders if type(item.state) is not type(RESTING.kind.state)]
    assert actual.state == replica.replica_engine_state()


class OnDisabled(DefaultStrategy):
    """Does something with the engine when trading is switched off."""

    def __init__(self, hook: Callable[[Engine[Any, Any]], object]) -> None:
        super().__init__()
        self.hook = hook

    def on_trading_disabled(self, engine: Any, /) -> object:
        return self.hook(engine)


@pytest.mark.parametrize(
    "hook",
    [
        pytest.param(lambda engine: engine.cancel_orders(), id="divergence-6-hook-cancels-orders"),
        pytest.param(lambda engine: engine.close_positions(), id="divergence-6-hook-closes-positions"),
        pytest.param(lambda engine: engine.action(CancelOrders()), id="divergence-6-hook-commands"),
    ],
)
def test_replica_follows_the_requests_of_a_hook(hook: Callable[[Engine[Any, Any]], object]) -> None:
    strategy: Strategy = OnDisabled(hook)
    engine = build_engine(strategy=strategy, trading=TradingState.ENABLED)
    replica = follow(engine, RESTING, market_trade(1, 0, 10_000.0), BOUGHT, DISABLE)
    assert engine.state == replica.replica_engine_state()


def test_position_of_the_replica_is_revalued_by_the_market() -> None:
    replica = follow(build_engine(strategy=DefaultStrategy()), BOUGHT, market_trade(2, 0, 20_000.0))
    position = replica.replica_engine_state().instruments.instrument_index(0).position.current
    assert position is not None
    assert position.pnl_unrealised == 10_000


def test_replica_does_not_share_the_state_of_the_engine() -> None:
    engine = build_engine(strategy=DefaultStrategy())
    replica = follow(engine, BOUGHT)
    process_with_audit(engine, market_trade(2, 0, 20_000.0))
    assert engine.state != replica.replica_engine_state()


def test_replica_starts_with_the_number_and_time_of_its_snapshot() -> None:
    engine = build_engine()
    process_with_audit(engine, market_trade(1, 0, 100.0))
    replica = StateReplicaManager(engine.audit_snapshot())
    assert EngineMeta(market_trade(1, 0, 100.0).time_exchange, Sequence(1)) == replica.meta_start


def test_context_of_the_replica_is_that_of_the_last_audit() -> None:
    replica = follow(build_engine(), market_trade(1, 0, 100.0))
    assert EngineContext(1, market_trade(1, 0, 100.0).time_exchange) == replica.state_replica.context


@pytest.mark.parametrize("sequence", [pytest.param(4, id="earlier"), pytest.param(5, id="the-snapshot-itself")])
def test_audit_that_the_snapshot_contains_is_skipped(sequence: int) -> None:
    engine = build_engine()
    replica = StateReplicaManager(AuditTick(engine.state, EngineContext(5, TIME_MIN)))
    replica.send(tick(sequence, ProcessAudit(ENABLE)))
    assert TradingState.DISABLED is replica.replica_engine_state().trading
    assert replica.state_replica.context.sequence == 5


def test_missing_audit_is_an_error_and_is_not_applied() -> None:
    replica = StateReplicaManager(AuditTick(build_engine().state, EngineContext(5, TIME_MIN)))
    with pytest.raises(AuditOutOfOrderError, match=r"audit 7 does not follow 5, expected 6"):
        replica.send(tick(7, ProcessAudit(ENABLE)))
    assert TradingState.DISABLED is replica.replica_engine_state().trading
    assert replica.state_replica.context.sequence == 5


@pytest.mark.parametrize(
    ("terminal", "expected"),
    [
        pytest.param(FeedEnded(), 2, id="feed-ended"),
        pytest.param(ProcessAudit(Shutdown()), 2, id="shutdown"),
    ],
)
def test_run_stops_at_the_first_terminal_audit(terminal: EngineAudit, expected: int) -> None:
    updates = [tick(1, ProcessAudit(ENABLE)), tick(2, terminal), tick(3, ProcessAudit(DISABLE))]
    replica = StateReplicaManager(AuditTick(build_engine().state, EngineContext(0, TIME_MIN)), updates)
    replica.run()
    assert expected == replica.state_replica.context.sequence
    assert TradingState.ENABLED is replica.replica_engine_state().trading


def test_run_ends_with_the_updates() -> None:
    replica = StateReplicaManager(AuditTick(build_engine().state, EngineContext(0, TIME_MIN)), [tick(1, ProcessAudit(ENABLE))])
    replica.run()
    assert TradingState.ENABLED is replica.replica_engine_state().trading


def test_run_raises_for_a_missing_audit() -> None:
    replica = StateReplicaManager(AuditTick(build_engine().state, EngineContext(0, TIME_MIN)), [tick(2, ProcessAudit(ENABLE))])
    with pytest.raises(AuditOutOfOrderError):
        replica.run()


def test_refused_event_is_counted_but_not_applied() -> None:
    replica = StateReplicaManager(AuditTick(build_engine().state, EngineContext(0, TIME_MIN)))
    before = build_engine().state
    error = AuditOutOfOrderError("stands for any error")
    replica.send(tick(1, ProcessAudit(MarketReconnecting(ExchangeId.KRAKEN), (EventRefused(error),))))
    assert (before, 1) == (replica.replica_engine_state(), replica.state_replica.context.sequence)
