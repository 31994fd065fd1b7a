"""What the engine processes. Rust origin: barter::EngineEvent.

Rust nests events (`EngineEvent::Market(MarketStreamEvent::Item(..))`); here each is its own type and the codec
restores the nesting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.engine.command import Command
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent, AccountReconnecting, AccountSnapshot, Funding
from barter_python.execution.balance import AssetBalance
from barter_python.execution.order import state as order_state
from barter_python.execution.order.order import Order
from barter_python.execution.trade import Trade

__all__ = ["EngineEvent", "Shutdown", "TradingStateUpdate", "is_terminal", "time_exchange"]


@dataclass(slots=True)
class Shutdown:
    """Stop the engine."""


@dataclass(slots=True)
class TradingStateUpdate:
    """Switch trading on or off."""

    trading_state: TradingState


EngineEvent: TypeAlias = (
    Shutdown | Command | TradingStateUpdate | AccountEvent | AccountReconnecting | MarketEvent | MarketReconnecting
)


def is_terminal(event: EngineEvent) -> bool:
    """Whether the engine stops with this event."""
    return isinstance(event, Shutdown)


def time_exchange(event: EngineEvent) -> datetime | None:
    """The venue's stamp of an event, None for an event that has none."""
    if isinstance(event, MarketEvent):
        return event.time_exchange
    if not isinstance(event, AccountEvent):
        return None
    kind = event.kind
    if isinstance(kind, Trade | AssetBalance | Funding):
        return kind.time_exchange
    if isinstance(kind, AccountSnapshot):
        return kind.time_most_recent()
    if isinstance(kind, Order):
        return order_state.time_exchange(kind.state)
    return kind.state.time_exchange if isinstance(kind.state, order_state.Cancelled) else None
