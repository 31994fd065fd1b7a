"""The types of market events that a user's code has made: files have their own readers, which make no others."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from math import inf
from typing import Final

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, Liquidation, MarketEvent, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.errors import MarketDataError, shown
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.side import Side

__all__ = ["check_types", "is_usual_trade"]

_NUMBER: Final = (float, int)
_MEMBERS: Final[dict[type, tuple[tuple[str, type | tuple[type, ...]], ...]]] = {
    MarketEvent: (("time_exchange", datetime), ("time_received", datetime), ("exchange", ExchangeId), ("instrument", int)),
    PublicTrade: (("id", str), ("price", _NUMBER), ("amount", _NUMBER), ("side", Side)),
    OrderBookL1: (("last_update_time", datetime), ("best_bid", (Level, type(None))), ("best_ask", (Level, type(None)))),
    Level: (("price", Decimal), ("amount", Decimal)),
    OrderBookSnapshot: (("book", OrderBook),),
    OrderBookUpdate: (("book", OrderBook),),
    Candle: (
        ("close_time", datetime),
        *((name, _NUMBER) for name in ("open", "high", "low", "close", "volume")),
        ("trade_count", int),
    ),
    Liquidation: (("side", Side), ("price", _NUMBER), ("quantity", _NUMBER), ("time", datetime)),
}


def is_usual_trade(event: object) -> bool:
    """Whether it is what comes by the million, and there is nothing that `check_types` or `check_event` could tell."""
    if type(event) is not MarketEvent or type(event.kind) is not PublicTrade:
        return False
    trade = event.kind
    return (
        type(trade.price) is float
        and 0.0 < trade.price < inf
        and type(trade.amount) is float
        and 0.0 <= trade.amount < inf
        and type(trade.side) is Side
        and type(trade.id) is str
        and type(event.time_exchange) is datetime
        and event.time_exchange.tzinfo is UTC
        and type(event.time_received) is datetime
        and event.time_received.tzinfo is UTC
        and type(event.exchange) is ExchangeId
        and type(event.instrument) is int
    )


def check_types(event: object) -> None:
    """Check the types of an event's members, and that times are aware.

    Raises:
        MarketDataError: One has another type; the message names the member.
    """
    if isinstance(event, MarketReconnecting):
        return
    if not isinstance(event, MarketEvent):
        raise MarketDataError(
            f"found {shown(event)} of type {type(event).__name__}, expected a MarketEvent or MarketReconnecting"
        )
    _check(event, MarketEvent, "")
    kind = event.kind
    if type(kind) in _MEMBERS:
        _check(kind, type(kind), "kind.")
    if isinstance(kind, OrderBookL1):
        for name, level in (("best_bid", kind.best_bid), ("best_ask", kind.best_ask)):
            if level is not None:
                _check(level, Level, f"kind.{name}.")


def _check(value: object, described: type, path: str) -> None:
    for name, expected in _MEMBERS[described]:
        member = getattr(value, name)
        if not isinstance(member, expected) or isinstance(member, bool):
            names = " or ".join(one.__name__ for one in (expected if isinstance(expected, tuple) else (expected,)))
            raise MarketDataError(f"{path}{name} is {shown(member)} of type {type(member).__name__}, expected {names}")
        if isinstance(member, datetime) and member.utcoffset() is None:
            raise MarketDataError(f"{path}{name} is {member}, a time without a time zone, expected one in UTC")
