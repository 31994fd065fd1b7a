"""Running backtests. Rust origin: barter::backtest (mod.rs).

Unlike Rust's, these functions are synchronous: a backtest waits for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context
from time import perf_counter
from typing import Any

from barter_python.backtest.exchange import ExchangeLink
from barter_python.backtest.kernel import BacktestKernel, Outbox
from barter_python.backtest.market_data import BacktestMarketData
from barter_python.config.execution import ExecutionConfig
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.engine.audit.audit import EngineAudit
from barter_python.engine.clock import HistoricalClock
from barter_python.engine.engine import Engine
from barter_python.engine.run import AuditTx
from barter_python.engine.state.state import EngineState
from barter_python.execution.execution_tx import MultiExchangeTxMap
from barter_python.instrument.asset import AssetNameInternal
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.result.record import BacktestRecord
from barter_python.result.summary import BacktestSummary, MultiBacktestSummary
from barter_python.risk.manager import RiskManager
from barter_python.statistic.portfolio.tracker import PortfolioTracker
from barter_python.statistic.time import ANNUAL_365, TimeInterval
from barter_python.strategy.strategy import Strategy

__all__ = ["BacktestArgsConstant", "BacktestArgsDynamic", "run_backtest", "run_backtests"]


@dataclass(slots=True)
class BacktestArgsConstant:
    """What several backtests have in common.

    Attributes:
        instruments: What is traded.
        executions: One mock or simulated exchange for each exchange that is traded on.
        market_data: What happened on the markets.
        engine_state: State before the first event; each backtest works on a copy.
        summary_interval: Interval to which returns and ratios of Rust's tear sheets are scaled.
        valuation: Asset in which the portfolio is valued, None for the quote asset that most instruments share.
        benchmark: Instrument with which the portfolio is compared, None for the first one.
        is_accounted: Whether the portfolio is accounted for.
    """

    instruments: IndexedInstruments
    executions: Sequence[ExecutionConfig]
    market_data: BacktestMarketData
    engine_state: EngineState[Any, Any]
    summary_interval: TimeInterval = ANNUAL_365
    valuation: AssetNameInternal | None = None
    benchmark: InstrumentNameInternal | None = None
    is_accounted: bool = True


@dataclass(slots=True)
class BacktestArgsDynamic:
    """What is special to one backtest.

    Attributes:
        id: Name of the backtest.
        risk_free_return: Return of a riskless investment over the period of the data, as a fraction.
        strategy: Decides on orders. A strategy with a state of its own belongs to one backtest only.
        risk: Reviews them.
    """

    id: str
    risk_free_return: Decimal
    strategy: Strategy
    risk: RiskManager


def run_backtest(
    args_constant: BacktestArgsConstant,
    args_dynamic: BacktestArgsDynamic,
    *,
    audit_tx: AuditTx | None = None,
    on_progress: Callable[[int, datetime], None] | None = None,
) -> BacktestSummary:
    """Run one backtest. The same arguments give the same result, to the last digit.

    Args:
        args_constant: Instruments, exchanges, data, initial state.
        args_dynamic: Strategy and risk manager.
        audit_tx: Receives an audit of every event; without it none is built.
        on_progress: Called now and then with the number of events so far and the virtual time.

    Raises:
        ConfigError: The exchanges cannot be simulated, or the portfolio cannot be valued as asked.
        MarketDataError: The data is unusable.
    """
    engine, record, shutdown_audit = _run(args_constant, args_dynamic, audit_tx, on_progress)
    return BacktestSummary.new(
        args_dynamic.id,
        args_dynamic.risk_free_return,
        engine,
        record,
        args_constant.instruments,
        shutdown_audit,
        args_constant.summary_interval,
    )


def _run(
    args_constant: BacktestArgsConstant,
    args_dynamic: BacktestArgsDynamic,
    audit_tx: AuditTx | None,
    on_progress: Callable[[int, datetime], None] | None,
) -> tuple[Engine[Any, Any], BacktestRecord, EngineAudit]:
    """The engine after the run, the record and the last audit. The exchanges are gone then, with all that they remember."""
    time_start = args_constant.market_data.time_first_event()
    exchanges = {
        index: ExchangeLink.configured(args_constant.instruments, execution)
        for execution in args_constant.executions
        for index in (args_constant.instruments.find_exchange_index(execution.mocked_exchange),)
    }
    outbox = Outbox()
    engine = Engine(
        HistoricalClock(time_start),
        deepcopy(args_constant.engine_state),
        MultiExchangeTxMap(
            (keyed.value, outbox if keyed.key in exchanges else None) for keyed in args_constant.instruments.exchanges()
        ),
        args_dynamic.strategy,
        args_dynamic.risk,
    )
    if args_constant.is_accounted:
        engine.track(PortfolioTracker(args_constant.instruments, args_constant.valuation, args_constant.benchmark))
    kernel = BacktestKernel(engine, outbox, exchanges, time_start, audit_tx)
    with paused_garbage_collection():
        shutdown_audit = kernel.run(args_constant.market_data.stream(), on_progress)
    return engine, kernel.record, shutdown_audit


def run_backtests(
    args_constant: BacktestArgsConstant, args_dynamic_iter: Iterable[BacktestArgsDynamic], *, workers: int = 1
) -> MultiBacktestSummary:
    """Run several backtests on the same data; the first error stops all.

    Args:
        args_constant: What they have in common.
        args_dynamic_iter: What is special to each.
        workers: Number of processes; above one, all arguments must be picklable.
    """
    started = perf_counter()
    dynamics = list(args_dynamic_iter)
    if workers <= 1 or len(dynamics) <= 1:
        summaries = [run_backtest(args_constant, dynamic) for dynamic in dynamics]
    else:
        # Forked workers would copy every page on which a reference count changes.
        with ProcessPoolExecutor(min(workers, len(dynamics)), mp_context=get_context("spawn")) as pool:
            summaries = list(pool.map(run_backtest, [args_constant] * len(dynamics), dynamics))
    return MultiBacktestSummary.new(timedelta(seconds=perf_counter() - started), summaries)
