"""The result of a backtest for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from barter_python.backtest.summary import BacktestSummary
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.execution.order.state import OpenFailed
from barter_python.numeric import ZERO, money_context
from barter_python.statistic.summary.display import print_summary, summary_console

__all__ = ["print_backtest"]


def print_backtest(summary: BacktestSummary, console: Console | None = None) -> None:
    """Print what was ordered, the trading summary, and what is still open."""
    console = summary_console() if console is None else console
    names = [str(name) for name in summary.trading_summary.instruments]
    print_summary(summary.trading_summary, console)
    _print_open_positions(summary, names, console)
    _print_orders(summary, names, console)


def _print_orders(summary: BacktestSummary, names: Sequence[str], console: Console) -> None:
    record = summary.record
    ordered = sum(isinstance(request, OrderRequestOpen) for _, request in record.requests)
    failures = Counter(str(order.state.error) for order in record.orders if isinstance(order.state, OpenFailed))
    console.print(
        f"{record.events:,} events, {ordered:,} orders, {len(record.trades):,} fills, {failures.total():,} orders refused"
    )
    for reason, count in failures.most_common(3):
        console.print(f"  {count:,} x {reason}", markup=False)
    if record.trades:
        console.print("Fees: " + ", ".join(_fees(summary, names)))


def _fees(summary: BacktestSummary, names: Sequence[str]) -> list[str]:
    """Fees paid, in the quote currency of each instrument."""
    fees: dict[object, Decimal] = {}
    with money_context():
        for trade in summary.record.trades:
            fees[trade.instrument] = fees.get(trade.instrument, ZERO) + trade.fees.fees
    return [f"{name} {fees[index]:,.2f}" for index, name in enumerate(names) if index in fees]


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
