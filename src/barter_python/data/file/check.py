"""Which values an event may have: prices are positive, amounts not negative, nothing is NaN or infinite, candles are whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import inf
from typing import Any, Final

from barter_python.data.book import Level, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, Liquidation, OrderBookL1, PublicTrade
from barter_python.errors import MarketDataError
from barter_python.numeric import ZERO

__all__ = ["HIGHEST", "LOWEST", "NON_NEGATIVE", "NOT_BEFORE_CLOSE", "POSITIVE", "check_event", "check_kind"]

POSITIVE: Final = "expected a positive number"
NON_NEGATIVE: Final = "expected zero or a positive number"
_NO_TIME: Final = timedelta()
HIGHEST: Final = "expected at least open, low and close"
LOWEST: Final = "expected at most open, high and close"
NOT_BEFORE_CLOSE: Final = "expected close_time or later: nobody knows a candle before it has closed"


def check_event(kind: object, time_exchange: datetime) -> None:
    """Check the values of an event, and that a candle is stamped no earlier than its close.

    Raises:
        MarketDataError: A value is impossible, or there is no such kind of event.
    """
    check_kind(kind)
    if type(kind) is Candle and time_exchange < kind.close_time:
        raise MarketDataError(f"time_exchange is {time_exchange}, {NOT_BEFORE_CLOSE}")


def check_kind(kind: object) -> None:
    """Check the values of an event.

    Raises:
        MarketDataError: A value is impossible, or there is no such kind of event.
    """
    check = _CHECKS.get(type(kind))
    if check is None:
        raise MarketDataError(f"kind is {type(kind).__name__}, expected one of: {', '.join(_known())}")
    check(kind)


def _known() -> Iterable[str]:
    return (kind.__name__ for kind in _CHECKS)


def _positive(field: str, value: float) -> None:
    if not 0.0 < value < inf:
        raise MarketDataError(f"{field} is {value}, {POSITIVE}")


def _non_negative(field: str, value: float) -> None:
    if not 0.0 <= value < inf:
        raise MarketDataError(f"{field} is {value}, {NON_NEGATIVE}")


def _trade(trade: PublicTrade) -> None:
    _positive("price", trade.price)
    _non_negative("amount", trade.amount)


def _liquidation(liquidation: Liquidation) -> None:
    _positive("price", liquidation.price)
    _non_negative("quantity", liquidation.quantity)


def _candle(candle: Candle) -> None:
    _positive("open", candle.open)
    _positive("high", candle.high)
    _positive("low", candle.low)
    _positive("close", candle.close)
    if candle.high < max(candle.open, candle.low, candle.close):
        raise MarketDataError(f"high is {candle.high}, {HIGHEST}")
    if candle.low > min(candle.open, candle.close):
        raise MarketDataError(f"low is {candle.low}, {LOWEST}")
    _non_negative("volume", candle.volume)
    _non_negative("trade_count", candle.trade_count)
    if candle.interval is not None and candle.interval <= _NO_TIME:
        raise MarketDataError(f"interval is {candle.interval}, expected a positive length of time")


def _l1(l1: OrderBookL1) -> None:
    _levels([level for level in (l1.best_bid, l1.best_ask) if level is not None])


def _book(event: OrderBookSnapshot | OrderBookUpdate) -> None:
    _non_negative("sequence", event.book.sequence)
    _levels(event.book.bids.levels)
    _levels(event.book.asks.levels)


def _levels(levels: Iterable[Level]) -> None:
    for level in levels:
        price, amount = level.price, level.amount
        if not price.is_finite() or price <= ZERO:
            raise MarketDataError(f"price is {price}, {POSITIVE}")
        if not amount.is_finite() or amount < ZERO:
            raise MarketDataError(f"amount is {amount}, {NON_NEGATIVE}")


_CHECKS: Final[dict[type[object], Callable[[Any], None]]] = {
    PublicTrade: _trade,
    OrderBookL1: _l1,
    OrderBookSnapshot: _book,
    OrderBookUpdate: _book,
    Candle: _candle,
    Liquidation: _liquidation,
}
