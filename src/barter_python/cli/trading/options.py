"""Options that `barter paper` and `barter live` share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from barter_python.cli.loading import load_config, load_plugins
from barter_python.cli.outcome import make_folder, prepare_report
from barter_python.cli.trading.run import TradingRun
from barter_python.config.system import BacktestConfig
from barter_python.data.streams.environment import StreamEnvironment
from barter_python.data.subscription import SubKind
from barter_python.session.origin import Origin
from barter_python.session.plan import OnExit, SessionPlan
from barter_python.system.builder import Executions

__all__ = ["Loaded", "TradingOptions", "load", "plan", "trading_options"]

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

_KINDS: Final = {
    "trades": SubKind.PUBLIC_TRADES,
    "l1": SubKind.ORDER_BOOKS_L1,
    "l2": SubKind.ORDER_BOOKS_L2,
    "liquidations": SubKind.LIQUIDATIONS,
}


@dataclass(slots=True, frozen=True)
class TradingOptions:
    """The options as given; see `trading_options` for what they mean."""

    config: Path
    strategy: str
    risk: str | None
    parameters: tuple[str, ...]
    data_kinds: tuple[str, ...]
    is_trading: bool
    on_exit: str
    session_id: str
    audit: Path | None
    record: Path | None
    result: Path | None
    report: Path | None
    has_tear_sheets: bool
    is_plain: bool

    @property
    def kinds(self) -> tuple[SubKind, ...] | None:
        """What to stream; None where nothing was asked for."""
        return tuple(dict.fromkeys(_KINDS[name] for name in self.data_kinds)) or None

    @property
    def end(self) -> OnExit:
        """What happens at the end."""
        return OnExit(self.on_exit)


@dataclass(slots=True, frozen=True)
class Loaded:
    """What the options name.

    Attributes:
        config: The configuration, which makes sense.
        strategy: Decides on orders.
        risk: Reviews them.
        plugins: Code of the user under the name by which it was asked for.
    """

    config: BacktestConfig
    strategy: Any
    risk: Any
    plugins: dict[str, Any]


def trading_options(command: FunctionT) -> FunctionT:
    """Add the options to a command, which takes them as the keyword arguments of `TradingOptions`."""
    decorators = (
        click.argument("config", type=click.Path(path_type=Path)),
        click.option("--strategy", required=True, help="module:Class or path/to/file.py:Class."),
        click.option("--risk", help="Risk manager, module:Class or path/to/file.py:Class. Default: approve everything."),
        click.option(
            "-p",
            "--parameter",
            "parameters",
            multiple=True,
            metavar="NAME=VALUE",
            help="Argument of the strategy's constructor; repeatable.",
        ),
        click.option(
            "--data-kind",
            "data_kinds",
            multiple=True,
            type=click.Choice(list(_KINDS)),
            help="What to stream of each instrument; repeatable. Default: trades, l1 and l2, as far as the venue has them.",
        ),
        click.option("--trade", "is_trading", is_flag=True, help="Start with trading enabled. Default: disabled, key t toggles."),
        click.option(
            "--on-exit",
            type=click.Choice([policy.value for policy in OnExit]),
            default=OnExit.CANCEL.value,
            show_default=True,
            help="At the end: cancel orders, cancel them and close positions, or leave both.",
        ),
        click.option("--id", "session_id", default="session", show_default=True, help="Name of the run, part of the result."),
        click.option(
            "--audit", type=click.Path(path_type=Path, dir_okay=False), help="Write an audit of every event there, as JSON lines."
        ),
        click.option(
            "--record",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Record the session there, for `barter replay`.",
        ),
        click.option("--result", type=click.Path(path_type=Path, dir_okay=False), help="Write the result there, as JSON."),
        click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write a report there, as HTML."),
        click.option(
            "--rust-tear-sheets",
            "has_tear_sheets",
            is_flag=True,
            help="Print Rust's tear sheets too: per position, as in Rust.",
        ),
        click.option("--plain", "is_plain", is_flag=True, help="Print a line every ten seconds, also on a terminal."),
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


def plan(
    options: TradingOptions,
    loaded: Loaded,
    title: str,
    executions: Callable[[], AbstractAsyncContextManager[Executions]],
    environment: Callable[[], AbstractAsyncContextManager[StreamEnvironment | None]],
    *,
    is_live: bool,
) -> TradingRun:
    """A session with these options.

    Args:
        options: As given.
        loaded: What they name.
        title: What the view shows as its first word.
        executions: Opens how orders are executed, and closes it afterwards.
        environment: Opens the environment of the market data, None for the real one.
        is_live: Whether orders are real.
    """
    origin = Origin(is_live, loaded.config, options.strategy, list(options.parameters), options.risk, options.is_trading)
    session = SessionPlan(
        instruments=origin.instruments(),
        executions=executions,
        strategy=loaded.strategy,
        risk=loaded.risk,
        id=options.session_id,
        risk_free_return=loaded.config.risk_free_return,
        valuation=loaded.config.system.valuation,
        balances=origin.balances(),
        kinds=options.kinds,
        is_trading=options.is_trading,
        on_exit=options.end,
        environment=environment,
        user_code=loaded.plugins,
    )
    return TradingRun(title, session, origin, options.audit, options.record, options.is_plain)


def load(options: TradingOptions) -> Loaded:
    """Read the configuration, create strategy and risk manager, and make the folders of result and report.

    Raises:
        ConfigError: The configuration cannot be read, or cannot be run; or there cannot be such a folder.
        StrategyError: Strategy or risk manager cannot be loaded.
    """
    loaded = Loaded(load_config(options.config), *load_plugins(options.strategy, options.parameters, options.risk))
    if options.result is not None:
        make_folder(options.result, "--result")
    prepare_report(options.report)
    return loaded
