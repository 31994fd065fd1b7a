"""The same double moving average on the same ticks in other engines.

    pip install backtesting backtrader nautilus_trader pandas
    python -m benchmarks.peers --ticks 200000

The peers are not dependencies of the project; install them in an environment of their own. Engines that know only
bars get one bar per tick. Each is driven the way its own documentation shows; a signal is acted on with a market
order in every engine.
"""

from __future__ import annotations

import argparse
import gc
import io
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import Decimal
from importlib.metadata import version
from time import perf_counter

from rich.console import Console
from rich.table import Table

from barter_python import (
    BacktestArgsConstant,
    BacktestArgsDynamic,
    DefaultRiskManager,
    MarketDataInMemory,
    MarketEvent,
    run_backtest,
)
from benchmarks import workload

FAST, SLOW = workload.FAST, workload.SLOW


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ticks", type=int, default=200_000)
    options = parser.parse_args()
    events = workload.ticks(options.ticks)
    floor = _seconds(lambda: workload.bare_loop(events))
    table = Table(title=f"{options.ticks:,} ticks, double moving average, one core")
    for column in ("", "events/s", "times the bare loop", "orders"):
        table.add_column(column, justify="left" if not column else "right")
    table.add_row("bare loop", f"{options.ticks / floor:,.0f}", "1.0", f"{workload.bare_loop(events):,}")
    peers: list[tuple[str, Callable[[list[MarketEvent]], tuple[float, int]]]] = [
        ("barter-python", _barter),
        (f"nautilus_trader {version('nautilus_trader')}", _nautilus),
        (f"backtesting.py {version('backtesting')}", _backtesting),
        (f"backtrader {version('backtrader')}", _backtrader),
    ]
    for name, run in peers:
        seconds, orders = run(events)
        table.add_row(name, f"{options.ticks / seconds:,.0f}", f"{seconds / floor:.1f}", f"{orders:,}")
    Console(highlight=False).print(table)


def _seconds(run: Callable[[], object]) -> float:
    gc.collect()
    started = perf_counter()
    run()
    return perf_counter() - started


def _barter(events: list[MarketEvent]) -> tuple[float, int]:
    strategy = workload.strategy()
    constant = BacktestArgsConstant(
        workload.INSTRUMENTS, [workload.execution()], MarketDataInMemory(events), workload.state(strategy)
    )
    summaries = []
    seconds = _seconds(
        lambda: summaries.append(run_backtest(constant, BacktestArgsDynamic("peer", Decimal(0), strategy, DefaultRiskManager())))
    )
    return seconds, len(summaries[0].record.requests)


def _backtesting(events: list[MarketEvent]) -> tuple[float, int]:
    import pandas as pd
    from backtesting import Backtest, Strategy

    class Cross(Strategy):
        def init(self) -> None:
            close = pd.Series(self.data.Close)
            self.fast = self.I(lambda: close.rolling(FAST).mean())
            self.slow = self.I(lambda: close.rolling(SLOW).mean())
            self.orders_sent = 0

        def next(self) -> None:
            up = self.fast[-1] > self.slow[-1]
            if up and not self.position:
                self.orders_sent += 1
                self.buy(size=0.02)
            elif not up and self.position:
                self.orders_sent += 1
                self.position.close()

    prices = [event.kind.price for event in events]
    index = pd.DatetimeIndex([event.time_exchange for event in events]).tz_localize(None)
    frame = pd.DataFrame({"Open": prices, "High": prices, "Low": prices, "Close": prices, "Volume": 1.0}, index=index)
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        run = Backtest(frame, Cross, cash=10_000_000, commission=0.001)
        results = []
        seconds = _seconds(lambda: results.append(run.run()))
    return seconds, results[0]._strategy.orders_sent


def _backtrader(events: list[MarketEvent]) -> tuple[float, int]:
    import backtrader as bt
    import pandas as pd

    class Cross(bt.Strategy):
        def __init__(self) -> None:
            self.fast = bt.indicators.SMA(period=FAST)
            self.slow = bt.indicators.SMA(period=SLOW)
            self.orders_sent = 0

        def next(self) -> None:
            up = self.fast[0] > self.slow[0]
            if up and not self.position:
                self.orders_sent += 1
                self.buy(size=0.02)
            elif not up and self.position:
                self.orders_sent += 1
                self.close()

    prices = [event.kind.price for event in events]
    index = pd.DatetimeIndex([event.time_exchange for event in events]).tz_localize(None)
    frame = pd.DataFrame({"open": prices, "high": prices, "low": prices, "close": prices, "volume": 1.0}, index=index)
    engine = bt.Cerebro(stdstats=False)
    engine.adddata(bt.feeds.PandasData(dataname=frame))
    engine.addstrategy(Cross)
    engine.broker.setcash(10_000_000)
    engine.broker.setcommission(0.001)
    results = []
    seconds = _seconds(lambda: results.extend(engine.run()))
    return seconds, results[0].orders_sent


def _nautilus(events: list[MarketEvent]) -> tuple[float, int]:
    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig
    from nautilus_trader.indicators import SimpleMovingAverage
    from nautilus_trader.model.currencies import USDT
    from nautilus_trader.model.data import TradeTick
    from nautilus_trader.model.enums import AccountType, AggressorSide, OmsType, OrderSide, PriceType
    from nautilus_trader.model.identifiers import TradeId, Venue
    from nautilus_trader.model.objects import Money
    from nautilus_trader.test_kit.providers import TestInstrumentProvider
    from nautilus_trader.trading.strategy import Strategy

    instrument = TestInstrumentProvider.btcusdt_binance()

    class Cross(Strategy):
        def on_start(self) -> None:
            self.fast = SimpleMovingAverage(FAST, PriceType.LAST)
            self.slow = SimpleMovingAverage(SLOW, PriceType.LAST)
            self.orders_sent = 0
            self.subscribe_trade_ticks(instrument.id)

        def on_trade_tick(self, tick: TradeTick) -> None:
            price = tick.price.as_double()
            self.fast.update_raw(price)
            self.slow.update_raw(price)
            if not self.slow.initialized:
                return
            up, flat = self.fast.value > self.slow.value, self.portfolio.is_flat(instrument.id)
            if up == flat:
                self.orders_sent += 1
                side = OrderSide.BUY if up else OrderSide.SELL
                self.submit_order(self.order_factory.market(instrument.id, side, instrument.make_qty(0.02)))

    ticks = [
        TradeTick(
            instrument.id,
            instrument.make_price(event.kind.price),
            instrument.make_qty(event.kind.amount),
            AggressorSide.BUYER,
            TradeId(event.kind.id),
            int(event.time_exchange.timestamp() * 1e9),
            int(event.time_exchange.timestamp() * 1e9),
        )
        for event in events
    ]
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    engine.add_venue(Venue("BINANCE"), OmsType.NETTING, AccountType.CASH, starting_balances=[Money(10_000_000, USDT)])
    engine.add_instrument(instrument)
    engine.add_data(ticks)
    strategy = Cross()
    engine.add_strategy(strategy)
    seconds = _seconds(engine.run)
    return seconds, strategy.orders_sent


if __name__ == "__main__":
    main()
