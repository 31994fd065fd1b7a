"""Whole backtests: the same result every time, and not a unit of money lost or made."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.backtest.market import EXCHANGE

from barter_python import (
    AccountSnapshot,
    AssetBalance,
    AssetNameExchange,
    BacktestArgsConstant,
    BacktestArgsDynamic,
    Balance,
    DefaultGlobalData,
    EngineState,
    IndexedInstruments,
    Instrument,
    InstrumentIndex,
    LimitRiskManager,
    MockExecutionConfig,
    MovingAverageCross,
    Side,
    SyntheticInstrument,
    SyntheticMarket,
    TradingState,
    run_backtest,
    run_backtests,
)
from barter_python.numeric import money_context
from barter_python.result.document import report_document

CASH = Decimal(10_000)
FEES = Decimal("0.00075")
INSTRUMENTS = IndexedInstruments.new(
    Instrument.spot(EXCHANGE, f"binance_spot-{base}usdt", f"{base}USDT", (base, "USDT")) for base in ("BTC", "ETH")
)


def constant(trades: int = 20_000) -> BacktestArgsConstant:
    market = SyntheticMarket(
        EXCHANGE,
        (
            SyntheticInstrument(InstrumentIndex(0), 60_000.0, Decimal("0.01")),
            SyntheticInstrument(InstrumentIndex(1), 2_500.0, Decimal("0.01")),
        ),
        trades,
        seed=3,
    )
    strategy = MovingAverageCross(20, 100)
    state = (
        EngineState.builder(INSTRUMENTS, DefaultGlobalData(), strategy.instrument_data)
        .time_engine_start(market.time_first_event())
        .trading_state(TradingState.ENABLED)
        .balances([(EXCHANGE, "usdt", Balance(CASH, CASH))])
        .build()
    )
    cash = AssetBalance(AssetNameExchange("USDT"), Balance(CASH, CASH), market.time_first_event())
    execution = MockExecutionConfig(EXCHANGE, AccountSnapshot(EXCHANGE, [cash], []), 100, FEES)
    return BacktestArgsConstant(INSTRUMENTS, [execution], market, state)


def dynamic(name: str = "a", amount: str = "1000") -> BacktestArgsDynamic:
    limits = LimitRiskManager(Decimal(2_000), Decimal(2_000), orders_open_max=1)
    return BacktestArgsDynamic(name, Decimal("0.01"), MovingAverageCross(20, 100, amount), limits)


def test_two_runs_are_equal_to_the_last_digit() -> None:
    assert report_document(run_backtest(constant(), dynamic())) == report_document(run_backtest(constant(), dynamic()))


def test_balances_reconcile_with_trades_and_fees_exactly() -> None:
    summary = run_backtest(constant(), dynamic())

    expected = {"btc": Decimal(0), "eth": Decimal(0), "usdt": CASH}
    with money_context():
        for trade in summary.record.trades:
            sign = 1 if trade.side is Side.BUY else -1
            expected["btc" if trade.instrument == 0 else "eth"] += sign * trade.quantity
            expected["usdt"] -= sign * trade.price * trade.quantity + trade.fees.fees
            assert round(trade.price * trade.quantity * FEES, 16) == trade.fees.fees
    assert len(summary.record.trades) > 100
    assert expected == {
        str(key.asset): sheet.balance_end.total
        for key, sheet in summary.trading_summary.assets.items()
        if sheet.balance_end is not None
    }


def test_pnl_of_closed_positions_is_the_cash_that_they_made() -> None:
    summary = run_backtest(constant(), dynamic())

    realised = [Decimal(0), Decimal(0)]
    with money_context():
        for position in summary.record.positions_exited:
            realised[position.instrument] += position.pnl_realised
    assert realised == [sheet.pnl for sheet in summary.trading_summary.instruments.values()]
    assert all(realised)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_sweep_gives_what_each_backtest_gives_alone(workers: int) -> None:
    amounts = ("500", "1000", "1500")

    sweep = run_backtests(constant(4_000), [dynamic(amount, amount) for amount in amounts], workers=workers)

    alone = [run_backtest(constant(4_000), dynamic(amount, amount)) for amount in amounts]
    assert [report_document(summary) for summary in alone] == [report_document(summary) for summary in sweep.summaries]
    assert len(amounts) == sweep.num_backtests


def test_the_initial_state_belongs_to_the_caller() -> None:
    arguments = constant(4_000)
    before = repr(arguments.engine_state)

    run_backtest(arguments, dynamic())

    assert before == repr(arguments.engine_state)
