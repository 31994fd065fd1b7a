"""Requests that a venue refuses whatever the market and the account are like. Rust origin: none.

Nothing of a request is taken for granted: members of another type than declared are refused, not raised for.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

from barter_python.execution.error import InstrumentInvalid, OrderError, OrderRejected
from barter_python.execution.order.order import OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.kind import FutureContract, contract_size
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO

__all__ = ["check_shape", "check_spec", "check_tradable"]

_PRICE_MAX: Final = Decimal(10**12)
_QUANTITY_MAX: Final = Decimal(10**15)
_VALUE_MAX: Final = Decimal(10**24)
_EXACT: Final = Context(prec=90)
"""For products that may be beyond what an account can hold."""
_DIGITS_MAX: Final = 28


def check_shape(request: OrderRequestOpen) -> OrderError | None:
    """Whether it is an order at all: types and numbers. None where it is."""
    wanted: Any = request.state
    key: Any = request.key
    if not isinstance(wanted, RequestOpen):
        return OrderRejected(f"state is of type {type(wanted).__name__}, expected RequestOpen")
    if not isinstance(key.cid, str):
        return OrderRejected(f"cid is of type {type(key.cid).__name__}, expected text")
    kinds = (("side", Side), ("kind", OrderKind), ("time_in_force", TimeInForce), ("reduce_only", bool))
    for member, kind in kinds:
        if not isinstance(getattr(wanted, member), kind):
            return OrderRejected(f"{member} is of type {type(getattr(wanted, member)).__name__}, expected {kind.__name__}")
    problem = _number_problem("quantity", wanted.quantity, _QUANTITY_MAX)
    if problem is None:
        problem = _price_problem(wanted)
    if problem is None and wanted.trigger is not None:
        problem = _trigger_problem(wanted.trigger)
    if problem is None and wanted.kind is OrderKind.MARKET and wanted.time_in_force.post_only:
        problem = "a market order cannot be post-only"
    return None if problem is None else OrderRejected(problem)


def _price_problem(wanted: RequestOpen) -> str | None:
    """A market order has no price of its own: what it expects may have any number of digits, and be zero for unknown."""
    price: Any = wanted.price
    if wanted.kind is OrderKind.MARKET and isinstance(price, Decimal) and price.is_finite() and ZERO <= price <= _PRICE_MAX:
        return None
    return _number_problem("price", price, _PRICE_MAX)


def _number_problem(member: str, value: object, largest: Decimal) -> str | None:
    if not isinstance(value, Decimal):
        return f"{member} is of type {type(value).__name__}, expected a Decimal"
    if not value.is_finite() or value <= ZERO:
        return f"{member} {value}, expected a positive number"
    if value > largest:
        return f"{member} {value}, expected at most {largest}"
    digits, exponent = value.as_tuple()[1:]
    if len(digits) > _DIGITS_MAX or not isinstance(exponent, int) or exponent < -_DIGITS_MAX:
        return f"{member} has more digits than an account keeps, expected at most {_DIGITS_MAX}"
    return None


def _trigger_problem(trigger: object) -> str | None:
    if not isinstance(trigger, Trigger) or not isinstance(trigger.kind, TriggerKind):
        return f"trigger is of type {type(trigger).__name__}, expected a Trigger"
    return _number_problem("trigger price", trigger.price, _PRICE_MAX)


def check_tradable(instrument: InstrumentDefinition, time: datetime) -> OrderError | None:
    """Whether the instrument trades at that time."""
    kind = instrument.kind
    if isinstance(kind, FutureContract) and kind.expiry <= time:
        return InstrumentInvalid(instrument.name_exchange, f"expired at {kind.expiry.isoformat()}")
    return None


def check_spec(instrument: InstrumentDefinition, wanted: RequestOpen) -> OrderError | None:
    """Whether the venue's limits on prices and quantities are kept. A limit of None or zero is not enforced."""
    highest = wanted.price if wanted.trigger is None else max(wanted.price, wanted.trigger.price)
    value = _EXACT.multiply(_EXACT.multiply(highest, wanted.quantity), contract_size(instrument.kind))
    if value > _VALUE_MAX:
        return OrderRejected(f"price {highest} times quantity {wanted.quantity}, expected a value of at most {_VALUE_MAX}")
    spec = instrument.spec
    if spec is None:
        return None
    prices = [] if wanted.kind is OrderKind.MARKET else [("price", wanted.price)]
    if wanted.trigger is not None:
        prices.append(("trigger price", wanted.trigger.price))
    for member, price in prices:
        if spec.price.min and price < spec.price.min:
            return OrderRejected(f"{member} {price} is below the minimum price {spec.price.min}")
        if not _is_multiple(price, spec.price.tick_size):
            return OrderRejected(f"{member} {price} is no multiple of the tick size {spec.price.tick_size}")
    if spec.quantity.min and wanted.quantity < spec.quantity.min:
        return OrderRejected(f"quantity {wanted.quantity} is below the minimum quantity {spec.quantity.min}")
    if not _is_multiple(wanted.quantity, spec.quantity.increment):
        return OrderRejected(f"quantity {wanted.quantity} is no multiple of the lot size {spec.quantity.increment}")
    return None


def _is_multiple(value: Decimal, step: Decimal | None) -> bool:
    if not step:
        return True
    try:
        return not value % step
    except InvalidOperation:  # the quotient has more digits than the context
        return False
