"""A simulated exchange that runs beside the engine, for paper trading.

The exchange itself is a pure state machine, the very one that backtests use; this task owns it, and lets messages travel for as
long as the latency model says. Its time is that of the clock it is given: a request that leaves at `t` reaches the venue at `t`
plus its latency. Market data reaches the exchange when it reaches us; the latency model's `market_data` is not used, because
live data has travelled already.

Rust origin: barter_execution::exchange::mock::MockExchange::run.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any, Final, Protocol

from barter_python.data.event import MarketEvent
from barter_python.execution.account import AccountEvent
from barter_python.execution.client.account_subscription import AccountSubscription
from barter_python.execution.client.mock_request import (
    CancelOrder,
    FetchAccountSnapshot,
    FetchBalances,
    FetchOrdersOpen,
    FetchTrades,
    MockExchangeRequest,
    MockExchangeRequestKind,
    OpenOrder,
)
from barter_python.execution.exchange.model.latency import LatencyModel
from barter_python.execution.exchange.transit import ModelledTransit
from barter_python.execution.exchange.venue import SimulatedVenue
from barter_python.execution.link.pending import Pending
from barter_python.execution.link.recorder import SimulatedVenueRecorder
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequest, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import Open
from barter_python.execution.trade import Trade
from barter_python.integration.channel import ChannelClosed, UnboundedRx, UnboundedTx, mpsc_unbounded
from barter_python.integration.wakeup import Wakeup
from barter_python.timed import EPOCH

__all__ = ["Clock", "ExchangeTask"]

_TRADES_MAX: Final = 100_000
"""How many fills are remembered for `fetch_trades`."""


class Clock(Protocol):
    """Tells the time; the clock of an engine does."""

    def time(self) -> datetime:
        """Now, aware UTC."""
        ...


class ExchangeTask:
    """Runs a simulated exchange.

    Args:
        exchange: The exchange.
        latency: How long requests and answers travel. Messages of one direction never overtake each other.
        clock: Tells the time.
        pending: Counts what is on its way to the engine.
        recorder: Takes down what happens here; None for nobody.

    Attributes:
        request_tx: Where requests go.
    """

    def __init__(
        self,
        exchange: SimulatedVenue,
        latency: LatencyModel,
        clock: Callable[[], datetime],
        pending: Pending | None = None,
        recorder: SimulatedVenueRecorder | None = None,
    ) -> None:
        self._exchange = exchange
        self._recorder = recorder
        self._transit = ModelledTransit(latency)
        self._clock = clock
        self._pending = Pending() if pending is None else pending
        self._time = clock()
        self._wakeup = Wakeup()
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._queued = 0
        self._subscriptions: list[AccountSubscription] = []
        self._unanswered: set[asyncio.Future[Any]] = set()
        self._trades: deque[Trade] = deque(maxlen=_TRADES_MAX)
        self._stopped = False
        channel: tuple[UnboundedTx[MockExchangeRequest], UnboundedRx[MockExchangeRequest]] = mpsc_unbounded()
        self.request_tx, self._request_rx = channel
        self._request_rx.attach(self._wakeup)

    def subscribe(self) -> AccountSubscription:
        """What happens to the account from now on."""
        subscription = AccountSubscription(self._pending, self._subscriptions.remove)
        self._subscriptions.append(subscription)
        return subscription

    def stop(self) -> None:
        """Take no more requests; whoever waits for an answer is told that there will be none."""
        self._stopped = True
        self._wakeup.set()

    def on_market(self, event: MarketEvent, time: datetime | None = None) -> None:
        """Show the exchange what happened on the market of one of its instruments.

        Args:
            event: What happened.
            time: When it reached us; None for now.
        """
        self._begin(max(self._clock(), event.time_exchange) if time is None else time)
        event = MarketEvent(self._time, event.time_received, event.exchange, event.instrument, event.kind)
        self._answer(self._exchange.on_market(event))
        self._run_due()
        self._wakeup.set()  # what is due next may have changed

    def _begin(self, time: datetime) -> None:
        """Something is about to happen: time goes on to its moment, and never goes back."""
        self._on_time(time)
        self._time = max(self._time, time)

    async def run(self) -> None:
        """Take requests and answer them until `stop` is called."""
        try:
            while not self._stopped:
                self._receive()
                self._on_time(self._clock())
                self._run_due()
                await self._wakeup.wait_for(self._seconds_to_next())
        finally:
            self._request_rx.close()
            self._receive()
            for response_tx in [future for future in self._unanswered if not future.done()]:
                response_tx.set_exception(ChannelClosed("the simulated exchange was stopped, expected it to answer"))
            for subscription in [*self._subscriptions]:
                subscription.end()

    def _seconds_to_next(self) -> float | None:
        due = self._exchange.time_next
        seconds = [] if due is None else [(due - self._clock()).total_seconds()]
        if self._queue:
            seconds.append((self._queue[0][0] - _loop_time()).total_seconds())
        return max(0.0, min(seconds)) if seconds else None

    def _receive(self) -> None:
        while (request := self._request_rx.try_recv()) is not None:
            sent = _loop_time()
            due = self._transit.request_arrives(sent)
            self._unanswered.add(request.kind.response_tx)
            self._schedule(due, _bind(self._arrive, request, request.time_request + (due - sent)))

    def _arrive(self, request: MockExchangeRequest, earliest: datetime) -> None:
        kind = request.kind
        self._begin(self._moment(kind, max(earliest, self._time)))
        match kind:
            case OpenOrder(request=order) | CancelOrder(request=order):
                events = self._exchange.on_request(order, self._time)
                self._answer(events, kind.response_tx, _answer_to(order, events))
            case FetchAccountSnapshot():
                self._answer((), kind.response_tx, self._exchange.account_snapshot(self._time))
            case FetchBalances(assets=assets):
                balances = self._exchange.account_snapshot(self._time).balances
                self._answer((), kind.response_tx, [balance for balance in balances if balance.asset in assets])
            case FetchOrdersOpen(instruments=instruments):
                snapshots = self._exchange.account_snapshot(self._time).instruments
                orders = [order for snapshot in snapshots if snapshot.instrument in instruments for order in snapshot.orders]
                self._answer((), kind.response_tx, [order for order in orders if isinstance(order.state, Open)])
            case FetchTrades(time_since=time_since):
                trades = [trade for trade in self._trades if trade.time_exchange >= time_since]
                self._answer((), kind.response_tx, trades)

    def _moment(self, kind: MockExchangeRequestKind, earliest: datetime) -> datetime:
        """When a request arrives that arrives now."""
        if self._recorder is not None and isinstance(kind, OpenOrder | CancelOrder):
            return self._recorder.request_arrived(kind.request, earliest)
        if self._recorder is not None and isinstance(kind, FetchAccountSnapshot):
            return self._recorder.snapshot_taken(earliest)
        return max(self._clock(), earliest)

    def _on_time(self, time: datetime) -> None:
        """Let time go on to `time`, as far as it brings something about."""
        while (due := self._exchange.time_next) is not None and due <= time:
            self._time = max(self._time, due)
            self._answer(self._exchange.on_time(self._time))
            after = self._exchange.time_next
            if after is not None and after <= due:
                name = type(self._exchange).__name__
                raise RuntimeError(f"{name}.time_next: {after} after on_time at {due}, expected a later time")

    def _answer(
        self, events: Sequence[AccountEvent], response_tx: asyncio.Future[Any] | None = None, response: object = None
    ) -> None:
        """Send what the exchange has to say on its way: first the events, then the answer to a request."""
        self._trades.extend(event.kind for event in events if isinstance(event.kind, Trade))
        if not events and response_tx is None:
            return
        if events and self._recorder is not None:
            self._recorder.answered(self._time, events)
        (due,) = self._transit.responses_arrive(_loop_time())
        self._pending.add()
        self._schedule(due, _bind(self._deliver, events, response_tx, response))

    def _deliver(self, events: Sequence[AccountEvent], response_tx: asyncio.Future[Any] | None, response: object) -> None:
        for subscription in self._subscriptions:
            for event in events:
                subscription.put(event)
        if response_tx is not None:
            self._unanswered.discard(response_tx)
            _resolve(response_tx, response)  # after the events: who waits for them is woken first
        self._pending.done()

    def _schedule(self, due: datetime, action: Callable[[], None]) -> None:
        heappush(self._queue, (due, self._queued, action))
        self._queued += 1

    def _run_due(self) -> None:
        now = _loop_time()
        while self._queue and self._queue[0][0] <= now:
            heappop(self._queue)[2]()


def _loop_time() -> datetime:
    """The time of the event loop, which never goes back, unlike that of the clock."""
    return EPOCH + timedelta(seconds=asyncio.get_running_loop().time())


def _bind(function: Callable[..., None], *arguments: object) -> Callable[[], None]:
    return lambda: function(*arguments)


def _resolve(response_tx: asyncio.Future[Any], response: object) -> None:
    if not response_tx.done():  # its client may have given up
        response_tx.set_result(response)


def _answer_to(request: OrderRequest, events: Sequence[AccountEvent]) -> Order | OrderResponseCancel | None:
    """The last word of `events` on the request; None where they do not mention it."""
    wanted: type[Order] | type[OrderResponseCancel] = Order if isinstance(request, OrderRequestOpen) else OrderResponseCancel
    return next((event.kind for event in reversed(events) if _is_about(event, wanted, request.key)), None)  # type: ignore[return-value]


def _is_about(event: AccountEvent, wanted: type[Order] | type[OrderResponseCancel], key: OrderKey) -> bool:
    return isinstance(event.kind, wanted) and event.kind.key == key
