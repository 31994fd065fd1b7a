"""Review of a strategy's orders. Rust origin: barter::risk, barter::engine::action::generate_algo_orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from tests.support.builders import open_state, order, request_cancel, request_open
from tests.support.engine import RecordingTx, ScriptedStrategy, build_engine, build_state, market_trade

from barter_python.engine.action.output import GenerateAlgoOrdersOutput, SendCancelsAndOpensOutput, SendRequestsOutput
from barter_python.engine.audit.audit import ProcessAudit
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.errors import StrategyError
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


class Reviewed:
    """Returns a review that was written before."""

    def __init__(self, approved: list[OrderRequestOpen], refused: list[OrderRequestOpen]) -> None:
        self.approved = approved
        self.refused = refused

    def check(
        self,
        state: EngineState[Any, Any],
        cancels: Iterable[OrderRequestCancel],
        opens: Iterable[OrderRequestOpen],
        /,
    ) -> RiskReview:
        return cancels, self.approved, (), [RiskRefused(item, "no") for item in self.refused]


A, B = request_open("a"), request_open("b")


@pytest.mark.parametrize(
    ("approved", "refused", "problem"),
    [
        pytest.param([A], [], "cid='b'.* is not in its review, expected each request approved or refused", id="forgotten"),
        pytest.param([A, A, B], [], "cid='a'.* is in its review once more than it was given", id="approved-twice"),
        pytest.param([A, B], [B], "cid='b'.* is in its review once more than it was given", id="approved-and-refused"),
        pytest.param([A, B, request_open("c")], [], "cid='c'.* is in its review once more", id="made-up"),
        pytest.param([A, request_open("b", quantity="2")], [], r"Decimal\('2'\).* is in its review once more", id="changed"),
    ],
)
def test_a_review_that_is_not_of_the_requests_is_a_fault_of_the_manager(
    approved: list[OrderRequestOpen], refused: list[OrderRequestOpen], problem: str
) -> None:
    tx = RecordingTx()
    engine = build_engine(
        trading=TradingState.ENABLED, strategy=ScriptedStrategy(opens=[A, B]), risk=Reviewed(approved, refused), txs=[tx]
    )
    with pytest.raises(StrategyError, match=f"the risk manager Reviewed: .*{problem}"):
        engine.process(market_trade(1, 0, 100.0))
    assert tx.requests == []


def test_a_review_in_another_order_is_no_fault() -> None:
    tx = RecordingTx()
    engine = build_engine(
        trading=TradingState.ENABLED, strategy=ScriptedStrategy(opens=[A, B]), risk=Reviewed([B, A], []), txs=[tx]
    )
    engine.process(market_trade(1, 0, 100.0))
    assert [B, A] == tx.requests


def test_a_refusal_is_shown_with_its_reason() -> None:
    assert f"RiskRefused({request_open('a')!r}, 'too large')" == repr(RiskRefused(request_open("a"), "too large"))
