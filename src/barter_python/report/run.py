"""The result of a run for a terminal, from its document: what was earned, by what, and what casts doubt on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

from barter_python.numeric import ZERO, in_exact_context
from barter_python.report.amount import amount, figure, minute, plain
from barter_python.report.concerns import refusals, warnings
from barter_python.report.instruments import instrument_rows
from barter_python.report.tear_sheets import format_duration, summary_console
from barter_python.report.text import counted
from barter_python.result.document import report_document
from barter_python.result.summary import BacktestSummary

__all__ = ["print_backtest", "print_result"]

_NOT_AVAILABLE: Final = "n/a"
_THREE_DIGITS: Final = Context(prec=3)
_NOISE: Final = Decimal("0.00005")
_REASONS_SHOWN: Final = 3
_OPEN_SHOWN: Final = 20


def print_backtest(summary: BacktestSummary, console: Console | None = None) -> None:
    """Print what came of a run. Rust's tear sheets are printed by `tear_sheets.print_summary`."""
    print_result(report_document(summary), console)


def print_result(document: Mapping[str, Any], console: Console | None = None) -> None:
    """Print the document of a result."""
    console = summary_console() if console is None else console
    portfolio = document["portfolio"]
    console.print()
    if portfolio is None:
        console.print(f"[bold]Trading summary[/bold]  {document['id']}, not accounted for", markup=True)
    else:
        console.print("[bold]Trading summary[/bold]", end="  ")
        console.print(f"{document['id']}, {_period(portfolio)}", markup=False)
        _print_table(_portfolio_table(portfolio), console)
        _print_table(_instruments_table(document), console)
    _print_positions(document, console)
    _print_open_orders(document, console)
    _print_orders(document, console)
    for warning in warnings(document):
        console.print("[yellow]warning:[/yellow]", end=" ")
        console.print(warning, markup=False)


def _period(portfolio: Mapping[str, Any]) -> str:
    start, end = portfolio["time_start"], portfolio["time_end"]
    lasted = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    return f"{minute(start)} to {minute(end)} UTC ({format_duration(lasted)})"


def _plain_table(title: str | None, *columns: str) -> Table:
    """A table whose first column is text, and whose others are numbers."""
    table = Table(
        title=title,
        title_style="bold",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", overflow="fold", no_wrap=bool(place))
    return table


def _print_table(table: Table, console: Console) -> None:
    console.print()
    console.print(table)


def _portfolio_table(portfolio: Mapping[str, Any]) -> Table:
    title = f"Portfolio, in {portfolio['valuation']}"
    table = Table(
        title=title,
        title_style="bold",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        show_header=False,
    )
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    left, right = _performance(portfolio), _causes(portfolio)
    for (name, value), (other_name, other_value) in zip(left, right, strict=True):
        table.add_row(name, value, f"   {other_name}", other_value)
    return table


def _performance(portfolio: Mapping[str, Any]) -> list[tuple[str, str]]:
    statistics = portfolio["statistics"]
    percents = {
        "total_return": "Total return",
        "benchmark_return": "Benchmark return",
        "annual_return": "Annual return",
        "volatility": "Volatility",
        "drawdown_max": "Max drawdown",
    }
    ratios = {"sharpe_ratio": "Sharpe ratio", "sortino_ratio": "Sortino ratio", "calmar_ratio": "Calmar ratio"}
    trips = statistics["trips"]
    return [
        *((label, figure(statistics[name], is_percent=True)) for name, label in percents.items()),
        *((label, figure(statistics[name])) for name, label in ratios.items()),
        (f"Win rate of {trips['trips']:,} trips", figure(trips["win_rate"], is_percent=True)),
        ("Profit factor", figure(trips["profit_factor"])),
    ]


@in_exact_context
def _causes(portfolio: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Start, end, and all that lies between them."""
    explanation, asset = portfolio["explanation"], portfolio["valuation"]
    amounts = {name: Decimal(value) for name, value in explanation.items()}
    net = amounts["end"] - amounts["start"]
    statistics = portfolio["statistics"]
    return [
        ("Equity at the start", amount(amounts["start"], asset)),
        ("Price PnL", amount(amounts["pnl_realised"] + amounts["pnl_unrealised"], asset, is_signed=True)),
        ("Fees less rebates", amount(amounts["fees"] + amounts["rebates"], asset, is_signed=True)),
        ("Funding", amount(amounts["funding"], asset, is_signed=True)),
        ("Conversions", amount(amounts["conversions"], asset, is_signed=True)),
        ("Unexplained", amount(amounts["unexplained"], asset, is_signed=True)),
        ("[bold]Equity at the end[/bold]", f"[bold]{amount(amounts['end'], asset)}[/bold]"),
        ("[bold]Net[/bold]", f"[bold]{amount(net, asset, is_signed=True)}[/bold]"),
        ("Exposure avg, gross", figure(statistics["leverage_mean"], is_percent=True)),
        ("Time in market", figure(statistics["time_in_market"], is_percent=True)),
    ]


def _instruments_table(document: Mapping[str, Any]) -> Table:
    """One row an instrument."""
    table = _plain_table("Instruments", "", "trips", "win rate", "price PnL", "fees", "funding", "net", "in")
    for row in instrument_rows(document):
        if not row.fills and not row.net:
            table.add_row(row.name, "-", "-", "-", "-", "-", "-", row.currency)
            continue
        won = _NOT_AVAILABLE if row.win_rate is None else figure(row.win_rate, is_percent=True)
        amounts = (amount(value, row.currency, is_signed=True) for value in (row.pnl_price, row.fees, row.funding, row.net))
        table.add_row(row.name, f"{row.trips:,}", won.partition(" ")[0], *amounts, row.currency)
    return table


def _print_positions(document: Mapping[str, Any], console: Console) -> None:
    if not document["positions_open"]:
        return
    table = _plain_table("Open positions", "", "side", "quantity", "entry price", "unrealised PnL", "in")
    for position in document["positions_open"][:_OPEN_SHOWN]:
        instrument = document["instruments"][position["instrument"]]
        table.add_row(
            instrument["name"],
            position["side"].lower(),
            plain(position["quantity_abs"]),
            plain(position["price_entry_average"]),
            amount(position["pnl_unrealised"], instrument["currency"], is_signed=True),
            instrument["currency"],
        )
    _print_table(table, console)
    _print_rest(len(document["positions_open"]), "positions", console)


def _print_open_orders(document: Mapping[str, Any], console: Console) -> None:
    if not document["orders_open"]:
        return
    table = _plain_table("Open orders", "", "side", "kind", "quantity", "price")
    for order in document["orders_open"][:_OPEN_SHOWN]:
        name = document["instruments"][order["key"]["instrument"]]["name"]
        table.add_row(name, order["side"].lower(), order["kind"].lower(), plain(order["quantity"]), plain(order["price"]))
    _print_table(table, console)
    _print_rest(len(document["orders_open"]), "orders", console)


def _print_rest(count: int, what: str, console: Console) -> None:
    if count > _OPEN_SHOWN:
        console.print(f"  and {count - _OPEN_SHOWN:,} more open {what}")


def _print_orders(document: Mapping[str, Any], console: Console) -> None:
    console.print()
    refused = refusals(document)
    ordered = sum("Open" in entry["request"] for entry in document["requests"])
    fills = counted(len(document["trades"]), "fill")
    console.print(f"{counted(document['events'], 'event')}, {counted(ordered, 'order')}, {fills}")
    console.print(f"{counted(refused.venue.total(), 'order')} refused by the venue, {refused.risk.total():,} by the risk manager")
    _print_reasons("venue", refused.venue, console)
    _print_reasons("risk manager", refused.risk, console)
    if document["execution"]:
        _print_table(_execution_table(document["execution"]), console)


def _print_reasons(who: str, reasons: Counter[str], console: Console) -> None:
    for reason, count in reasons.most_common(_REASONS_SHOWN):
        console.print(f"  {count:,} x {who}: {reason}", markup=False)


def _execution_table(execution: Mapping[str, Mapping[str, Any]]) -> Table:
    """One row an instrument."""
    table = _plain_table(
        "Execution: slippage in basis points, mean and longest time from order to fill",
        *("", "orders", "fills", "filled", "maker", "slippage", "mean", "max", "fees paid"),
    )
    for name, quality in execution.items():
        table.add_row(
            name,
            f"{quality['orders']:,}",
            f"{quality['trades']:,}",
            _percent(quality["fill_ratio"]),
            _percent(quality["maker_share"]),
            _number(_without_noise(quality["slippage_basis_points"])),
            _duration(quality["time_to_fill_mean_ms"]),
            _duration(quality["time_to_fill_max_ms"]),
            ", ".join(f"{_number(Decimal(fees))} {asset}" for asset, fees in quality["fees"].items()) or _NOT_AVAILABLE,
        )
    return table


def _percent(ratio: str | None) -> str:
    return _NOT_AVAILABLE if ratio is None else f"{Decimal(ratio):.1%}"


def _without_noise(value: str | None) -> Decimal | None:
    """Micro prices and ticks differ somewhere behind the point; zero has no sign."""
    if value is None:
        return None
    number = Decimal(value)
    return ZERO if abs(number) < _NOISE else round(number, 4)


def _number(value: Decimal | None) -> str:
    """Two decimals where that shows something, else the leading digits: fees in bitcoin are small numbers."""
    if value is None:
        return _NOT_AVAILABLE
    return f"{value:,.2f}" if not value or abs(value) >= 1 else f"{value.normalize(_THREE_DIGITS):f}"


def _duration(milliseconds: str | None) -> str:
    if milliseconds is None:
        return _NOT_AVAILABLE
    time = Decimal(milliseconds)
    return f"{time:,.0f} ms" if time < 10_000 else format_duration(timedelta(milliseconds=float(time)))
