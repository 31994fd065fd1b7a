"""The link to one exchange: requests out, everything about the account back. Rust origin: barter::execution::manager.

    engine ──requests──> manager ──> client ──> venue
    engine <──events──── manager <── answers and account stream

What differs from Rust: a request whose answer is lost is not reported as failed but looked up (see `link.unknown`); a fill is
told once, and an order that has ended stays ended (see `link.told`); open orders are compared with the venue's from time to time;
a cancel never overtakes its open; an item that cannot be indexed is kept aside, and the rest goes on; while the account stream is
down, only orders that reduce a position are opened; a shutdown waits for what is under way.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from logging import getLogger
from typing import Final

from barter_python.errors import ConfigError, IndexLookupError, KeyLookupError
from barter_python.execution.account import AccountEvent, AccountStreamEvent
from barter_python.execution.client.client import ExecutionClient
from barter_python.execution.error import (
    ExchangeOffline,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderError,
    OrderRejected,
    RateLimit,
    Socket,
    Timeout,
)
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.link.account import AccountLink
from barter_python.execution.link.in_flight import InFlight, InFlightRequest
from barter_python.execution.link.pending import Pending
from barter_python.execution.link.quarantine import Quarantine, Quarantined
from barter_python.execution.link.told import OrderName, Told
from barter_python.execution.link.unknown import ENVIRONMENT_FAILURES, Lookup, UnknownPolicy
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import FULLY_FILLED, Open, OpenFailed
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.execution.trade import Trade
from barter_python.instrument.exchange import ExchangeId
from barter_python.integration.backoff import Backoff, ReconnectionBackoffPolicy
from barter_python.integration.channel import Tx, UnboundedRx, UnboundedTx, mpsc_unbounded

__all__ = ["ExecutionManager", "ManagerPolicy"]

_LOG: Final = getLogger(__name__)
_RECONNECTION: Final = ReconnectionBackoffPolicy(125, 2, 60_000)
_UNKNOWN: Final = UnknownPolicy()


@dataclass(slots=True, frozen=True)
class ManagerPolicy:
    """How patient a manager is.

    Attributes:
        reconnect: Pauses between connections of the account stream. Rust's `STREAM_RECONNECTION_POLICY`.
        connect_timeout: For the account stream and the first snapshot.
        unknown: How a request whose answer was lost is looked up.
        drain_timeout: For how long a shutdown waits for what is under way.
        compare: How often open orders are compared with those of the venue, where its client `FindsOrders`: a stream may lose a
            message and go on.
    """

    reconnect: ReconnectionBackoffPolicy = _RECONNECTION
    connect_timeout: timedelta = timedelta(seconds=30)
    unknown: UnknownPolicy = _UNKNOWN
    drain_timeout: timedelta = timedelta(seconds=10)
    compare: timedelta = timedelta(seconds=60)


_DEFAULT_POLICY: Final = ManagerPolicy()
_RATE_LIMIT_PAUSE: Final = 0.1
"""Seconds until the engine is told of a rate limit: a strategy that repeats itself at once must not starve the market."""


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
        self._in_flight = InFlight()
        self._quarantine = Quarantine(indexer)
        self._told = Told()
        self._account = AccountLink(
            client,
            indexer.map,
            self._quarantine,
            self._in_flight,
            self._told,
            response_tx.send,
            Backoff(policy.reconnect, random.random),
            policy.connect_timeout.total_seconds(),
            policy.compare.total_seconds(),
        )
        self._lookup = Lookup(client, self._in_flight, policy.unknown, now, self._tell_fills)

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

        Raises:
            ExecutionError: The client could not; or whatever else it raises when it cannot.
            TimeoutError: It took too long.
        """
        await self._account.connect()

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
            account = group.create_task(self._account.run(), name=f"account stream of {self.exchange.value}")
            comparison = group.create_task(self._compare(), name=f"open orders of {self.exchange.value}")
            requests: set[asyncio.Task[None]] = set()
            async for request in self.request_stream:
                if isinstance(request, ExecutionShutdown):
                    break
                task = group.create_task(self._request(request), name=f"request {request.key.cid}")
                requests.add(task)
                task.add_done_callback(requests.discard)
            await self._drain(requests)
            comparison.cancel()
            account.cancel()

    async def _compare(self) -> None:
        """Find out again and again what the account stream has not told of open orders."""
        while True:
            await asyncio.sleep(self._policy.compare.total_seconds())
            if self._account.is_connected:
                for order in await self._lookup.gone_on(dict(self._told.open_orders)):
                    _LOG.warning("order %s: the account stream has not told that it is %s", order.key.cid, order.state)
                    self._account.take(AccountEvent(self.exchange, order))
                    self._account.suspect()

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
        if not self._account.is_connected and not request.state.reduce_only:
            return self._emit(_failed(request, ExchangeOffline(self.exchange)))
        try:
            unknown = InFlightRequest(self.indexer.order_request(request), self._now(), self._in_flight.time_heard)
        except KeyLookupError as error:
            return self._emit(_failed(request, OrderRejected(error.message)))
        self._told.opening(unknown.request.key)
        self._in_flight.add(unknown)
        is_missed = False
        try:
            async with self._in_flight.turn(unknown.request.key):
                answer = await self._call_open(unknown.request)
            if answer is None and not await unknown.is_answered_within(self.request_timeout.total_seconds()):
                answer = await self._lookup.opened(unknown)
                is_missed = answer is not None and not isinstance(answer.state, OpenFailed)
        finally:
            self._in_flight.remove(unknown)
        if answer is not None and isinstance(answer.state, OpenFailed) and isinstance(answer.state.error, RateLimit):
            await asyncio.sleep(_RATE_LIMIT_PAUSE)
        if answer is not None and not unknown.knows(answer):  # the account stream may have brought it already
            self._tell_order(request.key, answer)
        if is_missed:
            self._account.suspect()
        return None

    async def _call_open(self, request: OrderRequestOpen) -> Order | None:
        """The venue's answer; None where it is not known."""
        try:
            async with asyncio.timeout(self.request_timeout.total_seconds()):
                answer = await self.client.open_order(request)
        except ENVIRONMENT_FAILURES as error:
            _LOG.warning("%s: the answer to opening %s is lost: %r", self.exchange.value, request.key.cid, error)
            return None
        if answer is not None and isinstance(answer.state, OpenFailed) and isinstance(answer.state.error, Timeout | Socket):
            return None
        return answer

    def _tell_order(self, key: OrderKey, answer: Order) -> None:
        """Tell of an order what the venue has answered, unless the account stream has told of its end meanwhile."""
        self._in_flight.observe(answer)
        if isinstance(answer.state, Open) and not answer.state.quantity_remaining(answer.quantity):
            answer = answer.with_state(FULLY_FILLED)
        if self._told.news(answer) is not None:
            self._emit(self._indexed_order(key, answer))

    def _tell_fills(self, name: OrderName, trades: Sequence[Trade]) -> None:
        for trade in self._told.fills_since_first_heard(name, trades):
            self._account.take(AccountEvent(self.exchange, trade))

    def _indexed_order(self, key: OrderKey, answer: Order) -> Order:
        """The answer with the engine's indexes. It is never lost: what cannot be indexed of a failure is told in words."""
        state = answer.state
        if isinstance(state, OpenFailed):
            try:
                state = OpenFailed(self.indexer.order_error(state.error))
            except IndexLookupError:
                state = OpenFailed(OrderRejected(str(state.error)))
        return replace(answer, key=key, state=state)

    async def _cancel(self, request: OrderRequestCancel) -> None:
        try:
            unknown = InFlightRequest(self.indexer.order_request(request), self._now(), self._in_flight.time_heard)
        except KeyLookupError as error:
            return self._emit(OrderResponseCancel(request.key, OrderRejected(error.message)))
        self._in_flight.add(unknown)
        answer: OrderResponseCancel | Order | None
        try:
            async with self._in_flight.turn(unknown.request.key):
                answer = await self._call_cancel(unknown.request)
            if answer is None and not await unknown.is_answered_within(self.request_timeout.total_seconds()):
                answer = await self._lookup.cancelled(unknown)
        finally:
            self._in_flight.remove(unknown)
        if isinstance(answer, Order):
            self._tell_order(request.key, answer)
        elif answer is not None and not unknown.knows(answer):
            self._told.news(answer)
            self._emit(self._indexed_response(request, answer))
        return None

    async def _call_cancel(self, request: OrderRequestCancel) -> OrderResponseCancel | None:
        """The venue's answer; None where it is not known, or is that the order has ended and it was not told how."""
        try:
            async with asyncio.timeout(self.request_timeout.total_seconds()):
                answer = await self.client.cancel_order(request)
        except ENVIRONMENT_FAILURES as error:
            _LOG.warning("%s: the answer to cancelling %s is lost: %r", self.exchange.value, request.key.cid, error)
            return None
        if answer is None or isinstance(answer.state, Timeout | Socket):
            return None
        has_ended = isinstance(answer.state, OrderAlreadyCancelled | OrderAlreadyFullyFilled)
        return None if has_ended and not self._told.has_ended(request.key) else answer

    def _indexed_response(self, request: OrderRequestCancel, answer: OrderResponseCancel) -> OrderResponseCancel:
        try:
            return OrderResponseCancel(request.key, self.indexer.order_response_cancel(answer).state)
        except IndexLookupError:
            return OrderResponseCancel(request.key, OrderRejected(str(answer.state)))

    def _emit(self, kind: Order | OrderResponseCancel) -> None:
        self.response_tx.send(AccountEvent(self.indexer.map.exchange.key, kind))


def _failed(request: OrderRequestOpen, error: OrderError) -> Order:
    return request.to_order().with_state(OpenFailed(error))
