"""Orders and trades as the venue answers with them. Rust origin: none.

Source: rest-api.md of https://github.com/binance/binance-spot-api-docs
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from barter_python.execution.order.order import TimeInForce
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO
from barter_python.rehearsal.binance_spot.books import VenueOrder, VenueTrade
from barter_python.rehearsal.binance_spot.number_text import amount_text, milliseconds

__all__ = ["SIDES", "TIMES_IN_FORCE", "cancel_answer", "open_answer", "order_answer", "trade_answer"]

SIDES: Final = {Side.BUY: "BUY", Side.SELL: "SELL"}

TIMES_IN_FORCE: Final = {
    TimeInForce.GOOD_UNTIL_CANCELLED: "GTC",
    TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY: "GTC",
    TimeInForce.GOOD_UNTIL_END_OF_DAY: "GTC",
    TimeInForce.IMMEDIATE_OR_CANCEL: "IOC",
    TimeInForce.FILL_OR_KILL: "FOK",
}


def open_answer(order: VenueOrder, response_type: str, time: datetime) -> dict[str, Any]:
    """The answer to a new order: `ACK`, `RESULT` or `FULL`."""
    answer: dict[str, Any] = {
        "symbol": order.symbol,
        "orderId": order.id,
        "orderListId": -1,
        "clientOrderId": order.client_id,
        "transactTime": milliseconds(time),
    }
    if response_type == "ACK":
        return answer
    answer |= _state(order)
    answer |= {"workingTime": milliseconds(order.time), "selfTradePreventionMode": "NONE"}
    if response_type == "FULL":
        answer["fills"] = [
            {
                "price": amount_text(fill.price),
                "qty": amount_text(fill.quantity),
                "commission": amount_text(fill.commission),
                "commissionAsset": fill.commission_asset,
                "tradeId": fill.id,
            }
            for fill in order.trades
        ]
    return answer


def cancel_answer(order: VenueOrder, cancel_id: str, time: datetime) -> dict[str, Any]:
    """The answer to a cancellation."""
    answer: dict[str, Any] = {
        "symbol": order.symbol,
        "origClientOrderId": order.client_id,
        "orderId": order.id,
        "orderListId": -1,
        "clientOrderId": cancel_id,
        "transactTime": milliseconds(time),
    }
    return answer | _state(order) | {"selfTradePreventionMode": "NONE"}


def order_answer(order: VenueOrder) -> dict[str, Any]:
    """An order that was asked for."""
    answer: dict[str, Any] = {
        "symbol": order.symbol,
        "orderId": order.id,
        "orderListId": -1,
        "clientOrderId": order.client_id,
    }
    answer |= _state(order)
    answer.setdefault("stopPrice", amount_text(ZERO))
    return answer | {
        "icebergQty": amount_text(ZERO),
        "time": milliseconds(order.time),
        "updateTime": milliseconds(order.update_time),
        "isWorking": True,
        "workingTime": milliseconds(order.time),
        "selfTradePreventionMode": "NONE",
    }


def trade_answer(trade: VenueTrade) -> dict[str, Any]:
    """A trade that was asked for."""
    return {
        "symbol": trade.symbol,
        "id": trade.id,
        "orderId": trade.order_id,
        "orderListId": -1,
        "price": amount_text(trade.price),
        "qty": amount_text(trade.quantity),
        "quoteQty": amount_text(trade.quote_quantity),
        "commission": amount_text(trade.commission),
        "commissionAsset": trade.commission_asset,
        "time": milliseconds(trade.time),
        "isBuyer": trade.side is Side.BUY,
        "isMaker": trade.is_maker,
        "isBestMatch": True,
    }


def _state(order: VenueOrder) -> dict[str, Any]:
    state: dict[str, Any] = {
        "price": amount_text(order.price),
        "origQty": amount_text(order.quantity),
        "executedQty": amount_text(order.executed),
        "origQuoteOrderQty": amount_text(ZERO),
        "cummulativeQuoteQty": amount_text(order.quote_executed),
        "status": order.status,
        "timeInForce": TIMES_IN_FORCE[order.time_in_force],
        "type": order.type,
        "side": SIDES[order.side],
    }
    if order.trigger is not None:
        state["stopPrice"] = amount_text(order.trigger.price)
    if order.expiry_reason:
        state["expiryReason"] = order.expiry_reason
    return state
