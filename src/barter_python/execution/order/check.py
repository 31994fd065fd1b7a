"""What code of a user asks for, checked before it is sent: types first, then numbers. Rust origin: none; Rust's types do it.

What a venue may refuse is left to the venue: here only what no order can mean is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, TypeVar

from barter_python.errors import StrategyError, shown
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce, Trigger
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen
from barter_python.instrument.side import Side
from barter_python.numeric import CONTEXT, DECIMAL_MAX, ZERO

__all__ = ["check_pair", "check_requests"]

RequestT = TypeVar("RequestT", OrderRequestOpen, OrderRequestCancel)

_MEMBERS: Final[tuple[tuple[str, type], ...]] = (
    ("side", Side),
    ("price", Decimal),
    ("quantity", Decimal),
    ("kind", OrderKind),
    ("time_in_force", TimeInForce),
    ("reduce_only", bool),
)


def check_pair(answer: object) -> tuple[object, object]:
    """What a strategy answers: orders to cancel, and orders to open.

    Raises:
        StrategyError: It is not two of something.
    """
    if isinstance(answer, tuple | list) and len(answer) == 2:
        return answer[0], answer[1]
    raise StrategyError(f"the strategy's answer: found {shown(answer)}, expected (cancels, opens), such as NO_ORDERS")


def check_requests(cancels: object, opens: object) -> tuple[tuple[OrderRequestCancel, ...], tuple[OrderRequestOpen, ...]]:
    """The orders that a strategy wants cancelled and opened.

    Raises:
        StrategyError: There is something else among them, or an order has a value that none can have; names the member.
    """
    checked_cancels = tuple(_request(item, f"cancels[{index}]", OrderRequestCancel) for index, item in _items("cancels", cancels))
    checked_opens = tuple(_request(item, f"opens[{index}]", OrderRequestOpen) for index, item in _items("opens", opens))
    for index, request in enumerate(checked_opens):
        _check_open(request.state, f"opens[{index}].state")
    return checked_cancels, checked_opens


def _items(name: str, requests: object) -> Iterable[tuple[int, object]]:
    if isinstance(requests, Iterable) and not isinstance(requests, str | bytes | Mapping):
        return enumerate(requests)
    raise StrategyError(f"{name}: found {shown(requests)}, expected a list or a tuple of requests")


def _request(item: object, path: str, kind: type[RequestT]) -> RequestT:
    if not isinstance(item, kind):
        raise _wrong(path, item, kind.__name__)
    state = RequestOpen if kind is OrderRequestOpen else RequestCancel
    for name, value, expected in (("key", item.key, OrderKey), ("state", item.state, state)):
        if not isinstance(value, expected):
            raise _wrong(f"{path}.{name}", value, expected.__name__)
    return item


def _check_open(wanted: RequestOpen, path: str) -> None:
    for name, expected in _MEMBERS:
        value = getattr(wanted, name)
        if not isinstance(value, expected):
            raise _wrong(f"{path}.{name}", value, expected.__name__)
    _check_number(wanted.price, f"{path}.price")
    _check_number(wanted.quantity, f"{path}.quantity")
    if wanted.quantity <= ZERO:
        raise StrategyError(f"{path}.quantity: found {wanted.quantity}, expected a positive number")
    if wanted.trigger is not None:
        if not isinstance(wanted.trigger, Trigger) or not isinstance(wanted.trigger.price, Decimal):
            raise _wrong(f"{path}.trigger", wanted.trigger, "a Trigger whose price is a Decimal, or None")
        _check_number(wanted.trigger.price, f"{path}.trigger.price")


def _check_number(value: Decimal, path: str) -> None:
    """Money has at most 28 decimals; what has more would be rounded, to zero in the end."""
    if not value.is_finite() or value.copy_abs() > DECIMAL_MAX or CONTEXT.plus(value) != value:
        raise StrategyError(f"{path}: found {shown(value)}, expected a finite number of at most 28 decimals")


def _wrong(path: str, value: object, expected: str) -> StrategyError:
    hint = ""
    if expected == Decimal.__name__ and isinstance(value, float | int) and not isinstance(value, bool):
        hint = f": Decimal(str({shown(value)}))"
    return StrategyError(f"{path}: found {shown(value)} of type {type(value).__name__}, expected {expected}{hint}")
