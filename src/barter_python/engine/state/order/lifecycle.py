"""The lifecycle of an order as one table. Rust origin: barter::engine::state::order.

`TRANSITIONS` has for each phase what each input leads to: the next phase, or why the input is ignored. `Orders` follows it, and
docs/reference/order-lifecycle.md is drawn from it. What differs from Rust are the inputs `SNAPSHOT_FILLED` (divergence 5) and
`CANCEL_TOO_LATE` (divergence 20), after which Rust keeps an order.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Final

from barter_python.execution.error import OrderAlreadyCancelled, OrderAlreadyFullyFilled
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import (
    CancelInFlight,
    Cancelled,
    Open,
    OpenInFlight,
    OrderState,
    is_active,
    open_meta,
)

__all__ = [
    "TRANSITIONS",
    "OrderInput",
    "OrderPhase",
    "cancel_input",
    "is_filled",
    "known_open",
    "next_phase",
    "phase",
    "snapshot_input",
    "supersedes",
]


class OrderPhase(Enum):
    """Where an order is in its life.

    UNTRACKED: It was never seen, or has ended.
    OPEN_IN_FLIGHT: The request to open was sent.
    OPEN: It rests at the venue.
    CANCEL_IN_FLIGHT: It rests at the venue, and the request to cancel was sent.
    CANCEL_IN_FLIGHT_UNSEEN: The request to cancel was sent before the venue had shown the order.
    """

    UNTRACKED = "Untracked"
    OPEN_IN_FLIGHT = "OpenInFlight"
    OPEN = "Open"
    CANCEL_IN_FLIGHT = "CancelInFlight"
    CANCEL_IN_FLIGHT_UNSEEN = "CancelInFlightUnseen"


class OrderInput(Enum):
    """What happens to an order; each member's value says it in words."""

    REQUEST_OPEN = "a request to open is sent"
    REQUEST_CANCEL = "a request to cancel is sent"
    SNAPSHOT_OPEN_IN_FLIGHT = "a snapshot has it as being opened"
    SNAPSHOT_OPEN = "a snapshot has it as open"
    SNAPSHOT_OUTDATED = "a snapshot has it as open, but is older than what is known or has less filled"
    SNAPSHOT_FILLED = "a snapshot has it as open with nothing left to fill"
    SNAPSHOT_CANCEL_IN_FLIGHT = "a snapshot has it as being cancelled, and shows it open before"
    SNAPSHOT_CANCEL_IN_FLIGHT_UNSEEN = "a snapshot has it as being cancelled"
    SNAPSHOT_ENDED = "a snapshot has it as cancelled, filled, failed or expired"
    CANCEL_CONFIRMED = "the venue has cancelled it"
    CANCEL_TOO_LATE = "the venue answers a cancel: already filled, or already cancelled"
    CANCEL_REFUSED = "a cancel failed for another reason"


_P = OrderPhase
_I = OrderInput
_GONE: Final = "the order is not tracked, or no longer"
_NOTHING_KNOWN: Final = "nothing was known that could be newer"
_NOTHING_NEW: Final = "it says nothing new"
_FURTHER_ON: Final = "the order is further on"
_OUTDATED: Final = "what is known is newer, and a fill is never undone"
_NOT_RECORDED: Final = "no cancel was recorded: its failure says nothing about the order"
_CANCELLING: Final = "the order is being cancelled already"

_TRACKED_ENDS: Final = dict.fromkeys(
    (_I.SNAPSHOT_FILLED, _I.SNAPSHOT_ENDED, _I.CANCEL_CONFIRMED, _I.CANCEL_TOO_LATE), _P.UNTRACKED
)
_REPLACED: Final = {_I.REQUEST_OPEN: _P.OPEN_IN_FLIGHT}

TRANSITIONS: Final[dict[OrderPhase, dict[OrderInput, OrderPhase | str]]] = {
    _P.UNTRACKED: {
        _I.REQUEST_OPEN: _P.OPEN_IN_FLIGHT,
        _I.REQUEST_CANCEL: _GONE,
        _I.SNAPSHOT_OPEN_IN_FLIGHT: _P.OPEN_IN_FLIGHT,
        _I.SNAPSHOT_OPEN: _P.OPEN,
        _I.SNAPSHOT_OUTDATED: _NOTHING_KNOWN,
        _I.SNAPSHOT_FILLED: _GONE,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT: _P.CANCEL_IN_FLIGHT,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT_UNSEEN: _P.CANCEL_IN_FLIGHT_UNSEEN,
        _I.SNAPSHOT_ENDED: _GONE,
        _I.CANCEL_CONFIRMED: _GONE,
        _I.CANCEL_TOO_LATE: _GONE,
        _I.CANCEL_REFUSED: _GONE,
    },
    _P.OPEN_IN_FLIGHT: {
        **_REPLACED,
        **_TRACKED_ENDS,
        _I.REQUEST_CANCEL: _P.CANCEL_IN_FLIGHT_UNSEEN,
        _I.SNAPSHOT_OPEN_IN_FLIGHT: _NOTHING_NEW,
        _I.SNAPSHOT_OPEN: _P.OPEN,
        _I.SNAPSHOT_OUTDATED: _NOTHING_KNOWN,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT: _P.CANCEL_IN_FLIGHT,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT_UNSEEN: _P.CANCEL_IN_FLIGHT_UNSEEN,
        _I.CANCEL_REFUSED: _NOT_RECORDED,
    },
    _P.OPEN: {
        **_REPLACED,
        **_TRACKED_ENDS,
        _I.REQUEST_CANCEL: _P.CANCEL_IN_FLIGHT,
        _I.SNAPSHOT_OPEN_IN_FLIGHT: _FURTHER_ON,
        _I.SNAPSHOT_OPEN: _P.OPEN,
        _I.SNAPSHOT_OUTDATED: _OUTDATED,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT: _P.CANCEL_IN_FLIGHT,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT_UNSEEN: _P.CANCEL_IN_FLIGHT,
        _I.CANCEL_REFUSED: _NOT_RECORDED,
    },
    _P.CANCEL_IN_FLIGHT: {
        **_REPLACED,
        **_TRACKED_ENDS,
        _I.REQUEST_CANCEL: _CANCELLING,
        _I.SNAPSHOT_OPEN_IN_FLIGHT: _FURTHER_ON,
        _I.SNAPSHOT_OPEN: _P.CANCEL_IN_FLIGHT,
        _I.SNAPSHOT_OUTDATED: _OUTDATED,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT: _CANCELLING,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT_UNSEEN: _CANCELLING,
        _I.CANCEL_REFUSED: _P.OPEN,
    },
    _P.CANCEL_IN_FLIGHT_UNSEEN: {
        **_REPLACED,
        **_TRACKED_ENDS,
        _I.REQUEST_CANCEL: _CANCELLING,
        _I.SNAPSHOT_OPEN_IN_FLIGHT: _FURTHER_ON,
        _I.SNAPSHOT_OPEN: _P.CANCEL_IN_FLIGHT,
        _I.SNAPSHOT_OUTDATED: _NOTHING_KNOWN,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT: _CANCELLING,
        _I.SNAPSHOT_CANCEL_IN_FLIGHT_UNSEEN: _CANCELLING,
        _I.CANCEL_REFUSED: _P.UNTRACKED,  # the answer to the request to open is yet to come, and will tell
    },
}
"""What each input leads to, by phase: the next phase, or why it is ignored."""


def next_phase(current: OrderPhase, event: OrderInput) -> OrderPhase | None:
    """The phase that an input leads to; None where the input is ignored."""
    following = TRANSITIONS[current][event]
    return following if isinstance(following, OrderPhase) else None


def phase(order: Order | None) -> OrderPhase:
    """The phase of an order, None for one that is not tracked."""
    match order:
        case Order(state=OpenInFlight()):
            return _P.OPEN_IN_FLIGHT
        case Order(state=Open()):
            return _P.OPEN
        case Order(state=CancelInFlight(order=None)):
            return _P.CANCEL_IN_FLIGHT_UNSEEN
        case Order(state=CancelInFlight()):
            return _P.CANCEL_IN_FLIGHT
        case _:
            return _P.UNTRACKED


def snapshot_input(current: Order | None, snapshot: Order, known: Open | None) -> OrderInput:
    """What a snapshot means for an order.

    Args:
        current: The order so far.
        snapshot: What the venue says.
        known: What was known of the order before this statement of the venue: its fills cannot be undone.
    """
    match snapshot.state:
        case OpenInFlight():
            return _I.SNAPSHOT_OPEN_IN_FLIGHT
        case CancelInFlight(order=None):
            return _I.SNAPSHOT_CANCEL_IN_FLIGHT_UNSEEN
        case CancelInFlight():
            return _I.SNAPSHOT_CANCEL_IN_FLIGHT
        case Open() as update:
            if current is None or isinstance(current.state, OpenInFlight):
                return _I.SNAPSHOT_FILLED if is_filled(update, snapshot.quantity) else _I.SNAPSHOT_OPEN
            opened = known_open(current)
            return _I.SNAPSHOT_OPEN if opened is None or supersedes(update, opened, known) else _I.SNAPSHOT_OUTDATED
        case _:
            return _I.SNAPSHOT_ENDED


def cancel_input(response: OrderResponseCancel) -> OrderInput:
    """What the answer to a request to cancel means for the order."""
    match response.state:
        case Cancelled():
            return _I.CANCEL_CONFIRMED
        case OrderAlreadyCancelled() | OrderAlreadyFullyFilled():
            return _I.CANCEL_TOO_LATE
        case _:
            return _I.CANCEL_REFUSED


def known_open(order: Order) -> Open | None:
    """What is known of a tracked order at the venue; None where it was not seen there yet."""
    return open_meta(order.state) if is_active(order.state) else None


def supersedes(update: Open, current: Open, known: Open | None) -> bool:
    """Whether an update is as recent as the current state, and loses no fill that was known before."""
    return current.time_exchange <= update.time_exchange and (known is None or known.filled_quantity <= update.filled_quantity)


def is_filled(state: OrderState, quantity: Decimal) -> bool:
    """Whether nothing of `quantity` remains to be filled."""
    opened = state if isinstance(state, Open) else state.order if isinstance(state, CancelInFlight) else None
    return opened is not None and opened.filled_quantity >= quantity
