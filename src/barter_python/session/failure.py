"""Why a session could not go on, as the one error that the user sees."""

from __future__ import annotations

from collections.abc import Mapping

from barter_python.engine.audit.audit import ProcessAudit
from barter_python.errors import BarterError, ConfigError, MarketDataError, StrategyError
from barter_python.result.summary import BacktestSummary
from barter_python.session.plugin import explain_failure
from barter_python.system.parts import SystemFailedError

__all__ = ["EngineStoppedError", "explain", "raise_for_shutdown"]


class EngineStoppedError(BarterError):
    """The engine had to stop, or an account could not be connected."""


def explain(failed: SystemFailedError, user_code: Mapping[str, object]) -> Exception:
    """The cause of a failure: code of the user, the market data, the engine or an exchange; else a defect, as it is.

    Args:
        failed: The failure.
        user_code: Code of the user under the name by which the error shall name it.
    """
    cause = failed.failures[0].error
    for reference, plugin in user_code.items():
        explained = explain_failure(reference, plugin, cause)
        if explained is not None:
            return explained
    if isinstance(cause, MarketDataError | StrategyError | ConfigError):
        return cause
    if isinstance(cause, BarterError):
        return EngineStoppedError(failed.message)
    return cause


def raise_for_shutdown(summary: BacktestSummary) -> None:
    """Raise where the engine did not reach the end of a run.

    Raises:
        EngineStoppedError: With the reasons.
    """
    audit = summary.shutdown_audit
    if isinstance(audit, ProcessAudit) and audit.errors:
        reasons = "; ".join(f"{type(error).__name__}: {getattr(error, 'message', error)}" for error in audit.errors)
        raise EngineStoppedError(f"the engine stopped after {summary.record.events} events: {reasons}")
