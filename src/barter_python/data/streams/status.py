"""What is known about each connection: health belongs to a connection, not to its venue, which may have several."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from barter_python.data.subscription import Subscription
from barter_python.errors import BarterError
from barter_python.instrument.exchange import ExchangeId

__all__ = ["ConnectionLost", "ConnectionState", "ConnectionStatus"]


class ConnectionState(Enum):
    """CONNECTING: was never up. LIVE: subscribed. RECONNECTING: was lost. CLOSED: by us."""

    CONNECTING = "connecting"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    CLOSED = "closed"


@dataclass(slots=True)
class ConnectionStatus:
    """A connection as a monitor sees it. It changes while the connection lives.

    Attributes:
        exchange: The venue.
        instruments: Keys of the instruments whose data it carries.
        state: Where it is.
        time_connected: When it was last subscribed, aware UTC.
        time_received: When it last received a message, aware UTC.
        connections: How often it was connected.
        messages: How many were received.
        errors: How many could not be read.
        silent: Subscriptions that have brought nothing for longer than their kind allows.
        last_error: What ended the connection before this one, or what could not be read.
    """

    exchange: ExchangeId
    instruments: tuple[Any, ...] = ()
    state: ConnectionState = ConnectionState.CONNECTING
    time_connected: datetime | None = None
    time_received: datetime | None = None
    connections: int = 0
    messages: int = 0
    errors: int = 0
    silent: tuple[Subscription[Any], ...] = ()
    last_error: BarterError | None = field(default=None)


@dataclass(slots=True, frozen=True)
class ConnectionLost:
    """A connection was lost and is being replaced. Rust: `reconnect::Event::Reconnecting`, which names only the venue.

    Attributes:
        exchange: The venue.
        instruments: Keys of the instruments whose data is interrupted.
        reason: What happened.
    """

    exchange: ExchangeId
    instruments: tuple[Any, ...]
    reason: BarterError
