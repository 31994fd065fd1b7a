"""Replaying a recorded session as a backtest: does it lead to the same orders and the same fills? Rust origin: none.

The engine decides anew, and simulated exchanges fill anew, while market data, commands and every message between them arrive when
they did in the session. Where a venue was no simulation, what it said of the account is told to the engine as it was; with an
execution in its place, it is simulated.

A strategy that decides as it did is told the same at the same moments, so the replay repeats the session to the last digit. One
that decides otherwise is answered after the latency of the execution's model.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from barter_python.backtest.exchange import ExchangeLink
from barter_python.backtest.kernel import BacktestKernel, Outbox
from barter_python.backtest.run import simulate
from barter_python.config.execution import ExecutionConfig
from barter_python.data.event import MarketEvent, MarketStreamEvent
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.engine.audit.audit import EngineAudit
from barter_python.engine.engine import Engine, StepOutcome
from barter_python.engine.event import EngineEvent, Shutdown
from barter_python.engine.run import AuditTx
from barter_python.engine.state.state import EngineState, InvalidEventError
from barter_python.errors import ConfigError, IndexLookupError
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.exchange.model.latency import ConstantLatency, LatencyModel
from barter_python.execution.exchange.venue import SimulatedVenue
from barter_python.execution.execution_tx import MultiExchangeTxMap
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.execution.order.request import OrderRequest
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.recording.entry import Entry, Late, Market, Processed, RequestKind, SnapshotTaken
from barter_python.recording.recording import ExchangeRecord, Recording, SessionRecord
from barter_python.result.summary import BacktestSummary
from barter_python.risk.manager import RiskManager
from barter_python.statistic.time import ANNUAL_365, TimeInterval
from barter_python.strategy.strategy import Strategy

__all__ = ["Difference", "Replay", "ReplayArgs", "replay"]

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class ReplayArgs:
    """What a session was made of.

    Attributes:
        instruments: As in the session, in the same order.
        executions: The simulated exchanges; a venue without one is told as it was.
        engine_state: The state before the first event; a replay works on a copy of its own only if you make one.
        strategy: As it was before the first event.
        risk: As it was before the first event.
        id: Name of the run.
        risk_free_return: Return of a riskless investment over the session, as a fraction.
        summary_interval: To which returns and ratios are scaled.
    """

    instruments: IndexedInstruments
    executions: Sequence[ExecutionConfig]
    engine_state: EngineState[Any, Any]
    strategy: Strategy
    risk: RiskManager
    id: str = "replay"
    risk_free_return: Decimal = Decimal(0)
    summary_interval: TimeInterval = ANNUAL_365


@dataclass(slots=True, frozen=True)
class Difference:
    """Where a replay departs from its session.

    Attributes:
        what: `request`, `order` or `fill`.
        number: The first one that differs, from 0.
        session: What it was in the session, None where the session had no more.
        replay: What it is in the replay, None where the replay has no more.
    """

    what: str
    number: int
    session: object
    replay: object


@dataclass(slots=True)
class Replay:
    """A session, replayed.

    Attributes:
        summary: What came of it.
        session: What the session did.
        differences: Where it departs from the session: at most one for each sort of thing; empty if it is the same.
    """

    summary: BacktestSummary
    session: SessionRecord
    differences: list[Difference]

    @property
    def is_same(self) -> bool:
        """Whether it led to the same requests, orders and fills, at the same moments."""
        return not self.differences


def replay(recording: Recording, args: ReplayArgs, *, audit_tx: AuditTx | None = None) -> Replay:
    """Replay a session.

    Args:
        recording: The session.
        args: What it was made of.
        audit_tx: Receives an audit of every event; without it none is built.

    Raises:
        ConfigError: An exchange cannot be simulated, or the session sent it no orders.
        MarketDataError: The recording cannot be read, or the instruments are not those of the session.
    """
    venues = [keyed.value for keyed in args.instruments.exchanges()]
    session = recording.record(args.instruments)
    executions = _executions(args.executions, recording.header.venues)
    links = {
        keyed.key: _link(args.instruments, keyed.value, executions.get(keyed.value), session.exchanges[keyed.value])
        for keyed in args.instruments.exchanges()
    }
    outbox, clock = Outbox(), _ReplayClock(recording.header.time)
    engine = Engine(
        clock,
        args.engine_state,
        MultiExchangeTxMap((venue, outbox if venue in recording.header.venues else None) for venue in venues),
        args.strategy,
        args.risk,
    )
    kernel = _ReplayKernel(engine, clock, outbox, links, session, audit_tx)
    with paused_garbage_collection():
        last = kernel.replay(recording.entries())
    summary = BacktestSummary.new(
        args.id, args.risk_free_return, engine, kernel.record, args.instruments, last, args.summary_interval
    )
    return Replay(summary, session, _differences(session, summary))


def _executions(given: Sequence[ExecutionConfig], venues: Sequence[ExchangeId]) -> dict[ExchangeId, ExecutionConfig]:
    executions: dict[ExchangeId, ExecutionConfig] = {}
    for execution in given:
        venue = execution.mocked_exchange
        if venue in executions:
            raise ConfigError(f"executions: there is one for {venue.value!r} already, expected at most one for each exchange")
        if venue not in venues:
            names = ", ".join(repr(known.value) for known in venues) or "none"
            raise ConfigError(f"executions: there is one for {venue.value!r}, expected one of the session's: {names}")
        executions[venue] = execution
    return executions


def _differences(session: SessionRecord, summary: BacktestSummary) -> list[Difference]:
    record = summary.record
    pairs: tuple[tuple[str, Sequence[Any], Sequence[Any]], ...] = (
        ("request", session.requests, record.requests),
        ("order", session.orders, record.orders),
        ("fill", session.trades, record.trades),
    )
    return [
        found
        for what, told, repeated in pairs
        if (found := _first_difference(what, told, repeated if session.is_complete else repeated[: len(told)])) is not None
    ]


def _first_difference(what: str, session: Sequence[Any], replayed: Sequence[Any]) -> Difference | None:
    for number in range(max(len(session), len(replayed))):
        told = session[number] if number < len(session) else None
        repeated = replayed[number] if number < len(replayed) else None
        if told != repeated:
            return Difference(what, number, told, repeated)
    return None


class _ReplayClock:
    """Tells the engine when its session processed the event at hand."""

    __slots__ = ("now",)

    def __init__(self, now: datetime) -> None:
        self.now = now

    def time(self) -> datetime:
        return self.now

    def process(self, event: EngineEvent, /) -> None:
        """Learn nothing."""


class _RecordedLink(ExchangeLink):
    """The way to a simulated exchange on which messages take as long as they took in a session.

    Args:
        record: How long they took.

    Attributes:
        is_as_recorded: Whether all requests so far are those of the session: one that arrived nowhere there arrives nowhere here.
    """

    __slots__ = ("is_as_recorded", "record")

    def __init__(
        self,
        record: ExchangeRecord,
        exchange: SimulatedVenue,
        indexer: AccountEventIndexer,
        latency: LatencyModel,
    ) -> None:
        super().__init__(exchange, indexer, latency)
        self.record = record
        self.is_as_recorded = record.is_simulated

    def request_arrives(self, time: datetime, request: OrderRequest) -> datetime:
        named = self.indexer.order_request(request)  # type: ignore[type-var] # of whichever type
        name = InstrumentNameExchange(str(named.key.instrument))
        recorded = self.record.arrivals.get((RequestKind.of(request), name, request.key.cid))
        if recorded and recorded[0] >= time:
            return recorded.popleft()
        return _NEVER if self.is_as_recorded else super().request_arrives(time, request)

    def responses_arrive(self, time: datetime, count: int) -> Sequence[datetime]:
        answers = self.record.answers
        while answers and answers[0].time < time:
            answers.popleft()
        if answers and answers[0].time == time and answers[0].count == count:
            arrivals = answers.popleft().arrivals
            return [*arrivals, *[_NEVER] * (count - len(arrivals))]
        return super().responses_arrive(time, count)


class _NoExchange:
    """Stands in for a venue whose answers come from the recording."""

    is_passive = True
    time_next = None

    def account_snapshot(self, time: datetime, /) -> AccountSnapshot:
        raise AssertionError("it has no account")

    def on_request(self, request: OrderRequest, time: datetime, /) -> list[AccountEvent]:
        return []

    def on_market(self, event: MarketEvent, /) -> Sequence[AccountEvent]:
        return ()

    def on_time(self, time: datetime, /) -> list[AccountEvent]:
        return []


def _link(
    instruments: IndexedInstruments, venue: ExchangeId, execution: ExecutionConfig | None, record: ExchangeRecord
) -> ExchangeLink:
    if execution is not None:
        return simulate(instruments, execution, partial(_RecordedLink, record))
    indexer = AccountEventIndexer(generate_execution_instrument_map(instruments, venue))
    return ExchangeLink(_NoExchange(), indexer, ConstantLatency())


class _ReplayKernel(BacktestKernel):
    """Drives an engine through a recording. A moment of the recording is the time at which what it tells is due."""

    def __init__(
        self,
        engine: Engine[Any, Any],
        clock: _ReplayClock,
        outbox: Outbox,
        links: Mapping[ExchangeIndex, ExchangeLink],
        session: SessionRecord,
        audit_tx: AuditTx | None,
    ) -> None:
        super().__init__(engine, outbox, links, clock.now, audit_tx)
        self._clock = clock
        self._session = session
        self._simulated = {link.indexer.map.exchange.value: link for link in links.values() if isinstance(link, _RecordedLink)}
        self._waiting: deque[MarketStreamEvent] = deque()
        self._waiting_first = 0

    def replay(self, entries: Iterable[Entry]) -> EngineAudit:
        """Do what a session did; returns the last audit."""
        return self._complete(lambda: self._replay(entries))

    def _replay(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if isinstance(entry, Market | Processed | SnapshotTaken) and self._terminal is None:
                self._repeat(entry)
            elif isinstance(entry, Late) and not self._is_obsolete(entry.event):
                with suppress(IndexLookupError, InvalidEventError):  # the session went on, too
                    self._engine.state.update_from_account(entry.event)
        if self._terminal is None:  # the recording was cut off: what it does not tell has not come
            self._process(Shutdown())

    def _repeat(self, entry: Market | Processed | SnapshotTaken) -> None:
        self._advance(entry.time)
        if self._terminal is not None:
            return
        self._now = entry.time
        if isinstance(entry, Market):
            self._on_market(entry)
        elif isinstance(entry, SnapshotTaken):
            self._on_snapshot(entry)
        elif entry.market is not None:
            self._process(self._take(entry.market))
        elif entry.event is not None and not self._is_simulated(entry.event):
            self._process(entry.event)

    def _on_market(self, entry: Market) -> None:
        event = entry.event
        self._waiting.append(event)
        link = self._simulated.get(event.exchange)
        if link is None or not isinstance(event, MarketEvent):
            return
        seen = MarketEvent(entry.time, event.time_received, event.exchange, event.instrument, event.kind)
        self._answer(link, link.exchange.on_market(seen))

    def _take(self, number: int) -> MarketStreamEvent:
        """A market event that reached the system; earlier ones which the engine has not seen were left out."""
        while self._waiting_first < number:
            self._waiting.popleft()
            self._waiting_first += 1
        self._waiting_first += 1
        return self._waiting.popleft()

    def _on_snapshot(self, entry: SnapshotTaken) -> None:
        link, due = self._simulated.get(entry.exchange), self._session.exchanges[entry.exchange].snapshot
        if link is None or due is None or due < entry.time:
            return
        snapshot = link.exchange.account_snapshot(entry.time)
        self._schedule(due, link.indexer.account_event(AccountEvent(snapshot.exchange, snapshot)))

    def _is_simulated(self, event: EngineEvent) -> bool:
        """Whether an event comes from a simulated exchange, which tells it anew."""
        return isinstance(event, AccountEvent) and isinstance(self._exchanges[event.exchange], _RecordedLink)  # type: ignore[index] # an index in the engine

    def _is_obsolete(self, event: AccountEvent) -> bool:
        """Whether an event comes from a simulated exchange that has been asked for something else, or was none in the session."""
        link = self._exchanges[event.exchange]  # type: ignore[index] # an index in the engine
        return isinstance(link, _RecordedLink) and not link.is_as_recorded

    def _process(self, event: EngineEvent) -> None:
        self._clock.now = self._now
        super()._process(event)

    def _send(self) -> None:
        first = len(self.record.requests)
        told = self._session.requests[first : first + len(self._outbox.requests)]
        if [(self._now, request) for request in self._outbox.requests] != told:
            for link in self._simulated.values():
                link.is_as_recorded = False
        super()._send()

    def _stop(self, event: EngineEvent, outcome: StepOutcome) -> None:
        self._send()  # what it still sent before it had to stop
        super()._stop(event, outcome)
