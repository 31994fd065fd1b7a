"""What the engine is fed from: three lanes, of which the more important one always goes first.

    commands   from an operator        first    at most 1,000 wait; then the sender is refused
    account    from the exchanges      second   never bounded, never dropped: it is about our money
    market     from the markets        last     bounded; see `conflation`

Rust has one queue without bounds, in which a command waits behind every market event that came before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from logging import getLogger
from typing import Final

from barter_python.data.event import MarketEvent, MarketReconnecting, MarketStreamEvent
from barter_python.engine.event import EngineEvent
from barter_python.errors import BarterError
from barter_python.execution.account import AccountStreamEvent
from barter_python.execution.link.pending import Pending
from barter_python.integration.channel import UnboundedRx
from barter_python.integration.wakeup import Wakeup
from barter_python.system.conflation import conflate

__all__ = ["MARKET_CAPACITY", "EngineFeed", "IdleMonitor", "SystemBusyError"]

_LOG: Final = getLogger(__name__)
_COMMANDS_MAX: Final = 1_000
MARKET_CAPACITY: Final = 8_192
"""How many market events may wait before they are conflated."""


class SystemBusyError(BarterError):
    """So many commands wait for the engine that it takes no more."""


class EngineFeed:
    """The lanes. Anything may be put in from any thread; the engine takes out, in a task or in a thread.

    Args:
        account: The account lane.
        market_capacity: How many market events may wait before they are conflated.

    Attributes:
        conflated: How many market events were left out so far.
        is_idle: Whether the engine waits for an event.
        on_idle: Called when it begins to wait.
    """

    __slots__ = ("_account", "_commands", "_market", "_market_capacity", "_wakeup", "conflated", "is_idle", "on_idle")

    def __init__(self, account: UnboundedRx[AccountStreamEvent], market_capacity: int = MARKET_CAPACITY) -> None:
        self._commands: deque[EngineEvent] = deque()
        self._account = account
        self._market: deque[EngineEvent] = deque()
        self._market_capacity = market_capacity
        self._wakeup = Wakeup()
        self.conflated: int = 0
        self.is_idle: bool = False
        self.on_idle: Callable[[], None] = _nothing
        account.attach(self._wakeup)

    def send(self, command: EngineEvent) -> None:
        """Put a command in.

        Raises:
            SystemBusyError: Too many are waiting.
        """
        if len(self._commands) >= _COMMANDS_MAX:
            raise SystemBusyError(f"{_COMMANDS_MAX} commands wait for the engine, expected fewer")
        self.push(command)

    def push(self, command: EngineEvent) -> None:
        """Put a command in, however many are waiting: what the system itself has to say."""
        self._commands.append(command)
        self._wakeup.set()

    def send_market(self, event: MarketStreamEvent) -> None:
        """Put a market event in; if there is no room, make some."""
        if len(self._market) >= self._market_capacity:
            self._conflate()
        self._market.append(event)
        self._wakeup.set()

    def send_behind_market(self, command: EngineEvent) -> None:
        """Put a command in behind the market events that are waiting."""
        self._market.append(command)
        self._wakeup.set()

    @property
    def is_command_next(self) -> bool:
        """Whether a command stands at the front of the market lane: it belongs to the event before it."""
        market = self._market
        return bool(market) and not isinstance(market[0], MarketEvent | MarketReconnecting)

    def _conflate(self) -> None:
        """Leave out what newer market events make obsolete. The engine may take events meanwhile, if in a thread."""
        waiting: list[EngineEvent] = []
        while (event := _pop(self._market)) is not None:
            waiting.append(event)
        kept = conflate(waiting)
        self._market = deque(kept)
        self.conflated += len(waiting) - len(kept)
        _LOG.warning(
            "the engine is too slow: of %d market events that wait, %d are left out", len(waiting), len(waiting) - len(kept)
        )

    def drop_market(self) -> None:
        """Leave out every market event that waits."""
        self._market.clear()

    def pop(self) -> EngineEvent | None:
        """The event to process next; None where there is none."""
        if self._commands:
            return self._commands.popleft()
        event = self._account.try_recv()
        return _pop(self._market) if event is None else event

    def pop_account(self) -> AccountStreamEvent | None:
        """The next account event; None where there is none."""
        return self._account.try_recv()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits in any lane."""
        return not (self._commands or len(self._account) or self._market)

    async def wait(self) -> None:
        """Wait in a task until there may be an event."""
        self._begin_idle()
        await self._wakeup.wait()
        self.is_idle = False

    def __iter__(self) -> EngineFeed:
        return self

    def __next__(self) -> EngineEvent:
        """The event to process next; waits for it, in a thread."""
        while (event := self.pop()) is None:
            self._begin_idle()
            self._wakeup.wait_blocking()
            self.is_idle = False
        return event

    def _begin_idle(self) -> None:
        self.is_idle = True
        self.on_idle()


class IdleMonitor:
    """Waits until nothing is left to do: no event waits, the engine is idle, and no request or answer is under way."""

    __slots__ = ("_feed", "_pending", "_waiting")

    def __init__(self, feed: EngineFeed, pending: Pending) -> None:
        self._feed = feed
        self._pending = pending
        self._waiting: list[Wakeup] = []
        feed.on_idle = self._notify
        pending.on_zero = self._notify

    def _notify(self) -> None:
        for wakeup in [*self._waiting]:
            wakeup.set()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is left to do."""
        requests = self._pending.requests
        is_quiet = not self._pending.count and self._feed.is_empty and self._feed.is_idle
        # An engine in a thread may have sent a request between these looks.
        return is_quiet and requests == self._pending.requests

    async def wait(self) -> None:
        """Wait until nothing is left to do."""
        wakeup = Wakeup()
        self._waiting.append(wakeup)
        try:
            while not self.is_quiet:
                await wakeup.wait()
        finally:
            self._waiting.remove(wakeup)


def _pop(lane: deque[EngineEvent]) -> EngineEvent | None:
    try:
        return lane.popleft()
    except IndexError:
        return None


def _nothing() -> None:
    return
