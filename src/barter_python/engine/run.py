"""Run loops. Rust origin: barter::engine::run.

A loop ends with the first terminal audit: the feed ended, a `Shutdown` was processed, or the engine has to stop for
an error. It then tells every execution, and returns that audit.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any, Protocol

from barter_python.engine.audit.audit import AuditTick, EngineAudit, FeedEnded, ProcessAudit
from barter_python.engine.engine import Engine, process_with_audit
from barter_python.engine.event import EngineEvent, Shutdown
from barter_python.numeric import money_context

__all__ = ["AuditTx", "async_run", "async_run_with_audit", "sync_run", "sync_run_with_audit"]


class AuditTx(Protocol):
    """Receives audits, for example a `StateReplicaManager` or a queue to a user interface."""

    def send(self, audit: AuditTick[EngineAudit], /) -> None:
        """Take an audit."""
        ...


def sync_run(feed: Iterable[EngineEvent], engine: Engine[Any, Any]) -> EngineAudit:
    """Process every event of `feed` without building audits; returns the reason for the end."""
    step, count = engine.step, 0
    audit: EngineAudit = FeedEnded()
    with money_context():
        try:
            for event in feed:
                count += 1
                outcome = step(event)
                if outcome.errors or type(event) is Shutdown:
                    audit = ProcessAudit(event, *outcome)
                    break
        finally:
            engine.skip_audits(count)
    return _shutdown(engine, engine.audit(audit) if isinstance(audit, FeedEnded) else audit)


def sync_run_with_audit(feed: Iterable[EngineEvent], engine: Engine[Any, Any], audit_tx: AuditTx) -> EngineAudit:
    """Process every event of `feed` and send an audit of each; returns the last one."""
    step, audit, send = engine.step, engine.audit, audit_tx.send
    with money_context():
        for event in feed:
            kind = ProcessAudit(event, *step(event))
            tick = audit(kind)
            send(tick)
            if kind.errors or type(event) is Shutdown:
                return _shutdown(engine, tick)
    return _end_of_feed(engine, audit_tx)


async def async_run(feed: AsyncIterator[EngineEvent], engine: Engine[Any, Any]) -> EngineAudit:
    """As `sync_run`, for an asynchronous feed."""
    async for event in feed:
        tick = process_with_audit(engine, event)
        if tick.event.is_terminal():
            return _shutdown(engine, tick)
    return _shutdown(engine, engine.audit(FeedEnded()))


async def async_run_with_audit(feed: AsyncIterator[EngineEvent], engine: Engine[Any, Any], audit_tx: AuditTx) -> EngineAudit:
    """As `sync_run_with_audit`, for an asynchronous feed."""
    async for event in feed:
        tick = process_with_audit(engine, event)
        audit_tx.send(tick)
        if tick.event.is_terminal():
            return _shutdown(engine, tick)
    return _end_of_feed(engine, audit_tx)


def _end_of_feed(engine: Engine[Any, Any], audit_tx: AuditTx) -> EngineAudit:
    tick = engine.audit(FeedEnded())
    audit_tx.send(tick)
    return _shutdown(engine, tick)


def _shutdown(engine: Engine[Any, Any], last: AuditTick[EngineAudit] | EngineAudit) -> EngineAudit:
    engine.shutdown()
    return last.event if isinstance(last, AuditTick) else last
