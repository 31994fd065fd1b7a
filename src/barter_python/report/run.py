"""The result of a backtest for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Context, Decimal
from typing import Final

from rich.console import Console
from rich.table import Table

from barter_python.execution.order.request import OrderRequestOpen
from barter_python.execution.order.state import OpenFailed
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.numeric import ZERO
from barter_python.report.tear_sheets import format_duration, print_summary, summary_console
from barter_python.result.execution_quality import ExecutionQuality
from barter_python.result.summary import BacktestSummary

__all__ = ["print_backtest"]

_NOT_AVAILABLE: Final = "N/A"
_THREE_DIGITS: Final = Context(prec=3)
_NOISE: Final = Decimal("0.00005")


def print_backtest(summary: BacktestSummary, console: Console | None = None) -> None:
    """Print what was ordered, the trading summary, and what is still open."""
    console = summary_console() if console is None else console
    names = [str(name) for name in summary.trading_summary.instruments]
    print_summary(summary.trading_summary, console)
    _print_open_positions(summary, names, console)
    _print_orders(summary, console)


def _print_orders(summary: BacktestSummary, console: Console) -> None:
    record = summary.record
    ordered = sum(isinstance(request, OrderRequestOpen) for _, request in record.requests)
    failures = Counter(str(order.state.error) for order in record.orders if isinstance(order.state, OpenFailed))
    console.print(
        f"{record.events:,} events, {ordered:,} orders, {len(record.trades):,} fills, {failures.total():,} orders refused"
    )
    for reason, count in failures.most_common(3):
        console.print(f"  {count:,} x {reason}", markup=False)
    if summary.execution:
        console.print(_execution_table(summary.execution))


def _execution_table(execution: Mapping[InstrumentNameInternal, ExecutionQuality]) -> Table:
    """One column per instrument, one row per figure."""
    rows: list[tuple[str, Callable[[ExecutionQuality], str]]] = [
        ("Orders / Fills", lambda quality: f"{quality.orders:,} / {quality.trades:,}"),
        ("Fill Ratio", lambda quality: _percent(quality.fill_ratio)),
        ("Maker Share", lambda quality: _percent(quality.maker_share)),
        ("Fees", lambda quality: ", ".join(f"{_number(fees)} {asset}" for asset, fees in quality.fees.items()) or _NOT_AVAILABLE),
        ("Slippage", lambda quality: _number(_without_noise(quality.slippage))),
        ("Slippage bp", lambda quality: _number(_without_noise(quality.slippage_basis_points))),
        ("Time to Fill Avg", lambda quality: _duration(quality.time_to_fill_mean)),
        ("Time to Fill Max", lambda quality: _duration(quality.time_to_fill_max)),
    ]
    table = Table(title="Execution", title_style="bold", title_justify="left")
    table.add_column("", no_wrap=True)
    for name in execution:
        table.add_column(str(name), justify="right", overflow="fold")
    for label, text in rows:
        table.add_row(label, *(text(quality) for quality in execution.values()))
    return table


def _percent(ratio: Decimal | None) -> str:
    return _NOT_AVAILABLE if ratio is None else f"{ratio:.1%}"


def _without_noise(value: Decimal | None) -> Decimal | None:
    """Micro prices and ticks differ somewhere behind the point; zero has no sign."""
    return None if value is None else ZERO if abs(value) < _NOISE else round(value, 4)


def _number(value: Decimal | None) -> str:
    """Two decimals where that shows something, else the leading digits: fees in bitcoin are small numbers."""
    if value is None:
        return _NOT_AVAILABLE
    return f"{value:,.2f}" if not value or abs(value) >= 1 else f"{value.normalize(_THREE_DIGITS):f}"


def _duration(time: timedelta | None) -> str:
    if time is None:
        return _NOT_AVAILABLE
    seconds = time.total_seconds()
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else format_duration(time)


def _print_open_positions(summary: BacktestSummary, names: Sequence[str], console: Console) -> None:
    if not summary.positions_open:
        return
    table = Table(title="Open positions, not part of the tear sheets", title_style="bold", title_justify="left")
    for column in ("instrument", "side", "quantity", "entry price", "unrealised PnL"):
        table.add_column(column, justify="left" if column in ("instrument", "side") else "right")
    for position in summary.positions_open:
        table.add_row(
            names[position.instrument] if isinstance(position.instrument, int) else str(position.instrument),
            str(position.side),
            f"{position.quantity_abs:f}",
            f"{position.price_entry_average:,.2f}",
            f"{position.pnl_unrealised:,.2f}",
        )
    console.print(table)
