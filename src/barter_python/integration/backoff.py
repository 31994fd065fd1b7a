"""How long to wait before connecting again. Rust origin: barter_data::streams::reconnect::stream.

Rust waits only after a connection that could not be made, and forgets its waiting as soon as one is made: a venue that accepts
and drops connections is called without any pause. Here the pauses grow until a connection has lived for a while, and are spread
at random, so that many clients do not come back at the same moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from barter_python.errors import ConfigError

__all__ = ["Backoff", "ConnectBudget", "ReconnectionBackoffPolicy"]


@dataclass(slots=True, frozen=True)
class ReconnectionBackoffPolicy:
    """Pauses between connections. All times in milliseconds.

    Attributes:
        backoff_ms_initial: The first pause.
        backoff_multiplier: Each pause is this many times the one before.
        backoff_ms_max: The longest pause.
        healthy_ms: A connection that lived this long makes the next pause the first one again.
        jitter: Part of each pause that is left to chance, from 0 to 1: the pause is drawn from `[(1 - jitter) * pause, pause]`.
    """

    backoff_ms_initial: int
    backoff_multiplier: int
    backoff_ms_max: int
    healthy_ms: int = 30_000
    jitter: float = 0.5

    def __post_init__(self) -> None:
        for field, least in (("backoff_ms_initial", 1), ("backoff_multiplier", 1), ("healthy_ms", 0)):
            if getattr(self, field) < least:
                raise ConfigError(f"{field} is {getattr(self, field)}, expected at least {least}")
        if self.backoff_ms_max < self.backoff_ms_initial:
            raise ConfigError(f"backoff_ms_max is {self.backoff_ms_max}, expected at least {self.backoff_ms_initial}")
        if not 0.0 <= self.jitter <= 1.0:
            raise ConfigError(f"jitter is {self.jitter}, expected a number from 0 to 1")


class Backoff:
    """The pauses of one connection.

    Args:
        policy: How long they are.
        random: A number from 0 to 1, drawn for each pause.
    """

    __slots__ = ("_pause_ms", "_policy", "_random")

    def __init__(self, policy: ReconnectionBackoffPolicy, random: Callable[[], float]) -> None:
        self._policy = policy
        self._random = random
        self._pause_ms = policy.backoff_ms_initial

    def next_pause(self, healthy_for: float = 0.0) -> float:
        """Seconds to wait now.

        Args:
            healthy_for: Seconds that the last connection lived, 0 where it could not be made.
        """
        policy = self._policy
        if healthy_for * 1000.0 >= policy.healthy_ms > 0:
            self._pause_ms = policy.backoff_ms_initial
        pause_ms = self._pause_ms
        self._pause_ms = min(pause_ms * policy.backoff_multiplier, policy.backoff_ms_max)
        return pause_ms * (1.0 - policy.jitter * self._random()) / 1000.0


class ConnectBudget:
    """At most so many connections to one host within a period, for all who share the budget. Who comes too early waits.

    Args:
        connections_max: Within the period.
        period: The period.
        monotonic: Seconds from a clock that never goes back.
        sleep: Waits for so many seconds.
    """

    __slots__ = ("_connections_max", "_monotonic", "_period", "_sleep", "_times")

    def __init__(
        self,
        connections_max: int,
        period: timedelta,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        if connections_max < 1:
            raise ConfigError(f"connections_max is {connections_max}, expected at least 1")
        self._connections_max = connections_max
        self._period = period.total_seconds()
        self._monotonic = monotonic
        self._sleep = sleep
        self._times: dict[str, deque[float]] = {}

    async def spend(self, host: str) -> None:
        """Return once another connection to the host may be made, and count it."""
        times = self._times.setdefault(host, deque())
        while len(times) >= self._connections_max:
            wait = times[0] + self._period - self._monotonic()
            if wait > 0:
                await self._sleep(wait)
            else:
                times.popleft()
        times.append(self._monotonic())
