"""The link to one exchange: requests out, everything about the account back. Rust origin: barter::execution::manager.

    engine ──requests──> manager ──> client ──> venue
    engine <──events──── manager <── answers and account stream

What differs from Rust: a request whose answer is lost is not reported as failed but looked up (see `link.unknown`); a fill is
told once, an order not before its fills, and one that has ended stays ended (see `link.order_tracker`); open orders are compared
with the venue's from time to time; a cancel never overtakes its open; an item that cannot be indexed is kept aside, and the rest
goes on; while the account stream is down, only orders that reduce a position are opened; a shutdown waits for what is under way.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from logging import getLogger
from typing import Final, TypeVar

from barter_python.errors import ConfigError, KeyLookupError, Retry
from barter_python.execution.account import AccountEvent, AccountStreamEvent
from barter_python.execution.client.client import CLIENT_FAILURES, ChecksOrders, ExecutionClient, FindsOrders
from barter_python.execution.error import (
    ExchangeOffline,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderError,
    OrderRejected,
    RateLimit,
)
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.link.account import AccountLink
from barter_python.execution.link.in_flight import InFlight, InFlightRequest
from barter_python.execution.link.intake import AccountIntake
from barter_python.execution.link.lookup import Lookup
from barter_python.execution.link.order_tracker import OrderTracker
from barter_python.execution.link.pending import Pending
from barter_python.execution.link.quarantine import Quarantine, Quarantined
from barter_python.execution.link.reconciliation import Reconciliation
from barter_python.execution.link.spec import contradictions
from barter_python.execution.link.tracked_order import TrackedOrder
from barter_python.execution.link.unknown import UnknownOutcomes, UnknownPolicy, cancel_refusal
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel, RequestCancel
from barter_python.execution.order.state import Cancelled, OpenFailed, is_active
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentKey
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.instrument.spec import InstrumentSpec
from barter_python.integration.backoff import Backoff, ReconnectionBackoffPolicy
from barter_python.integration.channel import Tx, UnboundedRx, UnboundedTx, mpsc_unbounded

__all__ = ["ExecutionManager", "ManagerPolicy"]

T = TypeVar("T")

_LOG: Final = getLogger(__name__)
_RECONNECTION: Final = ReconnectionBackoffPolicy(125, 2, 60_000)
_NO_SPECS: Final[Mapping[InstrumentNameExchange, InstrumentSpec]] = {}
_UNKNOWN: Final = UnknownPolicy()


@dataclass(slots=True, frozen=True)
class ManagerPolicy:
    """How patient a manager is.

    Attributes:
        reconnect: Pauses between connections of the account stream. Rust's `STREAM_RECONNECTION_POLICY`.
        connect_timeout: For the account stream and the first snapshot.
        unknown: How a request whose answer was lost is looked up.
        drain_timeout: For how long a shutdown waits for what is under way.
        compare: How often open orders and balances are compared with those of the venue, where its client `FindsOrders`: a stream
            may lose a message and go on.
    """

    reconnect: ReconnectionBackoffPolicy = _RECONNECTION
    connect_timeout: timedelta = timedelta(seconds=30)
    unknown: UnknownPolicy = _UNKNOWN
    drain_timeout: timedelta = timedelta(seconds=10)
    compare: timedelta = timedelta(seconds=60)


_DEFAULT_POLICY: Final = ManagerPolicy()
_REFUSAL_PAUSE: Final = 0.1
"""Seconds until the engine is told of a rate limit, or of a refusal for which the venue was not asked.

A strategy that repeats itself at once must not starve the market.
"""


def _now() -> datetime:
    return datetime.now(UTC)


class ExecutionManager:
    """Runs the link to one exchange.

    Args:
        request_stream: What the engine wants; a shutdown, or its end, ends the link.
        request_timeout: How long an answer may take before the venue is asked what became of the request.
        response_tx: Takes everything about the account, indexed.
        client: The exchange.
        indexer: Translates its names.
        policy: How patient the link is.
        pending: Counts the requests that wait for their outcome. Whoever puts a request into `request_stream` adds it.
        spot: The instruments of spot markets, where a sale can only make a holding smaller.
        specs: What the configuration says that the venue accepts.
        now: Tells the time, aware UTC.

    Raises:
        ConfigError: The client is that of another exchange.
    """

    def __init__(
        self,
        request_stream: AsyncIterator[ExecutionRequest],
        request_timeout: timedelta,
        response_tx: Tx[AccountStreamEvent],
        client: ExecutionClient,
        indexer: AccountEventIndexer,
        *,
        policy: ManagerPolicy = _DEFAULT_POLICY,
        pending: Pending | None = None,
        spot: Container[InstrumentKey] = (),
        specs: Mapping[InstrumentNameExchange, InstrumentSpec] = _NO_SPECS,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.exchange = indexer.map.exchange.value
        if client.EXCHANGE not in (ExchangeId.MOCK, ExchangeId.SIMULATED, self.exchange):
            raise ConfigError(f"client: it is one of {client.EXCHANGE.value!r}, expected one of {self.exchange.value!r}")
        self.request_stream = request_stream
        self.request_timeout = request_timeout
        self.response_tx = response_tx
        self.client = client
        self.indexer = indexer
        self._policy = policy
        self._pending = Pending() if pending is None else pending
        self._now = now
        self._orders = OrderTracker()
        self._in_flight = InFlight()
        self._quarantine = Quarantine(indexer)
        self._intake = AccountIntake(
            indexer,
            self._orders,
            self._in_flight,
            self._quarantine,
            response_tx.send,
            lambda order: self._reconciliation.ask_about(order),
        )
        self._account = AccountLink(
            client,
            indexer.map,
            self._intake,
            response_tx.send,
            Backoff(policy.reconnect, random.random),
            policy.connect_timeout.total_seconds(),
            policy.compare.total_seconds(),
        )
        self._lookup = Lookup(client, self._intake, now)
        self._unknown = UnknownOutcomes(self._lookup, self._intake, policy.unknown, now)
        self._spot = spot
        self._specs = specs
        self._checker = client if isinstance(client, ChecksOrders) else None
        self._patience = request_timeout.total_seconds()
        self._reconciliation = Reconciliation(
            client,
            self._intake,
            self._unknown,
            self._account,
            assets=indexer.map.exchange_assets(),
            every=policy.compare,
            second_look=policy.unknown.query_initial,
        )

    @classmethod
    async def init(
        cls,
        request_stream: AsyncIterator[ExecutionRequest],
        request_timeout: timedelta,
        client: ExecutionClient,
        indexer: AccountEventIndexer,
        reconnect_policy: ReconnectionBackoffPolicy = _RECONNECTION,
    ) -> tuple[ExecutionManager, UnboundedRx[AccountStreamEvent]]:
        """A connected manager, and its account stream, which begins with a snapshot. Run the manager to keep it going."""
        channel: tuple[UnboundedTx[AccountStreamEvent], UnboundedRx[AccountStreamEvent]] = mpsc_unbounded()
        policy = ManagerPolicy(reconnect_policy)
        manager = cls(request_stream, request_timeout, channel[0], client, indexer, policy=policy)
        await manager.connect()
        return manager, channel[1]

    async def connect(self) -> None:
        """Connect to the account, and emit a snapshot of it. What `run` has to do first.

        Where the configuration says that orders are accepted which the venue refuses, it is told.

        Raises:
            ExecutionError: The client could not; or whatever else it raises when it cannot.
            TimeoutError: It took too long.
        """
        await self._account.connect()
        if self._checker is not None:
            told = await self._checker.fetch_specs(self.indexer.map.exchange_instruments())
            for name, spec in self._specs.items():
                for problem in contradictions(spec, told.get(name)):
                    _LOG.warning("%s: spec of %s: %s", self.exchange.value, name, problem)

    async def close(self) -> None:
        """Give the connection to the account up. What `run` does at its end."""
        await self._account.close()

    def quarantined(self) -> list[Quarantined]:
        """What came from the venue and names something that is not part of the run, the latest thousand."""
        return list(self._quarantine.items)

    async def run(self) -> None:
        """Carry requests and account events until a shutdown, then wait a while for what is under way.

        An exception that ends it is a mistake in the client, or says that there is no point in going on.
        """
        if not self._account.is_connected:
            await self.connect()
        async with asyncio.TaskGroup() as group:
            background = [
                group.create_task(self._account.run(), name=f"account stream of {self.exchange.value}"),
                group.create_task(self._reconciliation.run(), name=f"reconciliation of {self.exchange.value}"),
            ]
            requests: set[asyncio.Task[None]] = set()
            async for request in self.request_stream:
                if isinstance(request, ExecutionShutdown):
                    break
                task = group.create_task(self._request(request), name=f"request {request.key.cid}")
                requests.add(task)
                task.add_done_callback(requests.discard)
            await self._drain(requests)
            for task in background:
                task.cancel()

    async def _drain(self, requests: set[asyncio.Task[None]]) -> None:
        """Wait for the outcome of what is under way; say what remains unknown."""
        if requests:
            await asyncio.wait(requests, timeout=self._policy.drain_timeout.total_seconds())
        for unknown in self._in_flight:
            kind = "open" if isinstance(unknown.request, OrderRequestOpen) else "cancel"
            _LOG.error("shutdown: it is not known what became of the request to %s %s", kind, unknown.request.key.cid)
        for task in [*requests]:
            task.cancel()

    async def _request(self, request: OrderRequestOpen | OrderRequestCancel) -> None:
        """Carry a request to the venue, and its outcome back."""
        try:
            if isinstance(request, OrderRequestOpen):
                await self._open(request)
            else:
                await self._cancel(request)
        finally:
            self._pending.done()

    async def _open(self, request: OrderRequestOpen) -> None:
        try:
            named = self.indexer.order_request(request)
        except KeyLookupError as error:
            return self._emit(_failed(request, OrderRejected(error.message)))
        if not self._account.is_connected and not self._reduces(request):
            return self._emit(_failed(request, ExchangeOffline(self.exchange)))
        refused = None if self._checker is None else self._checker.refusal(named, self._orders.open_count(named.key.instrument))
        if refused is not None:
            await asyncio.sleep(_REFUSAL_PAUSE)
            return self._emit(_failed(request, refused))
        order = self._orders.sent(named, self._now())
        with self._in_flight.waiting(named) as waiting:
            async with self._in_flight.turn(named.key):
                answer = await self._answer("opening", named, self.client.open_order(named))
            if answer is None or _is_unknown(answer):
                self._orders.lost(order)
            else:
                if isinstance(answer.state, OpenFailed) and isinstance(answer.state.error, RateLimit):
                    await asyncio.sleep(_REFUSAL_PAUSE)
                self._intake.take(answer, is_answer=True)
            if not await waiting.is_told_within(self._patience) and await self._unknown.opened(waiting, order):
                self._account.reopen()
        return None

    def _reduces(self, request: OrderRequestOpen) -> bool:
        """Whether an order cannot make a position greater."""
        return request.state.reduce_only or (request.state.side is Side.SELL and request.key.instrument in self._spot)

    async def _cancel(self, request: OrderRequestCancel) -> None:
        try:
            named = self.indexer.order_request(request)
        except KeyLookupError as error:
            return self._emit(OrderResponseCancel(request.key, OrderRejected(error.message)))
        self._orders.owned(named.key)
        order = self._orders.look_for(named.key)
        with self._in_flight.waiting(named) as waiting:
            async with self._in_flight.turn(named.key):
                named = replace(named, state=RequestCancel(named.state.id or order.id))
                answer = await self._answer("cancelling", named, self.client.cancel_order(named))
            if answer is not None and not waiting.is_told:
                await self._take_cancel(waiting, order, answer)
            if not await waiting.is_told_within(self._patience):
                await self._unknown.cancelled(waiting, order)
        return None

    async def _answer(self, what: str, request: OrderRequestOpen | OrderRequestCancel, call: Awaitable[T]) -> T | None:
        """The client's answer, None where it was lost."""
        try:
            async with asyncio.timeout(self._patience):
                return await call
        except CLIENT_FAILURES as error:
            _LOG.warning("%s: the answer to %s %s is lost: %r", self.exchange.value, what, request.key.cid, error)
            return None

    async def _take_cancel(self, waiting: InFlightRequest, order: TrackedOrder, answer: OrderResponseCancel | Order) -> None:
        """The answer to a cancel. Where that was refused because the order has ended, tell how."""
        if isinstance(answer, Order):
            told = self._orders.take(answer, is_answer=True)
            self._intake.tell(_as_response(waiting.request.key, kind) if isinstance(kind, Order) else kind for kind in told)
        elif isinstance(answer.state, Cancelled) or answer.state.retry is Retry.LATER:
            self._intake.take(answer)
        elif answer.state.retry is Retry.NEVER:
            await self._refused_cancel(waiting, order, answer.state)

    async def _refused_cancel(self, waiting: InFlightRequest, order: TrackedOrder, error: OrderError) -> None:
        may_have_ended = isinstance(error, OrderAlreadyCancelled | OrderAlreadyFullyFilled)
        known = cancel_refusal(order)
        if known is None and isinstance(self.client, FindsOrders):
            found = await self._lookup.look(order)
            may_have_ended = may_have_ended or (isinstance(found, Order) and not is_active(found.state))
        if not waiting.is_told and (known is not None or not may_have_ended):
            self._intake.tell([OrderResponseCancel(waiting.request.key, known or error)])

    def _emit(self, kind: Order | OrderResponseCancel) -> None:
        self.response_tx.send(AccountEvent(self.indexer.map.exchange.key, kind))


def _failed(request: OrderRequestOpen, error: OrderError) -> Order:
    return request.to_order().with_state(OpenFailed(error))


def _is_unknown(answer: Order) -> bool:
    return isinstance(answer.state, OpenFailed) and answer.state.error.retry is Retry.ONCE_KNOWN


def _as_response(key: OrderKey, order: Order) -> Order | OrderResponseCancel:
    return OrderResponseCancel(key, order.state) if isinstance(order.state, Cancelled) else order
