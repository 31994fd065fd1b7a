"""What a system consists of. Rust origin: barter::system."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

from barter_python.engine.audit.audit import AuditTick, EngineAudit
from barter_python.engine.engine import Engine
from barter_python.engine.state.global_data import GlobalData
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.state import EngineState
from barter_python.errors import BarterError
from barter_python.execution.builder import ExecutionBuildFutures, ExecutionHandles
from barter_python.recording.recorder import SessionRecorder
from barter_python.system.audit import AuditUpdates, BoundedAuditTx, SnapUpdates
from barter_python.system.feed import EngineFeed, IdleMonitor
from barter_python.system.market_task import MarketTask
from barter_python.system.supervisor import TaskFailure

__all__ = [
    "AuditSnapUpdates",
    "EngineFeedMode",
    "OnFailure",
    "SystemAuxillaryHandles",
    "SystemFailedError",
    "SystemParts",
    "SystemStoppedError",
]

GlobalT = TypeVar("GlobalT", bound=GlobalData)
DataT = TypeVar("DataT", bound=InstrumentDataState)

AuditSnapUpdates: TypeAlias = SnapUpdates[AuditTick[EngineState[GlobalT, DataT]], AuditUpdates]
"""The state at some time, and an audit of each event since."""


class SystemFailedError(BarterError):
    """A task of the system died, and the system stopped for it. Its cause is what the first one died of.

    Attributes:
        failures: Every task that died, in order.
    """

    def __init__(self, failures: list[TaskFailure]) -> None:
        first = failures[0]
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        super().__init__(f"{first.task} failed: {type(first.error).__name__}: {first.error}{more}")
        self.failures = failures
        self.__cause__ = first.error


class SystemStoppedError(BarterError):
    """The system has stopped, or is about to: it takes no more commands."""


class EngineFeedMode(Enum):
    """Where the engine runs.

    ITERATOR: In a thread of its own, so that a slow strategy does not keep connections waiting.
    STREAM: In the event loop, in batches: the same order of events every time, and no switch of threads on the way to an order.
    """

    ITERATOR = "Iterator"
    STREAM = "Stream"


class OnFailure(Enum):
    """What happens to our resting orders when a task dies. Positions, and orders of others, are left alone either way."""

    CANCEL_ORDERS = "CancelOrders"
    LEAVE_ORDERS = "LeaveOrders"


@dataclass(slots=True)
class SystemAuxillaryHandles:
    """The tasks beside the engine. Account events need no task of their own: the links put them into the feed.

    Attributes:
        execution: Links to exchanges.
        market_to_engine: Carries market data.
    """

    execution: ExecutionHandles
    market_to_engine: asyncio.Task[None]

    async def shutdown(self) -> None:
        """Stop reading market data, and wait until every link has ended."""
        self.market_to_engine.cancel()
        await self.execution.shutdown()

    def abort(self) -> None:
        """Cancel every task."""
        for task in (*self.execution, self.market_to_engine):
            task.cancel()


@dataclass(slots=True)
class SystemParts(Generic[GlobalT, DataT]):
    """What a system is made of.

    Attributes:
        engine: The engine.
        feed: What it is fed from.
        quiet: Tells when nothing is left to do.
        market: Carries market data.
        execution: Links to exchanges.
        mode: Where the engine runs.
        on_failure: What happens to resting orders when a task dies.
        drain_timeout: For how long a shutdown waits for what is under way.
        audit_tx: Receives audits.
        audit: Snapshot and audits for whoever takes them.
        last_audit: How the engine ended; None while it runs, and where it died.
        recorder: Takes down the session; None for nobody.
    """

    engine: Engine[GlobalT, DataT]
    feed: EngineFeed
    quiet: IdleMonitor
    market: MarketTask
    execution: ExecutionBuildFutures
    mode: EngineFeedMode
    on_failure: OnFailure
    drain_timeout: timedelta
    audit_tx: BoundedAuditTx | None = None
    audit: AuditSnapUpdates[GlobalT, DataT] | None = None
    last_audit: EngineAudit | None = None
    recorder: SessionRecorder | None = None
