"""What a command does with the end of a run."""

from __future__ import annotations

from barter_python.backtest.summary import BacktestSummary
from barter_python.engine.audit.audit import ProcessAudit
from barter_python.errors import BarterError

__all__ = ["EngineStoppedError", "ReplayDiffersError", "raise_for_shutdown"]


class EngineStoppedError(BarterError):
    """The engine had to stop before the market data ended."""


class ReplayDiffersError(BarterError):
    """A replay departs from its session."""


def raise_for_shutdown(summary: BacktestSummary) -> None:
    """Raise where the engine did not reach the end of the data.

    Raises:
        EngineStoppedError: With the reasons.
    """
    audit = summary.shutdown_audit
    if isinstance(audit, ProcessAudit) and audit.errors:
        reasons = "; ".join(f"{type(error).__name__}: {getattr(error, 'message', error)}" for error in audit.errors)
        raise EngineStoppedError(f"the engine stopped after {summary.record.events} events: {reasons}")
