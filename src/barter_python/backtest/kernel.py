"""The deterministic kernel of a backtest.

One queue in virtual time: requests on their way to the simulated exchanges, what the exchanges answer, and market data that
takes time to reach the engine. What is due is handled before a market event of the same time; what is due at the same time
comes in the order in which it was sent, news of the account before delayed news of the market. A market event reaches its
exchange when it happens, and the engine after the latency of market data. Nothing here reads a clock, so a run is a function
of its data, its configuration and the strategy.

Rust origin: none. Rust races wall-clock tasks instead (divergence 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, Final, TypeAlias

from barter_python.backtest.exchange import ExchangeLink
from barter_python.data.event import MarketEvent, MarketStreamEvent
from barter_python.engine.action.output import GenerateAlgoOrdersOutput
from barter_python.engine.audit.audit import EngineAudit, ProcessAudit
from barter_python.engine.engine import NOTHING, Engine, StepOutcome
from barter_python.engine.event import EngineEvent, Shutdown, TradingStateUpdate
from barter_python.engine.failure import with_event
from barter_python.engine.run import AuditTx
from barter_python.engine.state.trading import TradingState
from barter_python.errors import StrategyError
from barter_python.execution.account import AccountEvent, Funding
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequest, OrderRequestOpen
from barter_python.execution.position import PositionExited
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.numeric import money_context
from barter_python.result.record import BacktestRecord

__all__ = ["BacktestKernel", "KernelHooks", "Outbox"]

_MARKET_DATA_SEQUENCE: Final = 1 << 62
"""Added to the sequence of delayed market data, which so comes after everything else that is due at the same time."""

_EVENTS_AT_ONCE_MAX: Final = 100_000
"""How many events may follow from each other while virtual time stands still."""

_Due: TypeAlias = tuple[datetime, int, ExchangeLink | None, Any]
"""When, which of those of that time, and what: a request at an exchange, or (None) an event at the engine."""


class Outbox:
    """The engine's requests on their way to the exchanges. One is shared by all exchanges, which keeps their order."""

    __slots__ = ("requests",)

    def __init__(self) -> None:
        self.requests: list[OrderRequest] = []

    def send(self, request: ExecutionRequest, /) -> None:
        """Take a request; the kernel delivers it once the engine has finished with the event at hand."""
        if not isinstance(request, ExecutionShutdown):
            self.requests.append(request)


class KernelHooks:
    """Told by the kernel of what it does. By default nothing follows from it."""

    def before_event(self, now: datetime) -> None:
        """The engine is about to process an event of an account, of the source of a replay, or of the kernel itself."""

    def before_requests(self, now: datetime, requests: Sequence[OrderRequest]) -> None:
        """Requests are about to leave, at once."""


_NO_HOOKS: Final = KernelHooks()


class BacktestKernel:
    """Drives an engine through market data.

    Args:
        engine: Its execution must be `outbox`.
        outbox: Where the engine puts its requests.
        exchanges: The way to each simulated exchange, by index.
        time_start: Virtual time before the first event, aware UTC.
        hooks: Told of what happens, besides the record.
        audit_tx: Receives an audit of every event; without it none is built.
    """

    def __init__(
        self,
        engine: Engine[Any, Any],
        outbox: Outbox,
        exchanges: Mapping[ExchangeIndex, ExchangeLink],
        time_start: datetime,
        audit_tx: AuditTx | None = None,
        hooks: KernelHooks = _NO_HOOKS,
    ) -> None:
        self._hooks = hooks
        self._engine = engine
        self._outbox = outbox
        self._exchanges = exchanges
        self._links = [exchanges.get(state.instrument.exchange) for state in engine.state.instruments]
        self._timed = [link for _, link in sorted(exchanges.items()) if not link.exchange.is_passive]
        self._now = time_start
        self._queue: list[_Due] = []
        self._queued = 0
        self._still_since = time_start
        self._still_events = 0
        self._terminal: EngineAudit | None = None
        self._step = engine.step if audit_tx is None else _with_audits(engine, audit_tx)
        self._audits = audit_tx is not None
        self.record = BacktestRecord()

    @property
    def now(self) -> datetime:
        """Virtual time, aware UTC."""
        return self._now

    @property
    def has_stopped(self) -> bool:
        """Whether the engine was shut down, or had to stop."""
        return self._terminal is not None

    def run(
        self,
        chunks: Iterable[list[MarketStreamEvent]],
        on_progress: Callable[[int, datetime], None] | None = None,
    ) -> EngineAudit:
        """Process all market data, then deliver what is still in flight, and shut the engine down.

        When the data ends, trading is disabled first: what is in flight is still accounted for, but nothing new is
        traded against a market that no longer moves. Orders that rest at an exchange then stay open.

        Args:
            chunks: Market data in order.
            on_progress: Called after each chunk with the number of events so far and the virtual time.

        Returns:
            The last audit: a shutdown, or the event after which the engine had to stop.
        """
        return self.drive(lambda: self._run(chunks, on_progress))

    def drive(self, source: Callable[[], None]) -> EngineAudit:
        """Let a source call `advance`, `process`, `answer` and `schedule` until the engine has stopped.

        Returns:
            The last audit.
        """
        with money_context():
            source()
        self._engine.shutdown()
        if not self._audits:
            self._engine.skip_audits(self.record.events)
        assert self._terminal is not None, "a run ends with a terminal audit"
        return self._terminal

    def _run(self, chunks: Iterable[list[MarketStreamEvent]], on_progress: Callable[[int, datetime], None] | None) -> None:
        for _, link in sorted(self._exchanges.items()):
            snapshot = link.exchange.account_snapshot(self._now)
            self.schedule(self._now, link.indexer.account_event(AccountEvent(snapshot.exchange, snapshot)))
        is_passive = not self._timed and not any(link.transit.delays_market_data for link in self._exchanges.values())
        run_chunk = self._run_chunk_passive if is_passive else self._run_chunk
        for chunk in chunks:
            run_chunk(chunk)
            if self._terminal is not None:
                break
            if on_progress is not None:
                on_progress(self.record.events, self._now)
        if self._terminal is None:
            self._end()

    def _run_chunk_passive(self, chunk: list[MarketStreamEvent]) -> None:
        """The hot loop where no exchange looks at the market: one step and a few comparisons per event."""
        step, queue, outbox, now = self._step, self._queue, self._outbox, self._now
        count = 0
        event: EngineEvent | None = None
        try:
            for event in chunk:
                if type(event) is MarketEvent and event.time_exchange > now:
                    now = event.time_exchange
                if queue and queue[0][0] <= now:
                    self._advance(now)
                    if self._terminal is not None:
                        break
                count += 1
                outcome = step(event)
                if outcome is not NOTHING:
                    self._remember_refusals(outcome)
                    if outcome.errors:
                        self._stop(event, outcome)
                        break
                if outbox.requests:
                    self._now = now
                    self._send()
        except (Exception, SystemExit) as error:
            self._now = now
            raise self._failure(error, event) from error.__cause__
        finally:
            self._now = now
            self.record.events += count

    def _run_chunk(self, chunk: list[MarketStreamEvent]) -> None:
        """The hot loop where exchanges look at the market, or its data takes time to arrive."""
        step, queue, outbox, now, links = self._step, self._queue, self._outbox, self._now, self._links
        count = 0
        event: EngineEvent | None = None
        try:
            for event in chunk:
                if type(event) is MarketEvent:
                    if event.time_exchange > now:
                        now = event.time_exchange
                    link = links[event.instrument] if 0 <= event.instrument < len(links) else None
                else:
                    link = self._link(event.exchange)
                if (queue and queue[0][0] <= now) or self._timer(now) is not None:
                    self._advance(now)
                if link is not None and not link.exchange.is_passive and type(event) is MarketEvent:
                    answers = link.exchange.on_market(event)
                    if answers:
                        self._now = now
                        self.answer(link, answers)
                        self._advance(now)
                if self._terminal is not None:
                    break
                if link is not None and link.transit.delays_market_data:
                    self._delay(link, event, now)
                    continue
                count += 1
                outcome = step(event)
                if outcome is not NOTHING:
                    self._remember_refusals(outcome)
                    if outcome.errors:
                        self._stop(event, outcome)
                        break
                if outbox.requests:
                    self._now = now
                    self._send()
        except (Exception, SystemExit) as error:
            self._now = now
            raise self._failure(error, event) from error.__cause__
        finally:
            self._now = now
            self.record.events += count

    def _link(self, exchange: ExchangeId) -> ExchangeLink | None:
        """The way to an exchange; None where it is only watched, or not known."""
        for link in self._exchanges.values():
            if link.indexer.map.exchange.value is exchange:
                return link
        return None

    def _timer(self, time: datetime) -> ExchangeLink | None:
        """Where time itself brings something about first, up to `time`; None where it does not."""
        first, first_due = None, time
        for link in self._timed:
            due = link.exchange.time_next
            if due is not None and (due < first_due or (due == first_due and first is None)):
                first, first_due = link, due
        return first

    def advance(self, time: datetime) -> None:
        """Handle all that is due up to `time`, and what follows from it; what time brings about comes first."""
        self._advance(time)
        self._now = max(self._now, time)

    def _advance(self, time: datetime) -> None:
        queue = self._queue
        while self._terminal is None:
            due = queue[0][0] if queue and queue[0][0] <= time else None
            timer = self._timer(time if due is None else due) if self._timed else None
            if timer is not None:
                self._on_time(timer)
            elif due is None:
                return
            else:
                self._now = max(self._now, due)
                _, _, link, item = heappop(queue)
                if link is None:
                    self.process(item)
                else:
                    self.answer(link, link.exchange.on_request(_unindexed(item, link.indexer), self._now), item)

    def _on_time(self, link: ExchangeLink) -> None:
        due = link.exchange.time_next
        assert due is not None, "there is a timer"
        self._now = max(self._now, due)
        self.answer(link, link.exchange.on_time(self._now))
        after = link.exchange.time_next
        if after is not None and after <= due:
            raise RuntimeError(f"{type(link.exchange).__name__}.time_next: {after} after on_time at {due}, expected a later time")

    def answer(self, link: ExchangeLink, events: Sequence[AccountEvent], request: OrderRequest | None = None) -> None:
        """Send what an exchange has to say on its way to the engine, all together.

        Args:
            link: Where it comes from.
            events: What happened there now.
            request: What it answers on arrival, None where nothing did arrive.
        """
        if not events:
            return
        for named, due in zip(events, link.transit.responses_arrive(self._now, len(events)), strict=True):
            event = link.indexer.account_event(named)
            if request is not None and isinstance(event.kind, Order) and event.kind.key == request.key:
                event.kind.key = request.key  # the record keeps both: one key serves them
            self.schedule(due, event)

    def schedule(self, due: datetime, event: EngineEvent) -> None:
        """Let the engine have an event at a time, not before now."""
        heappush(self._queue, (due, self._queued, None, event))
        self._queued += 1

    def _delay(self, link: ExchangeLink, event: MarketStreamEvent, now: datetime) -> None:
        heappush(self._queue, (link.transit.market_data_arrives(now), self._queued + _MARKET_DATA_SEQUENCE, None, event))
        self._queued += 1

    def process(self, event: EngineEvent) -> None:
        """Give the engine an event now, and send what it leads to."""
        self._check_progress(event)
        self.record.events += 1
        self._hooks.before_event(self._now)
        try:
            outcome = self._step(event)
        except (Exception, SystemExit) as error:
            raise self._failure(error, event) from error.__cause__
        self._remember(event, outcome)
        if outcome.errors or isinstance(event, Shutdown):
            self._stop(event, outcome)
        elif self._outbox.requests:
            self._send()

    def _remember_refusals(self, outcome: StepOutcome) -> None:
        for output in outcome.outputs:
            if isinstance(output, GenerateAlgoOrdersOutput):
                self.record.refuse(output.opens_refused)

    def _failure(self, error: BaseException, event: EngineEvent | None) -> Exception:
        """The exception to raise in place of one that left the engine; one that was seen already stays as it is."""
        if isinstance(error, Exception) and hasattr(error, "__notes__"):
            return error
        return with_event(error, event, self._now)

    def _check_progress(self, event: EngineEvent) -> None:
        """An exchange without latency answers at once: a strategy that repeats what is refused would never end."""
        if self._still_since != self._now:
            self._still_since, self._still_events = self._now, 0
        self._still_events += 1
        if self._still_events > _EVENTS_AT_ONCE_MAX:
            kind = event.kind if isinstance(event, AccountEvent) else event
            last = kind.state if isinstance(kind, Order) else kind
            raise StrategyError(
                f"the strategy: more than {_EVENTS_AT_ONCE_MAX} events at {self._now}, expected it not to repeat at once "
                f"what was refused; the last event: {last}"
            )

    def _send(self) -> None:
        """Send the outbox on its way to the exchanges at the current virtual time."""
        requests, self._outbox.requests = self._outbox.requests, []
        self._hooks.before_requests(self._now, requests)
        record, instruments = self.record, self._engine.state.instruments
        for request in requests:
            record.requests.append((self._now, request))
            record.prices.append(instruments.instrument_index(request.key.instrument).data.price())
            link = self._exchanges[request.key.exchange]  # type: ignore[index] # checked by the engine
            heappush(self._queue, (link.transit.request_arrives(self._now, request), self._queued, link, request))
            self._queued += 1

    def _remember(self, event: EngineEvent, outcome: StepOutcome) -> None:
        self._remember_refusals(outcome)
        if not isinstance(event, AccountEvent):
            return
        if isinstance(event.kind, Trade):
            self.record.trades.append(event.kind)
        elif isinstance(event.kind, Order):
            self.record.orders.append(event.kind)
        elif isinstance(event.kind, Funding):
            self.record.funding.append(event.kind)
        self.record.positions_exited.extend(output for output in outcome.outputs if isinstance(output, PositionExited))

    def _end(self) -> None:
        """The data ended: stop trading, let everything in flight arrive, shut down."""
        if self._engine.state.trading is TradingState.ENABLED:
            self.process(TradingStateUpdate(TradingState.DISABLED))
        while self._queue and self._terminal is None:
            self._advance(self._queue[0][0])
        if self._terminal is None:
            self.process(Shutdown())

    def _stop(self, event: EngineEvent, outcome: StepOutcome) -> None:
        self._send()  # what it still sent before it had to stop
        self._terminal = ProcessAudit(event, *outcome)


def _unindexed(request: OrderRequest, indexer: AccountEventIndexer) -> OrderRequest:
    if isinstance(request, OrderRequestOpen):
        return indexer.order_request(request)
    return indexer.order_request(request)


def _with_audits(engine: Engine[Any, Any], audit_tx: AuditTx) -> Callable[[EngineEvent], StepOutcome]:
    step, audit, send = engine.step, engine.audit, audit_tx.send

    def step_with_audit(event: EngineEvent) -> StepOutcome:
        outcome = step(event)
        send(audit(ProcessAudit(event, *outcome)))
        return outcome

    return step_with_audit
