"""`barter demo`: a first backtest, from nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click
from rich.console import Console

from barter_python.backtest.report import write_report
from barter_python.backtest.run import BacktestArgsConstant, BacktestArgsDynamic, backtest
from barter_python.backtest.synthetic import SyntheticInstrument, SyntheticMarket
from barter_python.cli.outcome import raise_for_shutdown
from barter_python.cli.progress import events_progress
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.client.config import MockExecutionConfig
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.risk.limits import LimitRiskManager
from barter_python.statistic.summary.display import print_summary
from barter_python.strategy.moving_average import MovingAverageCross

__all__ = ["demo_command"]

_EXCHANGE = ExchangeId.BINANCE_SPOT
_MARKETS = (("BTC", 60_000.0, "0.01"), ("ETH", 2_500.0, "0.01"), ("SOL", 150.0, "0.01"))
_BALANCE = Decimal(10_000)


@click.command("demo")
@click.option("--seed", default=7, show_default=True, help="Seed of the synthetic market.")
@click.option("--trades", default=150_000, show_default=True, type=click.IntRange(min=1), help="Number of market trades.")
@click.option(
    "--output",
    default=Path("demo-output"),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the report goes.",
)
def demo_command(seed: int, trades: int, output: Path) -> None:
    """Backtest a moving average strategy with risk limits on a synthetic market.

    The market is made up: a seeded random walk with trends, three instruments, trades and best bid and ask. The same seed gives the same
    result on every machine.
    """
    instruments = IndexedInstruments.new(
        Instrument.spot(
            _EXCHANGE, InstrumentNameInternal.new_from_exchange(_EXCHANGE, f"{base}USDT"), f"{base}USDT", (base, "USDT")
        )
        for base, _, _ in _MARKETS
    )
    market = _market(instruments, trades, seed)
    strategy = MovingAverageCross(fast=500, slow=3_000, quote_amount="2000")
    state = (
        EngineState.builder(instruments, DefaultGlobalData(), strategy.instrument_data)
        .time_engine_start(market.time_first_event())
        .trading_state(TradingState.ENABLED)
        .balances([(_EXCHANGE, "usdt", Balance(_BALANCE, _BALANCE))])
        .build()
    )
    limits = LimitRiskManager(Decimal(2_500), Decimal(2_500), orders_open_max=1)
    with events_progress("Backtesting", total=trades + trades // 3) as progress:
        summary = backtest(
            BacktestArgsConstant(instruments, [_execution(market)], market, state),
            BacktestArgsDynamic("demo", Decimal(0), strategy, limits),
            on_progress=progress,
        )
    raise_for_shutdown(summary)
    console = Console()
    console.print(
        f"Synthetic market, seed {seed}: {summary.record.events:,} events, {len(summary.record.trades):,} fills", highlight=False
    )
    print_summary(summary.trading_summary, console)
    output.mkdir(parents=True, exist_ok=True)
    console.print(f"Report: {write_report(output / 'backtest.json', summary)}", highlight=False)


def _market(instruments: IndexedInstruments, trades: int, seed: int) -> SyntheticMarket:
    walks = tuple(
        SyntheticInstrument(
            instruments.find_instrument_index(_EXCHANGE, InstrumentNameInternal.new_from_exchange(_EXCHANGE, f"{base}USDT")),
            price,
            Decimal(tick),
        )
        for base, price, tick in _MARKETS
    )
    return SyntheticMarket(_EXCHANGE, walks, trades, seed)


def _execution(market: SyntheticMarket) -> MockExecutionConfig:
    cash = AssetBalance(AssetNameExchange("USDT"), Balance(_BALANCE, _BALANCE), market.time_first_event())
    return MockExecutionConfig(_EXCHANGE, AccountSnapshot(_EXCHANGE, [cash], []), latency_ms=100, fees_percent=Decimal("0.0005"))
