"""When faults strike: counts messages, requests and connections. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from barter_python.errors import ConfigError
from barter_python.rehearsal.binance_spot.faults import (
    AtMessage,
    AtRequest,
    AtTime,
    DropConnections,
    Fault,
    GarbleAnswers,
    GoSilent,
    LateAnswers,
    LimitRate,
    NoAnswers,
    RefuseConnections,
    RequestFault,
    ServerErrors,
    StreamFault,
    VenueChannel,
)

__all__ = ["FaultPlan"]

_REQUEST_FAULTS: Final = (LimitRate, ServerErrors, NoAnswers, LateAnswers, GarbleAnswers)


class _Armed:
    """A fault and what it has seen so far."""

    __slots__ = ("due_since", "fault", "left", "messages", "requests")

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.left = fault.count
        self.messages = 0
        self.requests = 0
        self.due_since: timedelta | None = None

    def is_due(self, elapsed: timedelta) -> bool:
        when = self.fault.when
        match when:
            case AtMessage():
                due = self.messages >= when.number
            case AtRequest():
                due = self.requests >= when.number
            case AtTime():
                due = elapsed >= when.elapsed
        if due and self.due_since is None:
            self.due_since = when.elapsed if isinstance(when, AtTime) else elapsed
        return due

    def strike(self, elapsed: timedelta) -> bool:
        if self.left < 1 or not self.is_due(elapsed):
            return False
        self.left -= 1
        return True


class FaultPlan:
    """The schedule of a venue.

    Args:
        faults: In the order in which they act where several strike one message; of several that strike one request, the first.

    Raises:
        ConfigError: A count or a number is impossible.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._armed = [_Armed(fault) for fault in faults]
        for armed in self._armed:
            _check(armed.fault)

    def on_message(self, channel: VenueChannel, stream: str, elapsed: timedelta) -> list[StreamFault]:
        """What strikes the next message of a channel."""
        struck: list[StreamFault] = []
        for armed in self._armed:
            fault = armed.fault
            if isinstance(fault, _REQUEST_FAULTS):
                armed.messages += 1
            elif fault.channel is channel and _concerns_stream(fault, stream):
                armed.messages += 1
                if isinstance(fault, RefuseConnections):
                    armed.is_due(elapsed)
                elif armed.strike(elapsed):
                    struck.append(fault)
        return struck

    def on_request(self, method: str, path: str, elapsed: timedelta) -> RequestFault | None:
        """What strikes the next REST request."""
        struck: RequestFault | None = None
        for armed in self._armed:
            fault = armed.fault
            if not isinstance(fault, _REQUEST_FAULTS):
                armed.requests += 1
            elif fault.method in (None, method) and fault.path in (None, path):
                armed.requests += 1
                if struck is None and armed.strike(elapsed):
                    struck = fault
        return struck

    def refuses_connection(self, channel: VenueChannel, elapsed: timedelta) -> bool:
        """Whether an attempt to connect is refused."""
        for armed in self._armed:
            fault = armed.fault
            if not isinstance(fault, RefuseConnections) or fault.channel is not channel:
                continue
            if fault.duration is None:
                if armed.strike(elapsed):
                    return True
            elif armed.is_due(elapsed) and armed.due_since is not None and elapsed < armed.due_since + fault.duration:
                return True
        return False


def _concerns_stream(fault: StreamFault | RefuseConnections, stream: str) -> bool:
    if isinstance(fault, DropConnections | GoSilent | RefuseConnections):
        return True
    return fault.stream in (None, stream)


def _check(fault: Fault) -> None:
    name = type(fault).__name__
    if fault.count < 1:
        raise ConfigError(f"{name}: count is {fault.count}, expected at least 1")
    if isinstance(fault.when, AtMessage | AtRequest) and fault.when.number < 0:
        raise ConfigError(f"{name}: number is {fault.when.number}, expected 0 or more")
    if isinstance(fault, LimitRate) and fault.status not in (418, 429):
        raise ConfigError(f"{name}: status is {fault.status}, expected 418 or 429")
    if isinstance(fault, ServerErrors) and not 500 <= fault.status < 600:
        raise ConfigError(f"{name}: status is {fault.status}, expected from 500 to 599")
