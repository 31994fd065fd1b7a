"""`barter demo`: a first backtest, from nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from barter_python.backtest.run import BacktestArgsConstant, BacktestArgsDynamic
from barter_python.backtest.synthetic import SyntheticInstrument, SyntheticMarket
from barter_python.cli.loading import load_strategy, run_with_progress
from barter_python.cli.outcome import make_folder, run_origin, write_html, write_result
from barter_python.config.execution import MockExecutionConfig
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.report.page.page import MISSING_PLOTLY, has_plotly
from barter_python.report.run import print_result
from barter_python.report.tear_sheets import print_summary, summary_console
from barter_python.result.document import report_document
from barter_python.risk.limits import LimitRiskManager
from barter_python.session.failure import raise_for_shutdown
from barter_python.session.plugin import failures_explained
from barter_python.strategy.initial_state import initial_state

__all__ = ["demo_command", "demo_instruments", "demo_market"]

_EXCHANGE = ExchangeId.BINANCE_SPOT
_MARKETS = (("BTC", 60_000.0, "0.01"), ("ETH", 2_500.0, "0.01"), ("SOL", 150.0, "0.01"))
_CASH = Decimal(10_000)
_FEES = Decimal("0.0005")
_LATENCY_MS = 100
_STRATEGY = "barter_python.strategy.moving_average:MovingAverageCross"


@click.command("demo")
@click.option("--strategy", default=_STRATEGY, help="module:Class or path/to/file.py:Class. Default: a moving average crossover.")
@click.option(
    "-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="Argument of the strategy; repeatable."
)
@click.option("--seed", default=7, show_default=True, help="Seed of the synthetic market.")
@click.option("--trades", default=150_000, show_default=True, type=click.IntRange(min=1), help="Number of market trades.")
@click.option(
    "--output",
    default=Path("demo-output"),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the result and its report go.",
)
@click.option(
    "--rust-tear-sheets", "has_tear_sheets", is_flag=True, help="Print Rust's tear sheets too: per position, as in Rust."
)
def demo_command(strategy: str, parameters: tuple[str, ...], seed: int, trades: int, output: Path, has_tear_sheets: bool) -> None:
    """Backtest a strategy with risk limits on a synthetic market.

    The market is made up: a seeded random walk with trends, three instruments, trades and best bid and ask. The same
    seed gives the same result on every machine.
    """
    plugin, result, report = load_strategy(strategy, parameters), output / "backtest.json", output / "report.html"
    make_folder(result, "--output")
    instruments = demo_instruments()
    market = demo_market(instruments, trades, seed)
    balances = [(_EXCHANGE, "usdt", Balance(_CASH, _CASH))]
    with failures_explained({strategy: plugin}):
        state = initial_state(instruments, market.time_first_event(), balances, plugin)
    constant = BacktestArgsConstant(instruments, [_execution(market)], market, state)
    limits = LimitRiskManager(_CASH / 4, _CASH / 4, orders_open_max=1)
    summary = run_with_progress(
        constant, BacktestArgsDynamic("demo", Decimal(0), plugin, limits), {strategy: plugin}, total=trades + trades // 3
    )
    console = summary_console()
    console.print(f"Synthetic market, seed {seed}, {', '.join(f'{base}/USDT' for base, _, _ in _MARKETS)}")
    summary.origin = run_origin(
        "demo",
        strategy=strategy,
        parameters=list(parameters),
        seed=seed,
        trades=trades,
        cash=str(_CASH),
        fees_percent=str(_FEES),
        latency_ms=_LATENCY_MS,
    )
    document = report_document(summary)
    print_result(document, console)
    if has_tear_sheets:
        print_summary(summary.trading_summary, console)
    write_result(result, "--output", document)
    console.print(f"Result: {result}")
    if has_plotly():
        write_html(report, "--output", document)
        console.print(f"Report: {report}")
    else:
        console.print(f"No {report}: {MISSING_PLOTLY}", markup=False)
    raise_for_shutdown(summary)


def demo_instruments() -> IndexedInstruments:
    """The instruments of the demo's market: three spot pairs."""
    return IndexedInstruments.new(
        Instrument.spot(_EXCHANGE, _name(base), f"{base}USDT", (base, "USDT")) for base, _, _ in _MARKETS
    )


def _name(base: str) -> InstrumentNameInternal:
    return InstrumentNameInternal.new_from_exchange(_EXCHANGE, f"{base}USDT")


def demo_market(instruments: IndexedInstruments, trades: int, seed: int) -> SyntheticMarket:
    """The demo's market, the same for the same seed."""
    walks = tuple(
        SyntheticInstrument(
            instruments.find_instrument_index(_EXCHANGE, _name(base)),
            price,
            Decimal(tick),
        )
        for base, price, tick in _MARKETS
    )
    return SyntheticMarket(_EXCHANGE, walks, trades, seed)


def _execution(market: SyntheticMarket) -> MockExecutionConfig:
    cash = AssetBalance(AssetNameExchange("USDT"), Balance(_CASH, _CASH), market.time_first_event())
    account = AccountSnapshot(_EXCHANGE, [cash], [])
    return MockExecutionConfig(_EXCHANGE, account, latency_ms=_LATENCY_MS, fees_percent=_FEES, fee_asset="received")
