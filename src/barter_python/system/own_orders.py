"""Which orders are ours, on an account that others may use too. Rust origin: none; Rust cancels every order of an instrument.

An order that was not sent in this session has no known strategy: it was placed by hand, by another program, or by an earlier
session that left it there. It is left alone.
"""

from __future__ import annotations

from typing import Any

from barter_python.engine.state.state import EngineState
from barter_python.execution.order.id import STRATEGY_UNKNOWN
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, to_request_cancel

__all__ = ["cancel_own_orders", "is_own"]


def is_own(order: Order) -> bool:
    """Whether this session has sent it."""
    return order.key.strategy != STRATEGY_UNKNOWN


def cancel_own_orders(state: EngineState[Any, Any]) -> tuple[OrderRequestCancel, ...]:
    """The requests that cancel every order of ours that is not being cancelled yet."""
    own = (order for instrument in state.instruments for order in instrument.orders.orders() if is_own(order))
    return tuple(request for order in own if (request := to_request_cancel(order)) is not None)
