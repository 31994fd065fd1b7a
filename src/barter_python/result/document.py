"""The result of a run as a JSON document. docs/reference/result.md describes every member, result.schema.json its shape.

Members are in the shape of Rust's serde where Rust has the type: requests, orders, trades, positions, and its tear sheets.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from barter_python.codec.error import unrecoverable_engine_error
from barter_python.codec.execution import INDEXED
from barter_python.codec.scalar import decimal, instant
from barter_python.codec.shape import option, sequence
from barter_python.codec.state import position, position_exited
from barter_python.codec.statistic import trading_summary
from barter_python.engine.audit.audit import EngineAudit, ProcessAudit
from barter_python.errors import DecodeError
from barter_python.execution.account import Funding
from barter_python.execution.order.order import Order
from barter_python.execution.position import Position
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.result.execution_quality import ExecutionQuality
from barter_python.result.portfolio import instruments_document, portfolio_document
from barter_python.result.private_file import write_private
from barter_python.result.record import BacktestRecord
from barter_python.statistic.portfolio.portfolio import Portfolio
from barter_python.statistic.summary.trading import TradingSummary

__all__ = ["VERSION", "read_result", "report_document", "write_document", "write_report"]

VERSION: Final = 2
"""Of the shape of the document; it grows when a member changes its meaning or goes."""


class Summarised(Protocol):
    """What the document is made of: a `BacktestSummary`, which has its document, and so is not known here."""

    id: str
    risk_free_return: Decimal
    trading_summary: TradingSummary
    record: BacktestRecord
    positions_open: list[Position]
    orders_open: list[Order]
    execution: dict[InstrumentNameInternal, ExecutionQuality]
    shutdown_audit: EngineAudit
    instruments: IndexedInstruments
    portfolio: Portfolio | None
    origin: dict[str, Any]
    warnings: tuple[str, ...]


def report_document(summary: Summarised) -> dict[str, Any]:
    """The result as plain dicts, lists, text and numbers."""
    record, audit, portfolio = summary.record, summary.shutdown_audit, summary.portfolio
    errors = list(audit.errors) if isinstance(audit, ProcessAudit) else []
    risk_free = float(summary.risk_free_return)
    return {
        "version": VERSION,
        "id": summary.id,
        "risk_free_return": decimal.write(summary.risk_free_return),
        "origin": summary.origin,
        "warnings": list(summary.warnings),
        "events": record.events,
        "shutdown": sequence(unrecoverable_engine_error).write(errors) or None,
        "instruments": instruments_document(summary.instruments),
        "portfolio": None if portfolio is None else portfolio_document(portfolio, summary.instruments, risk_free),
        "requests": [
            {"time": instant.write(time), "request": INDEXED.execution_request.write(request)}
            for time, request in record.requests
        ],
        "orders": sequence(INDEXED.order).write(record.orders),
        "trades": sequence(INDEXED.trade).write(record.trades),
        "funding": [_funding(payment) for payment in record.funding],
        "positions_exited": sequence(position_exited).write(record.positions_exited),
        "positions_open": sequence(position).write(summary.positions_open),
        "risk_refusals": dict(record.risk_refusals),
        "orders_open": sequence(INDEXED.order).write(summary.orders_open),
        "execution": {str(name): _execution(quality) for name, quality in summary.execution.items()},
        "rust_tear_sheets": trading_summary().write(summary.trading_summary),
    }


def _funding(payment: Funding) -> dict[str, Any]:
    return {
        "time": instant.write(payment.time_exchange),
        "instrument": payment.instrument,
        "amount": decimal.write(payment.amount),
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


def read_result(path: Path) -> dict[str, Any]:
    """Read the document of a result from its file.

    Raises:
        DecodeError: It is no such document, or one of another version; the message names the file.
        OSError: It cannot be read.
    """
    try:
        document = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DecodeError(f"{path}: {error}, expected the JSON document of a result") from error
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION:
        raise DecodeError(f"{path}: version: found {str(version)[:200]}, expected a result of version {VERSION}")
    assert isinstance(document, dict), "it has a version"
    return document


def write_report(path: Path, summary: Summarised) -> Path:
    """Write the result to a file that only its owner may read, see `write_private`; returns its path."""
    return write_document(path, report_document(summary))


def write_document(path: Path, document: Mapping[str, Any]) -> Path:
    """Write the document of a result to a file that only its owner may read, see `write_private`; returns its path."""
    write_private(path, _lines(document))
    return path


def _lines(document: Mapping[str, Any]) -> bytes:
    """One line for each member: compact, and still something that can be looked at."""
    members = (msgspec.json.encode(name) + b": " + msgspec.json.encode(value) for name, value in document.items())
    return b"{\n" + b",\n".join(members) + b"\n}\n"
