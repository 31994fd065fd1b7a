"""Whoever takes down what passes between the engine and its exchanges. Rust origin: none. `recording.recorder` does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from barter_python.execution.account import AccountEvent
from barter_python.execution.order.request import OrderRequest
from barter_python.instrument.exchange import ExchangeId

__all__ = ["LinkRecorder", "SimulatedVenueRecorder"]


class SimulatedVenueRecorder(Protocol):
    """Takes down what happens at a simulated exchange, and gives each thing its moment."""

    def request_arrived(self, request: OrderRequest, earliest: datetime, /) -> datetime:
        """A request, under the venue's names, reaches the exchange; returns the moment, not before `earliest`."""
        ...

    def snapshot_taken(self, earliest: datetime, /) -> datetime:
        """The exchange is asked for its account; returns the moment, not before `earliest`."""
        ...

    def answered(self, time: datetime, events: Sequence[AccountEvent], /) -> None:
        """The exchange sends what happened at `time` on its way."""
        ...


class LinkRecorder(Protocol):
    """Takes down what the engine sends."""

    def sent(self, request: OrderRequest, /) -> None:
        """The engine sends a request."""
        ...

    def exchange(self, venue: ExchangeId, /) -> SimulatedVenueRecorder:
        """What the simulated exchange of a venue needs."""
        ...
