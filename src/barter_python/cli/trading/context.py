"""The world around `barter paper` and `barter live`, for tests to replace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from barter_python.data.streams.environment import StreamEnvironment
from barter_python.engine.clock import EngineClock
from barter_python.session.account import Venues
from barter_python.system.clock import LiveClock

__all__ = ["TradingContext"]


@dataclass(slots=True, frozen=True)
class TradingContext:
    """Where a command finds the market, the time, and the venues.

    Attributes:
        environment: Makes the environment of the market data inside the event loop; None for that of the plan.
        clock: Makes the engine's clock.
        loop_factory: Makes the event loop, None for the usual one.
        venues: Where `live` sends orders, None for the real venues.
    """

    environment: Callable[[], StreamEnvironment] | None = None
    clock: Callable[[], EngineClock] = LiveClock
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    venues: Venues | None = None
