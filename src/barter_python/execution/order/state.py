"""States of an order. Rust origin: barter_execution::order::state.

Rust nests `OrderState::Active(..)` and `OrderState::Inactive(..)`; here the seven states stand side by side and the two halves
are the aliases `ActiveOrderState` and `InactiveOrderState`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeAlias, TypeGuard

from barter_python.execution.error import OrderError
from barter_python.execution.order.id import OrderId
from barter_python.numeric import in_money_context

__all__ = [
    "EXPIRED",
    "FULLY_FILLED",
    "OPEN_IN_FLIGHT",
    "ActiveOrderState",
    "CancelInFlight",
    "Cancelled",
    "Expired",
    "FullyFilled",
    "InactiveOrderState",
    "Open",
    "OpenFailed",
    "OpenInFlight",
    "OrderState",
    "is_active",
    "is_inactive",
    "open_meta",
    "time_exchange",
]


@dataclass(slots=True)
class OpenInFlight:
    """The request to open was sent, nothing was heard yet."""


@dataclass(slots=True)
class Open:
    """The order rests at the venue.

    Attributes:
        id: The venue's order id.
        time_exchange: Of this state, aware UTC.
        filled_quantity: Filled so far, from zero to the order's quantity.
    """

    id: OrderId
    time_exchange: datetime
    filled_quantity: Decimal

    @in_money_context
    def quantity_remaining(self, initial_quantity: Decimal) -> Decimal:
        """What is left to fill of `initial_quantity`."""
        return initial_quantity - self.filled_quantity


@dataclass(slots=True)
class CancelInFlight:
    """The request to cancel was sent, nothing was heard yet.

    Attributes:
        order: The open order as last known; None where it was not known to be open.
    """

    order: Open | None = None


@dataclass(slots=True)
class Cancelled:
    """The order was cancelled.

    Attributes:
        id: The venue's order id.
        time_exchange: Of the cancellation, aware UTC.
    """

    id: OrderId
    time_exchange: datetime


@dataclass(slots=True)
class FullyFilled:
    """Nothing is left of the order."""


@dataclass(slots=True)
class OpenFailed:
    """The order was never opened.

    Attributes:
        error: Why.
    """

    error: OrderError


@dataclass(slots=True)
class Expired:
    """The order reached the end of its time in force."""


ActiveOrderState: TypeAlias = OpenInFlight | Open | CancelInFlight
"""States in which the order may still be filled."""

InactiveOrderState: TypeAlias = Cancelled | FullyFilled | OpenFailed | Expired
"""Final states."""

OrderState: TypeAlias = ActiveOrderState | InactiveOrderState

OPEN_IN_FLIGHT: Final = OpenInFlight()
FULLY_FILLED: Final = FullyFilled()
EXPIRED: Final = Expired()


def is_active(state: OrderState) -> TypeGuard[ActiveOrderState]:
    """Whether the order may still be filled."""
    return isinstance(state, OpenInFlight | Open | CancelInFlight)


def is_inactive(state: OrderState) -> TypeGuard[InactiveOrderState]:
    """Whether the order has come to its end."""
    return isinstance(state, Cancelled | FullyFilled | OpenFailed | Expired)


def open_meta(state: ActiveOrderState) -> Open | None:
    """What is known of the order at the venue; None where it was not seen there yet."""
    match state:
        case Open():
            return state
        case CancelInFlight(order=order):
            return order
        case _:
            return None


def time_exchange(state: OrderState) -> datetime | None:
    """The venue's stamp of a state, None for a state that has none."""
    match state:
        case Open() | Cancelled():
            return state.time_exchange
        case CancelInFlight(order=Open() as order):
            return order.time_exchange
        case _:
            return None
