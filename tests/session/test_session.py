"""A paper and a live session from Python alone, against the venue in a box."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from tests.support.patience import PATIENCE_SECONDS
from tests.support.running_venue import SPOT, UID, RunningVenue, instruments

from barter_python import DefaultStrategy, EngineState, Side, StrategyError
from barter_python.config.execution import ExecutionConfig, MockExecutionConfig
from barter_python.data.subscription import SubKind
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.instrument.asset import AssetNameExchange
from barter_python.session.account import open_accounts
from barter_python.session.binance_spot import binance_market, binance_spot
from barter_python.session.plan import SessionPlan
from barter_python.session.session import Session
from barter_python.timed import EPOCH


class BuyOnce(DefaultStrategy):
    """Buys one coin as soon as it has a price, and says when it holds it."""

    def __init__(self, on_position: Callable[[], None] = lambda: None) -> None:
        super().__init__("buy-once")
        self.has_bought = False
        self.on_position = on_position

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> Any:
        (instrument,) = state.instruments
        if instrument.position.current is not None:
            self.on_position()
        price = instrument.data.price()
        if self.has_bought or price is None:
            return (), ()
        self.has_bought = True
        return (), [self.market_order(instrument, Side.BUY, Decimal(1), price)]


class Broken(DefaultStrategy):
    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> Any:
        raise ZeroDivisionError("by design")


def paper() -> ExecutionConfig:
    cash = AssetBalance(AssetNameExchange("USDT"), Balance(Decimal(1_000), Decimal(1_000)), EPOCH)
    return MockExecutionConfig(SPOT, AccountSnapshot(SPOT, [cash], []), latency_ms=0, fees_percent=Decimal("0.001"))


def executions(*, is_live: bool) -> Callable[[], AbstractAsyncContextManager[Any]]:
    return partial(open_accounts, (SPOT,), {SPOT: binance_spot}, UID) if is_live else lambda: nullcontext([paper()])


def plan(strategy: DefaultStrategy, *, is_live: bool) -> SessionPlan:
    return SessionPlan(
        instruments("BTC"),
        executions(is_live=is_live),
        strategy,
        balances=() if is_live else ((SPOT, "USDT", Balance(Decimal(1_000), Decimal(1_000))),),
        kinds=(SubKind.ORDER_BOOKS_L1,),
        is_trading=True,
        environment=partial(binance_market, UID if is_live else None),
    )


@pytest.fixture
def venue(monkeypatch: pytest.MonkeyPatch) -> Any:
    with RunningVenue() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.mark.parametrize("is_live", [False, True], ids=["paper", "live"])
async def test_a_session_trades_until_it_is_stopped_and_sums_up(venue: RunningVenue, is_live: bool) -> None:
    strategy = BuyOnce()
    async with asyncio.timeout(PATIENCE_SECONDS), Session(plan(strategy, is_live=is_live)) as session:
        strategy.on_position = session.stop
        await session.wait()

    outcome = session.outcome
    assert outcome is not None
    assert () == outcome.warnings
    assert [Decimal(1)] == [trade.quantity for trade in outcome.summary.record.trades]
    assert [Side.BUY] == [position.side for position in outcome.summary.positions_open]
    assert (1 if is_live else 0) == len(venue.books().trades)
    assert TradingState.DISABLED is session.system.engine.state.trading


async def test_a_strategy_that_raises_ends_the_session_with_its_name(venue: RunningVenue) -> None:
    with pytest.raises(StrategyError, match=r"'Broken' raised ZeroDivisionError: by design \(test_session.py, line"):
        async with asyncio.timeout(PATIENCE_SECONDS), Session(plan(Broken("broken"), is_live=False)) as session:
            await session.wait()


async def test_a_session_that_did_not_start_has_no_system() -> None:
    session = Session(plan(BuyOnce(), is_live=False))

    with pytest.raises(RuntimeError, match="has not started, expected `async with Session"):
        _ = session.system
