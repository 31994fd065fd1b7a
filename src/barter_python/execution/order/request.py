"""Requests to open and to cancel orders, and the answers. Rust origin: barter_execution::order::request."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from barter_python.execution.error import OrderError
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.state import Cancelled
from barter_python.instrument.side import Side

__all__ = [
    "OrderRequest",
    "OrderRequestCancel",
    "OrderRequestOpen",
    "OrderResponseCancel",
    "RequestCancel",
    "RequestOpen",
]


@dataclass(slots=True)
class RequestOpen:
    """The order that is wanted.

    Attributes:
        side: Buy or sell.
        price: Limit price, or the expected price of a market order, in quote currency.
        quantity: In base units or contracts, positive.
        kind: Market or limit.
        time_in_force: How long the order lives.
    """

    side: Side
    price: Decimal
    quantity: Decimal
    kind: OrderKind
    time_in_force: TimeInForce


@dataclass(slots=True)
class RequestCancel:
    """Which order is to be cancelled.

    Attributes:
        id: The venue's order id; None where it is not known, then the client order id of the key counts.
    """

    id: OrderId | None = None


@dataclass(slots=True)
class OrderRequestOpen:
    """A request to open an order. Rust: `OrderEvent<RequestOpen>`."""

    key: OrderKey
    state: RequestOpen


@dataclass(slots=True)
class OrderRequestCancel:
    """A request to cancel an order. Rust: `OrderEvent<RequestCancel>`."""

    key: OrderKey
    state: RequestCancel


OrderRequest: TypeAlias = OrderRequestOpen | OrderRequestCancel


@dataclass(slots=True)
class OrderResponseCancel:
    """The answer to a request to cancel. Rust: `OrderEvent<Result<Cancelled, OrderError>>`."""

    key: OrderKey
    state: Cancelled | OrderError
