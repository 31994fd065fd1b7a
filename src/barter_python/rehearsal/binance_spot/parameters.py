"""Parameters of a request, and the orders that they describe. Rust origin: none.

Source: rest-api.md of https://github.com/binance/binance-spot-api-docs
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final
from urllib.parse import parse_qsl

from barter_python.execution.order.order import OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import RequestOpen
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, decimal_from_text
from barter_python.rehearsal.binance_spot.refusal import DUPLICATE_PARAMETER, Refusal, illegal_characters, missing

__all__ = ["ORDER_PARAMETERS", "Parameters", "wanted_order"]

_CLIENT_ID: Final = "^[a-zA-Z0-9-_]{1,36}$"
_DECIMAL: Final = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
_INTEGER: Final = "^[0-9]{1,20}$"

_SIDES: Final = {"BUY": Side.BUY, "SELL": Side.SELL}
_TIMES_IN_FORCE: Final = {
    "GTC": TimeInForce.GOOD_UNTIL_CANCELLED,
    "IOC": TimeInForce.IMMEDIATE_OR_CANCEL,
    "FOK": TimeInForce.FILL_OR_KILL,
}
_STOP, _PROFIT = TriggerKind.STOP, TriggerKind.TAKE_PROFIT
_TYPES: Final[Mapping[str, tuple[OrderKind, bool, TriggerKind | None]]] = {
    "LIMIT": (OrderKind.LIMIT, True, None),
    "LIMIT_MAKER": (OrderKind.LIMIT, False, None),
    "MARKET": (OrderKind.MARKET, False, None),
    "STOP_LOSS": (OrderKind.MARKET, False, _STOP),
    "STOP_LOSS_LIMIT": (OrderKind.LIMIT, True, _STOP),
    "TAKE_PROFIT": (OrderKind.MARKET, False, _PROFIT),
    "TAKE_PROFIT_LIMIT": (OrderKind.LIMIT, True, _PROFIT),
}
"""Kind, whether a time in force is needed, and what the trigger is for."""

_UNSUPPORTED: Final = {
    "quoteOrderQty": "Quote order qty market orders are not support for this symbol.",
    "icebergQty": "Iceberg orders are not supported for this symbol.",
    "trailingDelta": "Trailing stop orders are not supported for this symbol.",
    "pegPriceType": "Pegged orders are not supported for this symbol.",
}

ORDER_PARAMETERS: Final = frozenset(
    {
        *("symbol", "side", "type", "timeInForce", "quantity", "price", "newClientOrderId", "stopPrice", "newOrderRespType"),
        *("strategyId", "strategyType", "selfTradePreventionMode"),
        *_UNSUPPORTED,
    }
)
"""Of a new order."""


class Parameters:
    """Of the query and the body; what is in both counts as in the query.

    Args:
        query: As it was sent.
        body: As it was sent.

    Raises:
        Refusal: A parameter comes twice.
    """

    def __init__(self, query: str, body: str = "") -> None:
        self._values = _pairs(body) | _pairs(query)

    def check_known(self, known: Collection[str]) -> None:
        """Refuse parameters that the request does not have.

        Raises:
            Refusal: There is one.
        """
        read = sum(name in known for name in self._values)
        if read < len(self._values):
            sent = len(self._values)
            raise Refusal(-1104, f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'.")

    def text(self, name: str) -> str | None:
        """A parameter, None where it was not sent.

        Raises:
            Refusal: It is empty.
        """
        value = self._values.get(name)
        if value == "":
            raise Refusal(-1105, f"Parameter '{name}' was empty.")
        return value

    def needed(self, name: str) -> str:
        """A parameter that must be there.

        Raises:
            Refusal: It is not.
        """
        value = self._values.get(name)
        if not value:
            raise missing(name)
        return value

    def integer(self, name: str) -> int | None:
        """A whole number, None where it was not sent.

        Raises:
            Refusal: It is none.
        """
        text = self.text(name)
        if text is None:
            return None
        if not re.fullmatch(_INTEGER, text, re.ASCII):
            raise illegal_characters(name, _INTEGER)
        return int(text)

    def decimal(self, name: str) -> Decimal | None:
        """A number, None where it was not sent.

        Raises:
            Refusal: It is none.
        """
        text = self.text(name)
        if text is None:
            return None
        value = decimal_from_text(text) if re.fullmatch(_DECIMAL, text, re.ASCII) else None
        if value is None:
            raise illegal_characters(name, _DECIMAL)
        return value

    def client_id(self, name: str) -> str | None:
        """A client order id, None where it was not sent.

        Raises:
            Refusal: It has other characters than are allowed, or too many.
        """
        text = self.text(name)
        if text is not None and not re.fullmatch(_CLIENT_ID, text, re.ASCII):
            raise illegal_characters(name, _CLIENT_ID)
        return text


def _pairs(text: str) -> dict[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True)
    values = dict(pairs)
    if len(values) < len(pairs):
        raise Refusal(*DUPLICATE_PARAMETER)
    return values


def wanted_order(parameters: Parameters) -> tuple[str, RequestOpen]:
    """The type and the order that the parameters of a new order describe.

    Raises:
        Refusal: They describe none.
    """
    side = _SIDES.get(parameters.needed("side"))
    if side is None:
        raise Refusal(-1117, "Invalid side.")
    order_type = parameters.needed("type")
    if order_type not in _TYPES:
        raise Refusal(-1116, "Invalid orderType.")
    for name, message in _UNSUPPORTED.items():
        if parameters.text(name) is not None:
            raise Refusal(-2010, message)
    kind, needs_time_in_force, trigger_kind = _TYPES[order_type]
    quantity = _needed_decimal(parameters, "quantity")
    price = ZERO
    if kind is OrderKind.LIMIT:
        price = _needed_decimal(parameters, "price")
    else:
        _check_not_sent(parameters, "price")
    trigger = None
    if trigger_kind is None:
        _check_not_sent(parameters, "stopPrice")
    else:
        trigger = Trigger(_needed_decimal(parameters, "stopPrice"), trigger_kind)
    time_in_force = _time_in_force(parameters, order_type, is_needed=needs_time_in_force)
    return order_type, RequestOpen(side, price, quantity, kind, time_in_force, trigger=trigger)


def _time_in_force(parameters: Parameters, order_type: str, *, is_needed: bool) -> TimeInForce:
    if not is_needed:
        _check_not_sent(parameters, "timeInForce")
        return TimeInForce.good_until_cancelled(post_only=order_type == "LIMIT_MAKER")
    time_in_force = _TIMES_IN_FORCE.get(parameters.needed("timeInForce"))
    if time_in_force is None:
        raise Refusal(-1115, "Invalid timeInForce.")
    return time_in_force


def _needed_decimal(parameters: Parameters, name: str) -> Decimal:
    parameters.needed(name)
    value = parameters.decimal(name)
    if value is None:
        raise missing(name)
    return value


def _check_not_sent(parameters: Parameters, name: str) -> None:
    if parameters.text(name) is not None:
        raise Refusal(-1106, f"Parameter '{name}' sent when not required.")
