"""Replaying a recorded session as a backtest: does it lead to the same orders and the same fills? Rust origin: none.

The engine decides anew, and simulated exchanges fill anew, while market data, commands and every message between them arrive when
they did in the session. Where a venue was no simulation, what it said of the account is told to the engine as it was; with an
execution in its place, it is simulated.

A strategy that decides as it did is told the same at the same moments, so the replay repeats the session to the last digit. One
that decides otherwise is answered after the latency of the execution's model.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from barter_python.backtest.exchange import ExchangeLink
from barter_python.backtest.kernel import BacktestKernel, KernelHooks, Outbox
from barter_python.codec.execution import INDEXED
from barter_python.config.execution import ExecutionConfig
from barter_python.data.event import MarketEvent, MarketStreamEvent
from barter_python.data.file.garbage import paused_garbage_collection
from barter_python.engine.engine import Engine
from barter_python.engine.event import EngineEvent, Shutdown
from barter_python.engine.run import AuditTx
from barter_python.engine.state.state import EngineState, InvalidEventError
from barter_python.errors import ConfigError, IndexLookupError
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.exchange.model.latency import ConstantLatency
from barter_python.execution.exchange.transit import ModelledTransit, Transit
from barter_python.execution.execution_tx import MultiExchangeTxMap
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.execution.order.request import OrderRequest
from barter_python.instrument.asset import AssetNameInternal
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameExchange, InstrumentNameInternal
from barter_python.recording.entry import Entry, Late, Market, Processed, RequestKind, SnapshotTaken
from barter_python.recording.recording import ExchangeRecord, Recording, SessionRecord
from barter_python.result.document import report_document
from barter_python.result.summary import BacktestSummary
from barter_python.risk.manager import RiskManager
from barter_python.statistic.portfolio.tracker import PortfolioTracker
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
        summary_interval: To which returns and ratios of Rust's tear sheets are scaled.
        valuation: Asset in which the portfolio is valued, None for the quote asset that most instruments share.
        benchmark: Instrument with which the portfolio is compared, None for the first one.
    """

    instruments: IndexedInstruments
    executions: Sequence[ExecutionConfig]
    engine_state: EngineState[Any, Any]
    strategy: Strategy
    risk: RiskManager
    id: str = "replay"
    risk_free_return: Decimal = Decimal(0)
    summary_interval: TimeInterval = ANNUAL_365
    valuation: AssetNameInternal | None = None
    benchmark: InstrumentNameInternal | None = None


@dataclass(slots=True, frozen=True)
class Difference:
    """Where a replay departs from its session.

    Attributes:
        what: `request`, `order`, `fill`, or else the member of the result.
        number: The first one that differs, from 0; None for a member of the result.
        session: What it was in the session, None where the session had no more.
        replay: What it is in the replay, None where the replay has no more.
    """

    what: str
    number: int | None
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
        """Whether it led to the same requests, orders and fills at the same moments, and to the same result."""
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
    engine.track(PortfolioTracker(args.instruments, args.valuation, args.benchmark))
    source = _SessionSource(engine, clock, links, session)
    kernel = BacktestKernel(engine, outbox, links, clock.now, audit_tx, source)
    with paused_garbage_collection():
        last = kernel.drive(lambda: source.drive(kernel, recording.entries()))
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
    found = [
        _first_difference(what, told, repeated if session.is_complete else repeated[: len(told)])
        for what, told, repeated in pairs
    ]
    differences = [difference for difference in found if difference is not None]
    return differences or list(_result_differences(session, summary))


def _result_differences(session: SessionRecord, summary: BacktestSummary) -> Iterator[Difference]:
    """Where the results differ although the same was sent and told: in anything but the name of the run."""
    if session.result is None:
        return
    again = report_document(summary)
    for what in dict.fromkeys((*session.result, *again)):
        if what != "id" and session.result.get(what) != again.get(what):
            yield Difference(what, None, session.result.get(what), again.get(what))


def _first_difference(what: str, session: Sequence[Any], replayed: Sequence[Any]) -> Difference | None:
    for number in range(max(len(session), len(replayed))):
        told = session[number] if number < len(session) else None
        repeated = replayed[number] if number < len(replayed) else None
        if told != repeated and _written(what, told) != _written(what, repeated):
            return Difference(what, number, told, repeated)
    return None


def _written(what: str, item: Any) -> object:
    """As a recording has it: a price that was computed may have one digit more than a number on the wire."""
    if item is None:
        return None
    if what == "request":
        time, request = item
        return time, INDEXED.execution_request.write(request)
    return (INDEXED.order if what == "order" else INDEXED.trade).write(item)


class _ReplayClock:
    """Tells the engine when its session processed the event at hand."""

    __slots__ = ("now",)

    def __init__(self, now: datetime) -> None:
        self.now = now

    def time(self) -> datetime:
        return self.now

    def process(self, event: EngineEvent, /) -> None:
        """Learn nothing."""


class _RecordedTransit:
    """Lets messages take as long as they took in a session; what the session does not know takes as long as the model says.

    Args:
        record: How long they took.
        indexer: Translates requests into the venue's names.
        model: For everything else.

    Attributes:
        is_as_recorded: Whether all requests so far are those of the session: one that arrived nowhere there arrives nowhere here.
        delays_market_data: Never: the recording tells when the engine had it.
    """

    __slots__ = ("_indexer", "_model", "_record", "delays_market_data", "is_as_recorded")

    def __init__(self, record: ExchangeRecord, indexer: AccountEventIndexer, model: Transit) -> None:
        self._record = record
        self._indexer = indexer
        self._model = model
        self.is_as_recorded = record.is_simulated
        self.delays_market_data: Final = False

    def request_arrives(self, time: datetime, request: OrderRequest) -> datetime:
        named = self._indexer.order_request(request)  # type: ignore[type-var] # of whichever type
        name = InstrumentNameExchange(str(named.key.instrument))
        recorded = self._record.arrivals.get((RequestKind.of(request), name, request.key.cid))
        if recorded and recorded[0] >= time:
            return recorded.popleft()
        return _NEVER if self.is_as_recorded else self._model.request_arrives(time, request)

    def responses_arrive(self, time: datetime, count: int) -> Sequence[datetime]:
        answers = self._record.answers
        while answers and answers[0].time < time:
            answers.popleft()
        if answers and answers[0].time == time and answers[0].count == count:
            arrivals = answers.popleft().arrivals
            return [*arrivals, *[_NEVER] * (count - len(arrivals))]
        return self._model.responses_arrive(time, count)

    def market_data_arrives(self, time: datetime) -> datetime:
        return time


class _NoExchange:
    """Stands in for a venue whose answers come from the recording."""

    def __init__(self) -> None:
        self.is_passive: Final = True
        self.time_next: Final = None

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
        link = ExchangeLink.configured(instruments, execution)
        link.transit = _RecordedTransit(record, link.indexer, link.transit)
        return link
    indexer = AccountEventIndexer(generate_execution_instrument_map(instruments, venue))
    return ExchangeLink(_NoExchange(), indexer, ModelledTransit(ConstantLatency()))


class _SessionSource(KernelHooks):
    """Drives a kernel through a recording. A moment of the recording is the time at which what it tells is due.

    Args:
        engine: Of the replay.
        clock: Of that engine.
        links: The way to each exchange, by index.
        session: What the session did.
    """

    def __init__(
        self,
        engine: Engine[Any, Any],
        clock: _ReplayClock,
        links: Mapping[ExchangeIndex, ExchangeLink],
        session: SessionRecord,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._links = links
        self._session = session
        self._simulated = {
            link.indexer.map.exchange.value: (link, link.transit)
            for link in links.values()
            if isinstance(link.transit, _RecordedTransit)
        }
        self._waiting: deque[MarketStreamEvent] = deque()
        self._waiting_first = 0
        self._requests = 0

    def before_event(self, now: datetime) -> None:
        """The session's engine saw this time, too."""
        self._clock.now = now

    def before_requests(self, now: datetime, requests: Sequence[OrderRequest]) -> None:
        """Hold them against those of the session."""
        told = self._session.requests[self._requests : self._requests + len(requests)]
        self._requests += len(requests)
        if _first_difference("request", told, [(now, request) for request in requests]) is not None:
            for _, transit in self._simulated.values():
                transit.is_as_recorded = False

    def drive(self, kernel: BacktestKernel, entries: Iterable[Entry]) -> None:
        """Do what a session did."""
        for entry in entries:
            if isinstance(entry, Market | Processed | SnapshotTaken) and not kernel.has_stopped:
                self._repeat(kernel, entry)
            elif isinstance(entry, Late) and not self._is_obsolete(entry.event):
                with suppress(IndexLookupError, InvalidEventError):  # the session went on, too
                    self._engine.update_from_account_stream(entry.event)
        if not kernel.has_stopped:  # the recording was cut off: what it does not tell has not come
            kernel.process(Shutdown())

    def _repeat(self, kernel: BacktestKernel, entry: Market | Processed | SnapshotTaken) -> None:
        kernel.advance(entry.time)
        if kernel.has_stopped:
            return
        if isinstance(entry, Market):
            self._on_market(kernel, entry)
        elif isinstance(entry, SnapshotTaken):
            self._on_snapshot(kernel, entry)
        elif entry.market is not None:
            kernel.process(self._take(entry.market))
        elif entry.event is not None and not self._is_simulated(entry.event):
            kernel.process(entry.event)

    def _on_market(self, kernel: BacktestKernel, entry: Market) -> None:
        event = entry.event
        self._waiting.append(event)
        if event.exchange not in self._simulated or not isinstance(event, MarketEvent):
            return
        link, _ = self._simulated[event.exchange]
        seen = MarketEvent(entry.time, event.time_received, event.exchange, event.instrument, event.kind)
        kernel.answer(link, link.exchange.on_market(seen))

    def _take(self, number: int) -> MarketStreamEvent:
        """A market event that reached the system; earlier ones which the engine has not seen were left out."""
        while self._waiting_first < number:
            self._waiting.popleft()
            self._waiting_first += 1
        self._waiting_first += 1
        return self._waiting.popleft()

    def _on_snapshot(self, kernel: BacktestKernel, entry: SnapshotTaken) -> None:
        due = self._session.exchanges[entry.exchange].snapshot
        if entry.exchange not in self._simulated or due is None or due < entry.time:
            return
        link, _ = self._simulated[entry.exchange]
        snapshot = link.exchange.account_snapshot(entry.time)
        kernel.schedule(due, link.indexer.account_event(AccountEvent(snapshot.exchange, snapshot)))

    def _is_simulated(self, event: EngineEvent) -> bool:
        """Whether an event comes from a simulated exchange, which tells it anew."""
        return isinstance(event, AccountEvent) and isinstance(self._transit(event), _RecordedTransit)

    def _is_obsolete(self, event: AccountEvent) -> bool:
        """Whether an event comes from a simulated exchange that has been asked for something else, or was none in the session."""
        transit = self._transit(event)
        return isinstance(transit, _RecordedTransit) and not transit.is_as_recorded

    def _transit(self, event: AccountEvent) -> Transit:
        assert not isinstance(event.exchange, ExchangeId), "an index in the engine"
        return self._links[event.exchange].transit
