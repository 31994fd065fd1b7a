"""From messages of Binance spot to the account in the engine's terms. Pure.

| status | state |
|---|---|
| `NEW`, `PENDING_NEW`, `PARTIALLY_FILLED`, `PENDING_CANCEL` | `Open` |
| `FILLED` | `FullyFilled` |
| `CANCELED` | `Cancelled` |
| `EXPIRED`, `EXPIRED_IN_MATCH` | `Expired` |
| `REJECTED` | `OpenFailed` |

A fill in an `executionReport` is a trade and then the order after it; balances come in a message of their own.

Fees are told in the quote asset, in which positions are accounted for: a commission in the base asset is valued at the price of
the fill, one in a third asset (`BNB`) at its latest price, see `fee_prices`. Where that is not known it stays in its own asset.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/user-data-stream.md#order-update and
https://github.com/binance/binance-spot-api-docs/blob/master/enums.md#order-status-status
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.errors import DecodeError
from barter_python.execution.account import AccountEvent, AccountEventKind
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.client.binance.message import (
    AccountPosition,
    BinanceAccount,
    BinanceOrder,
    BinanceTrade,
    ExecutionReport,
    SymbolInfo,
)
from barter_python.execution.client.binance.order_log import OrderLog
from barter_python.execution.error import OrderRejected
from barter_python.execution.order.id import ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKind, TimeInForce
from barter_python.execution.order.state import EXPIRED, FULLY_FILLED, Cancelled, Open, OpenFailed, OrderState
from barter_python.execution.trade import AssetFees, Trade, TradeId
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, decimal_from_text, in_money_context

__all__ = [
    "VenueOrder",
    "account_events",
    "balances",
    "execution_events",
    "position_balances",
    "to_order",
    "to_trade",
    "trade_fees",
]

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
_MORE_THAN_STATE: Final = frozenset({"REPLACED", "TRADE_PREVENTION"})
_NO_REASON: Final = "NONE"


@dataclass(slots=True, frozen=True)
class VenueOrder:
    """An order as the engine sees it, and what its state does not hold.

    Attributes:
        order: The order.
        id: The venue's order id.
        filled: How much of it is filled, in base units.
        time_ms: Of this state, Unix time.
    """

    order: Order
    id: OrderId
    filled: Decimal
    time_ms: int


def to_order(message: BinanceOrder, log: OrderLog) -> VenueOrder:
    """An order. Of one that was sent through this client, what was asked for is kept: a market order has no price at the venue.

    It keeps its first client order id, whatever a cancel, or an amendment by somebody else, calls it.

    Raises:
        DecodeError: A member has a value that is not documented.
    """
    order_id, filled = OrderId(str(message.order_id)), _amount("executedQty", message.executed_qty)
    known = log.find(message.symbol, order_id)
    cid = ClientOrderId(message.cid) if known is None else known.cid
    key, quantity = log.key(message.symbol, cid), _amount("origQty", message.orig_qty)
    state = _state(message, order_id, filled)
    request = log.request(message.symbol, cid)
    if request is not None:
        asked = request.state
        order = Order(key, asked.side, asked.price, quantity, asked.kind, asked.time_in_force, state)
    else:
        kind = _member("type", message.type, _KINDS)
        price, side = _amount("price", message.price), _member("side", message.side, _SIDES)
        order = Order(key, side, price, quantity, kind, _time_in_force(message), state)
    return VenueOrder(order, order_id, filled, message.time)


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


def execution_events(
    report: ExecutionReport, log: OrderLog, symbols: Mapping[str, SymbolInfo], prices: Mapping[tuple[str, str], Decimal]
) -> list[AccountEvent]:
    """What a report tells that was not told before: a fill, and the order after it.

    Args:
        report: The message.
        log: Is told about both.
        symbols: The assets of symbols.
        prices: See `trade_fees`.

    Raises:
        DecodeError: A member has a value that is not documented.
    """
    kinds: list[AccountEventKind] = []
    told, fill = to_order(report.order(), log), report.trade()
    if fill is not None:
        trade = to_trade(fill, told.order.key.strategy, symbols.get(fill.symbol), prices)
        if log.is_new_trade(fill.symbol, fill.id, trade.order_id, trade.quantity):
            kinds.append(trade)
    if log.advance(told.order, told.id, told.filled, is_told_anyway=report.execution_type in _MORE_THAN_STATE):
        kinds.append(told.order)
    return account_events(kinds)


def account_events(kinds: Iterable[AccountEventKind]) -> list[AccountEvent]:
    """Events of this exchange."""
    return [AccountEvent(ExchangeId.BINANCE_SPOT, kind) for kind in kinds]


def to_trade(
    message: BinanceTrade,
    strategy: StrategyId,
    symbol: SymbolInfo | None,
    prices: Mapping[tuple[str, str], Decimal],
) -> Trade:
    """A fill.

    Raises:
        DecodeError: A number is none.
    """
    price = _amount("price", message.price)
    return Trade(
        TradeId(str(message.id)),
        OrderId(str(message.order_id)),
        InstrumentNameExchange(message.symbol),
        strategy,
        time_from_milliseconds(message.time),
        Side.BUY if message.is_buyer else Side.SELL,
        price,
        _amount("qty", message.qty),
        trade_fees(_signed("commission", message.commission), message.commission_asset, price, symbol, prices),
    )


@in_money_context
def trade_fees(
    commission: Decimal,
    asset: str,
    price: Decimal,
    symbol: SymbolInfo | None,
    prices: Mapping[tuple[str, str], Decimal],
) -> AssetFees:
    """A commission in the quote asset, or in its own where its value is not known.

    Args:
        commission: In units of `asset`.
        asset: In which it is paid.
        price: Of the fill.
        symbol: The pair, None where it is not known.
        prices: Of a third asset, by that asset and the quote asset.
    """
    if not commission:
        return AssetFees.quote_fees(ZERO)
    if symbol is not None:
        if asset == symbol.quote_asset:
            return AssetFees.quote_fees(commission)
        if asset == symbol.base_asset:
            return AssetFees.quote_fees(commission * price)
        if (asset, symbol.quote_asset) in prices:
            return AssetFees.quote_fees(commission * prices[asset, symbol.quote_asset])
    return AssetFees(AssetNameExchange(asset), commission)


def balances(message: BinanceAccount, assets: Sequence[AssetNameExchange]) -> list[AssetBalance]:
    """The balances of the given assets, of all that the account holds where none is given. What it does not hold is zero.

    Raises:
        DecodeError: A number is none.
    """
    held = {AssetNameExchange(found.asset): _balance(found.free, found.locked) for found in message.balances}
    time = time_from_milliseconds(message.update_time)
    return [AssetBalance(asset, held.get(asset) or Balance(), time) for asset in assets or held]


def position_balances(message: AccountPosition) -> list[AccountEvent]:
    """The balances of an account position.

    Raises:
        DecodeError: A number is none.
    """
    time = time_from_milliseconds(message.update_time)
    return account_events(
        AssetBalance(AssetNameExchange(found.asset), _balance(found.free, found.locked), time) for found in message.balances
    )


@in_money_context
def _balance(free: str, locked: str) -> Balance:
    available = _amount("free", free)
    return Balance(available + _amount("locked", locked), available)


def _amount(name: str, text: str) -> Decimal:
    number = _signed(name, text)
    if number < 0:
        raise DecodeError(f"{name} is {text!r}, expected zero or a positive number")
    return number


def _signed(name: str, text: str) -> Decimal:
    number = decimal_from_text(text)
    if number is None:
        raise DecodeError(f"{name} is {text!r}, expected a number")
    return number


def _member(name: str, value: str, members: Mapping[str, T]) -> T:
    member = members.get(value)
    if member is None:
        raise DecodeError(f"{name} is {value!r}, expected one of: {', '.join(members)}")
    return member
