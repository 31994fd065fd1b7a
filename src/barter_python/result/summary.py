"""Results of backtests. Rust origin: barter::backtest::summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from barter_python.engine.audit.audit import EngineAudit
from barter_python.engine.engine import Engine
from barter_python.execution.order.order import Order
from barter_python.execution.position import Position
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.result.document import report_document
from barter_python.result.execution_quality import ExecutionQuality, execution_quality
from barter_python.result.frames import Money, ResultFrames
from barter_python.result.record import BacktestRecord
from barter_python.statistic.portfolio.portfolio import Portfolio, portfolio
from barter_python.statistic.summary.trading import TradingSummary
from barter_python.statistic.time import ANNUAL_365, TimeInterval

if TYPE_CHECKING:
    import pyarrow

__all__ = ["BacktestSummary", "MultiBacktestSummary"]


@dataclass(slots=True)
class BacktestSummary:
    """Result of one backtest.

    Attributes:
        id: Which backtest.
        risk_free_return: As it was given.
        trading_summary: Statistics of every instrument and asset.
        record: Requests, orders and fills.
        positions_open: What was still open at the end, valued at the last price.
        orders_open: What still rested at an exchange at the end, or was not heard of any more.
        execution: How well orders were executed, by instrument; instruments without orders are left out.
        shutdown_audit: Why the run ended: a shutdown, or the error for which the engine had to stop.
        instruments: What was traded.
        portfolio: What was earned, None where that was not accounted for.
        origin: What the run was made of, so that it can be run again: plain values for the document.
        warnings: What its driver wants known, each one sentence.
    """

    id: str
    risk_free_return: Decimal
    trading_summary: TradingSummary
    record: BacktestRecord
    positions_open: list[Position]
    orders_open: list[Order]
    execution: dict[InstrumentNameInternal, ExecutionQuality]
    shutdown_audit: EngineAudit
    instruments: IndexedInstruments
    portfolio: Portfolio | None = None
    origin: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @classmethod
    def new(
        cls,
        id: str,  # noqa: A002
        risk_free_return: Decimal,
        engine: Engine[Any, Any],
        record: BacktestRecord,
        instruments: IndexedInstruments,
        shutdown_audit: EngineAudit,
        interval: TimeInterval = ANNUAL_365,
    ) -> BacktestSummary:
        """What has become of a run.

        Args:
            id: Which run.
            risk_free_return: Return of a riskless investment over its period, as a fraction.
            engine: As the run has left it.
            record: Requests, orders and fills.
            instruments: What was traded.
            shutdown_audit: Why the run ended.
            interval: To which returns and ratios are scaled.
        """
        positions = [state.position.current for state in engine.state.instruments]
        trading_summary = engine.trading_summary_generator(risk_free_return).generate(interval)
        return cls(
            id,
            risk_free_return,
            trading_summary,
            record,
            [position for position in positions if position is not None],
            [order for state in engine.state.instruments for order in state.orders],
            execution_quality(record, instruments),
            shutdown_audit,
            instruments,
            None if engine.portfolio is None else portfolio(engine.portfolio, trading_summary.time_engine_end),
        )

    def frames(self, money: Money = "decimal") -> ResultFrames:
        """The result as Arrow tables; the properties below are those with money as decimals."""
        return ResultFrames(report_document(self), money)

    @property
    def equity(self) -> pyarrow.Table:
        """The equity curve."""
        return self.frames().equity

    @property
    def returns(self) -> pyarrow.Table:
        """Daily returns."""
        return self.frames().returns

    @property
    def trips(self) -> pyarrow.Table:
        """Round trips, closed ones first."""
        return self.frames().trips

    @property
    def trades(self) -> pyarrow.Table:
        """Fills."""
        return self.frames().trades

    @property
    def orders(self) -> pyarrow.Table:
        """What the exchanges answered about orders."""
        return self.frames().orders

    @property
    def positions(self) -> pyarrow.Table:
        """Open positions."""
        return self.frames().positions


@dataclass(slots=True)
class MultiBacktestSummary:
    """Results of several backtests.

    Attributes:
        num_backtests: How many.
        duration: Wall time of all together.
        summaries: In the order in which they were asked for.
    """

    num_backtests: int
    duration: timedelta
    summaries: list[BacktestSummary]

    @classmethod
    def new(cls, duration: timedelta, summaries: list[BacktestSummary]) -> MultiBacktestSummary:
        """Count and wrap results."""
        return cls(len(summaries), duration, summaries)
