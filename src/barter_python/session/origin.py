"""What a session is made of. A recording begins with it, so that a replay can make the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from barter_python.codec.config import backtest_config
from barter_python.codec.scalar import boolean, text
from barter_python.codec.shape import Codec, option, sequence, struct
from barter_python.config.system import BacktestConfig
from barter_python.execution.balance import Balance
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments

__all__ = ["Origin", "session_origin"]


@dataclass(slots=True, frozen=True)
class Origin:
    """What a session is made of.

    Attributes:
        is_live: Whether orders are real; else those of the configuration's executions are simulated.
        config: The configuration.
        strategy: Names the strategy, as `--strategy` does.
        parameters: Of the strategy, each `NAME=VALUE`.
        risk: Names the risk manager, None for the one that approves everything.
        is_trading: Whether trading is enabled at the start.
        tag: Part of the client order ids; empty before the session has begun.
    """

    is_live: bool
    config: BacktestConfig
    strategy: str
    parameters: list[str]
    risk: str | None
    is_trading: bool
    tag: str = ""

    def instruments(self) -> IndexedInstruments:
        """What is watched and traded."""
        return self.config.system.indexed_instruments()

    def document(self, tag: str, instruments: IndexedInstruments) -> Mapping[str, Any]:
        """What a recording begins with, once the session has its tag, and its instruments the limits of their venues."""
        system = self.config.system.with_specs(instruments)
        started = replace(self, tag=tag, config=replace(self.config, system=system))
        return cast("Mapping[str, Any]", session_origin.write(started))

    def balances(self) -> tuple[tuple[ExchangeId, str, Balance], ...]:
        """What there is at the start; nothing where the account tells it."""
        if self.is_live:
            return ()
        return self.config.system.initial_balances()


session_origin: Final[Codec[Origin]] = struct(
    Origin,
    is_live=boolean,
    config=backtest_config,
    strategy=text,
    parameters=sequence(text),
    risk=option(text),
    is_trading=boolean,
    tag=text,
)
