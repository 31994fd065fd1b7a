"""The way of the price within a candle. Rust origin: none.

A candle does not tell whether its high or its low came first. The price is taken to go from the open to the nearer of the two
(the low, where both are equally near), then to the farther, then to the close.
"""

from __future__ import annotations

from decimal import Decimal

from barter_python.data.event import Candle
from barter_python.numeric import ZERO, decimal_from_float, in_money_context

__all__ = ["intrabar_path"]


@in_money_context
def intrabar_path(candle: Candle) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
    """Open, nearer extreme, farther extreme, close, in quote currency; None for a candle with an impossible price."""
    prices = [decimal_from_float(price) for price in (candle.open, candle.high, candle.low, candle.close)]
    open_, high, low, close = prices
    if open_ is None or high is None or low is None or close is None or low <= ZERO:
        return None
    high, low = max(open_, high, low, close), min(open_, high, low, close)
    if open_ - low <= high - open_:
        return open_, low, high, close
    return open_, high, low, close
