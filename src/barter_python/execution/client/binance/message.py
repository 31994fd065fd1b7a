"""Messages of Binance spot about an account, as the venue names them.

| message | where it comes from |
|---|---|
| `BinanceOrder` | `POST`, `GET` and `DELETE /api/v3/order`, `GET /api/v3/openOrders` |
| `BinanceAccount`, `AccountRights` | `GET /api/v3/account` |
| `AccountTrade` | `GET /api/v3/myTrades` |
| `ExchangeInfo`, `BinanceTime` | `GET /api/v3/exchangeInfo`, `/time` |
| `TickerPrice`, `AveragePrice` | `GET /api/v3/ticker/price`, `/avgPrice` |
| `ExecutionReport`, `AccountPosition`, `StreamEnd`, `Ignored`, `SocketAnswer` | user data stream |

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md and
https://github.com/binance/binance-spot-api-docs/blob/master/user-data-stream.md
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from barter_python.data.exchange.venue_message import UNREADABLE, Milliseconds
from barter_python.errors import DecodeError
from barter_python.execution.client.binance.filters import Filter, SymbolRules

__all__ = [
    "AccountPosition",
    "AccountRights",
    "SocketAnswer",
    "ApiProblem",
    "AveragePrice",
    "BinanceAccount",
    "BinanceOrder",
    "BinanceTime",
    "AccountTrade",
    "ExchangeInfo",
    "ExecutionReport",
    "Ignored",
    "PositionBalance",
    "RateLimitRule",
    "StreamEnd",
    "StreamMessage",
    "SymbolInfo",
    "TickerPrice",
    "decode_account",
    "decode_average",
    "decode_exchange_info",
    "decode_order",
    "decode_orders",
    "decode_price",
    "decode_problem",
    "decode_rights",
    "decode_time",
    "decode_trades",
    "parse",
]

T = TypeVar("T")


class ApiProblem(msgspec.Struct):
    """Why a request failed. `data` of the WebSocket API has `retryAfter`, Unix time in milliseconds."""

    code: int
    msg: str
    data: dict[str, Any] = {}


class BinanceTime(msgspec.Struct, rename="camel"):
    """The venue's clock."""

    server_time: Milliseconds


class RateLimitRule(msgspec.Struct, rename="camel"):
    """At most `limit` of something, in each interval of `interval_num` units."""

    rate_limit_type: str
    interval: str
    interval_num: int
    limit: int


class SymbolInfo(msgspec.Struct, rename="camel", dict=True):
    """What is traded for what, and what is accepted."""

    symbol: str
    base_asset: str
    quote_asset: str
    filters: list[Filter] = []

    @cached_property
    def rules(self) -> SymbolRules:
        """What is accepted."""
        return SymbolRules(self.filters)


class ExchangeInfo(msgspec.Struct, rename="camel"):
    """The rules of the venue."""

    rate_limits: list[RateLimitRule]
    symbols: list[SymbolInfo]


class AveragePrice(msgspec.Struct):
    """The average price of some minutes."""

    price: str


class TickerPrice(msgspec.Struct):
    """The latest price."""

    symbol: str
    price: str


class _Holding(msgspec.Struct):
    asset: str
    free: str
    locked: str


class BinanceAccount(msgspec.Struct, rename="camel"):
    """What the account holds. `update_time` is of the last change of the account."""

    update_time: Milliseconds
    balances: list[_Holding]


class AccountRights(msgspec.Struct, rename="camel"):
    """Which account the keys belong to, and what it may do. What the key itself may do is not told here.

    Attributes:
        uid: The account's number, as its pages at the venue show it.
        can_trade: Whether it may order.
        can_withdraw: Whether it may send money away.
    """

    uid: int
    can_trade: bool
    can_withdraw: bool


class BinanceOrder(msgspec.Struct, rename="camel"):
    """An order. `transact_time` is in the answer to what changed it, `update_time` in the answer to a question.

    In the answer to a cancel `client_order_id` names the cancel, and `orig_client_order_id` the order.
    """

    symbol: str
    order_id: int
    client_order_id: str
    price: str
    orig_qty: str
    executed_qty: str
    status: str
    time_in_force: str
    type: str
    side: str
    transact_time: Milliseconds | None = None
    update_time: Milliseconds | None = None
    orig_client_order_id: str | None = None
    reject_reason: str | None = None

    @property
    def cid(self) -> str:
        """The client order id of the order itself."""
        return self.orig_client_order_id or self.client_order_id

    @property
    def time(self) -> int:
        """Of this state, Unix time in milliseconds."""
        return self.transact_time or self.update_time or 0


class AccountTrade(msgspec.Struct, rename="camel"):
    """A fill of one of our orders."""

    symbol: str
    id: int
    order_id: int
    price: str
    qty: str
    commission: str
    commission_asset: str
    time: Milliseconds
    is_buyer: bool
    is_maker: bool | None = None


class ExecutionReport(
    msgspec.Struct,
    rename={
        "event_time": "E",
        "symbol": "s",
        "client_order_id": "c",
        "side": "S",
        "type": "o",
        "time_in_force": "f",
        "quantity": "q",
        "price": "p",
        "orig_client_order_id": "C",
        "execution_type": "x",
        "status": "X",
        "reject_reason": "r",
        "order_id": "i",
        "last_quantity": "l",
        "filled": "z",
        "last_price": "L",
        "commission": "n",
        "commission_asset": "N",
        "transaction_time": "T",
        "trade_id": "t",
        "is_maker": "m",
    },
):
    """Something happened to an order. `orig_client_order_id` is that of an order that was cancelled, else empty."""

    event_time: Milliseconds
    symbol: str
    client_order_id: str
    side: str
    type: str
    time_in_force: str
    quantity: str
    price: str
    execution_type: str
    status: str
    order_id: int
    last_quantity: str
    filled: str
    last_price: str
    transaction_time: Milliseconds
    reject_reason: str = "NONE"
    orig_client_order_id: str | None = None
    commission: str | None = None
    commission_asset: str | None = None
    trade_id: int = -1
    is_maker: bool | None = None

    def order(self) -> BinanceOrder:
        """The order after it."""
        return BinanceOrder(
            self.symbol,
            self.order_id,
            self.client_order_id,
            self.price,
            self.quantity,
            self.filled,
            self.status,
            self.time_in_force,
            self.type,
            self.side,
            transact_time=self.transaction_time,
            orig_client_order_id=self.orig_client_order_id or None,
            reject_reason=self.reject_reason,
        )

    def trade(self) -> AccountTrade | None:
        """The fill, None where nothing was filled."""
        if self.execution_type != "TRADE":
            return None
        return AccountTrade(
            self.symbol,
            self.trade_id,
            self.order_id,
            self.last_price,
            self.last_quantity,
            self.commission or "0",
            self.commission_asset or "",
            self.transaction_time,
            self.side == "BUY",
            self.is_maker,
        )


class PositionBalance(msgspec.Struct, rename={"asset": "a", "free": "f", "locked": "l"}):
    """What the account holds of an asset."""

    asset: str
    free: str
    locked: str


class AccountPosition(msgspec.Struct, rename={"event_time": "E", "update_time": "u", "balances": "B"}):
    """Balances that may have changed."""

    event_time: Milliseconds
    update_time: Milliseconds
    balances: list[PositionBalance]


class StreamEnd(msgspec.Struct):
    """There will be no more events: connect again. `event` says why."""

    event: str


class Ignored(msgspec.Struct):
    """An event that changes neither orders nor balances, or that another event repeats."""

    event: str


class SocketAnswer(msgspec.Struct):
    """The answer to a request on the connection."""

    id: int | str | None
    status: int
    error: ApiProblem | None = None


StreamMessage: TypeAlias = ExecutionReport | AccountPosition | StreamEnd | Ignored | SocketAnswer


class _Event(msgspec.Struct, rename={"event": "e"}):
    event: str


class _Envelope(msgspec.Struct):
    """Events are wrapped into `event`; an answer has a `status`."""

    event: msgspec.Raw = msgspec.Raw()
    status: int | None = None


_STREAM_ENDS: Final = frozenset({"eventStreamTerminated", "listenKeyExpired", "serverShutdown"})

_envelope: Final = msgspec.json.Decoder(_Envelope)
_event: Final = msgspec.json.Decoder(_Event)
_answer: Final = msgspec.json.Decoder(SocketAnswer)
_EVENTS: Final[Mapping[str, Callable[[bytes], ExecutionReport | AccountPosition]]] = {
    "executionReport": msgspec.json.Decoder(ExecutionReport).decode,
    "outboundAccountPosition": msgspec.json.Decoder(AccountPosition).decode,
}


def parse(message: bytes) -> StreamMessage:
    """Read a message of the user data stream.

    `balanceUpdate` and `externalLockUpdate` tell a difference, and an account position that follows tells the balance;
    `listStatus` tells of a list whose orders have reports of their own: all three are `Ignored`, as is what is unknown.

    Raises:
        DecodeError: It is no such message.
    """
    envelope = _read(_envelope.decode, message)
    payload = bytes(envelope.event)
    if not payload:
        return _read(_answer.decode, message)
    name = _read(_event.decode, payload).event
    if name in _STREAM_ENDS:
        return StreamEnd(name)
    decode = _EVENTS.get(name)
    return Ignored(name) if decode is None else _read(decode, payload)


def decode_problem(body: bytes) -> ApiProblem:
    """Why a request failed."""
    return _read(_problem.decode, body)


def decode_time(body: bytes) -> BinanceTime:
    """Answer to `GET /api/v3/time`."""
    return _read(_time.decode, body)


def decode_exchange_info(body: bytes) -> ExchangeInfo:
    """Answer to `GET /api/v3/exchangeInfo`."""
    return _read(_exchange_info.decode, body)


def decode_price(body: bytes) -> TickerPrice:
    """Answer to `GET /api/v3/ticker/price` of one symbol."""
    return _read(_price.decode, body)


def decode_average(body: bytes) -> AveragePrice:
    """Answer to `GET /api/v3/avgPrice`."""
    return _read(_average.decode, body)


def decode_account(body: bytes) -> BinanceAccount:
    """Answer to `GET /api/v3/account`."""
    return _read(_account.decode, body)


def decode_rights(body: bytes) -> AccountRights:
    """The same answer, for what the account may do."""
    return _read(_rights.decode, body)


def decode_order(body: bytes) -> BinanceOrder:
    """Answer to `POST`, `GET` and `DELETE /api/v3/order`."""
    return _read(_order.decode, body)


def decode_orders(body: bytes) -> list[BinanceOrder]:
    """Answer to `GET /api/v3/openOrders`."""
    return _read(_orders.decode, body)


def decode_trades(body: bytes) -> list[AccountTrade]:
    """Answer to `GET /api/v3/myTrades`."""
    return _read(_trades.decode, body)


_problem: Final = msgspec.json.Decoder(ApiProblem)
_time: Final = msgspec.json.Decoder(BinanceTime)
_exchange_info: Final = msgspec.json.Decoder(ExchangeInfo)
_average: Final = msgspec.json.Decoder(AveragePrice)
_price: Final = msgspec.json.Decoder(TickerPrice)
_account: Final = msgspec.json.Decoder(BinanceAccount)
_rights: Final = msgspec.json.Decoder(AccountRights)
_order: Final = msgspec.json.Decoder(BinanceOrder)
_orders: Final = msgspec.json.Decoder(list[BinanceOrder])
_trades: Final = msgspec.json.Decoder(list[AccountTrade])


def _read(decode: Callable[[bytes], T], data: bytes) -> T:
    try:
        return decode(data)
    # Text that is no UTF-8, and lists in lists without end, are no errors of msgspec.
    except UNREADABLE as error:
        raise DecodeError(f"not a message of Binance: {error}") from None
