"""Review of a strategy's orders. Rust origin: barter::risk, barter::engine::action::generate_algo_orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.support.builders import open_state, order, request_cancel, request_open
from tests.support.engine import RecordingTx, ScriptedStrategy, build_engine, build_state, market_trade

from barter_python.engine.action.output import GenerateAlgoOrdersOutput, SendCancelsAndOpensOutput, SendRequestsOutput
from barter_python.engine.audit.audit import ProcessAudit
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.risk.manager import DefaultRiskManager, RiskRefused, RiskReview
from barter_python.strategy.strategy import DefaultStrategy


class RefuseSome:
    """Refuses every request whose name starts with `bad`."""

    def __init__(self) -> None:
        self.reviews = 0

    def check(
        self,
        state: EngineState[Any, Any],
        cancels: Iterable[OrderRequestCancel],
        opens: Iterable[OrderRequestOpen],
        /,
    ) -> RiskReview:
        self.reviews += 1
        cancels, opens = list(cancels), list(opens)
        return (
            [item for item in cancels if not item.key.cid.startswith("bad")],
            [item for item in opens if not item.key.cid.startswith("bad")],
            [RiskRefused(item, "bad name") for item in cancels if item.key.cid.startswith("bad")],
            [RiskRefused(item, "bad name") for item in opens if item.key.cid.startswith("bad")],
        )


def test_default_manager_approves_everything() -> None:
    cancels, opens = [request_cancel("a")], [request_open("b"), request_open("c")]
    assert (cancels, opens, (), ()) == DefaultRiskManager().check(build_state(), cancels, opens)


def test_refused_requests_are_reported_and_neither_sent_nor_recorded() -> None:
    tx = RecordingTx()
    strategy = ScriptedStrategy(
        [request_cancel("resting"), request_cancel("bad cancel")], [request_open("bad open"), request_open("good")]
    )
    engine = build_engine(trading=TradingState.ENABLED, strategy=strategy, risk=RefuseSome(), txs=[tx])
    engine.state.update_from_account(AccountEvent(0, order(open_state(), "resting")))
    audit = engine.process(market_trade(1, 0, 100.0))
    expected = GenerateAlgoOrdersOutput(
        SendCancelsAndOpensOutput(SendRequestsOutput((request_cancel("resting"),)), SendRequestsOutput((request_open("good"),))),
        (RiskRefused(request_cancel("bad cancel"), "bad name"),),
        (RiskRefused(request_open("bad open"), "bad name"),),
    )
    assert ProcessAudit(market_trade(1, 0, 100.0), (expected,)) == audit
    assert [request_cancel("resting"), request_open("good")] == tx.requests
    assert {"resting", "good"} == {item.key.cid for item in engine.state.instruments.instrument_index(0).orders}


def test_manager_is_not_asked_where_the_strategy_wants_nothing() -> None:
    risk = RefuseSome()
    engine = build_engine(trading=TradingState.ENABLED, strategy=DefaultStrategy(), risk=risk)
    engine.process(market_trade(1, 0, 100.0))
    assert risk.reviews == 0
