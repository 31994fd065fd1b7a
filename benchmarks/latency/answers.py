"""What the venue of the measurement answers: every order is filled at once, at one price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRICE = "60000.00000000"
_HELD = {"BTC": "1000.00000000", "USDT": "50000000.00000000"}
_ZERO = "0.00000000"

ANSWERS: Mapping[str, Any] = {
    "/api/v3/exchangeInfo": {
        "rateLimits": [],
        "symbols": [{"symbol": "BTCUSDT", "baseAsset": "BTC", "quoteAsset": "USDT"}],
    },
    "/api/v3/account": {
        "updateTime": 0,
        "balances": [{"asset": asset, "free": free, "locked": _ZERO} for asset, free in _HELD.items()],
    },
    "/api/v3/openOrders": [],
    "/api/v3/myTrades": [],
}
"""By path."""


def filled(wanted: Mapping[str, str], time_ms: int) -> dict[str, Any]:
    """The answer to an order."""
    return {
        "symbol": wanted["symbol"],
        "orderId": int(wanted["newClientOrderId"]),
        "orderListId": -1,
        "clientOrderId": wanted["newClientOrderId"],
        "transactTime": time_ms,
        "price": _ZERO,
        "origQty": wanted["quantity"],
        "executedQty": wanted["quantity"],
        "status": "FILLED",
        "timeInForce": "GTC",
        "type": wanted["type"],
        "side": wanted["side"],
    }


def account_events(wanted: Mapping[str, str], time_ms: int) -> list[dict[str, Any]]:
    """What the stream of the account tells of an order: it is new, it is filled, and the balances."""
    balances = [{"a": asset, "f": free, "l": _ZERO} for asset, free in _HELD.items()]
    quantity, number = wanted["quantity"], int(wanted["newClientOrderId"])
    is_new = {"x": "NEW", "X": "NEW", "l": _ZERO, "z": _ZERO, "L": _ZERO, "n": "0", "N": None, "t": -1}
    is_filled = {"x": "TRADE", "X": "FILLED", "l": quantity, "z": quantity, "L": PRICE, "n": _ZERO, "N": "USDT", "t": number}
    return [
        _report(wanted, time_ms, is_new),
        _report(wanted, time_ms, is_filled),
        {"e": "outboundAccountPosition", "E": time_ms, "u": time_ms, "B": balances},
    ]


def _report(wanted: Mapping[str, str], time_ms: int, execution: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "e": "executionReport",
        "E": time_ms,
        "s": wanted["symbol"],
        "c": wanted["newClientOrderId"],
        "S": wanted["side"],
        "o": wanted["type"],
        "f": "GTC",
        "q": wanted["quantity"],
        "p": _ZERO,
        "C": "",
        "r": "NONE",
        "i": int(wanted["newClientOrderId"]),
        "T": time_ms,
        "m": False,
        **execution,
    }
