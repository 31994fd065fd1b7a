"""What every command that runs a strategy does alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from barter_python.backtest.run import BacktestArgsConstant, BacktestArgsDynamic, run_backtest
from barter_python.codec.config import load_backtest_config
from barter_python.config.system import BacktestConfig, validate
from barter_python.errors import ConfigError, DecodeError, StrategyError
from barter_python.report.progress import events_progress
from barter_python.result.summary import BacktestSummary
from barter_python.risk.manager import DefaultRiskManager
from barter_python.session.plugin import RISK_METHODS, STRATEGY_METHODS, failures_explained, load_plugin, parse_parameters
from barter_python.strategy.strategy import DefaultStrategy

__all__ = [
    "load_config",
    "load_plugins",
    "load_strategy",
    "run_with_progress",
]


def load_config(path: Path) -> BacktestConfig:
    """Read a configuration, and check it.

    Raises:
        ConfigError: It cannot be read, or cannot be run; the message names the file and the member.
    """
    try:
        config = load_backtest_config(path.read_bytes())
        validate(config.system)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (DecodeError, ConfigError) as error:
        raise ConfigError(f"{path}: {error.message}") from error
    return config


def load_strategy(reference: str, parameters: Sequence[str]) -> Any:
    """Create a user's strategy.

    Raises:
        StrategyError: It cannot be loaded.
    """
    hint = "subclass barter_python.DefaultStrategy to inherit what you do not need"
    strategy = load_plugin(reference, STRATEGY_METHODS, parse_parameters(parameters), hint)
    if isinstance(strategy, DefaultStrategy) and not hasattr(strategy, "cids"):
        raise StrategyError(
            f"{reference!r}: {type(strategy).__name__} has no id, expected its __init__ to call super().__init__(id)"
        )
    return strategy


def load_plugins(strategy: str, parameters: Sequence[str], risk: str | None) -> tuple[Any, Any, dict[str, Any]]:
    """Create a user's strategy and risk manager.

    Args:
        strategy: Names the strategy.
        parameters: Of its constructor, each `NAME=VALUE`.
        risk: Names the risk manager, None for the one that approves everything.

    Returns:
        The strategy, the risk manager, and the code of the user under the name by which it was asked for.

    Raises:
        StrategyError: One cannot be loaded.
    """
    plugins: dict[str, Any] = {strategy: load_strategy(strategy, parameters)}
    if risk is None:
        return plugins[strategy], DefaultRiskManager(), plugins
    plugins[risk] = load_plugin(risk, RISK_METHODS, {}, "see barter_python.risk.manager.RiskManager")
    return plugins[strategy], plugins[risk], plugins


def run_with_progress(
    constant: BacktestArgsConstant, dynamic: BacktestArgsDynamic, plugins: Mapping[str, Any], total: int | None
) -> BacktestSummary:
    """Run a backtest with a progress bar.

    Args:
        constant: What is run.
        dynamic: With what it is run.
        plugins: Code of the user under the name by which it was asked for.
        total: Expected number of events, None where unknown.

    Raises:
        StrategyError: Code of the user raised.
    """
    with events_progress("Backtesting", total) as progress, failures_explained(plugins):
        return run_backtest(constant, dynamic, on_progress=progress)
