"""What a backtest leaves behind besides the engine's state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from barter_python.execution.account import Funding
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequest
from barter_python.execution.position import PositionExited
from barter_python.execution.trade import Trade
from barter_python.risk.manager import RiskRefused

__all__ = ["BacktestRecord"]

_REASONS_MAX: Final = 50
_OTHER_REASONS: Final = "other reasons"


@dataclass(slots=True)
class BacktestRecord:
    """What was traded, in order.

    Attributes:
        events: Number of events that the engine processed.
        requests: Requests sent, each with its time.
        prices: For each request, the price of its instrument as the engine knew it when it sent the request, in quote
            currency; None where it knew none.
        orders: What the exchanges answered about orders.
        trades: Fills.
        positions_exited: Closed positions.
        funding: Funding payments.
        risk_refusals: How many orders the risk manager refused, by its reason.
    """

    events: int = 0
    requests: list[tuple[datetime, OrderRequest]] = field(default_factory=list)
    prices: list[Decimal | None] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    positions_exited: list[PositionExited] = field(default_factory=list)
    funding: list[Funding] = field(default_factory=list)
    risk_refusals: Counter[str] = field(default_factory=Counter)

    def refuse(self, refused: Iterable[RiskRefused[Any]]) -> None:
        """Count what the risk manager refused. Reasons may name numbers, so that there is no end to them: some are kept."""
        for refusal in refused:
            is_kept = refusal.reason in self.risk_refusals or len(self.risk_refusals) < _REASONS_MAX
            self.risk_refusals[refusal.reason if is_kept else _OTHER_REASONS] += 1
