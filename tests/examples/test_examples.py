"""Every example trades on the demo's market, and does the same again."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from barter_python import (
    AccountSnapshot,
    AssetBalance,
    AssetNameExchange,
    BacktestArgsConstant,
    BacktestArgsDynamic,
    BacktestSummary,
    Balance,
    DefaultRiskManager,
    ExchangeId,
    PercentFees,
    SimulatedExchangeConfig,
    SimulatedExecutionConfig,
    run_backtest,
)
from barter_python.cli.demo import demo_instruments, demo_market
from barter_python.execution.order.state import OpenFailed
from barter_python.session.plugin import STRATEGY_METHODS, load_plugin
from barter_python.strategy.initial_state import initial_state

FOLDER = Path(__file__).parents[2] / "examples"
EXAMPLES = {
    "atr_trailing": "AtrTrailing",
    "bollinger": "Bollinger",
    "breakout": "Breakout",
    "dca_hourly": "DcaHourly",
    "grid": "Grid",
    "monthly_rebalance": "MonthlyRebalance",
    "pairs": "Pairs",
    "rsi": "BuyOversold",
    "sma_cross": "SmaCross",
    "time_of_day": "TimeOfDay",
}


def run(name: str) -> BacktestSummary:
    strategy: Any = load_plugin(f"{FOLDER / name}.py:{EXAMPLES[name]}", STRATEGY_METHODS, {}, "")
    instruments = demo_instruments()
    market = demo_market(instruments, 60_000, seed=7)
    start: datetime = market.time_first_event()
    cash = Balance(Decimal(10_000), Decimal(10_000))
    account = AccountSnapshot(
        ExchangeId.BINANCE_SPOT,
        [
            AssetBalance(AssetNameExchange(name), cash if name == "USDT" else Balance(), start)
            for name in ("USDT", "BTC", "ETH", "SOL")
        ],
        [],
    )
    fees = PercentFees(Decimal("0.0005"), Decimal("0.0005"), "received")
    execution = SimulatedExecutionConfig(SimulatedExchangeConfig(ExchangeId.BINANCE_SPOT, account, fees))
    state = initial_state(instruments, start, [(ExchangeId.BINANCE_SPOT, "usdt", cash)], strategy)
    constant = BacktestArgsConstant(instruments, [execution], market, state)
    return run_backtest(constant, BacktestArgsDynamic(name, Decimal(0), strategy, DefaultRiskManager()))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_trades_and_no_order_of_it_is_refused(name: str) -> None:
    summary = run(name)

    assert len(summary.record.trades) > 0
    assert [] == [order for order in summary.record.orders if isinstance(order.state, OpenFailed)]


def test_an_example_does_the_same_again() -> None:
    assert run("grid").record == run("grid").record


def test_there_is_no_other_example_and_none_is_long() -> None:
    files = {path.stem: len(path.read_text().splitlines()) for path in FOLDER.glob("*.py")}

    assert set(EXAMPLES) == set(files)
    assert 40 >= max(files.values())
