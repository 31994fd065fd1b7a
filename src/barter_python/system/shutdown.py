"""What can be shut down. Rust origin: barter::shutdown."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

__all__ = ["AsyncShutdown", "SyncShutdown"]


class SyncShutdown(Protocol):
    """Can be shut down at once, as an `Engine` can."""

    def shutdown(self) -> object:
        """Shut down."""
        ...


class AsyncShutdown(Protocol):
    """Can be shut down, and takes a while for it, as a `System` does."""

    def shutdown(self) -> Awaitable[object]:
        """Shut down."""
        ...
