"""Data that is not tied to one instrument. Rust origin: barter::engine::state::global."""

from __future__ import annotations

from typing import Protocol

from barter_python.data.event import MarketEvent
from barter_python.execution.account import AccountEvent

__all__ = ["DefaultGlobalData", "GlobalData"]


class GlobalData(Protocol):
    """Your own data across instruments, kept up to date by the engine."""

    def process(self, event: AccountEvent | MarketEvent, /) -> None:
        """Take in an event."""
        ...


class DefaultGlobalData:
    """No global data."""

    __slots__ = ()

    def process(self, event: AccountEvent | MarketEvent, /) -> None:
        """Ignore the event."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DefaultGlobalData)

    def __hash__(self) -> int:
        return hash(DefaultGlobalData)

    def __repr__(self) -> str:
        return "DefaultGlobalData()"
