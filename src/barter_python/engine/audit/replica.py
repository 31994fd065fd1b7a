"""A copy of the engine's state, kept up to date from its audits. Rust origin: barter::engine::audit::state_replica.

For whatever must not slow the engine down: user interfaces, monitors, tests. Unlike Rust's, the replica also applies
what the engine sent (divergence 6), so that it equals the engine's state after every audit; only changes that a
strategy's hook makes to the engine by hand, without a request, cannot be seen from outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from barter_python.data.event import MarketEvent, MarketReconnecting
from barter_python.engine.action.output import (
    CancelOrdersOutput,
    Commanded,
    EngineOutput,
    EventRefused,
    GenerateAlgoOrdersOutput,
    OpenOrdersOutput,
    SendCancelsAndOpensOutput,
)
from barter_python.engine.audit.audit import AuditTick, EngineAudit, EngineContext, FeedEnded, ProcessAudit
from barter_python.engine.event import EngineEvent, TradingStateUpdate
from barter_python.engine.sequence import EngineMeta, Sequence
from barter_python.engine.state.global_data import GlobalData
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.state import EngineState
from barter_python.errors import BarterError
from barter_python.execution.account import AccountEvent, AccountReconnecting
from barter_python.numeric import in_money_context

__all__ = ["AuditOutOfOrderError", "StateReplicaManager"]

GlobalT = TypeVar("GlobalT", bound=GlobalData)
DataT = TypeVar("DataT", bound=InstrumentDataState)


class AuditOutOfOrderError(BarterError):
    """An audit is missing: the replica cannot be trusted any more."""


class StateReplicaManager(Generic[GlobalT, DataT]):
    """Keeps a replica of the engine's state.

    Args:
        snapshot: The state to start from, see `Engine.audit_snapshot`. The replica takes it over.
        updates: Audits in order; those that the snapshot already contains are skipped.
    """

    __slots__ = ("meta_start", "state_replica", "updates")

    def __init__(self, snapshot: AuditTick[EngineState[GlobalT, DataT]], updates: Iterable[AuditTick[EngineAudit]] = ()) -> None:
        self.meta_start: EngineMeta = EngineMeta(snapshot.context.time, Sequence(snapshot.context.sequence))
        self.state_replica: AuditTick[EngineState[GlobalT, DataT]] = snapshot
        self.updates: Iterable[AuditTick[EngineAudit]] = updates

    def run(self) -> None:
        """Apply every update up to the first terminal one.

        Raises:
            AuditOutOfOrderError: An update is missing.
        """
        for tick in self.updates:
            self.send(tick)
            if tick.event.is_terminal():
                return

    @in_money_context
    def send(self, audit: AuditTick[EngineAudit], /) -> None:
        """Apply one audit; so a replica can be given to a run loop directly.

        Raises:
            AuditOutOfOrderError: An audit before this one is missing.
        """
        if self.state_replica.context.sequence >= audit.context.sequence:
            return
        self._validate_and_update_context(audit.context)
        if not isinstance(audit.event, FeedEnded):
            self._apply(audit.event)

    def _validate_and_update_context(self, following: EngineContext) -> None:
        current = self.state_replica.context.sequence
        if current + 1 != following.sequence:
            raise AuditOutOfOrderError(f"audit {following.sequence} does not follow {current}, expected {current + 1}")
        self.state_replica.context = following

    def _apply(self, audit: ProcessAudit) -> None:
        if audit.outputs and isinstance(audit.outputs[0], EventRefused):
            return
        self.update_from_event(audit.event)
        for requests in audit.requests_unreported:
            self._record(requests)
        for output in audit.outputs:
            self._update_from_output(output)

    def update_from_event(self, event: EngineEvent) -> None:
        """Apply what an event does to the state by itself."""
        state = self.replica_engine_state()
        match event:
            case MarketEvent():
                state.update_from_market(event)
            case AccountEvent():
                state.update_from_account(event)
            case TradingStateUpdate(trading_state=trading_state):
                state.trading = trading_state
            case AccountReconnecting(exchange=exchange):
                state.connectivity.update_from_account_reconnecting(exchange)
            case MarketReconnecting(exchange=exchange):
                state.connectivity.update_from_market_reconnecting(exchange)
            case _:
                pass  # a command acts through its output, and a shutdown changes nothing

    def _update_from_output(self, output: EngineOutput) -> None:
        """Record the requests that were sent, in the order in which the engine did."""
        action = output.output if isinstance(output, Commanded) else output
        if isinstance(action, GenerateAlgoOrdersOutput):
            self._record(action.cancels_and_opens)
        elif isinstance(action, SendCancelsAndOpensOutput):
            self._record(action)
        elif isinstance(action, CancelOrdersOutput):
            self._record(SendCancelsAndOpensOutput(cancels=action.output))
        elif isinstance(action, OpenOrdersOutput):
            self._record(SendCancelsAndOpensOutput(opens=action.output))

    def _record(self, requests: SendCancelsAndOpensOutput) -> None:
        state = self.replica_engine_state()
        state.record_in_flight_cancels(requests.cancels.sent)
        state.record_in_flight_opens(requests.opens.sent)

    def replica_engine_state(self) -> EngineState[GlobalT, DataT]:
        """The replica."""
        return self.state_replica.event
