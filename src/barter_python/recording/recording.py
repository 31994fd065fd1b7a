"""Reads what a recorder has taken down. Rust origin: none."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from barter_python.codec.json import decode
from barter_python.data.event import MarketEvent, MarketStreamEvent
from barter_python.errors import DecodeError, MarketDataError
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequest
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.recording.entry import (
    FORM,
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

__all__ = ["AnswerBatch", "ExchangeRecord", "Recording", "RecordedRequest", "SessionRecord"]

RecordedRequest: TypeAlias = tuple[RequestKind, InstrumentNameExchange, ClientOrderId]
"""What tells a request from others, under the venue's names."""

_CHUNK: Final = 4_096


@dataclass(slots=True)
class AnswerBatch:
    """Account events that left a simulated exchange together.

    Attributes:
        time: When they left.
        arrivals: When the engine began to process each of them; the last ones are missing where the session ended before.
    """

    time: datetime
    count: int
    arrivals: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class ExchangeRecord:
    """How long messages travelled between the engine and a simulated exchange.

    Attributes:
        arrivals: When requests reached the exchange, in order for those of one name.
        answers: What it sent, in order.
        snapshot: When the engine began to process the account that the session began with.
        is_simulated: Whether there was a simulated exchange at all.
    """

    arrivals: dict[RecordedRequest, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    answers: deque[AnswerBatch] = field(default_factory=deque)
    snapshot: datetime | None = None
    is_simulated: bool = False
    _on_their_way: deque[AnswerBatch] = field(default_factory=deque)

    def answered(self, answer: AnswerBatch) -> None:
        """The exchange sends something."""
        self.answers.append(answer)
        self._on_their_way.append(answer)

    def processed(self, time: datetime) -> None:
        """The engine begins to process the next event that the exchange sent."""
        if self._on_their_way:
            answer = self._on_their_way[0]
            answer.arrivals.append(time)
            if len(answer.arrivals) == answer.count:
                self._on_their_way.popleft()


@dataclass(slots=True)
class SessionRecord:
    """What a session did.

    Attributes:
        events: How many events the engine processed.
        market_events: How many market events reached the system.
        requests: What the engine sent, each with the engine's time.
        orders: What it was told of orders.
        trades: Its fills.
        exchanges: The simulated exchanges.
        is_complete: Whether the session ended in order; False where the file was cut off.
        result: Its result as a document, see `result.document`; None where it was not summed up.
    """

    events: int = 0
    market_events: int = 0
    requests: list[tuple[datetime, OrderRequest]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    exchanges: dict[ExchangeId, ExchangeRecord] = field(default_factory=lambda: defaultdict(ExchangeRecord))
    is_complete: bool = False
    result: dict[str, Any] | None = None


class Recording:
    """A file that a `SessionRecorder` has written. As market data it serves any other backtest, too.

    Args:
        path: The file.

    Attributes:
        header: When the session began, and what it was.

    Raises:
        MarketDataError: It cannot be read, or does not begin as a recording does.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        _, first = next(self._entries(), (0, None))
        if not isinstance(first, Header):
            raise MarketDataError(f"{path}, line 1: found no header, expected a recording of a session")
        if first.form != FORM:
            raise MarketDataError(f"{path}, line 1: form is {first.form}, expected {FORM}")
        self.header = first

    def entries(self) -> Iterator[Entry]:
        """All that happened, in order.

        Raises:
            MarketDataError: A line cannot be read; the message has its number.
        """
        return (entry for _, entry in self._entries() if not isinstance(entry, Header))

    def _entries(self) -> Iterator[tuple[int, Entry]]:
        """Each entry and the number of its line."""
        latest: datetime | None = None
        told = taken = 0
        try:
            with self._path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if not line.endswith(b"\n"):
                        return  # the session was cut off while it wrote this line
                    try:
                        entry = decode(line, session_entry)
                    except DecodeError as error:
                        hint = ", expected a recording of a session" if number == 1 else ""
                        raise self._error(number, error.message + hint) from None
                    if isinstance(entry, Header) and number > 1:
                        raise self._error(number, "found another header, expected one session")
                    if isinstance(entry, Market):
                        told += 1
                    if isinstance(entry, Processed) and entry.market is not None:
                        if not taken <= entry.market < told:
                            raise self._error(number, f"market is {entry.market}, expected from {taken} to below {told}")
                        taken = entry.market + 1
                    if not isinstance(entry, Answered):  # these may be told a little after the moment
                        if latest is not None and entry.time < latest:
                            raise self._error(number, f"time is {entry.time}, expected {latest} or later")
                        latest = entry.time
                    yield number, entry
        except OSError as error:
            raise MarketDataError(f"{self._path}: cannot be read: {error.strerror}") from error

    def _error(self, number: int, problem: str) -> MarketDataError:
        return MarketDataError(f"{self._path}, line {number}: {problem}")

    def record(self, instruments: IndexedInstruments) -> SessionRecord:
        """What the session did.

        Args:
            instruments: Its instruments, in the same order.

        Raises:
            MarketDataError: A line cannot be read, or names what is none of the instruments or venues.
        """
        record = SessionRecord()
        venues = [keyed.value for keyed in instruments.exchanges()]
        venue_of = [keyed.value.exchange.value for keyed in instruments.instruments()]
        for number, entry in self._entries():
            problem = _unknown(entry, venues, venue_of)
            if problem is not None:
                raise self._error(number, f"{problem}, expected one of the instruments: are they those of the session?")
            match entry:
                case Market():
                    record.market_events += 1
                case Processed(event=event):
                    record.events += 1
                    if isinstance(event, AccountEvent):
                        _take_account_event(record, event, venues, entry.time)
                case Sent():
                    record.requests.append((entry.time, entry.request))
                case Arrived():
                    name = (entry.kind, entry.instrument, entry.cid)
                    record.exchanges[entry.exchange].arrivals[name].append(entry.time)
                case Answered():
                    record.exchanges[entry.exchange].answered(AnswerBatch(entry.time, entry.count))
                case SnapshotTaken():
                    record.exchanges[entry.exchange].is_simulated = True
                case End():
                    record.is_complete, record.result = True, entry.result
                case _:
                    pass
        return record

    def time_first_event(self) -> datetime:
        """The venue's stamp of the first market event.

        Raises:
            MarketDataError: There is none.
        """
        for events in self.stream():
            for event in events:
                if isinstance(event, MarketEvent):
                    return event.time_exchange
        raise MarketDataError(f"{self._path}: found no market event, expected at least one")

    def stream(self) -> Iterator[list[MarketStreamEvent]]:
        """The market data as it reached the system, in chunks."""
        chunk: list[MarketStreamEvent] = []
        for _, entry in self._entries():
            if isinstance(entry, Market):
                chunk.append(entry.event)
                if len(chunk) == _CHUNK:
                    yield chunk
                    chunk = []
        if chunk:
            yield chunk


def _unknown(entry: Entry, venues: Sequence[ExchangeId], venue_of: Sequence[ExchangeId]) -> str | None:
    """What an entry names that the instruments do not have; None where they have all."""
    match entry:
        case Header():
            named = entry.venues
        case Market(event=event):
            named = [event.exchange]
            if isinstance(event, MarketEvent) and (
                int(event.instrument) >= len(venue_of) or venue_of[event.instrument] is not event.exchange
            ):
                return f"instrument is {event.instrument} of {event.exchange.value!r}"
        case Processed(event=AccountEvent(exchange=exchange)) | Late(event=AccountEvent(exchange=exchange)):
            return f"exchange is {exchange}" if int(exchange) >= len(venues) else None  # type: ignore[arg-type] # an index in the engine
        case Sent(request=request):
            is_known = int(request.key.instrument) < len(venue_of)
            return None if is_known else f"instrument is {request.key.instrument}"
        case Arrived() | SnapshotTaken() | Answered():
            named = [entry.exchange]
        case _:
            return None
    return next((f"exchange is {venue.value!r}" for venue in named if venue not in venues), None)


def _take_account_event(record: SessionRecord, event: AccountEvent, venues: Sequence[ExchangeId], time: datetime) -> None:
    kind, exchange = event.kind, record.exchanges[venues[int(event.exchange)]]  # type: ignore[arg-type] # an index in the engine
    if isinstance(kind, Trade):
        record.trades.append(kind)
    elif isinstance(kind, Order):
        record.orders.append(kind)
    if isinstance(kind, AccountSnapshot) and exchange.snapshot is None:
        exchange.snapshot = time
        return
    exchange.processed(time)
