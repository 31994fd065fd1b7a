"""What stopped a session, as the one error that the user sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barter_python.cli.outcome import EngineStoppedError
from barter_python.cli.plugin import explain_failure
from barter_python.errors import BarterError, ConfigError, MarketDataError, StrategyError
from barter_python.system.parts import SystemFailedError

__all__ = ["explain"]


def explain(failed: SystemFailedError, plugins: Mapping[str, Any]) -> Exception:
    """The cause of a failure: code of the user, the market data, the engine or an exchange; else a defect, as it is."""
    cause = failed.failures[0].error
    for reference, plugin in plugins.items():
        explained = explain_failure(reference, plugin, cause)
        if explained is not None:
            return explained
    if isinstance(cause, MarketDataError | StrategyError | ConfigError):
        return cause
    if isinstance(cause, BarterError):
        return EngineStoppedError(failed.message)
    return cause
