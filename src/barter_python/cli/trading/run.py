"""Running a session at a terminal: signals and keys end it, a view shows it, files keep it.

The first request to stop ends it in order; the second one, or one while the session still starts, ends it at once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import click

from barter_python.cli.trading.context import TradingContext
from barter_python.cli.trading.keys import keys_pressed
from barter_python.cli.trading.log_lines import log_lines
from barter_python.cli.trading.stop import StopRequests, stop_signals
from barter_python.cli.view.show import showing, view_of
from barter_python.cli.view.snapshot import Watched
from barter_python.data.streams.environment import StreamEnvironment
from barter_python.engine.state.trading import TradingState
from barter_python.errors import ConfigError
from barter_python.session.files import SessionFile, audit_file, session_file
from barter_python.session.origin import Origin
from barter_python.session.plan import RecordingSink, SessionOutcome, SessionPlan
from barter_python.session.session import Session
from barter_python.system.feed import SystemBusyError
from barter_python.system.own_orders import cancel_own_orders
from barter_python.system.parts import SystemFailedError, SystemStoppedError

__all__ = ["TradingRun", "trade"]


@dataclass(slots=True, frozen=True)
class TradingRun:
    """A session as a command runs it.

    Attributes:
        title: What the view shows as its first word.
        plan: The session; audits and recording are those of the files below.
        origin: What the recording begins with.
        audit: File of the audits, None for none.
        record: File of the recording, None for none.
        is_plain: Whether lines are printed also on a terminal.
    """

    title: str
    plan: SessionPlan
    origin: Origin
    audit: Path | None = None
    record: Path | None = None
    is_plain: bool = False


def trade(run: TradingRun, context: TradingContext) -> tuple[SessionOutcome, bool]:
    """Run a session until the user ends it; returns how it ended, and whether Ctrl-C did it.

    Raises:
        click.Abort: It was ended at once.
        ConfigError: It cannot be run.
        MarketDataError: A venue cannot be reached, or refused.
        StrategyError: Code of the user raised.
        EngineStoppedError: The connection to an account failed for good.
    """
    with asyncio.Runner(loop_factory=context.loop_factory) as runner:
        return runner.run(_until_stopped(run, context))


async def _until_stopped(run: TradingRun, context: TradingContext) -> tuple[SessionOutcome, bool]:
    stop = StopRequests()
    with stop_signals(stop), log_lines(is_echoed=not view_of(is_plain=run.is_plain).is_live) as lines:
        session = asyncio.create_task(_run(run, context, stop, lines), name="session")
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
    return session.result(), stop.is_interrupt


async def _run(run: TradingRun, context: TradingContext, stop: StopRequests, lines: deque[str]) -> SessionOutcome:
    if run.audit is not None and run.record is not None and run.audit.resolve() == run.record.resolve():
        raise ConfigError(f"--record {run.record}: the audits go to the same file, expected another one")
    async with AsyncExitStack() as stack:
        audits = stack.enter_context(audit_file(run.audit))
        record = stack.enter_context(session_file(run.record, "--record"))
        plan = replace(run.plan, clock=context.clock, audit=audits, recording=_recording(run.origin, record))
        if context.environment is not None:
            plan = replace(plan, environment=_given(context.environment))
        async with Session(plan) as session:
            if record is not None:
                record.is_kept = True
            stop.is_running = True
            await _attend(session, run, stop, lines)
        assert session.outcome is not None, "the session was closed"
        return session.outcome


async def _attend(session: Session, run: TradingRun, stop: StopRequests, lines: deque[str]) -> None:
    """Show a session, and pass on what is asked of it, until it has ended."""
    watched = Watched(run.title, session, lines)
    asked = asyncio.create_task(stop.wanted.wait(), name="asked to stop")
    asked.add_done_callback(lambda _: session.stop())
    try:
        with keys_pressed(_keys(session, stop)) as is_listening:
            watched.has_keys = is_listening
            async with showing(view_of(is_plain=run.is_plain), watched) as viewing:
                await session.wait(viewing)
                await session.close()
        if not viewing.cancelled():
            viewing.result()
    finally:
        asked.cancel()
        await asyncio.wait((asked,))


def _recording(origin: Origin, record: SessionFile | None) -> RecordingSink | None:
    if record is None:
        return None
    return RecordingSink(record.write, origin.document)


def _given(environment: Callable[[], StreamEnvironment]) -> Callable[[], AbstractAsyncContextManager[StreamEnvironment]]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[StreamEnvironment]:
        yield environment()

    return opened


def _keys(session: Session, stop: StopRequests) -> dict[str, Callable[[], None]]:
    system = session.system

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
        "q": stop.ask,
    }
