"""From an order as Binance spot tells of it to a report in the engine's terms. Pure.

| status | state |
|---|---|
| `NEW`, `PENDING_NEW`, `PARTIALLY_FILLED`, `PENDING_CANCEL` | `Open` |
| `FILLED` | `FullyFilled` |
| `CANCELED` | `Cancelled` |
| `EXPIRED`, `EXPIRED_IN_MATCH` | `Expired` |
| `REJECTED` | `OpenFailed` |

Source: https://github.com/binance/binance-spot-api-docs/blob/master/enums.md#order-status-status
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, TypeVar

from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.errors import DecodeError
from barter_python.execution.client.binance.amount import amount
from barter_python.execution.client.binance.message import BinanceOrder
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.error import OrderRejected
from barter_python.execution.order.id import STRATEGY_UNKNOWN, ClientOrderId, OrderId
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.state import EXPIRED, FULLY_FILLED, Cancelled, Open, OpenFailed, OrderState
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = ["to_order"]

T = TypeVar("T")

_SIDES: Final = {"BUY": Side.BUY, "SELL": Side.SELL}
_KINDS: Final = {
    "LIMIT": OrderKind.LIMIT,
    "LIMIT_MAKER": OrderKind.LIMIT,
    "STOP_LOSS_LIMIT": OrderKind.LIMIT,
    "TAKE_PROFIT_LIMIT": OrderKind.LIMIT,
    "MARKET": OrderKind.MARKET,
    "STOP_LOSS": OrderKind.MARKET,
    "TAKE_PROFIT": OrderKind.MARKET,
}
_TIMES_IN_FORCE: Final = {
    "GTC": TimeInForce.GOOD_UNTIL_CANCELLED,
    "IOC": TimeInForce.IMMEDIATE_OR_CANCEL,
    "FOK": TimeInForce.FILL_OR_KILL,
}
_OPEN: Final = frozenset({"NEW", "PENDING_NEW", "PARTIALLY_FILLED", "PENDING_CANCEL"})
_NO_REASON: Final = "NONE"


def to_order(message: BinanceOrder) -> OrderReport:
    """An order. A market order has no price at the venue.

    Raises:
        DecodeError: A member has a value that is not documented.
    """
    order_id, filled = OrderId(str(message.order_id)), amount("executedQty", message.executed_qty)
    instrument, cid = InstrumentNameExchange(message.symbol), ClientOrderId(message.cid)
    return OrderReport(
        OrderKey(ExchangeId.BINANCE_SPOT, instrument, STRATEGY_UNKNOWN, cid),
        _member("side", message.side, _SIDES),
        amount("price", message.price),
        amount("origQty", message.orig_qty),
        _member("type", message.type, _KINDS),
        _time_in_force(message),
        _state(message, order_id, filled),
        id=order_id,
        filled=filled,
        time_exchange=time_from_milliseconds(message.time),
    )


def _state(message: BinanceOrder, order_id: OrderId, filled: Decimal) -> OrderState:
    status = message.status
    if status in _OPEN:
        return Open(order_id, time_from_milliseconds(message.time), filled)
    if status == "FILLED":
        return FULLY_FILLED
    if status == "CANCELED":
        return Cancelled(order_id, time_from_milliseconds(message.time))
    if status in ("EXPIRED", "EXPIRED_IN_MATCH"):
        return EXPIRED
    if status == "REJECTED":
        return OpenFailed(OrderRejected(message.reject_reason or _NO_REASON))
    raise DecodeError(f"status is {status!r}, expected one that Binance documents")


def _time_in_force(message: BinanceOrder) -> TimeInForce:
    if message.type == "LIMIT_MAKER":
        return TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY
    return _member("timeInForce", message.time_in_force, _TIMES_IN_FORCE)


def _member(name: str, value: str, members: Mapping[str, T]) -> T:
    member = members.get(value)
    if member is None:
        raise DecodeError(f"{name} is {value!r}, expected one of: {', '.join(members)}")
    return member
