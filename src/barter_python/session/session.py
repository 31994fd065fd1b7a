"""A trading session from its start to its end.

    async with Session(plan) as session:    # connects and subscribes, connects accounts, trades
        await session.wait()                # until `stop` is called, or something ends it
    session.outcome                         # wound down, shut down, summed up

Leaving the block winds the session down in order: no new orders, then what the plan wants of those that rest and of positions.
Cancelling the task ends it at once, and may leave orders behind.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from types import TracebackType
from typing import Any, Final

from barter_python.data.streams.indexed import IndexedMarketStream
from barter_python.engine.audit.audit import EngineAudit
from barter_python.engine.engine import Engine
from barter_python.engine.state.trading import TradingState
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.order.id import session_tag
from barter_python.integration.error import SocketError
from barter_python.recording.recorder import SessionRecorder
from barter_python.result.document import report_document
from barter_python.session.activity import SessionActivity
from barter_python.session.failure import EngineStoppedError, explain
from barter_python.session.market import MarketConnection, open_market
from barter_python.session.plan import SessionOutcome, SessionPlan
from barter_python.session.plugin import failures_explained
from barter_python.session.venue_specs import with_venue_specs
from barter_python.session.wind_down import wind_down
from barter_python.system.audit import AuditLostError, AuditUpdates
from barter_python.system.builder import AuditMode, Executions, SystemArgs, SystemBuild, SystemBuilder
from barter_python.system.parts import SystemFailedError
from barter_python.system.system import System

__all__ = ["Session"]

_TURN: Final = 64
"""Audits that are read before others get their turn."""
_ABORT_SECONDS: Final = 1.0


class Session:
    """A strategy that trades on paper or live. It belongs to one event loop, and is used once.

    Args:
        plan: What it is made of.

    Attributes:
        plan: What it is made of.
        instruments: Those of the plan, and once it has started with the limits of their venues.
        activity: What it did so far.
        connections: Its connections for market data, once it has started.
        phase: What it does at its end, in words; empty while it trades.
        outcome: How it ended; None before.
    """

    def __init__(self, plan: SessionPlan) -> None:
        self.plan = plan
        self.instruments = plan.instruments
        self.activity = SessionActivity(plan.instruments)
        self.connections: tuple[MarketConnection, ...] = ()
        self.phase = ""
        self.outcome: SessionOutcome | None = None
        self._tag = ""
        self._stack = AsyncExitStack()
        self._stop_wanted = asyncio.Event()
        self._warnings: list[str] = []
        self._system: System[Any, Any] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._recorder: SessionRecorder | None = None
        self._has_ended = False

    @property
    def system(self) -> System[Any, Any]:
        """The running system: its engine's state, and its commands.

        Raises:
            RuntimeError: The session has not started.
        """
        if self._system is None:
            raise RuntimeError("the session has not started, expected `async with Session(plan) as session`")
        return self._system

    def stop(self) -> None:
        """End the session in order, soon."""
        self._stop_wanted.set()

    async def __aenter__(self) -> Session:
        """Start; see `start`."""
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End in order; at once where the task was cancelled."""
        if self._has_ended:
            return
        if isinstance(error, asyncio.CancelledError):
            await self.abort()
        else:
            await self.close()

    async def start(self) -> None:
        """Connect and subscribe, connect accounts, and start to trade.

        Raises:
            ConfigError: It cannot be run.
            MarketDataError: A venue cannot be reached, or refused.
            EngineStoppedError: An account cannot be connected.
        """
        try:
            self._system = await self._connect()
        except BaseException:
            await self._stack.aclose()
            raise
        updates = self._system.take_audit()
        assert updates is not None, "audits are enabled"
        self._reading = asyncio.create_task(self._read(updates.updates), name="audits")

    async def _connect(self) -> System[Any, Any]:
        plan, stack = self.plan, self._stack
        executions = await stack.enter_async_context(plan.executions())
        environment = await stack.enter_async_context(plan.environment())
        market, self.connections = await open_market(plan.instruments, plan.kinds, environment)
        stack.push_async_callback(market.aclose)
        try:
            self.instruments = await with_venue_specs(plan.instruments, executions)
            with failures_explained(plan.named_user_code()):
                build = self._build(executions, market)
            system = await build.init()
        except (SocketError, ExecutionError) as error:
            raise EngineStoppedError(f"an account cannot be connected: {error.message}") from error
        if self._recorder is not None:
            stack.callback(self._recorder.close)
        stack.enter_context(_frozen_objects())
        return system

    def _build(self, executions: Executions, market: IndexedMarketStream) -> SystemBuild[Any, Any]:
        plan, clock = self.plan, self.plan.clock()
        self._tag = session_tag(clock.time())
        plan.strategy.begin_session(self._tag)
        args: SystemArgs[Any, Any] = SystemArgs(
            self.instruments,
            executions,
            clock,
            plan.strategy,
            plan.risk,
            market,
            plan.strategy.global_data(),
            plan.strategy.instrument_data,
            plan.valuation,
        )
        builder = SystemBuilder(args).audit_mode(AuditMode.ENABLED).balances(plan.balances)
        if plan.is_trading:
            builder.trading_state(TradingState.ENABLED)
        if plan.recording is not None:
            self._recorder = SessionRecorder(plan.recording.write, dict(plan.recording.origin(self._tag, self.instruments)))
            builder.recorder(self._recorder)
        return builder.build()

    async def wait(self, *beside: asyncio.Task[None]) -> None:
        """Wait until somebody asks to stop, or the session or a task beside it ends by itself."""
        assert self._reading is not None, "the session has started"
        waiting: list[asyncio.Task[Any]] = [
            asyncio.create_task(self.system.wait(), name="end of the system"),
            asyncio.create_task(self._stop_wanted.wait(), name="request to stop"),
        ]
        try:
            await asyncio.wait((*waiting, self._reading, *beside), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def close(self) -> SessionOutcome:
        """Wind down, shut down, and sum up.

        Raises:
            StrategyError: Code of the user raised.
            MarketDataError: The market data has failed.
            EngineStoppedError: The connection to an account failed for good.
        """
        self._has_ended = True
        try:
            engine, last = await self._shut_down()
            reading = await self._finish_reading()
            summary = self.activity.summary(self.plan.id, engine, self.plan.risk_free_return, last)
            self.outcome = SessionOutcome(summary, self._tag, tuple(self._warnings))
            if self._recorder is not None:
                self._recorder.close(report_document(summary))
        except SystemFailedError as failed:
            raise explain(failed, self.plan.named_user_code()) from failed.__cause__
        except asyncio.CancelledError:
            await self.abort()
            raise
        finally:
            await self._release()
        if not reading.cancelled():
            reading.result()
        return self.outcome

    async def _shut_down(self) -> tuple[Engine[Any, Any], EngineAudit]:
        if self.system.is_running:
            self._warnings += await wind_down(self.system, self.plan.on_exit, self._show)
            self._show("shutting down")
        return await self.system.shutdown()

    async def abort(self) -> None:
        """End at once. Whatever does not end by itself now is cancelled with the event loop."""
        self._has_ended = True
        if self._system is not None and self._system.is_running:
            await asyncio.wait((asyncio.ensure_future(_ignore_failure(self._system)),), timeout=_ABORT_SECONDS)
        await self._release()

    async def _finish_reading(self) -> asyncio.Task[None]:
        """Read what was audited to its end."""
        reading = self._reading
        assert reading is not None, "the session has started"
        if not self.system.is_running:
            await asyncio.wait((reading,), timeout=_ABORT_SECONDS)
        reading.cancel()
        await asyncio.wait((reading,))
        return reading

    async def _release(self) -> None:
        """Give everything up that was opened."""
        if self._reading is not None:
            await self._finish_reading()
        await self._stack.aclose()

    async def _read(self, updates: AuditUpdates) -> None:
        count, audit = 0, self.plan.audit
        try:
            async for tick in updates:
                self.activity.send(tick)
                if audit is not None:
                    audit.send(tick)
                count += 1
                if not count % _TURN:
                    await asyncio.sleep(0)
        except AuditLostError as error:
            self._warnings.append(f"the result is incomplete: {error.message}")

    def _show(self, phase: str) -> None:
        self.phase = phase


@contextmanager
def _frozen_objects() -> Iterator[None]:
    """Spare the garbage collector what is there now, and until the end: looking through it takes longer than many orders do."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def _ignore_failure(system: System[Any, Any]) -> None:
    with suppress(SystemFailedError):
        await system.abort()
