"""Profit and loss of closed positions. Rust origin: barter::statistic::summary::pnl."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from barter_python.execution.position import PositionExited
from barter_python.numeric import ZERO, in_money_context
from barter_python.statistic.summary.dataset import DataSetSummary

__all__ = ["PnLReturns"]


@dataclass(slots=True)
class PnLReturns:
    """Profit and loss of all closed positions.

    Attributes:
        pnl_raw: Sum of realised profit and loss, in quote currency.
        total: Returns of all positions, as fractions of the capital each used.
        losses: Returns of the losing ones.
    """

    pnl_raw: Decimal = ZERO
    total: DataSetSummary = field(default_factory=DataSetSummary)
    losses: DataSetSummary = field(default_factory=DataSetSummary)

    @in_money_context
    def update(self, position: PositionExited) -> None:
        """Take the next closed position."""
        self.pnl_raw += position.pnl_realised
        pnl_return = position.pnl_return()
        self.total.update(pnl_return)
        if pnl_return.is_signed():
            self.losses.update(pnl_return)
