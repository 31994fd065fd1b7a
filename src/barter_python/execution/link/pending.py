"""How much is under way between the engine and its exchanges. Rust origin: none."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock

__all__ = ["Pending"]


class Pending:
    """Counts requests that wait for their outcome, and answers that have not reached the engine. For any thread.

    A shutdown waits until nothing is under way, and a replay holds the market back until then.

    Attributes:
        requests: How many requests were ever sent.
        on_zero: Called whenever nothing is under way any more.
    """

    __slots__ = ("_count", "_lock", "on_zero", "requests")

    def __init__(self) -> None:
        self._count = 0
        self._lock = RLock()
        self.requests = 0
        self.on_zero: Callable[[], None] = _nothing

    @property
    def count(self) -> int:
        """How much is under way."""
        return self._count

    def add_request(self) -> None:
        """The engine sent a request."""
        with self._lock:
            self._count += 1
            self.requests += 1

    def add(self, count: int = 1) -> None:
        """Something is on its way to the engine."""
        with self._lock:
            self._count += count

    def done(self, count: int = 1) -> None:
        """So much of it has arrived, or is lost."""
        with self._lock:
            self._count -= count
            is_zero = not self._count
        if is_zero and count:
            self.on_zero()


def _nothing() -> None:
    return
