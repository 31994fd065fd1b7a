"""Virtual time: when requests arrive, when answers are due, and what happens at the end of the data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.backtest.market import Scripted, arguments, at, mock, tick

from barter_python import NO_ORDERS, AuditTick, MarketEvent, ProcessAudit, Side, StateReplicaManager, run_backtest
from barter_python.engine.audit.audit import EngineAudit
from barter_python.engine.event import Shutdown, TradingStateUpdate
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.trade import Trade


def buy_on_call(number: int) -> Scripted:
    def script(strategy: Scripted, state: Any, call: int) -> Any:
        if call != number:
            return NO_ORDERS
        instrument = state.instruments.states[0]
        return (), [strategy.market_order(instrument, Side.BUY, Decimal(1), Decimal(100))]

    return Scripted(script)


class Audits:
    def __init__(self) -> None:
        self.ticks: list[AuditTick[EngineAudit]] = []

    def send(self, audit: AuditTick[EngineAudit], /) -> None:
        self.ticks.append(audit)

    def labels(self) -> list[str]:
        """What was processed, in order: market events by their trade id, account events by their kind."""
        labels = []
        for audit in self.ticks:
            assert isinstance(audit.event, ProcessAudit)
            event = audit.event.event
            if isinstance(event, MarketEvent):
                labels.append(event.kind.id)
            elif isinstance(event, AccountEvent):
                labels.append(type(event.kind).__name__)
            else:
                labels.append(type(event).__name__)
        return labels


ANSWER = ["AssetBalance", "AssetBalance", "Trade", "Order"]
END = ["TradingStateUpdate", "Shutdown"]


@pytest.mark.parametrize(
    ("latency_ms", "expected"),
    [
        pytest.param(0, ["AccountSnapshot", "0", *ANSWER, "10", "20", *END], id="no-latency-answers-before-the-next-event"),
        pytest.param(9, ["AccountSnapshot", "0", *ANSWER, "10", "20", *END], id="due-before-the-next-event"),
        pytest.param(10, ["AccountSnapshot", "0", *ANSWER, "10", "20", *END], id="due-with-the-next-event-comes-before-it"),
        pytest.param(11, ["AccountSnapshot", "0", "10", *ANSWER, "20", *END], id="due-after-the-next-event"),
        pytest.param(21, ["AccountSnapshot", "0", "10", "20", END[0], *ANSWER, END[1]], id="due-after-the-data"),
    ],
)
def test_answers_arrive_when_the_latency_has_passed(latency_ms: int, expected: list[str]) -> None:
    audits = Audits()
    constant, dynamic = arguments([tick(0), tick(10), tick(20)], buy_on_call(2), mock(latency_ms))

    run_backtest(constant, dynamic, audit_tx=audits)

    assert expected == audits.labels()


def test_a_fill_is_stamped_with_half_the_latency() -> None:
    constant, dynamic = arguments([tick(0), tick(50)], buy_on_call(2), mock(latency_ms=30))

    summary = run_backtest(constant, dynamic)

    assert [at(15)] == [trade.time_exchange for trade in summary.record.trades]


def test_what_is_in_flight_when_the_data_ends_is_accounted_for() -> None:
    constant, dynamic = arguments([tick(0)], buy_on_call(2), mock(latency_ms=1_000))

    summary = run_backtest(constant, dynamic)

    assert len(summary.record.trades) == 1
    assert [Decimal(1)] == [position.quantity_abs for position in summary.positions_open]


def test_nothing_is_ordered_after_the_data_ended() -> None:
    def always_buy(strategy: Scripted, state: Any, _: int) -> Any:
        return (), [strategy.market_order(state.instruments.states[0], Side.BUY, Decimal("0.001"), Decimal(100))]

    constant, dynamic = arguments([tick(0), tick(1)], Scripted(always_buy), mock(latency_ms=100))

    summary = run_backtest(constant, dynamic)

    assert {at(0), at(1)} == {time for time, _ in summary.record.requests}


def test_time_never_goes_back_where_a_venue_stamps_events_out_of_order() -> None:
    audits = Audits()
    constant, dynamic = arguments([tick(0), tick(20), tick(10), tick(30)], buy_on_call(2))

    run_backtest(constant, dynamic, audit_tx=audits)

    times = [audit.context.time for audit in audits.ticks]
    assert sorted(times) == times


def test_audits_have_no_gaps_and_rebuild_the_state() -> None:
    def flip(strategy: Scripted, state: Any, call: int) -> Any:
        instrument = state.instruments.states[0]
        if call % 7 or instrument.orders or instrument.data.price() is None:
            return NO_ORDERS
        held = instrument.position.current is not None
        return (), [strategy.market_order(instrument, Side.SELL if held else Side.BUY, Decimal(1), instrument.data.price())]

    audits = Audits()
    constant, dynamic = arguments([tick(i, 100 + i % 13) for i in range(300)], Scripted(flip))
    from barter_python.engine.audit.audit import EngineContext

    seed = AuditTick(constant.engine_state, EngineContext(-1, at(0)))

    summary = run_backtest(constant, dynamic, audit_tx=audits)

    assert list(range(len(audits.ticks))) == [audit.context.sequence for audit in audits.ticks]
    replica = StateReplicaManager(seed, audits.ticks)
    replica.run()
    state = replica.replica_engine_state()
    assert len(summary.record.positions_exited) == state.instruments.states[0].tear_sheet.pnl_returns.total.count > 10
    assert summary.positions_open == [s.position.current for s in state.instruments if s.position.current is not None]


def test_the_account_is_known_before_the_first_market_event() -> None:
    audits = Audits()
    constant, dynamic = arguments([tick(0)], Scripted(lambda *_: NO_ORDERS))

    run_backtest(constant, dynamic, audit_tx=audits)

    first = audits.ticks[0].event
    assert isinstance(first, ProcessAudit)
    assert isinstance(first.event, AccountEvent)
    assert isinstance(first.event.kind, AccountSnapshot)


def test_an_order_for_an_exchange_that_is_only_watched_stops_the_engine() -> None:
    constant, dynamic = arguments([tick(0), tick(1)], buy_on_call(1))
    constant.executions = []

    summary = run_backtest(constant, dynamic)

    assert isinstance(summary.shutdown_audit, ProcessAudit)
    assert "ExchangeIndex(0) has no execution" in summary.shutdown_audit.errors[0].message
    assert not isinstance(summary.shutdown_audit.event, Shutdown | TradingStateUpdate | Trade)


def test_an_exception_of_the_strategy_says_where_the_run_was() -> None:
    def fail(*_: Any) -> Any:
        raise ZeroDivisionError("by script")

    constant, dynamic = arguments([tick(0), tick(1)], Scripted(fail))

    with pytest.raises(ZeroDivisionError) as raised:
        run_backtest(constant, dynamic)

    assert raised.value.__notes__ == ["while the engine processed AccountSnapshot at 2025-01-01 00:00:00+00:00"]
