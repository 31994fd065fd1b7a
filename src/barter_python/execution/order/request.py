"""Requests to open and to cancel orders, and the answers. Rust origin: barter_execution::order::request."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from barter_python.execution.error import OrderError
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce, Trigger
from barter_python.execution.order.state import OPEN_IN_FLIGHT, Cancelled, Open, OpenInFlight
from barter_python.instrument.side import Side

__all__ = [
    "OrderRequest",
    "OrderRequestCancel",
    "OrderRequestOpen",
    "OrderResponseCancel",
    "RequestCancel",
    "RequestOpen",
    "to_request_cancel",
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
        reduce_only: Whether the order may only reduce a position, never open or flip one. Rust has no such flag.
        trigger: What the market has to do before the order arrives at the book; None to arrive at once. Rust has none.
    """

    side: Side
    price: Decimal
    quantity: Decimal
    kind: OrderKind
    time_in_force: TimeInForce
    reduce_only: bool = False
    trigger: Trigger | None = None


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

    def to_order(self) -> Order:
        """The order while this request is in flight."""
        wanted = self.state
        return Order(
            self.key,
            wanted.side,
            wanted.price,
            wanted.quantity,
            wanted.kind,
            wanted.time_in_force,
            OPEN_IN_FLIGHT,
            wanted.reduce_only,
            wanted.trigger,
        )


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


def to_request_cancel(order: Order) -> OrderRequestCancel | None:
    """The request that cancels an order; None where it is being cancelled already, or has come to its end."""
    match order.state:
        case Open(id=order_id):
            return OrderRequestCancel(order.key, RequestCancel(order_id))
        case OpenInFlight():
            return OrderRequestCancel(order.key, RequestCancel(None))
        case _:
            return None
