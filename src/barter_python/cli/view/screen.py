"""A session as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from barter_python.cli.view.snapshot import Snapshot
from barter_python.cli.view.text import NOTHING, aligned, duration, milliseconds, number, price, signed

__all__ = ["render"]

_WIDTH_MAX: Final = 110
_STATES: Final = {"live": "green", "reconnecting": "bold red", "connecting": "yellow", "closed": "dim"}


def render(snapshot: Snapshot) -> RenderableType:
    """All of it. Where the screen is too small, first the empty lines go, then what stands last before the warnings."""
    parts: list[RenderableType] = [_connections(snapshot), _prices(snapshot)]
    parts.append(_positions(snapshot) if snapshot.positions else Text("no open positions", style="dim"))
    parts.append(_orders(snapshot) if snapshot.orders else Text("no open orders", style="dim"))
    if snapshot.balances:
        parts.append(_balances(snapshot))
    log = [Text(line, style="yellow", no_wrap=True, overflow="ellipsis") for line in snapshot.log]
    return _Page([Group(_header(snapshot), _figures(snapshot)), *parts], log)


class _Page:
    """Parts from the top, and lines below that are shown in any case."""

    def __init__(self, parts: list[RenderableType], below: list[Text]) -> None:
        self._parts = parts
        self._below = below

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height, free = options.height, options.update(width=min(options.max_width, _WIDTH_MAX), height=None)
        below = console.render_lines(Group(*self._below), free, pad=False) if self._below else []
        parts = [console.render_lines(part, free, pad=False) for part in self._parts]
        lines = [line for part in parts for line in (*part, [])]
        if height is not None and len(lines) + len(below) > height:
            lines = [line for part in parts for line in part][: max(height - len(below), 0)]
        for line in (*lines, *below):
            yield from line
            yield Segment.line()


def _header(snapshot: Snapshot) -> RenderableType:
    if snapshot.phase:
        state = Text(snapshot.phase.upper(), style="bold yellow")
    elif snapshot.is_trading:
        state = Text("TRADING ON", style="bold green")
    else:
        state = Text("TRADING OFF", style="bold red")
    keys = "t trading  c cancel  x close  q quit" if snapshot.has_keys else "Ctrl-C ends"
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    left = Text.assemble((snapshot.title, "bold"), "  ", state, f"  up {duration(snapshot.running)}")
    table.add_row(left, Text(keys, style="dim"))
    return table


def _figures(snapshot: Snapshot) -> RenderableType:
    p50, p99 = snapshot.latency or (None, None)
    text = Text(overflow="fold")
    for row in snapshot.pnl:
        text.append("PnL ").append(signed(row.total), _colour(row.total, "bold"))
        text.append(f" {row.currency} (unrealised {signed(row.unrealised)}, realised {signed(row.realised)})\n")
    text.append(f"{snapshot.events:,} events, {snapshot.rate:,.0f}/s")
    text.append(f"  latency p50 {milliseconds(p50)}, p99 {milliseconds(p99)}")
    text.append(f"  {snapshot.fills:,} fills")
    if snapshot.conflated:
        text.append(f"  {snapshot.conflated:,} events conflated", "bold red")
    return text


def _connections(snapshot: Snapshot) -> Table:
    table = _table(("connection", "data"), ("state", "messages", "last", "reconnects", "errors"))
    for row in snapshot.connections:
        reconnects, errors = str(row.reconnects), str(row.errors)
        table.add_row(
            row.venue,
            row.kind.removeprefix("public_"),
            Text(row.state, _STATES.get(row.state, "")),
            f"{row.messages:,}",
            duration(row.age),
            Text(reconnects, "yellow" if row.reconnects else ""),
            Text(errors, "yellow" if row.errors else ""),
        )
    for account in snapshot.accounts:
        state = Text("live", "green") if account.is_healthy else Text("reconnecting", "bold red")
        table.add_row(account.venue, "account", state, *[NOTHING] * 4)
    return table


def _prices(snapshot: Snapshot) -> Table:
    table = _table(("market",), ("bid", "ask", "last"))
    for row in snapshot.prices:
        table.add_row(row.instrument, *aligned(row.bid, row.ask, row.last))
    return table


def _positions(snapshot: Snapshot) -> Table:
    table = _table(("position",), ("side", "quantity", "entry", "unrealised", "realised"))
    for row in snapshot.positions:
        table.add_row(
            row.instrument,
            _side("long" if row.is_long else "short", is_buy=row.is_long),
            number(row.quantity),
            price(row.price_entry),
            Text(signed(row.pnl_unrealised), _colour(row.pnl_unrealised)),
            Text(signed(row.pnl_realised), _colour(row.pnl_realised)),
        )
    return table


def _orders(snapshot: Snapshot) -> Table:
    table = _table(("order",), ("side", "kind", "price", "quantity", "filled", "state"))
    for row in snapshot.orders:
        side = _side("buy" if row.is_buy else "sell", is_buy=row.is_buy)
        table.add_row(
            row.instrument, side, row.kind.lower(), number(row.price), number(row.quantity), number(row.filled), row.state
        )
    if snapshot.orders_open > len(snapshot.orders):
        table.add_row(Text(f"and {snapshot.orders_open - len(snapshot.orders)} more", style="dim"))
    return table


def _balances(snapshot: Snapshot) -> Table:
    table = _table(("balance",), ("asset", "total", "free"))
    for row in snapshot.balances:
        table.add_row(row.venue, row.asset, number(row.total), number(row.free))
    return table


def _table(left: Iterable[str], right: Iterable[str]) -> Table:
    table = Table(box=None, expand=True, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold cyan")
    for column, name in enumerate(left):
        table.add_column(name, no_wrap=True, overflow="ellipsis", ratio=None if column else 1)
    for name in right:
        table.add_column(name, justify="right", no_wrap=True, overflow="ellipsis", min_width=min(len(name) + 2, 10))
    return table


def _side(text: str, *, is_buy: bool) -> Text:
    return Text(text, "green" if is_buy else "red")


def _colour(value: Decimal, style: str = "") -> str:
    colour = "green" if value > 0 else "red" if value < 0 else ""
    return f"{style} {colour}".strip()
