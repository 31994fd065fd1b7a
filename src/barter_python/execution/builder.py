"""Building the links to every exchange that is traded on. Rust origin: barter::execution::builder."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from barter_python.data.event import MarketEvent
from barter_python.errors import ConfigError
from barter_python.execution.account import AccountReconnecting, AccountStreamEvent
from barter_python.execution.client.client import ExecutionClient
from barter_python.execution.client.mock import MockExecution, MockExecutionClientConfig
from barter_python.execution.client.mock_exchange import Clock, ExchangeTask
from barter_python.execution.exchange.model.latency import LatencyModel
from barter_python.execution.exchange.venue import SimulatedVenue
from barter_python.execution.execution_tx import MultiExchangeTxMap, TxError
from barter_python.execution.indexer import AccountEventIndexer
from barter_python.execution.link.manager import ExecutionManager, ManagerPolicy
from barter_python.execution.link.pending import Pending
from barter_python.execution.link.recorder import LinkRecorder
from barter_python.execution.map import generate_execution_instrument_map
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.kind import Spot
from barter_python.integration.channel import Channel, ChannelClosed, UnboundedRx, UnboundedTx

__all__ = [
    "Execution",
    "ExecutionBuild",
    "ExecutionBuildFutures",
    "ExecutionBuilder",
    "ExecutionHandles",
    "LiveExecution",
    "MarketTap",
    "TaskSpawner",
]

_SIMULATED_TIMEOUT: Final = timedelta(seconds=60)
"""A simulated exchange always answers; only its latency has to fit in."""


class TaskSpawner(Protocol):
    """Starts tasks and owns them: an `asyncio.TaskGroup`, or the supervisor of a system."""

    def create_task(self, coro: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Start a task."""
        ...


class MarketTap(Protocol):
    """Shows a simulated exchange its market."""

    def __call__(self, event: MarketEvent, time: datetime | None = None) -> None:
        """Something has happened; `time` is when it reached us, None for now."""
        ...


@dataclass(slots=True)
class LiveExecution:
    """Orders of one exchange go to a client.

    Attributes:
        client: The exchange.
        request_timeout: How long an answer may take before the venue is asked what became of the request.
        policy: How patient the link is.
    """

    client: ExecutionClient
    request_timeout: timedelta = timedelta(seconds=5)
    policy: ManagerPolicy = field(default_factory=ManagerPolicy)


class _RequestTx:
    """The engine's way to one exchange; each request counts as pending until its outcome is known."""

    __slots__ = ("_exchange", "_pending", "_recorder", "_tx")

    def __init__(
        self, exchange: ExchangeId, tx: UnboundedTx[ExecutionRequest], pending: Pending, recorder: LinkRecorder | None
    ) -> None:
        self._exchange = exchange
        self._tx = tx
        self._pending = pending
        self._recorder = recorder

    def send(self, request: ExecutionRequest, /) -> None:
        is_counted = not isinstance(request, ExecutionShutdown)
        if is_counted:
            self._pending.add_request()
        try:
            self._tx.send(request)
        except ChannelClosed as error:
            if is_counted:
                self._pending.done()
            raise TxError(f"execution of {self._exchange.value}: {error.message}", is_unrecoverable=True) from error
        if self._recorder is not None and not isinstance(request, ExecutionShutdown):
            self._recorder.sent(request)


@dataclass(slots=True)
class ExecutionHandles:
    """The running links.

    Attributes:
        mock_exchanges: Simulated exchanges.
        managers: One for each exchange; account events go from them to the engine without another task.
    """

    mock_exchanges: list[asyncio.Task[None]] = field(default_factory=list)
    managers: list[asyncio.Task[None]] = field(default_factory=list)

    def __iter__(self) -> Iterator[asyncio.Task[None]]:
        yield from self.mock_exchanges
        yield from self.managers

    async def shutdown(self) -> None:
        """Wait until every link has ended; the engine's shutdown has told them to."""
        await asyncio.gather(*self)


@dataclass(slots=True)
class ExecutionBuildFutures:
    """Links that wait to be started.

    Attributes:
        pending: Counts what is under way.
        mock_exchanges: Simulated exchanges by venue.
        managers: The links by venue.
        requests: What the engine wants, by venue.
    """

    pending: Pending
    mock_exchanges: dict[ExchangeId, ExchangeTask] = field(default_factory=dict)
    managers: dict[ExchangeId, ExecutionManager] = field(default_factory=dict)
    requests: dict[ExchangeId, UnboundedRx[ExecutionRequest]] = field(default_factory=dict)

    async def init(self, group: TaskSpawner) -> ExecutionHandles:
        """Start everything as tasks of a group, and return once every account is connected.

        Raises:
            ExecutionError: An account could not be connected; or whatever else its client raises.
        """
        handles = ExecutionHandles()
        for venue, exchange in self.mock_exchanges.items():
            handles.mock_exchanges.append(group.create_task(exchange.run(), name=f"simulated exchange {venue.value}"))
        try:
            async with asyncio.TaskGroup() as connecting:
                for manager in self.managers.values():
                    connecting.create_task(manager.connect())
        except ExceptionGroup as errors:
            for manager in self.managers.values():
                await manager.close()
            raise errors.exceptions[0] from errors
        for venue in self.managers:
            handles.managers.append(group.create_task(self._run(venue), name=f"execution manager {venue.value}"))
        return handles

    async def _run(self, venue: ExchangeId) -> None:
        manager = self.managers[venue]
        try:
            await manager.run()
        except Exception:
            manager.response_tx.send(AccountReconnecting(venue))  # the engine must not take the account for healthy
            raise
        finally:
            # Requests that nobody will carry any more: what is sent from now on is refused, and nobody waits for what was.
            requests = self.requests[venue]
            requests.close()
            unsent = [request for request in iter(requests.try_recv, None) if not isinstance(request, ExecutionShutdown)]
            self.pending.done(len(unsent))
            if venue in self.mock_exchanges:
                self.mock_exchanges[venue].stop()


@dataclass(slots=True)
class Execution:
    """Running links.

    Attributes:
        execution_txs: Where requests go.
        account_channel: Where account events of all exchanges come from.
        handles: Their tasks.
    """

    execution_txs: MultiExchangeTxMap
    account_channel: Channel[AccountStreamEvent]
    handles: ExecutionHandles


@dataclass(slots=True)
class ExecutionBuild:
    """Links that wait to be started.

    Attributes:
        execution_tx_map: Where requests go; None for an exchange that is only watched.
        account_channel: Where account events of all exchanges will come from.
        futures: The links.
        market_taps: For each simulated exchange, what has to be called with every event of its market, before the engine has it.
        pending: Counts what is under way.
    """

    execution_tx_map: MultiExchangeTxMap
    account_channel: Channel[AccountStreamEvent]
    futures: ExecutionBuildFutures
    market_taps: dict[ExchangeId, MarketTap]
    pending: Pending

    async def init(self, group: TaskSpawner) -> Execution:
        """Start everything as tasks of a group, and return once every account is connected."""
        return Execution(self.execution_tx_map, self.account_channel, await self.futures.init(group))


class ExecutionBuilder:
    """Adds the links one by one, at most one for each exchange.

    Args:
        instruments: What is watched and traded.
        recorder: Takes down what passes through the links; None for nobody.
    """

    def __init__(self, instruments: IndexedInstruments, recorder: LinkRecorder | None = None) -> None:
        self.instruments = instruments
        self._recorder = recorder
        self._txs: dict[ExchangeId, _RequestTx] = {}
        self._account_channel: Channel[AccountStreamEvent] = Channel()
        self._pending = Pending()
        self._futures = ExecutionBuildFutures(self._pending)

    def add_exchange(self, venue: ExchangeId, exchange: SimulatedVenue, latency: LatencyModel, clock: Clock) -> ExecutionBuilder:
        """Trade with a simulated exchange. Rust: `add_mock`.

        Args:
            venue: Whose place it takes.
            exchange: The exchange, which belongs to this run.
            latency: How long requests and answers travel.
            clock: Tells the exchange's time.

        Raises:
            ConfigError: There is a link to that exchange already.
            ExchangeIndexError: No instrument trades there.
        """
        recorder = None if self._recorder is None else self._recorder.exchange(venue)
        task = ExchangeTask(exchange, latency, clock.time, self._pending, recorder)
        config = MockExecutionClientConfig(venue, clock.time, task.request_tx, task.subscribe)
        self._add(venue, LiveExecution(MockExecution(config), _SIMULATED_TIMEOUT))
        self._futures.mock_exchanges[venue] = task
        return self

    def add_live(
        self, client: ExecutionClient, request_timeout: timedelta, policy: ManagerPolicy | None = None
    ) -> ExecutionBuilder:
        """Trade with a venue.

        Raises:
            ConfigError: There is a link to that exchange already.
            ExchangeIndexError: No instrument trades there.
        """
        return self._add(client.EXCHANGE, LiveExecution(client, request_timeout, policy or ManagerPolicy()))

    def _add(self, venue: ExchangeId, execution: LiveExecution) -> ExecutionBuilder:
        if venue in self._txs:
            raise ConfigError(f"executions: there is one for {venue.value!r} already, expected at most one for each exchange")
        names = generate_execution_instrument_map(self.instruments, venue)
        traded = [found for found in self.instruments.instruments() if found.value.exchange.value is venue]
        requests: Channel[ExecutionRequest] = Channel()
        self._futures.managers[venue] = ExecutionManager(
            requests.rx,
            execution.request_timeout,
            self._account_channel.tx,
            execution.client,
            AccountEventIndexer(names),
            policy=execution.policy,
            pending=self._pending,
            spot=frozenset(found.key for found in traded if isinstance(found.value.kind, Spot)),
            specs={found.value.name_exchange: found.value.spec for found in traded if found.value.spec is not None},
        )
        self._futures.requests[venue] = requests.rx
        self._txs[venue] = _RequestTx(venue, requests.tx, self._pending, self._recorder)
        return self

    def build(self) -> ExecutionBuild:
        """Everything that was added, not started yet."""
        exchanges = [keyed.value for keyed in self.instruments.exchanges()]
        return ExecutionBuild(
            MultiExchangeTxMap((venue, self._txs.get(venue)) for venue in exchanges),
            self._account_channel,
            self._futures,
            {venue: task.on_market for venue, task in self._futures.mock_exchanges.items()},
            self._pending,
        )
