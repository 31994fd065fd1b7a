"""Messages of a channel on their way out, with what befalls them. Rust origin: none."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from barter_python.rehearsal.binance_spot.fault_plan import FaultPlan
from barter_python.rehearsal.binance_spot.faults import (
    DelayMessages,
    DropConnections,
    DuplicateMessages,
    GarbleMessages,
    GoSilent,
    ReorderMessages,
    SkipMessages,
    VenueChannel,
)

__all__ = ["Delivery", "Effect", "Outgoing"]


@dataclass(slots=True, frozen=True)
class Outgoing:
    """A message to send.

    Attributes:
        symbol: Of the market; empty for an event of the account.
        stream: `trade`, `bookTicker`, `depth`, or the name of an event of the account.
        text: JSON, without what a connection wraps around it.
        is_garbled: Whether only the first half is sent.
    """

    symbol: str
    stream: str
    text: str
    is_garbled: bool = False


Effect: TypeAlias = Outgoing | DropConnections | GoSilent
"""A message to send, or something that happens to the connections."""


class Delivery:
    """Turns messages into effects, in order."""

    def __init__(self, channel: VenueChannel, plan: FaultPlan) -> None:
        self._channel = channel
        self._plan = plan
        self._overtaken: list[tuple[int, Outgoing]] = []
        self._stalled: deque[Effect] = deque()
        self._stalled_until = timedelta.min

    def push(self, message: Outgoing, elapsed: timedelta) -> list[Effect]:
        """What a message leads to now."""
        effects: list[Effect] = []
        copies = [message]
        late: list[tuple[int, Outgoing]] = []
        for fault in self._plan.on_message(self._channel, message.stream, elapsed):
            match fault:
                case DropConnections() | GoSilent():
                    effects.append(fault)
                case SkipMessages():
                    copies = []
                case DuplicateMessages():
                    copies = [*copies, *copies]
                case GarbleMessages():
                    copies = [Outgoing(copy.symbol, copy.stream, copy.text, is_garbled=True) for copy in copies]
                case ReorderMessages():
                    late += [(fault.overtaken_by, copy) for copy in copies]
                    copies = []
                case DelayMessages():
                    self._stalled_until = elapsed + fault.duration
        effects += copies
        effects += self._overtaking()
        self._overtaken += late
        self._stalled += effects
        return self.on_time(elapsed)

    def _overtaking(self) -> list[Outgoing]:
        waiting = [(left - 1, message) for left, message in self._overtaken]
        self._overtaken = [(left, message) for left, message in waiting if left > 0]
        return [message for left, message in waiting if left <= 0]

    def on_time(self, elapsed: timedelta) -> list[Effect]:
        """What was held back until now."""
        if elapsed < self._stalled_until:
            return []
        effects = list(self._stalled)
        self._stalled.clear()
        return effects

    def finish(self) -> list[Effect]:
        """Everything that was held back, because nothing more comes."""
        effects = [*self._stalled, *(message for _, message in self._overtaken)]
        self._stalled.clear()
        self._overtaken.clear()
        return effects
