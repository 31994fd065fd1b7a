"""Requests to Binance spot, and what they cost. Pure.

What spot cannot do is refused here, before anything is sent.

| order | type | timeInForce |
|---|---|---|
| market, good until cancelled or immediate or cancel | `MARKET` | not sent: what the book does not fill expires at once |
| limit, good until cancelled, immediate or cancel, fill or kill | `LIMIT` | `GTC`, `IOC`, `FOK` |
| limit, post only | `LIMIT_MAKER` | not sent |
| market with a trigger | `STOP_LOSS`, `TAKE_PROFIT` | not sent |
| limit with a trigger | `STOP_LOSS_LIMIT`, `TAKE_PROFIT_LIMIT` | `GTC`, `IOC`, `FOK` |

Orders ask for `newOrderRespType=RESULT`: the state of the order, which `ACK` lacks, without the fills of `FULL`. Fills come from
the user data stream alone, so that each is told once.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#new-order-trade
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final, Generic, TypeAlias, TypeVar

import msgspec

from barter_python.execution.client.binance.message import (
    AccountRights,
    AccountTrade,
    AveragePrice,
    BinanceAccount,
    BinanceOrder,
    BinanceTime,
    ExchangeInfo,
    TickerPrice,
    decode_account,
    decode_average,
    decode_exchange_info,
    decode_order,
    decode_orders,
    decode_price,
    decode_rights,
    decode_time,
    decode_trades,
)
from barter_python.execution.client.binance.rate_limit import Cost
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.instrument.side import Side
from barter_python.integration.http import DEFAULT_HTTP_REQUEST_TIMEOUT, RestRequest

__all__ = [
    "TRADES_MAX",
    "BinanceCall",
    "Parameters",
    "account",
    "average_price",
    "cancel_order",
    "exchange_info",
    "latest_price",
    "my_trades",
    "new_order",
    "open_orders",
    "order_parameters",
    "order_trades",
    "query_order",
    "refusal",
    "rights",
    "server_time",
]

T = TypeVar("T")

Parameters: TypeAlias = tuple[tuple[str, str], ...]

TRADES_MAX: Final = 1_000
"""Most fills in one answer."""

_CID: Final = re.compile(r"[a-zA-Z0-9_-]{1,36}", re.ASCII)
_SIDES: Final = {Side.BUY: "BUY", Side.SELL: "SELL"}
_TIMES_IN_FORCE: Final = {
    TimeInForce.GOOD_UNTIL_CANCELLED: "GTC",
    TimeInForce.IMMEDIATE_OR_CANCEL: "IOC",
    TimeInForce.FILL_OR_KILL: "FOK",
}
_MARKET_TIMES_IN_FORCE: Final = frozenset({TimeInForce.GOOD_UNTIL_CANCELLED, TimeInForce.IMMEDIATE_OR_CANCEL})
_TRIGGERS: Final = {TriggerKind.STOP: "STOP_LOSS", TriggerKind.TAKE_PROFIT: "TAKE_PROFIT"}
_OPEN_ORDERS_WEIGHT: Final = 6
_OPEN_ORDERS_WEIGHT_ALL: Final = 80


@dataclass(slots=True, frozen=True)
class BinanceCall(Generic[T]):
    """A request, and what it counts for.

    Attributes:
        request: Without timestamp and signature.
        cost: Towards the rate limits.
        is_signed: Whether it is about an account.
    """

    request: RestRequest[T]
    cost: Cost
    is_signed: bool = True


def refusal(request: OrderRequestOpen) -> str | None:
    """Why spot cannot carry out an order; None where it can."""
    wanted = request.state
    if _CID.fullmatch(request.key.cid) is None:
        return f"cid is {request.key.cid!r}, expected 1 to 36 letters, digits, '-' or '_'"
    if wanted.reduce_only:
        return "reduce_only is True, expected False: Binance spot has no positions"
    if not _is_positive(wanted.quantity):
        return f"quantity is {wanted.quantity}, expected a positive number"
    if wanted.kind is OrderKind.LIMIT and not _is_positive(wanted.price):
        return f"price is {wanted.price}, expected a positive number"
    if wanted.trigger is not None and not _is_positive(wanted.trigger.price):
        return f"trigger price is {wanted.trigger.price}, expected a positive number"
    return _time_in_force_refusal(wanted)


def _time_in_force_refusal(wanted: RequestOpen) -> str | None:
    time_in_force = wanted.time_in_force
    if wanted.kind is OrderKind.MARKET:
        if time_in_force in _MARKET_TIMES_IN_FORCE:
            return None
        return f"time_in_force of a market order is {time_in_force}, expected GoodUntilCancelled or ImmediateOrCancel"
    if time_in_force in _TIMES_IN_FORCE or (time_in_force.post_only and wanted.trigger is None):
        return None
    if time_in_force.post_only:
        return f"time_in_force of an order with a trigger is {time_in_force}, expected one that may take liquidity"
    return f"time_in_force is {time_in_force}, expected one that Binance spot has: {', '.join(map(str, _TIMES_IN_FORCE))}"


def order_parameters(request: OrderRequestOpen) -> Parameters:
    """The parameters of an order that `refusal` has nothing against."""
    wanted = request.state
    is_limit, is_maker = wanted.kind is OrderKind.LIMIT, wanted.time_in_force.post_only
    parameters = [
        ("symbol", str(request.key.instrument)),
        ("side", _SIDES[wanted.side]),
        ("type", "LIMIT_MAKER" if is_maker else _type(wanted.kind, wanted.trigger)),
    ]
    if is_limit and not is_maker:
        parameters.append(("timeInForce", _TIMES_IN_FORCE[wanted.time_in_force]))
    parameters.append(("quantity", _plain(wanted.quantity)))
    if is_limit:
        parameters.append(("price", _plain(wanted.price)))
    if wanted.trigger is not None:
        parameters.append(("stopPrice", _plain(wanted.trigger.price)))
    return (*parameters, ("newClientOrderId", request.key.cid), ("newOrderRespType", "RESULT"))


def _type(kind: OrderKind, trigger: Trigger | None) -> str:
    if trigger is None:
        return "LIMIT" if kind is OrderKind.LIMIT else "MARKET"
    return _TRIGGERS[trigger.kind] + ("_LIMIT" if kind is OrderKind.LIMIT else "")


def _is_positive(number: Decimal) -> bool:
    return number.is_finite() and number > 0


def _plain(number: Decimal) -> str:
    """Without an exponent, and without zeros at the end, which count as precision at the venue."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def new_order(parameters: Parameters, timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT) -> BinanceCall[BinanceOrder]:
    """Open an order."""
    request = RestRequest("POST", "/api/v3/order", decode_order, parameters, timeout=timeout)
    return BinanceCall(request, Cost(1, orders=1, is_urgent=True))


def cancel_order(
    symbol: str, order_id: OrderId | None, cid: ClientOrderId, timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT
) -> BinanceCall[BinanceOrder]:
    """Cancel an order, by the venue's id where that is known, because it is quicker, and never names a later order."""
    parameters = (("symbol", symbol), ("origClientOrderId", cid) if order_id is None else ("orderId", order_id))
    request = RestRequest("DELETE", "/api/v3/order", decode_order, parameters, timeout=timeout)
    return BinanceCall(request, Cost(1, is_urgent=True))


def query_order(
    symbol: str, order_id: OrderId | None, cid: ClientOrderId, timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT
) -> BinanceCall[BinanceOrder]:
    """Ask for an order in whatever state."""
    parameters = (("symbol", symbol), ("origClientOrderId", cid) if order_id is None else ("orderId", order_id))
    return BinanceCall(RestRequest("GET", "/api/v3/order", decode_order, parameters, timeout=timeout), Cost(4, is_urgent=True))


def open_orders(
    symbols: Sequence[str], timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT
) -> list[tuple[BinanceCall[list[BinanceOrder]], str | None]]:
    """Ask for open orders, with the symbol of each call: one for each symbol, or, where that weighs less, one for all (None)."""
    wanted: list[tuple[Parameters, str | None]]
    if len(symbols) * _OPEN_ORDERS_WEIGHT <= _OPEN_ORDERS_WEIGHT_ALL:
        wanted = [((("symbol", symbol),), symbol) for symbol in symbols]
        cost = Cost(_OPEN_ORDERS_WEIGHT)
    else:
        wanted = [((), None)]
        cost = Cost(_OPEN_ORDERS_WEIGHT_ALL)
    return [
        (BinanceCall(RestRequest("GET", "/api/v3/openOrders", decode_orders, params, timeout=timeout), cost), symbol)
        for params, symbol in wanted
    ]


def account(timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT) -> BinanceCall[BinanceAccount]:
    """Ask for balances, of what the account holds only."""
    parameters = (("omitZeroBalances", "true"),)
    return BinanceCall(RestRequest("GET", "/api/v3/account", decode_account, parameters, timeout=timeout), Cost(20))


def rights(timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT) -> BinanceCall[AccountRights]:
    """Ask which account it is, and what it may do."""
    parameters = (("omitZeroBalances", "true"),)
    return BinanceCall(RestRequest("GET", "/api/v3/account", decode_rights, parameters, timeout=timeout), Cost(20))


def my_trades(
    symbol: str, window: Parameters, timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT
) -> BinanceCall[list[AccountTrade]]:
    """Ask for fills, oldest first; `window` is `startTime` and `endTime`, or `fromId`."""
    parameters = (("symbol", symbol), *window, ("limit", str(TRADES_MAX)))
    return BinanceCall(RestRequest("GET", "/api/v3/myTrades", decode_trades, parameters, timeout=timeout), Cost(20))


def order_trades(
    symbol: str, order_id: OrderId, from_id: int, timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT
) -> BinanceCall[list[AccountTrade]]:
    """Ask for fills of one order, oldest first, from a trade id on."""
    parameters = (("symbol", symbol), ("orderId", order_id), ("fromId", str(from_id)), ("limit", str(TRADES_MAX)))
    request = RestRequest("GET", "/api/v3/myTrades", decode_trades, parameters, timeout=timeout)
    return BinanceCall(request, Cost(5, is_urgent=True))


def exchange_info(symbols: Sequence[str], timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT) -> BinanceCall[ExchangeInfo]:
    """Ask for the rules of the venue, and for the assets of symbols."""
    parameters = (("symbols", msgspec.json.encode(list(symbols)).decode()),)
    request = RestRequest("GET", "/api/v3/exchangeInfo", decode_exchange_info, parameters, timeout=timeout)
    return BinanceCall(request, Cost(20), is_signed=False)


def latest_price(symbol: str, timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT) -> BinanceCall[TickerPrice]:
    """Ask for the latest price."""
    request = RestRequest("GET", "/api/v3/ticker/price", decode_price, (("symbol", symbol),), timeout=timeout)
    return BinanceCall(request, Cost(2), is_signed=False)


def average_price(symbol: str, timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT) -> BinanceCall[AveragePrice]:
    """Ask for the average price of the last minutes."""
    request = RestRequest("GET", "/api/v3/avgPrice", decode_average, (("symbol", symbol),), timeout=timeout)
    return BinanceCall(request, Cost(2), is_signed=False)


def server_time(timeout: timedelta = DEFAULT_HTTP_REQUEST_TIMEOUT) -> BinanceCall[BinanceTime]:
    """Ask for the venue's clock."""
    return BinanceCall(RestRequest("GET", "/api/v3/time", decode_time, timeout=timeout), Cost(1, is_urgent=True), is_signed=False)
