"""What the comparison with the traces of the compiled Rust engine calls: see the README of the traces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import instruments, states, statistics, wire
from .session import Session

__all__ = ["Session", "start", "unit"]

_FAMILIES: dict[str, Callable[[Any], object]] = {
    "decimal": statistics.decimals,
    "pnl": states.pnl,
    "position": states.position,
    "orders": states.orders,
    "connectivity": states.connectivity,
    "asset": states.asset_,
    "trading_state": states.trading_state,
    "sequence": states.sequence_,
    "clock": states.clock,
    "market_data": states.market_data,
    "metrics": statistics.metrics,
    "drawdown": statistics.drawdown,
    "dataset": statistics.dataset,
    "tear_sheet": statistics.tear_sheet,
    "tear_sheet_asset": statistics.tear_sheet_asset,
    "index": instruments.index,
    "instrument_names": instruments.instrument_names,
    "execution_map": instruments.execution_map,
    "books": states.books,
    "risk": states.risk,
    "config": instruments.config,
    "wire": wire.wire,
}


def start(header: dict[str, Any]) -> Session:
    """Build the engine of a trace."""
    return Session(header)


def unit(family: str, input: Any) -> object:  # noqa: A002 - the name is given
    """Evaluate one line of a unit trace; a family that is not evaluated is reported as missing."""
    if family not in _FAMILIES:
        raise NotImplementedError(family)
    return _FAMILIES[family](input)
