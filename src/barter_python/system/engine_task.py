"""Running the engine on its feed. Rust origin: barter::engine::run, barter::system::builder.

In a task the engine takes a batch of events, then lets the others in: every event by its own would cost a switch of tasks each.
A batch ends early when the engine has sent a request, which then leaves before anything else is processed, and when the batch
has taken long enough.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any, Final

from barter_python.engine.audit.audit import EngineAudit, ProcessAudit
from barter_python.engine.engine import Engine
from barter_python.engine.event import EngineEvent, Shutdown
from barter_python.engine.failure import with_event
from barter_python.engine.run import AuditTx, sync_run, sync_run_with_audit
from barter_python.execution.account import AccountEvent
from barter_python.execution.link.pending import Pending
from barter_python.numeric import money_context
from barter_python.recording.recorder import SessionRecorder
from barter_python.system.feed import EngineFeed
from barter_python.system.refusals import Refusals

__all__ = ["run_in_task", "run_in_thread"]

_BATCH_MAX: Final = 256
_BATCH_SECONDS: Final = 0.005
_TURNS_OF_A_REQUEST: Final = 3
"""How often the event loop has to go round until a request has got from the engine into the client."""


async def run_in_task(
    engine: Engine[Any, Any],
    feed: EngineFeed,
    pending: Pending,
    audit_tx: AuditTx | None = None,
    recorder: SessionRecorder | None = None,
) -> EngineAudit:
    """Process what comes until a shutdown, or an error for which the engine has to stop; returns the last audit.

    Args:
        engine: The engine.
        feed: What it processes.
        pending: Counts the requests that it sends.
        audit_tx: Receives an audit of each event.
        recorder: Takes down each event; None for nobody.
    """
    process = _watched(_processor(engine, audit_tx), recorder)
    while True:
        requests = pending.requests
        terminal = _run_batch(engine, process, feed, pending)
        if terminal is not None:
            engine.shutdown()
            return terminal
        if pending.requests != requests:
            for _ in range(_TURNS_OF_A_REQUEST):
                await asyncio.sleep(0)
        # Even an engine that always has something to do gives way once per batch.
        await (feed.wait() if feed.is_empty else asyncio.sleep(0))


def _run_batch(
    engine: Engine[Any, Any], process: Callable[[EngineEvent], ProcessAudit | None], feed: EngineFeed, pending: Pending
) -> ProcessAudit | None:
    loop_time, requests = asyncio.get_running_loop().time, pending.requests
    deadline = loop_time() + _BATCH_SECONDS
    with money_context():
        for _ in range(_BATCH_MAX):
            event = feed.pop()
            if event is None:
                return None
            try:
                terminal = process(event)
            except (Exception, SystemExit) as error:
                raise with_event(error, event, engine.time()) from error.__cause__
            if terminal is not None:
                return terminal
            if (pending.requests != requests and not feed.is_command_next) or loop_time() > deadline:
                return None
    return None


def _processor(engine: Engine[Any, Any], audit_tx: AuditTx | None) -> Callable[[EngineEvent], ProcessAudit | None]:
    """A function that processes an event, and returns its audit if it is the last one."""
    step, skip_audits = engine.step, engine.skip_audits

    def process(event: EngineEvent) -> ProcessAudit | None:
        outcome = step(event)
        skip_audits(1)
        return ProcessAudit(event, *outcome) if outcome.errors or type(event) is Shutdown else None

    def process_with_audit(event: EngineEvent) -> ProcessAudit | None:
        kind = ProcessAudit(event, *step(event))
        assert audit_tx is not None, "this function is for audits"
        audit_tx.send(engine.audit(kind))
        return kind if kind.is_terminal() else None

    return process if audit_tx is None else process_with_audit


def _watched(
    process: Callable[[EngineEvent], ProcessAudit | None], recorder: SessionRecorder | None
) -> Callable[[EngineEvent], ProcessAudit | None]:
    watch, take_down = Refusals().watch, None if recorder is None else recorder.processed

    def process_watched(event: EngineEvent) -> ProcessAudit | None:
        if take_down is not None:
            take_down(event)
        if type(event) is AccountEvent:
            watch(event)
        return process(event)

    return process_watched


def _watched_feed(feed: EngineFeed) -> Iterator[EngineEvent]:
    watch = Refusals().watch
    for event in feed:
        watch(event)
        yield event


async def run_in_thread(engine: Engine[Any, Any], feed: EngineFeed, audit_tx: AuditTx | None = None) -> EngineAudit:
    """As `run_in_task`, in a thread of its own: a slow strategy does not keep connections waiting.

    When it is cancelled, it tells the engine to stop, and waits until it has: nothing can end a thread from outside.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[EngineAudit] = loop.create_future()
    events = _watched_feed(feed)

    def run() -> None:
        try:
            audit = sync_run(events, engine) if audit_tx is None else sync_run_with_audit(events, engine, audit_tx)
        except BaseException as error:
            loop.call_soon_threadsafe(ended.set_exception, with_event(error, None, engine.time()))
        else:
            loop.call_soon_threadsafe(ended.set_result, audit)

    Thread(target=run, name="engine", daemon=True).start()
    try:
        return await asyncio.shield(ended)
    except asyncio.CancelledError:
        feed.push(Shutdown())
        await asyncio.wait([ended])
        raise
