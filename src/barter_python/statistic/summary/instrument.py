"""The tear sheet of an instrument. Rust origin: barter::statistic::summary::instrument."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from barter_python.execution.position import PositionExited
from barter_python.numeric import ZERO, in_money_context
from barter_python.statistic.metric.drawdown import (
    Drawdown,
    DrawdownGenerator,
    MaxDrawdown,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
)
from barter_python.statistic.metric.ratio import CalmarRatio, RateOfReturn, SharpeRatio, SortinoRatio
from barter_python.statistic.metric.win_rate import ProfitFactor, WinRate
from barter_python.statistic.summary.pnl import PnLReturns
from barter_python.statistic.time import TimeInterval
from barter_python.timed import EPOCH, Timed

__all__ = ["TearSheet", "TearSheetGenerator"]

_PERIOD_MIN: Final = timedelta(seconds=1)


@dataclass(slots=True)
class TearSheet:
    """How an instrument was traded: figures of its closed positions.

    Attributes:
        pnl: Realised profit and loss, in quote currency.
        pnl_return: Mean return of a position, scaled to the interval.
        sharpe_ratio: Scaled to the interval.
        sortino_ratio: Scaled to the interval.
        calmar_ratio: Scaled to the interval.
        pnl_drawdown: Drawdown of the cumulated profit in progress, None where there is none.
        pnl_drawdown_mean: Mean drawdown, None without any.
        pnl_drawdown_max: Deepest drawdown, None without any.
        win_rate: Share of positions closed with a profit, None without positions.
        profit_factor: Gross profit by gross loss in quote currency, None without either.
    """

    pnl: Decimal
    pnl_return: RateOfReturn
    sharpe_ratio: SharpeRatio
    sortino_ratio: SortinoRatio
    calmar_ratio: CalmarRatio
    pnl_drawdown: Drawdown | None
    pnl_drawdown_mean: MeanDrawdown | None
    pnl_drawdown_max: MaxDrawdown | None
    win_rate: WinRate | None
    profit_factor: ProfitFactor | None


@dataclass(slots=True)
class TearSheetGenerator:
    """Collects closed positions of an instrument and generates its tear sheet.

    Attributes:
        time_engine_start: Start of the session.
        time_engine_now: Of the last exit, or the start.
        pnl_returns: Returns of the closed positions.
        pnl_drawdown: Drawdown of the cumulated profit.
        pnl_drawdown_mean: Mean of the ended drawdowns.
        pnl_drawdown_max: Deepest of the ended drawdowns.
        wins: Number of positions closed with a profit.
        profit_gross: Sum of all profits, in quote currency.
        loss_gross: Absolute sum of all losses, in quote currency.
    """

    time_engine_start: datetime = EPOCH
    time_engine_now: datetime = EPOCH
    pnl_returns: PnLReturns = field(default_factory=PnLReturns)
    pnl_drawdown: DrawdownGenerator = field(default_factory=DrawdownGenerator)
    pnl_drawdown_mean: MeanDrawdownGenerator = field(default_factory=MeanDrawdownGenerator)
    pnl_drawdown_max: MaxDrawdownGenerator = field(default_factory=MaxDrawdownGenerator)
    wins: int = 0
    profit_gross: Decimal = ZERO
    loss_gross: Decimal = ZERO

    @classmethod
    def init(cls, time_engine_start: datetime) -> TearSheetGenerator:
        """Start a session."""
        return cls(time_engine_start, time_engine_start)

    @in_money_context
    def update_from_position(self, position: PositionExited) -> None:
        """Take the next closed position."""
        self.time_engine_now = position.time_exit
        self.pnl_returns.update(position)
        if position.pnl_realised > 0:
            self.wins += 1
            self.profit_gross += position.pnl_realised
        else:
            self.loss_gross -= position.pnl_realised
        ended = self.pnl_drawdown.update(Timed(self.pnl_returns.pnl_raw, self.time_engine_now))
        if ended is not None:
            self.pnl_drawdown_mean.update(ended)
            self.pnl_drawdown_max.update(ended)

    def generate(self, risk_free_return: Decimal, interval: TimeInterval) -> TearSheet:
        """Summarise what was collected so far. Changes nothing: calling it twice gives the same sheet.

        Args:
            risk_free_return: Return of a riskless investment over the trading period, as a fraction.
            interval: Interval to which return and ratios are scaled.
        """
        period = max(self.time_engine_now - self.time_engine_start, _PERIOD_MIN)
        total, losses = self.pnl_returns.total, self.pnl_returns.losses
        drawdown = self.pnl_drawdown.generate()
        drawdown_mean, drawdown_max = copy(self.pnl_drawdown_mean), copy(self.pnl_drawdown_max)
        if drawdown is not None:
            drawdown_mean.update(drawdown)
            drawdown_max.update(drawdown)
        deepest = drawdown_max.generate()
        return TearSheet(
            pnl=self.pnl_returns.pnl_raw,
            pnl_return=RateOfReturn.calculate(total.mean, period).scale(interval),
            sharpe_ratio=SharpeRatio.calculate(risk_free_return, total.mean, total.dispersion.std_dev, period).scale(interval),
            sortino_ratio=SortinoRatio.calculate(risk_free_return, total.mean, losses.dispersion.std_dev, period).scale(interval),
            calmar_ratio=CalmarRatio.calculate(
                risk_free_return, total.mean, ZERO if deepest is None else deepest.value, period
            ).scale(interval),
            pnl_drawdown=drawdown,
            pnl_drawdown_mean=drawdown_mean.generate(),
            pnl_drawdown_max=deepest,
            win_rate=WinRate.calculate(Decimal(self.wins), total.count),
            profit_factor=ProfitFactor.calculate(self.profit_gross, self.loss_gross),
        )

    def reset(self, time_engine_start: datetime) -> None:
        """Forget everything and start a new session."""
        fresh = TearSheetGenerator.init(time_engine_start)
        for member in fields(self):
            setattr(self, member.name, getattr(fresh, member.name))
