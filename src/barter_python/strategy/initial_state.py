"""The state of an engine before the first event of a run. Rust origin: none; Rust's users call the builder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.balance import Balance
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.strategy.strategy import DataStrategy

__all__ = ["initial_state"]


def initial_state(
    instruments: IndexedInstruments,
    time_start: datetime,
    balances: Iterable[tuple[ExchangeId, str, Balance]],
    strategy: DataStrategy,
    trading: TradingState = TradingState.ENABLED,
) -> EngineState[Any, Any]:
    """The state before the first event, with the data that the strategy wants kept.

    Args:
        instruments: What is watched and traded.
        time_start: Start of the run, aware UTC.
        balances: What there is at the start, as (exchange, asset name, balance).
        strategy: Makes the data of instruments, and across them.
        trading: Whether trading is enabled at the start.
    """
    return (
        EngineState.builder(instruments, strategy.global_data(), strategy.instrument_data)
        .time_engine_start(time_start)
        .trading_state(trading)
        .balances(balances)
        .build()
    )
