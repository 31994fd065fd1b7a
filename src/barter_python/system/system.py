"""A running system. Rust origin: barter::system.

Every task is supervised. When one dies, trading is disabled, our resting orders are cancelled, what is under way is waited for,
and everything stops; `wait`, `shutdown` and every command then raise a `SystemFailedError` that tells why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from logging import getLogger
from types import TracebackType
from typing import Final, Generic, TypeVar

from barter_python.engine.audit.audit import EngineAudit
from barter_python.engine.command import CancelOrders, ClosePositions, SendCancelRequests, SendOpenRequests
from barter_python.engine.engine import Engine
from barter_python.engine.event import EngineEvent, TradingStateUpdate
from barter_python.engine.state.global_data import GlobalData
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.instrument.filter import InstrumentFilter
from barter_python.engine.state.trading import TradingState
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.instrument.exchange import ExchangeId
from barter_python.system.engine_task import run_in_task, run_in_thread
from barter_python.system.parts import (
    AuditSnapUpdates,
    EngineFeedMode,
    SystemAuxillaryHandles,
    SystemFailedError,
    SystemParts,
    SystemStoppedError,
)
from barter_python.system.stop import stop
from barter_python.system.supervisor import Supervisor, TaskFailure

__all__ = ["System"]

_LOG: Final = getLogger(__name__)

GlobalT = TypeVar("GlobalT", bound=GlobalData)
DataT = TypeVar("DataT", bound=InstrumentDataState)


class System(Generic[GlobalT, DataT]):
    """A running system; `SystemBuild.init` starts one.

    `async with` shuts it down at the end, and aborts it where the block raises. Commands may be given from any thread; everything
    else belongs to the event loop in which the system was started.

    Attributes:
        engine: The engine. Its state may be read in the event loop while it runs in STREAM mode, and once it has stopped.
        handles: The tasks beside the engine.
    """

    handles: SystemAuxillaryHandles

    def __init__(self, parts: SystemParts[GlobalT, DataT]) -> None:
        self.engine: Engine[GlobalT, DataT] = parts.engine
        self._parts = parts
        self._feed = parts.feed
        self._audit = parts.audit
        self._failures: list[TaskFailure] = []
        self._stop_wanted = asyncio.Event()
        self._aborted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start every task, and return once every account is connected. `SystemBuild.init` does it.

        Raises:
            ExecutionError: An account could not be connected; or whatever else its client raises. Nothing runs then.
        """
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(ready), name="system")
        try:
            await asyncio.wait((ready, self._task), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._task.cancel()
            await asyncio.wait((self._task,))
            raise
        if not ready.done() or ready.exception() is not None:
            await asyncio.wait((self._task,))
        await ready

    def send_cancel_requests(self, requests: Iterable[OrderRequestCancel]) -> None:
        """Cancel these orders."""
        self._send(SendCancelRequests(tuple(requests)))

    def send_open_requests(self, requests: Iterable[OrderRequestOpen]) -> None:
        """Open these orders."""
        self._send(SendOpenRequests(tuple(requests)))

    def close_positions(self, filter: InstrumentFilter = None) -> None:  # noqa: A002
        """Close the positions of the selected instruments, as the strategy would."""
        self._send(ClosePositions(filter))

    def cancel_orders(self, filter: InstrumentFilter = None) -> None:  # noqa: A002
        """Cancel every order of the selected instruments."""
        self._send(CancelOrders(filter))

    def trading_state(self, trading_state: TradingState) -> None:
        """Switch trading on or off."""
        self._send(TradingStateUpdate(trading_state))

    def _send(self, command: EngineEvent) -> None:
        """Give a command.

        Raises:
            SystemFailedError: The system stopped because a task died.
            SystemStoppedError: The system has stopped, or is about to.
            SystemBusyError: Too many commands are waiting.
        """
        if self._failures:
            raise SystemFailedError(self._failures)
        if self._stop_wanted.is_set():
            raise SystemStoppedError(f"{type(command).__name__}: the system has stopped, expected a running system")
        self._feed.send(command)

    def take_audit(self) -> AuditSnapUpdates[GlobalT, DataT] | None:
        """The state at the start, and an audit of each event since; None where audits are disabled, or were taken already."""
        audit, self._audit = self._audit, None
        return audit

    @property
    def failures(self) -> list[TaskFailure]:
        """The tasks that died so far."""
        return list(self._failures)

    @property
    def is_running(self) -> bool:
        """Whether commands are taken."""
        return not self._stop_wanted.is_set()

    @property
    def conflated(self) -> int:
        """How many market events were left out so far, because the engine is too slow for the market."""
        return self._feed.conflated

    @property
    def exchanges_traded(self) -> tuple[ExchangeId, ...]:
        """The exchanges that orders go to; `engine.state.connectivity` tells whether their accounts are connected."""
        return tuple(self._parts.execution.managers)

    async def wait(self) -> tuple[Engine[GlobalT, DataT], EngineAudit]:
        """Wait until the system has stopped, for whatever reason; returns the engine and its last audit.

        Raises:
            SystemFailedError: It stopped because a task died.
        """
        assert self._task is not None, "a system is started before it is handed out"
        await asyncio.shield(self._task)
        if self._failures:
            raise SystemFailedError(self._failures)
        audit = self._parts.last_audit
        assert audit is not None, "an engine that has not failed ends with an audit"
        return self.engine, audit

    async def shutdown(self) -> tuple[Engine[GlobalT, DataT], EngineAudit]:
        """Stop: no more market data, trading is disabled, what is under way is waited for, then everything ends.

        Orders that rest at an exchange stay there: call `cancel_orders` before, and `close_positions` for positions; a shutdown
        waits for what these lead to. A shutdown does not wait behind market data that the engine has not processed yet.

        Returns:
            The engine and its last audit.

        Raises:
            SystemFailedError: A task died, before or meanwhile.
        """
        self._stop_wanted.set()
        return await self.wait()

    async def abort(self) -> tuple[Engine[GlobalT, DataT], EngineAudit]:
        """Stop at once: as `shutdown`, but trading is not disabled first, and what is under way is not waited for.

        Cuts a shutdown short that has begun already.
        """
        if not self._aborted.done():
            self._aborted.set_result(None)
        return await self.shutdown()

    async def shutdown_after_backtest(self) -> tuple[Engine[GlobalT, DataT], EngineAudit]:
        """Wait until the market stream has ended and all of it is processed, then `shutdown`.

        As in a backtest, trading is disabled behind the last market event.
        """
        assert self._task is not None, "a system is started before it is handed out"
        self._parts.market.disables_trading_at_end = lambda: self.engine.state.trading is TradingState.ENABLED
        await self._first(self.handles.market_to_engine)
        drained = asyncio.create_task(self._parts.quiet.wait())
        try:
            await self._first(drained)
        finally:
            drained.cancel()
        return await self.shutdown()

    async def _first(self, task: asyncio.Task[None]) -> None:
        """Wait for a task, but not longer than the system runs."""
        assert self._task is not None, "a system is started before it is handed out"
        await asyncio.wait((task, self._task), return_when=asyncio.FIRST_COMPLETED)

    async def __aenter__(self) -> System[GlobalT, DataT]:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            await self.shutdown()
            return
        try:
            await self.abort()
        except SystemFailedError as failed:
            _LOG.error("the system failed too: %s", failed)

    async def _run(self, ready: asyncio.Future[None]) -> None:
        """Own every task of the system, until all have ended."""
        async with asyncio.TaskGroup() as group:
            supervisor = Supervisor(group, self._stop_wanted.set)
            self._failures = supervisor.failures
            try:
                execution = await self._parts.execution.init(supervisor)
            except Exception as error:
                self._stop_wanted.set()
                supervisor.cancel()
                ready.set_exception(error)
                return
            engine = supervisor.create_task(self._run_engine(), name="engine")
            market = supervisor.create_task(self._parts.market.run(), name="market stream")
            self.handles = SystemAuxillaryHandles(execution, market)
            ready.set_result(None)
            await self._stop_wanted.wait()
            await stop(self._parts, self.handles, engine, self._failures, self._aborted)
            supervisor.cancel()

    async def _run_engine(self) -> None:
        parts = self._parts
        if parts.mode is EngineFeedMode.STREAM:
            parts.last_audit = await run_in_task(self.engine, self._feed, parts.execution.pending, parts.audit_tx, parts.recorder)
        else:
            parts.last_audit = await run_in_thread(self.engine, self._feed, parts.audit_tx)
        self._stop_wanted.set()
