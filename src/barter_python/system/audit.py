"""Audits on their way out of a system. Rust origin: barter::system, barter_integration::collection::snapshot::SnapUpdates.

The engine never waits for whoever reads its audits, and audits are never left out in silence: a reader that falls too far behind
gets what was there, then an `AuditLostError`, and no more. Rust lets them pile up without bounds.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from logging import getLogger
from typing import Final, Generic, TypeVar

from barter_python.engine.audit.audit import AuditTick, EngineAudit
from barter_python.errors import BarterError
from barter_python.integration.channel import ChannelClosed, UnboundedRx, UnboundedTx, mpsc_unbounded

__all__ = ["AUDIT_CAPACITY", "AuditLostError", "AuditUpdates", "BoundedAuditTx", "SnapUpdates", "audit_channel"]

_LOG: Final = getLogger(__name__)
AUDIT_CAPACITY: Final = 65_536
"""How many audits may wait for their reader."""

SnapshotT = TypeVar("SnapshotT")
UpdatesT = TypeVar("UpdatesT")


class AuditLostError(BarterError):
    """The reader of the audits was too slow: audits from here on are lost to it."""


@dataclass(slots=True)
class SnapUpdates(Generic[SnapshotT, UpdatesT]):
    """A snapshot, and what has changed since.

    Attributes:
        snapshot: The snapshot.
        updates: The changes, in order.
    """

    snapshot: SnapshotT
    updates: UpdatesT


class BoundedAuditTx:
    """The engine's end.

    Attributes:
        is_lost: Whether the reader was too slow.
    """

    __slots__ = ("_capacity", "_tx", "is_lost")

    def __init__(self, tx: UnboundedTx[AuditTick[EngineAudit]], capacity: int) -> None:
        self._tx = tx
        self._capacity = capacity
        self.is_lost: bool = False

    def send(self, audit: AuditTick[EngineAudit], /) -> None:
        """Take an audit, if somebody reads them."""
        if self._tx.is_closed:
            return
        if self._tx.backlog >= self._capacity:
            _LOG.warning("audits are read too slowly: they are lost from number %d on", audit.context.sequence)
            self.is_lost = True
            self._tx.close()
            return
        try:
            self._tx.send(audit)
        except ChannelClosed:  # the reader went away just now
            return

    def close(self) -> None:
        """There will be no more audits."""
        self._tx.close()


class AuditUpdates:
    """The reader's end: `async for` in a task, `for` in a thread. Ends after the last audit of the engine.

    Raises, when it is read:
        AuditLostError: The reader was too slow.
    """

    __slots__ = ("_rx", "_tx")

    def __init__(self, rx: UnboundedRx[AuditTick[EngineAudit]], tx: BoundedAuditTx) -> None:
        self._rx = rx
        self._tx = tx

    def try_recv(self) -> AuditTick[EngineAudit] | None:
        """The next audit if there is one, without waiting."""
        return self._rx.try_recv()

    def close(self) -> None:
        """Read no more."""
        self._rx.close()

    def __iter__(self) -> Iterator[AuditTick[EngineAudit]]:
        yield from self._rx
        self._check()

    async def __aiter__(self) -> AsyncIterator[AuditTick[EngineAudit]]:
        async for audit in self._rx:
            yield audit
        self._check()

    def _check(self) -> None:
        if self._tx.is_lost:
            raise AuditLostError("audits: the reader fell too far behind, the following ones are lost to it")


def audit_channel(capacity: int = AUDIT_CAPACITY) -> tuple[BoundedAuditTx, AuditUpdates]:
    """Both ends of a channel for audits."""
    channel: tuple[UnboundedTx[AuditTick[EngineAudit]], UnboundedRx[AuditTick[EngineAudit]]] = mpsc_unbounded()
    tx = BoundedAuditTx(channel[0], capacity)
    return tx, AuditUpdates(channel[1], tx)
