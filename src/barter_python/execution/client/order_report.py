"""An order as a venue tells of it. Rust origin: none: once an order has ended its states know neither id nor fills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order

__all__ = ["OrderReport"]


@dataclass(slots=True, kw_only=True)
class OrderReport(Order):
    """An order in some state, and how far it got.

    Its owner, and what was asked for, need not be known: the link restores both. In state `OpenInFlight` it is an
    acknowledgement: the venue has the request and a name for the order, and may yet refuse it.

    Attributes:
        id: The venue's order id.
        filled: How much of it was ever filled, in base units or contracts.
        time_exchange: The venue's stamp of this state, aware UTC.
    """

    id: OrderId
    filled: Decimal
    time_exchange: datetime
