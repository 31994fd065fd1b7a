"""The deterministic kernel of a backtest.

One queue in virtual time: market events in the order of their source, and the answers of the simulated exchanges when
they are due. What is due comes before a market event of the same time; what is due at the same time comes in the
order in which it was sent. Nothing here reads a clock, so a run is a function of its data, its configuration and the
strategy.

Rust origin: none. Rust races wall-clock tasks instead (divergence 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, Protocol

from barter_python.data.event import MarketEvent, MarketStreamEvent
from barter_python.engine.audit.audit import EngineAudit, ProcessAudit
from barter_python.engine.engine import Engine, StepOutcome
from barter_python.engine.event import EngineEvent, Shutdown, TradingStateUpdate
from barter_python.engine.run import AuditTx
from barter_python.engine.state.position import PositionExited
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequest, OrderRequestOpen
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeIndex
from barter_python.numeric import money_context

__all__ = ["BacktestKernel", "BacktestRecord", "Outbox", "SimulatedExchangeLike"]


class SimulatedExchangeLike(Protocol):
    """A simulated exchange, as the kernel sees it."""

    def account_snapshot(self, time_exchange: datetime, /) -> AccountSnapshot:
        """Balances and orders under the venue's names."""

    def process(self, request: OrderRequest, time_request: datetime, /) -> list[tuple[datetime, AccountEvent]]:
        """Take a request; returns each event under the venue's names and when the engine learns of it."""


class Outbox:
    """The engine's requests on their way to the exchanges. One is shared by all exchanges, which keeps their order."""

    __slots__ = ("requests",)

    def __init__(self) -> None:
        self.requests: list[OrderRequest] = []

    def send(self, request: ExecutionRequest, /) -> None:
        """Take a request; the kernel delivers it once the engine has finished with the event at hand."""
        if not isinstance(request, ExecutionShutdown):
            self.requests.append(request)


@dataclass(slots=True)
class BacktestRecord:
    """What was traded, in order.

    Attributes:
        events: Number of events that the engine processed.
        requests: Requests sent, each with its time.
        orders: What the exchanges answered about orders.
        trades: Fills.
        positions_exited: Closed positions.
    """

    events: int = 0
    requests: list[tuple[datetime, OrderRequest]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    positions_exited: list[PositionExited] = field(default_factory=list)


class BacktestKernel:
    """Drives an engine through market data.

    Args:
        engine: Its execution must be `outbox`.
        outbox: Where the engine puts its requests.
        exchanges: A simulated exchange and its indexer, by index.
        time_start: Virtual time before the first event, aware UTC.
        audit_tx: Receives an audit of every event; without it none is built.
    """

    def __init__(
        self,
        engine: Engine[Any, Any],
        outbox: Outbox,
        exchanges: Mapping[ExchangeIndex, tuple[SimulatedExchangeLike, AccountEventIndexer]],
        time_start: datetime,
        audit_tx: AuditTx | None = None,
    ) -> None:
        self._engine = engine
        self._outbox = outbox
        self._exchanges = exchanges
        self._now = time_start
        self._queue: list[tuple[datetime, int, AccountEvent]] = []
        self._queued = 0
        self._terminal: EngineAudit | None = None
        self._step = engine.step if audit_tx is None else _with_audits(engine, audit_tx)
        self._audits = audit_tx is not None
        self.record = BacktestRecord()

    def run(
        self,
        chunks: Iterable[list[MarketStreamEvent]],
        on_progress: Callable[[int, datetime], None] | None = None,
    ) -> EngineAudit:
        """Process all market data, then deliver what is still in flight, and shut the engine down.

        When the data ends, trading is disabled first: what is in flight is still accounted for, but nothing new is
        traded against a market that no longer moves.

        Args:
            chunks: Market data in order.
            on_progress: Called after each chunk with the number of events so far and the virtual time.

        Returns:
            The last audit: a shutdown, or the event after which the engine had to stop.
        """
        try:
            with money_context():
                self._run(chunks, on_progress)
        except Exception as error:
            error.add_note(f"event {self.record.events} of the backtest, at {self._now}")
            raise
        self._engine.shutdown()
        if not self._audits:
            self._engine.meta.sequence.value += self.record.events
        assert self._terminal is not None, "a run ends with a terminal audit"
        return self._terminal

    def _run(self, chunks: Iterable[list[MarketStreamEvent]], on_progress: Callable[[int, datetime], None] | None) -> None:
        for _, (exchange, indexer) in sorted(self._exchanges.items()):
            snapshot = exchange.account_snapshot(self._now)
            self._schedule(self._now, indexer.account_event(AccountEvent(snapshot.exchange, snapshot)))
        for chunk in chunks:
            self._run_chunk(chunk)
            if self._terminal is not None:
                break
            if on_progress is not None:
                on_progress(self.record.events, self._now)
        if self._terminal is None:
            self._end()

    def _run_chunk(self, chunk: list[MarketStreamEvent]) -> None:
        """The hot loop: a market event after which nothing happens costs one step and a few comparisons."""
        step, queue, outbox, now = self._step, self._queue, self._outbox, self._now
        count = 0
        try:
            for event in chunk:
                if type(event) is MarketEvent and event.time_exchange > now:
                    now = event.time_exchange
                if queue and queue[0][0] <= now:
                    self._deliver_until(now)
                    if self._terminal is not None:
                        break
                count += 1
                outcome = step(event)
                if outcome[1]:
                    self._stop(event, outcome)
                    break
                if outbox.requests:
                    self._now = now
                    self._send()
        finally:
            self._now = now
            self.record.events += count

    def _deliver_until(self, time: datetime) -> None:
        """Deliver every answer that is due, and every answer to what the engine sends in return."""
        queue = self._queue
        while queue and queue[0][0] <= time and self._terminal is None:
            due, _, event = heappop(queue)
            self._now = max(self._now, due)
            self._process(event)

    def _process(self, event: EngineEvent) -> None:
        self.record.events += 1
        outcome = self._step(event)
        self._remember(event, outcome)
        if outcome[1] or isinstance(event, Shutdown):
            self._stop(event, outcome)
        elif self._outbox.requests:
            self._send()

    def _send(self) -> None:
        """Hand the outbox over to the exchanges at the current virtual time."""
        requests, self._outbox.requests = self._outbox.requests, []
        for request in requests:
            self.record.requests.append((self._now, request))
            exchange, indexer = self._exchanges[request.key.exchange]  # type: ignore[index] # checked by the engine
            for due, event in exchange.process(_unindexed(request, indexer), self._now):
                self._schedule(due, indexer.account_event(event))

    def _schedule(self, due: datetime, event: AccountEvent) -> None:
        heappush(self._queue, (due, self._queued, event))
        self._queued += 1

    def _remember(self, event: EngineEvent, outcome: StepOutcome) -> None:
        if not isinstance(event, AccountEvent):
            return
        if isinstance(event.kind, Trade):
            self.record.trades.append(event.kind)
        elif isinstance(event.kind, Order):
            self.record.orders.append(event.kind)
        self.record.positions_exited.extend(output for output in outcome[0] if isinstance(output, PositionExited))

    def _end(self) -> None:
        """The data ended: stop trading, let everything in flight arrive, shut down."""
        if self._engine.state.trading is TradingState.ENABLED:
            self._process(TradingStateUpdate(TradingState.DISABLED))
        while self._queue and self._terminal is None:
            self._deliver_until(self._queue[0][0])
        if self._terminal is None:
            self._process(Shutdown())

    def _stop(self, event: EngineEvent, outcome: StepOutcome) -> None:
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
