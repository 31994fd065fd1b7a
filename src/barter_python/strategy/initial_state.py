"""The state of an engine before the first event of a run. Rust origin: none; Rust's users call the builder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.balance import Balance
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments

__all__ = ["initial_state"]


def initial_state(
    instruments: IndexedInstruments,
    time_start: datetime,
    balances: Iterable[tuple[ExchangeId, str, Balance]],
    strategy: Any,
    trading: TradingState = TradingState.ENABLED,
) -> EngineState[Any, Any]:
    """The state before the first event, with the data that the strategy wants kept.

    Args:
        instruments: What is watched and traded.
        time_start: Start of the run, aware UTC.
        balances: What there is at the start, as (exchange, asset name, balance).
        strategy: `instrument_data(instrument)` and `global_data()` are used where it has them.
        trading: Whether trading is enabled at the start.
    """
    instrument_data: Callable[[Any], Any] = getattr(strategy, "instrument_data", lambda _: DefaultInstrumentMarketData())
    global_data: Callable[[], Any] = getattr(strategy, "global_data", DefaultGlobalData)
    return (
        EngineState.builder(instruments, global_data(), instrument_data)
        .time_engine_start(time_start)
        .trading_state(trading)
        .balances(balances)
        .build()
    )
