"""What a session is made of, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from barter_python.data.streams.environment import StreamEnvironment
from barter_python.data.subscription import SubKind
from barter_python.engine.clock import EngineClock
from barter_python.engine.run import AuditTx
from barter_python.execution.balance import Balance
from barter_python.instrument.asset import AssetNameInternal
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.result.summary import BacktestSummary
from barter_python.risk.manager import DefaultRiskManager, RiskManager
from barter_python.strategy.strategy import Strategy
from barter_python.system.builder import Executions
from barter_python.system.clock import LiveClock

__all__ = ["OnExit", "RecordingSink", "SessionOutcome", "SessionPlan"]


class OnExit(Enum):
    """What happens to orders and positions at the end of a session.

    CANCEL: Orders are cancelled, positions stay.
    CLOSE: Orders are cancelled, then positions are closed as the strategy would.
    LEAVE: Both stay as they are.
    """

    CANCEL = "cancel"
    CLOSE = "close"
    LEAVE = "leave"


@dataclass(slots=True, frozen=True)
class RecordingSink:
    """Where a session is recorded.

    Attributes:
        write: Takes lines.
        origin: What the recording begins with, by the tag of the session and its instruments: what a replay is made of.
    """

    write: Callable[[bytes], None]
    origin: Callable[[str, IndexedInstruments], Mapping[str, Any]] = lambda *_: {}


@dataclass(slots=True, frozen=True)
class SessionPlan:
    """A session before it starts.

    Attributes:
        instruments: What is watched and traded.
        executions: Opens how orders are executed, and closes it afterwards: configurations of simulated exchanges on paper,
            clients of venues live.
        strategy: Decides on orders.
        risk: Reviews them.
        id: Name of the run, part of the result.
        risk_free_return: Return of a riskless investment over the session, as a fraction.
        balances: What there is at the start, as (exchange, asset name, balance); nothing where the account tells it.
        kinds: What to stream; None for trades, best prices and books, as far as each venue has them.
        is_trading: Whether trading is enabled at the start.
        on_exit: What happens at the end.
        environment: Opens the environment of the market data; None in it stands for the real one.
        clock: Makes the engine's clock.
        audit: Receives the audit of every event, None for nobody.
        recording: Where the session is recorded, None for nowhere.
        valuation: Asset in which the portfolio is valued, None for the quote asset that most instruments share.
        user_code: Strategy and risk manager under the names by which errors shall name them; by default those of their classes.
    """

    instruments: IndexedInstruments
    executions: Callable[[], AbstractAsyncContextManager[Executions]]
    strategy: Strategy
    risk: RiskManager = field(default_factory=DefaultRiskManager)
    id: str = "session"
    risk_free_return: Decimal = Decimal(0)
    balances: tuple[tuple[ExchangeId, str, Balance], ...] = ()
    kinds: tuple[SubKind, ...] | None = None
    is_trading: bool = False
    on_exit: OnExit = OnExit.CANCEL
    environment: Callable[[], AbstractAsyncContextManager[StreamEnvironment | None]] = nullcontext
    clock: Callable[[], EngineClock] = LiveClock
    audit: AuditTx | None = None
    recording: RecordingSink | None = None
    valuation: AssetNameInternal | None = None
    user_code: Mapping[str, object] = field(default_factory=dict)

    def named_user_code(self) -> Mapping[str, object]:
        """Strategy and risk manager under their names."""
        return self.user_code or {type(plugin).__name__: plugin for plugin in (self.strategy, self.risk)}


@dataclass(slots=True, frozen=True)
class SessionOutcome:
    """How a session ended.

    Attributes:
        summary: What came of it.
        tag: Part of the client order ids.
        warnings: What the user should know, each one sentence.
    """

    summary: BacktestSummary
    tag: str
    warnings: tuple[str, ...] = ()
