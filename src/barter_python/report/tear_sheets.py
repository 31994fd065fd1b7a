"""Rust's tear sheets as tables for a terminal. Rust origin: barter::statistic::summary::display."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from barter_python.numeric import DECIMAL_MAX, DECIMAL_MIN, HUNDRED, checked_mul
from barter_python.statistic.metric.drawdown import Drawdown, MeanDrawdown
from barter_python.statistic.summary.asset import TearSheetAsset
from barter_python.statistic.summary.instrument import TearSheet
from barter_python.statistic.summary.trading import TradingSummary
from barter_python.statistic.time import interval_name

__all__ = ["asset_table", "format_duration", "instrument_table", "print_summary", "summary_console"]

SheetT = TypeVar("SheetT")

_NOT_AVAILABLE = "N/A"
_WIDTH_WITHOUT_TERMINAL = 120


def print_summary(summary: TradingSummary, console: Console | None = None) -> None:
    """Print Rust's tear sheets: the session's length, the table of instruments and the table of assets."""
    console = summary_console() if console is None else console
    console.print()
    console.print(f"[bold]Per position, as in Rust[/bold]  {summary.time_engine_start} to {summary.time_engine_end}")
    console.print(f"Trading duration: {format_duration(summary.trading_duration())}")
    console.print(instrument_table(summary))
    console.print(asset_table(summary))


def summary_console() -> Console:
    """A console for tables: as wide as the terminal, and wide enough for a few instruments where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL)


def instrument_table(summary: TradingSummary) -> Table:
    """One column per instrument, one row per figure of its closed positions."""
    sheets = summary.instruments.values()
    interval = next((interval_name(sheet.sharpe_ratio.interval) for sheet in sheets), "")
    rows: list[tuple[str, Callable[[TearSheet], str]]] = [
        ("PnL", lambda sheet: _number(sheet.pnl, 2)),
        (f"Return {interval}", lambda sheet: _percent(sheet.pnl_return.value, 2)),
        (f"Sharpe {interval}", lambda sheet: _number(sheet.sharpe_ratio.value, 4)),
        (f"Sortino {interval}", lambda sheet: _number(sheet.sortino_ratio.value, 4)),
        (f"Calmar {interval}", lambda sheet: _number(sheet.calmar_ratio.value, 4)),
        ("PnL Drawdown", lambda sheet: _drawdown(sheet.pnl_drawdown)),
        ("PnL Drawdown Avg", lambda sheet: _mean_drawdown(sheet.pnl_drawdown_mean)),
        ("PnL Drawdown Max", lambda sheet: _drawdown(sheet.pnl_drawdown_max)),
        ("Win Rate", lambda sheet: _NOT_AVAILABLE if sheet.win_rate is None else _percent(sheet.win_rate.value, 1)),
        (
            "Profit Factor",
            lambda sheet: _NOT_AVAILABLE if sheet.profit_factor is None else _number(sheet.profit_factor.value, 2),
        ),
    ]
    return _table("Instrument TearSheets", summary.instruments, sheets, rows)


def asset_table(summary: TradingSummary) -> Table:
    """One column per asset, one row per figure of its balance."""
    rows: list[tuple[str, Callable[[TearSheetAsset], str]]] = [
        ("Balance", lambda sheet: _NOT_AVAILABLE if sheet.balance_end is None else f"{sheet.balance_end.total:.8f}"),
        ("Drawdown", lambda sheet: _drawdown(sheet.drawdown)),
        ("Drawdown Avg", lambda sheet: _mean_drawdown(sheet.drawdown_mean)),
        ("Drawdown Max", lambda sheet: _drawdown(sheet.drawdown_max)),
    ]
    names = [f"{key.exchange.value}_{key.asset}" for key in summary.assets]
    return _table("Asset TearSheets", names, summary.assets.values(), rows)


def _table(title: str, names: Iterable[str], sheets: Iterable[SheetT], rows: list[tuple[str, Callable[[SheetT], str]]]) -> Table:
    table = Table(title=title, title_style="bold", title_justify="left")
    table.add_column("", no_wrap=True)
    for name in names:
        table.add_column(str(name), justify="right", overflow="fold")
    columns = list(sheets)
    for label, text in rows:
        table.add_row(label, *(text(sheet) for sheet in columns))
    return table


def _number(value: Decimal, decimals: int) -> str:
    if value == DECIMAL_MAX:
        return "∞"
    if value == DECIMAL_MIN:
        return "-∞"
    return f"{value:,.{decimals}f}"


def _percent(value: Decimal, decimals: int) -> str:
    percent = checked_mul(value, HUNDRED)
    return _number(value, decimals) if percent is None else f"{_number(percent, decimals)}%"


def _drawdown(drawdown: Drawdown | None) -> str:
    return _NOT_AVAILABLE if drawdown is None else _percent(drawdown.value, 2)


def _mean_drawdown(drawdown: MeanDrawdown | None) -> str:
    return _NOT_AVAILABLE if drawdown is None else _percent(drawdown.mean_drawdown, 2)


def format_duration(duration: timedelta) -> str:
    """A duration in its two largest units, for example `2 days 5 hours`."""
    seconds = int(duration.total_seconds())
    units = [("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)]
    parts = []
    for name, length in units:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(parts[:2]) or "0 seconds"
