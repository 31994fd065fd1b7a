"""Takes down a session while it runs. Rust origin: none."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from barter_python.codec.json import encode
from barter_python.data.event import MarketEvent, MarketReconnecting, MarketStreamEvent
from barter_python.engine.clock import EngineClock
from barter_python.engine.event import EngineEvent
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.request import OrderRequest
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.recording.clock import SessionClock
from barter_python.recording.entry import (
    Answered,
    Arrived,
    End,
    Entry,
    Header,
    Late,
    Market,
    Processed,
    RequestKind,
    Sent,
    SnapshotTaken,
    session_entry,
)

__all__ = ["ExchangeRecorder", "SessionRecorder"]


class SessionRecorder:
    """Writes a line for everything that happens, as soon as it happens; see `entry`. It serves one session.

    Where a line cannot be written the recording ends. The next market event, or else `close`, raises the error: so the market
    task dies of it, and never the engine in the middle of an event; the system then stops in order, with its orders cancelled.

    Args:
        write: Takes lines.
        session: What is run, for whoever replays it: anything that JSON can say.
    """

    def __init__(self, write: Callable[[bytes], object], session: Mapping[str, Any] | None = None) -> None:
        self._write = write
        self._session = dict(session or {})
        self._waiting: deque[tuple[int, MarketStreamEvent]] = deque()
        self._market_count = 0
        self._failure: Exception | None = None
        self._is_failure_told = False
        self._is_closed = False

    def start(self, clock: EngineClock, venues: Sequence[ExchangeId]) -> SessionClock:
        """Begin, before anything else.

        Args:
            clock: Tells the time.
            venues: To which requests can be sent.

        Returns:
            The clock that the engine has to use.
        """
        self._clock = SessionClock(clock)
        self._take_down(Header(self._clock.time(), list(venues), self._session))
        return self._clock

    def market(self, event: MarketStreamEvent) -> datetime:
        """Market data reaches the system; returns the moment.

        Raises:
            Exception: What `write` raised, once.
        """
        self._tell_failure()
        time = self._clock.stamp()
        self._take_down(Market(time, event))
        self._waiting.append((self._market_count, event))
        self._market_count += 1
        return time

    def processed(self, event: EngineEvent) -> None:
        """The engine is about to process an event."""
        time, number = self._clock.begin_event(), None
        if isinstance(event, MarketEvent | MarketReconnecting):
            number = self._number(event)
        self._take_down(Processed(time, number, event if number is None else None))

    def _number(self, event: MarketStreamEvent) -> int | None:
        """Which market entry an event was; None for one that replaces several. What was left out is forgotten."""
        for place, (number, waiting) in enumerate(self._waiting):
            if waiting is event:
                for _ in range(place + 1):
                    self._waiting.popleft()
                return number
        return None

    def sent(self, request: OrderRequest) -> None:
        """The engine sends a request."""
        self._take_down(Sent(self._clock.time(), request))

    def late(self, event: AccountEvent) -> None:
        """An account event is applied to the state after the engine has stopped."""
        self._take_down(Late(self._clock.stamp(), event))

    def exchange(self, venue: ExchangeId) -> ExchangeRecorder:
        """What the simulated exchange of a venue needs."""
        return ExchangeRecorder(venue, self._clock.stamp, self._take_down)

    def close(self, result: Mapping[str, Any] | None = None) -> None:
        """The session has ended. Closing it again does nothing.

        Args:
            result: Its result as a document, for a replay to compare with; None where it was not summed up.

        Raises:
            Exception: What `write` raised, unless it was told before.
        """
        if not self._is_closed:
            self._is_closed = True
            self._take_down(End(self._clock.stamp(), None if result is None else dict(result)))
        self._tell_failure()

    def _take_down(self, entry: Entry) -> None:
        if self._failure is not None:
            return
        try:
            self._write(encode(entry, session_entry) + b"\n")
        except Exception as error:
            self._failure = error

    def _tell_failure(self) -> None:
        if self._failure is not None and not self._is_failure_told:
            self._is_failure_told = True
            raise self._failure


class ExchangeRecorder:
    """Takes down what happens at a simulated exchange.

    Args:
        venue: Whose place it takes.
        stamp: Tells the moment of what happens now.
        take_down: Takes entries.
    """

    def __init__(self, venue: ExchangeId, stamp: Callable[[datetime], datetime], take_down: Callable[[Entry], None]) -> None:
        self._venue = venue
        self._stamp = stamp
        self._take_down = take_down

    def request_arrived(self, request: OrderRequest, earliest: datetime) -> datetime:
        """A request, under the venue's names, reaches the exchange; returns the moment, not before `earliest`."""
        time, key = self._stamp(earliest), request.key
        name = InstrumentNameExchange(str(key.instrument))
        self._take_down(Arrived(time, self._venue, RequestKind.of(request), name, key.cid))
        return time

    def snapshot_taken(self, earliest: datetime) -> datetime:
        """The exchange is asked for its account; returns the moment, not before `earliest`."""
        time = self._stamp(earliest)
        self._take_down(SnapshotTaken(time, self._venue))
        return time

    def answered(self, time: datetime, events: Sequence[AccountEvent]) -> None:
        """The exchange sends what happened at `time` on its way."""
        self._take_down(Answered(time, self._venue, len(events)))
