"""How a system comes to its end, in an order in which nothing is lost. Rust origin: barter::system.

1. no more market data; what of it waits is dropped
2. trading is disabled; after a failure, our resting orders are cancelled
3. what is under way is waited for, while the engine goes on                  (until aborted)
4. the engine stops, and tells the links to
5. the links wait for what is under way still, and end                        (until aborted)
6. what came after the engine had stopped is applied to its state
"""

from __future__ import annotations

import asyncio
from logging import getLogger
from typing import Any, Final

from barter_python.engine.command import SendCancelRequests
from barter_python.engine.event import Shutdown, TradingStateUpdate
from barter_python.engine.failure import with_event
from barter_python.engine.state.state import InvalidEventError
from barter_python.engine.state.trading import TradingState
from barter_python.errors import IndexLookupError
from barter_python.execution.account import AccountEvent
from barter_python.numeric import money_context
from barter_python.system.own_orders import cancel_own_orders
from barter_python.system.parts import OnFailure, SystemAuxillaryHandles, SystemParts
from barter_python.system.supervisor import TaskFailure

__all__ = ["stop"]

_LOG: Final = getLogger(__name__)


async def stop(
    parts: SystemParts[Any, Any],
    handles: SystemAuxillaryHandles,
    engine: asyncio.Task[None],
    failures: list[TaskFailure],
    aborted: asyncio.Future[None],
) -> None:
    """Bring everything to its end.

    Args:
        parts: The system.
        handles: Its tasks beside the engine.
        engine: The engine's task, which may have ended already.
        failures: Why it stops, if something failed; what fails here is added.
        aborted: Done as soon as nothing shall be waited for any more.
    """
    handles.market_to_engine.cancel()
    await asyncio.wait((handles.market_to_engine,))
    parts.feed.drop_market()
    cancel_orders = parts.on_failure is OnFailure.CANCEL_ORDERS
    if not engine.done() and not aborted.done():
        await _wind_down(parts, engine, aborted, cancel_orders=cancel_orders and bool(failures))
    if not engine.done():
        parts.feed.push(Shutdown())
        await asyncio.wait((engine,))
    if parts.last_audit is None:
        _stop_in_place_of_the_engine(parts, cancel_orders=cancel_orders and not aborted.done())
    aborted.add_done_callback(lambda _: handles.abort())
    if handles.execution.managers:
        await asyncio.wait(handles.execution.managers, timeout=parts.drain_timeout.total_seconds())
    _apply_late_events(parts, failures)
    if parts.audit_tx is not None:
        parts.audit_tx.close()


async def _wind_down(
    parts: SystemParts[Any, Any], engine: asyncio.Task[None], aborted: asyncio.Future[None], *, cancel_orders: bool
) -> None:
    """Disable trading, and let the engine process what is under way."""
    if parts.engine.state.trading is TradingState.ENABLED:
        parts.feed.push(TradingStateUpdate(TradingState.DISABLED))
    if cancel_orders:
        parts.feed.push(SendCancelRequests(cancel_own_orders(parts.engine.state)))
    quiet = asyncio.create_task(parts.quiet.wait(), name="shutdown")
    timeout = parts.drain_timeout.total_seconds()
    try:
        await asyncio.wait((quiet, engine, aborted), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if not quiet.done() and not aborted.done():
            _LOG.warning("shutdown: %d requests or answers are under way still", parts.execution.pending.count)
    finally:
        quiet.cancel()
        await asyncio.wait((quiet,))


def _stop_in_place_of_the_engine(parts: SystemParts[Any, Any], *, cancel_orders: bool) -> None:
    """The engine died: do what it would have done."""
    with money_context():
        if cancel_orders:
            parts.engine.action(SendCancelRequests(cancel_own_orders(parts.engine.state)))
        parts.engine.shutdown()


def _apply_late_events(parts: SystemParts[Any, Any], failures: list[TaskFailure]) -> None:
    """Let the state know what came after the engine had stopped. What data of a user raises then does not keep others out."""
    with money_context():
        while (event := parts.feed.pop_account()) is not None:
            _LOG.warning("after the engine had stopped: %s", event)
            if isinstance(event, AccountEvent):
                if parts.recorder is not None:
                    parts.recorder.late(event)
                try:
                    parts.engine.update_from_account_stream(event)
                except (IndexLookupError, InvalidEventError) as error:
                    _LOG.error("%s", error)
                except (Exception, SystemExit) as error:
                    failures.append(TaskFailure("late events", with_event(error, event, parts.engine.time())))
