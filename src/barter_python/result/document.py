"""The result of a backtest as a JSON document.

Members are in the shape of Rust's serde where Rust has the type; the rest are plain lists of such members:

    id, risk_free_return    as given
    events                  number of events that the engine processed
    shutdown                null, or the errors for which the engine had to stop
    trading_summary         statistics of every instrument and asset
    requests                [{"time": .., "request": ExecutionRequest}, ..]
    orders                  [Order, ..], what the exchanges answered
    trades                  [Trade, ..], the fills
    positions_exited        [PositionExited, ..]
    positions_open          [Position, ..], valued at the last price
    orders_open             [Order, ..], what still rested at an exchange
    execution               {instrument: {..}, ..}, see `execution_quality`
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from barter_python.codec.error import unrecoverable_engine_error
from barter_python.codec.execution import INDEXED
from barter_python.codec.scalar import decimal, instant
from barter_python.codec.shape import option, sequence
from barter_python.codec.state import position, position_exited
from barter_python.codec.statistic import trading_summary
from barter_python.engine.audit.audit import ProcessAudit
from barter_python.result.execution_quality import ExecutionQuality
from barter_python.result.private_file import write_private
from barter_python.result.summary import BacktestSummary

__all__ = ["report_document", "write_report"]


def report_document(summary: BacktestSummary) -> dict[str, Any]:
    """The result as plain dicts, lists, text and numbers."""
    record, audit = summary.record, summary.shutdown_audit
    errors = list(audit.errors) if isinstance(audit, ProcessAudit) else []
    return {
        "id": summary.id,
        "risk_free_return": decimal.write(summary.risk_free_return),
        "events": record.events,
        "shutdown": sequence(unrecoverable_engine_error).write(errors) or None,
        "trading_summary": trading_summary().write(summary.trading_summary),
        "requests": [
            {"time": instant.write(time), "request": INDEXED.execution_request.write(request)}
            for time, request in record.requests
        ],
        "orders": sequence(INDEXED.order).write(record.orders),
        "trades": sequence(INDEXED.trade).write(record.trades),
        "positions_exited": sequence(position_exited).write(record.positions_exited),
        "positions_open": sequence(position).write(summary.positions_open),
        "orders_open": sequence(INDEXED.order).write(summary.orders_open),
        "execution": {str(name): _execution(quality) for name, quality in summary.execution.items()},
    }


def _execution(quality: ExecutionQuality) -> dict[str, Any]:
    ratio = option(decimal).write
    return {
        "orders": quality.orders,
        "trades": quality.trades,
        "fees": {str(asset): decimal.write(amount) for asset, amount in quality.fees.items()},
        "maker_share": ratio(quality.maker_share),
        "fill_ratio": ratio(quality.fill_ratio),
        "slippage": ratio(quality.slippage),
        "slippage_basis_points": ratio(quality.slippage_basis_points),
        "time_to_fill_mean_ms": _milliseconds(quality.time_to_fill_mean),
        "time_to_fill_max_ms": _milliseconds(quality.time_to_fill_max),
    }


def _milliseconds(time: timedelta | None) -> object:
    return None if time is None else decimal.write(Decimal(time // timedelta(microseconds=1)) / 1000)


def write_report(path: Path, summary: BacktestSummary) -> Path:
    """Write the result to a file that only its owner may read, see `write_private`; returns its path."""
    write_private(path, msgspec.json.format(msgspec.json.encode(report_document(summary)), indent=2) + b"\n")
    return path
