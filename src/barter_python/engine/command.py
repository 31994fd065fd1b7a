"""What an operator can tell the engine to do. Rust origin: barter::engine::command.

Commands bypass the risk manager, and are obeyed whether trading is enabled or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from barter_python.engine.state.instrument.filter import InstrumentFilter
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen

__all__ = ["CancelOrders", "ClosePositions", "Command", "SendCancelRequests", "SendOpenRequests"]


@dataclass(slots=True)
class SendCancelRequests:
    """Cancel these orders."""

    requests: tuple[OrderRequestCancel, ...]


@dataclass(slots=True)
class SendOpenRequests:
    """Open these orders."""

    requests: tuple[OrderRequestOpen, ...]


@dataclass(slots=True)
class ClosePositions:
    """Close the positions of the selected instruments, as the strategy would."""

    filter: InstrumentFilter = None


@dataclass(slots=True)
class CancelOrders:
    """Cancel every order of the selected instruments."""

    filter: InstrumentFilter = None


Command: TypeAlias = SendCancelRequests | SendOpenRequests | ClosePositions | CancelOrders
