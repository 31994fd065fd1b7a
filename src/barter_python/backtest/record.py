"""What a backtest leaves behind besides the engine's state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from barter_python.engine.state.position import PositionExited
from barter_python.execution.exchange.model.fee import Fees
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequest
from barter_python.execution.trade import Trade, TradeId
from barter_python.instrument.instrument import InstrumentKey

__all__ = ["BacktestRecord", "FillDetail"]


@dataclass(slots=True, frozen=True)
class FillDetail:
    """What a trade does not say about a fill.

    Attributes:
        is_maker: Whether our order provided the liquidity.
        fees: As they were charged; None where the trade has them.
    """

    is_maker: bool
    fees: Fees | None = None


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
        fills: What the trades do not say, by instrument and trade id. A fill without an entry took liquidity, and its trade has
            the fees: most fills of most backtests need none.
        positions_exited: Closed positions.
    """

    events: int = 0
    requests: list[tuple[datetime, OrderRequest]] = field(default_factory=list)
    prices: list[Decimal | None] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    fills: dict[tuple[InstrumentKey, TradeId], FillDetail] = field(default_factory=dict)
    positions_exited: list[PositionExited] = field(default_factory=list)
