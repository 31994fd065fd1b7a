"""Declines of equity from its peak. Rust origin: barter::statistic::metric::drawdown, of profits and balances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from barter_python.numeric import in_exact_context
from barter_python.statistic.portfolio.curve import EquityPoint
from barter_python.statistic.portfolio.figure import Figure, not_available

__all__ = ["EquityDrawdown", "drawdown_figure", "drawdown_max", "drawdowns"]


@dataclass(slots=True)
class EquityDrawdown:
    """A decline.

    Attributes:
        depth: (Peak - lowest) / peak, positive; above 1 where equity went below zero.
        peak: Equity before it, in the valuation asset.
        lowest: Equity at its deepest.
        time_peak: When it began, aware UTC.
        time_lowest: When it was deepest, aware UTC.
        time_recovery: When the peak was reached again, aware UTC; None where it was not.
        duration: From the peak to the recovery, or to the end of the curve.
    """

    depth: float
    peak: Decimal
    lowest: Decimal
    time_peak: datetime
    time_lowest: datetime
    time_recovery: datetime | None
    duration: timedelta


def drawdowns(curve: Sequence[EquityPoint]) -> list[float]:
    """By point: how far it is below the highest equity so far, as a fraction; the start is the first peak.

    Where the peak is not positive, that is no fraction, and zero is given.
    """
    found, peak = [], curve[0].equity
    for point in curve:
        peak = max(peak, point.equity)
        found.append(_depth(peak, point.equity))
    return found


@in_exact_context
def _depth(peak: Decimal, equity: Decimal) -> float:
    return float((peak - equity) / peak) if peak > 0 else 0.0


def drawdown_max(curve: Sequence[EquityPoint]) -> EquityDrawdown | None:
    """The deepest decline, the first of several; None where equity never was below its peak."""
    deepest: EquityDrawdown | None = None
    peak, lowest = curve[0], curve[0]
    for point in [*curve, None]:
        if point is not None and point.equity < peak.equity:
            lowest = point if point.equity < lowest.equity else lowest
            continue
        depth = _depth(peak.equity, lowest.equity)
        if depth > (0.0 if deepest is None else deepest.depth):
            end = curve[-1] if point is None else point
            recovery = None if point is None else point.time
            deepest = EquityDrawdown(depth, peak.equity, lowest.equity, peak.time, lowest.time, recovery, end.time - peak.time)
        if point is not None:
            peak = lowest = point
    return deepest


def drawdown_figure(curve: Sequence[EquityPoint]) -> Figure:
    """The depth of the deepest decline, zero without one."""
    if curve[0].equity <= 0:
        return not_available(len(curve), "equity at the start is not positive")
    deepest = drawdown_max(curve)
    return Figure(0.0 if deepest is None else deepest.depth, len(curve))
