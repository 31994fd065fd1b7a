"""One price of a bar."""

from __future__ import annotations

from barter_python.data.indicator.indicator import Ohlcv

__all__ = ["median_price", "typical_price"]


def typical_price(bar: Ohlcv) -> float:
    """Mean of high, low and close."""
    return (bar.high + bar.low + bar.close) / 3.0


def median_price(bar: Ohlcv) -> float:
    """Middle between high and low."""
    return (bar.high + bar.low) / 2.0
