"""The venue's clock, told by our own monotonic one: a wall clock that is wrong, or is set, does not matter. Pure.

A request is refused (-1021) where its timestamp is a second ahead of the venue's clock, or older than `recvWindow`. The answer to
`GET /api/v3/time` was written somewhere between the request and its arrival; halfway is wrong by half of the round trip at most.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#timing-security
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

__all__ = ["ROUND_TRIP_GOOD", "ServerTime"]

ROUND_TRIP_GOOD: Final = 0.5
"""Seconds. A reading that took longer is worth another try."""


class ServerTime:
    """The latest reading of the venue's clock.

    Args:
        monotonic: Seconds from a clock that never goes back.
        refresh: How long a reading is good.

    Attributes:
        reading: How many readings were taken.
    """

    __slots__ = ("_monotonic", "_offset_ms", "_refresh", "_taken", "reading")

    def __init__(self, monotonic: Callable[[], float], refresh: timedelta) -> None:
        self._monotonic = monotonic
        self._refresh = refresh.total_seconds()
        self._offset_ms = 0.0
        self._taken = 0.0
        self.reading = 0

    @property
    def is_due(self) -> bool:
        """Whether there is no reading, or one that is too old."""
        return not self.reading or self._monotonic() - self._taken >= self._refresh

    def take(self, sent: float, received: float, server_time_ms: int) -> None:
        """A reading.

        Args:
            sent: When the question left, by the monotonic clock.
            received: When the answer was here.
            server_time_ms: The answer, Unix time.
        """
        self._offset_ms = server_time_ms - (sent + received) * 500.0
        self._taken = received
        self.reading += 1

    def now_ms(self) -> int:
        """The venue's time now, Unix time in milliseconds; of no meaning before the first reading."""
        return int(self._monotonic() * 1000.0 + self._offset_ms)
