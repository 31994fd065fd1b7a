"""What a trading session is made of, and what it leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from barter_python.cli.trading.account import Venues
from barter_python.cli.trading.origin import Origin
from barter_python.data.streams.environment import StreamEnvironment
from barter_python.data.subscription import SubKind
from barter_python.engine.clock import EngineClock
from barter_python.result.summary import BacktestSummary
from barter_python.system.builder import Executions
from barter_python.system.clock import LiveClock

__all__ = ["OnExit", "Outcome", "Surroundings", "TradingPlan"]


class OnExit(Enum):
    """What happens to orders and positions at the end of a session.

    CANCEL: Orders are cancelled, positions stay.
    CLOSE: Orders are cancelled, then positions are closed as the strategy would.
    LEAVE: Both stay as they are.
    """

    CANCEL = "cancel"
    CLOSE = "close"
    LEAVE = "leave"


@dataclass(slots=True, frozen=True)
class TradingPlan:
    """A session.

    Attributes:
        title: What the view shows as its first word.
        id: Name of the run, part of the result.
        origin: What the session is made of.
        executions: Opens how orders are executed, and closes it afterwards.
        strategy: Decides on orders.
        risk: Reviews them.
        plugins: Code of the user under the name by which it was asked for.
        kinds: What to stream; None for trades, best prices and books, as far as each venue has them.
        on_exit: What happens at the end.
        audit: Where the audits go, None for nowhere.
        record: Where the session is recorded, None for nowhere.
        is_plain: Whether lines are printed also on a terminal.
        environment: Opens the environment of the market data, None for the real one.
    """

    title: str
    id: str
    origin: Origin
    executions: Callable[[], AbstractAsyncContextManager[Executions]]
    strategy: Any
    risk: Any
    plugins: Mapping[str, Any]
    kinds: tuple[SubKind, ...] | None = None
    on_exit: OnExit = OnExit.CANCEL
    audit: Path | None = None
    record: Path | None = None
    is_plain: bool = False
    environment: Callable[[], AbstractAsyncContextManager[StreamEnvironment | None]] = nullcontext


@dataclass(slots=True, frozen=True)
class Surroundings:
    """The world around a session, for tests to replace.

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


@dataclass(slots=True, frozen=True)
class Outcome:
    """How a session ended.

    Attributes:
        summary: What came of it.
        is_interrupted: Whether Ctrl-C ended it.
        warnings: What the user should know, each one sentence.
    """

    summary: BacktestSummary
    is_interrupted: bool
    warnings: tuple[str, ...] = field(default=())
