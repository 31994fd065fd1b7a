"""A trading session from its start to its end.

    connect and subscribe -> connect accounts -> trade -> wind down -> shut down -> summary

The first request to stop goes down that line in order; the second one, or one while the session still starts, ends it at once.
"""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any, Final, cast

import click

from barter_python.cli.outcome import EngineStoppedError
from barter_python.cli.trading.failure import explain
from barter_python.cli.trading.keys import keys_pressed
from barter_python.cli.trading.ledger import Ledger
from barter_python.cli.trading.log_lines import log_lines
from barter_python.cli.trading.market import Connection, open_market
from barter_python.cli.trading.origin import begin_session, session_origin
from barter_python.cli.trading.plan import Outcome, Surroundings, TradingPlan
from barter_python.cli.trading.session_file import AuditFile, audit_file, session_file
from barter_python.cli.trading.stop import StopRequests, stop_signals
from barter_python.cli.trading.wind_down import wind_down
from barter_python.cli.view.show import showing, view_of
from barter_python.cli.view.snapshot import Watched
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.trading import TradingState
from barter_python.errors import ConfigError
from barter_python.execution.client.client import ExecutionError
from barter_python.execution.order.id import session_tag
from barter_python.integration.error import SocketError
from barter_python.recording.recorder import SessionRecorder
from barter_python.system.audit import AuditLostError, AuditUpdates
from barter_python.system.builder import AuditMode, SystemArgs, SystemBuilder
from barter_python.system.feed import SystemBusyError
from barter_python.system.own_orders import cancel_own_orders
from barter_python.system.parts import SystemFailedError, SystemStoppedError
from barter_python.system.system import System

__all__ = ["trade"]

_TURN: Final = 64
_ABORT_SECONDS: Final = 1.0


def trade(plan: TradingPlan, surroundings: Surroundings) -> Outcome:
    """Run a session until the user ends it.

    Raises:
        click.Abort: It was ended at once.
        ConfigError: It cannot be run.
        MarketDataError: A venue cannot be reached, or refused.
        StrategyError: Code of the user raised.
        EngineStoppedError: The connection to an account failed for good.
    """
    with asyncio.Runner(loop_factory=surroundings.loop_factory) as runner:
        return runner.run(_until_stopped(plan, surroundings))


async def _until_stopped(plan: TradingPlan, surroundings: Surroundings) -> Outcome:
    stop = StopRequests()
    with stop_signals(stop), log_lines(is_echoed=not view_of(is_plain=plan.is_plain).is_live) as lines:
        session = asyncio.create_task(_Session(plan, surroundings, stop, lines).run(), name="session")
        at_once = asyncio.create_task(stop.at_once.wait(), name="stop at once")
        try:
            await asyncio.wait((session, at_once), return_when=asyncio.FIRST_COMPLETED)
            if not session.done():
                session.cancel()
                await asyncio.wait((session,))
        finally:
            at_once.cancel()
            await asyncio.wait((at_once,))
    if session.cancelled():
        raise click.Abort
    return session.result()


class _Session:
    def __init__(self, plan: TradingPlan, surroundings: Surroundings, stop: StopRequests, lines: deque[str]) -> None:
        self._plan = plan
        self._surroundings = surroundings
        self._stop = stop
        self._lines = lines
        self._instruments = plan.origin.instruments()
        self._ledger = Ledger(self._instruments)
        self._phase = ""
        self._warnings: list[str] = []

    async def run(self) -> Outcome:
        plan = self._plan
        async with AsyncExitStack() as stack:
            _check_files(plan)
            audits = stack.enter_context(audit_file(plan.audit))
            record = stack.enter_context(session_file(plan.record, "--record"))
            executions = await stack.enter_async_context(plan.executions())
            if self._surroundings.environment is None:
                environment = await stack.enter_async_context(plan.environment())
            else:
                environment = self._surroundings.environment()
            market, connections = await open_market(self._instruments, plan.kinds, environment)
            stack.push_async_callback(market.aclose)
            clock = self._surroundings.clock()
            tag = begin_session(plan.strategy, session_tag(clock.time()))
            args: SystemArgs[Any, Any] = SystemArgs(
                self._instruments,
                executions,
                clock,
                plan.strategy,
                plan.risk,
                market,
                getattr(plan.strategy, "global_data", DefaultGlobalData)(),
                getattr(plan.strategy, "instrument_data", lambda _: DefaultInstrumentMarketData()),
            )
            builder = SystemBuilder(args).audit_mode(AuditMode.ENABLED).balances(plan.origin.balances())
            if plan.origin.is_trading:
                builder.trading_state(TradingState.ENABLED)
            recorder = None
            if record is not None:
                origin = session_origin.write(replace(plan.origin, tag=tag))
                recorder = SessionRecorder(record.write, cast("dict[str, Any]", origin))
                builder.recorder(recorder)
            build = builder.build()
            try:
                system = await build.init()
            except (SocketError, ExecutionError) as error:
                raise EngineStoppedError(f"an account cannot be connected: {error.message}") from error
            if record is not None and recorder is not None:
                record.is_kept = True
                stack.callback(recorder.close)
            stack.enter_context(_frozen_objects())
            return await self._supervise(system, connections, audits)

    async def _supervise(
        self, system: System[Any, Any], connections: tuple[Connection, ...], audits: AuditFile | None
    ) -> Outcome:
        plan = self._plan
        updates = system.take_audit()
        assert updates is not None, "audits are enabled"
        reading = asyncio.create_task(self._read(updates.updates, audits), name="audits")
        watched = Watched(plan.title, system, self._ledger, connections, self._lines, lambda: self._phase)
        self._stop.is_running = True
        try:
            with keys_pressed(self._keys(system)) as is_listening:
                watched.has_keys = is_listening
                async with showing(view_of(is_plain=plan.is_plain), watched) as viewing:
                    await self._trade(system, (viewing, reading))
                    engine, last = await system.shutdown()
            _raise_failure(viewing)
        except SystemFailedError as failed:
            raise explain(failed, plan.plugins) from failed.__cause__
        except asyncio.CancelledError:
            # Whatever does not end by itself now is cancelled with the event loop.
            await asyncio.wait((asyncio.ensure_future(_ignore_failure(system)),), timeout=_ABORT_SECONDS)
            raise
        finally:
            if not system.is_running:
                await asyncio.wait((reading,), timeout=_ABORT_SECONDS)
            reading.cancel()
            await asyncio.wait((reading,))
        _raise_failure(reading)
        summary = self._ledger.summary(plan.id, engine, plan.origin.config.risk_free_return, last)
        return Outcome(summary, self._stop.is_interrupt, tuple(self._warnings))

    async def _trade(self, system: System[Any, Any], beside: tuple[asyncio.Task[None], ...]) -> None:
        """Trade until somebody asks to stop, or the system or a task beside it ends by itself; then wind down."""
        waiting: list[asyncio.Task[Any]] = [
            asyncio.create_task(system.wait(), name="end of the system"),
            asyncio.create_task(self._stop.wanted.wait(), name="request to stop"),
        ]
        try:
            await asyncio.wait((*waiting, *beside), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        if system.is_running:
            self._warnings += await wind_down(system, self._plan.on_exit, self._show)
            self._show("shutting down")

    async def _read(self, updates: AuditUpdates, audits: AuditFile | None) -> None:
        count = 0
        try:
            async for tick in updates:
                self._ledger.send(tick)
                if audits is not None:
                    audits.send(tick)
                count += 1
                if not count % _TURN:
                    await asyncio.sleep(0)
        except AuditLostError as error:
            self._warnings.append(f"the result is incomplete: {error.message}")

    def _show(self, phase: str) -> None:
        self._phase = phase

    def _keys(self, system: System[Any, Any]) -> dict[str, Callable[[], None]]:
        def command(give: Callable[[], None]) -> Callable[[], None]:
            def obey() -> None:
                with suppress(SystemStoppedError, SystemFailedError, SystemBusyError):
                    give()

            return obey

        def toggle() -> None:
            is_on = system.engine.state.trading is TradingState.ENABLED
            system.trading_state(TradingState.DISABLED if is_on else TradingState.ENABLED)

        return {
            "t": command(toggle),
            "c": command(lambda: system.send_cancel_requests(cancel_own_orders(system.engine.state))),
            "x": command(system.close_positions),
            "q": self._stop.ask,
        }


def _check_files(plan: TradingPlan) -> None:
    if plan.audit is not None and plan.record is not None and plan.audit.resolve() == plan.record.resolve():
        raise ConfigError(f"--record {plan.record}: the audits go to the same file, expected another one")


@contextmanager
def _frozen_objects() -> Iterator[None]:
    """Spare the garbage collector what is there now, and until the end: looking through it takes longer than many orders do."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _raise_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.result()


async def _ignore_failure(system: System[Any, Any]) -> None:
    with suppress(SystemFailedError):
        await system.abort()
