"""How long silence is believed.

A connection may look alive and deliver nothing: the other side is gone, and only a proxy answers pings. So silence ends a
connection. But a market may be quiet, and then a new connection is as silent as the old one. The limit therefore follows what the
market shows: a silence that a message ended was the market's, and so, as far as one can tell, is one that outlasts a whole
connection.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, NoReturn

from barter_python.integration.error import StaleError

__all__ = ["Watchdog"]

_PATIENCE: Final = 2.0
"""A silence this many times the longest known one is too long."""
_MEMORY: Final = 0.999
"""What is left of the longest known silence after each message: about 700 messages halve it."""


class Watchdog:
    """Watches the connections of one stream, one after the other.

    Args:
        limit: Silence that ends a connection of a busy market, in seconds.
        limit_max: Silence that ends a connection of any market, in seconds.
        monotonic: Seconds from a clock that never goes back.
    """

    __slots__ = ("_heard", "_last", "_limit", "_limit_max", "_longest", "_monotonic", "_paused")

    def __init__(self, limit: float, limit_max: float, monotonic: Callable[[], float]) -> None:
        self._limit = limit
        self._limit_max = limit_max
        self._monotonic = monotonic
        self._longest = 0.0
        self.begin()

    @property
    def limit(self) -> float:
        """Seconds of silence that end the connection now."""
        return min(max(self._limit, _PATIENCE * self._longest), self._limit_max)

    def begin(self) -> None:
        """A new connection."""
        self._last = self._monotonic()
        self._heard = False
        self._paused = False

    def heard(self) -> None:
        """A message was received."""
        now = self._monotonic()
        self._longest = max(now - self._last, self._longest * _MEMORY)
        self._last = now
        self._heard = True

    def pause(self) -> None:
        """Nobody listens until `resume`: silence says nothing."""
        self._paused = True

    def resume(self) -> None:
        """Listen again."""
        self._paused = False
        self._last = self._monotonic()

    async def watch(self, sleep: Callable[[float], Awaitable[None]]) -> NoReturn:
        """Wait until the connection has been silent for too long.

        Raises:
            StaleError: It has.
        """
        while True:
            silent = 0.0 if self._paused else self._monotonic() - self._last
            limit = self.limit
            if silent >= limit:
                if not self._heard:
                    self._longest = max(self._longest, limit)
                raise StaleError(timedelta(seconds=silent))
            await sleep(limit - silent)
