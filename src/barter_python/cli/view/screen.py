"""A session as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from barter_python.cli.view.page import BothSides, Page, Part
from barter_python.cli.view.snapshot import ConnectionRow, Pnl, Snapshot
from barter_python.cli.view.table import Column, FittedTable
from barter_python.report.text import NOTHING, aligned, counted, duration, milliseconds, number, price, signed

__all__ = ["render"]

_WIDTH_MAX: Final = 120
_NAME_WIDTH: Final = 12
_FIGURE_WIDTH: Final = 10
_STALE_SECONDS: Final = 10.0
_DEAD_SECONDS: Final = 60.0
_STATES: Final = {"live": "green", "no data": "yellow", "reconnecting": "bold red", "connecting": "yellow", "closed": "dim"}
_KEYS: Final = (("t", "trading on/off"), ("c", "cancel orders"), ("x", "close positions"), ("q", "quit"))


def render(snapshot: Snapshot, height: int | None = None) -> RenderableType:
    """All of it, as `Page` fits it to a screen of so many lines; None where there is no limit."""
    parts = [
        Part(Group(*_header(snapshot))),
        Part(_connections(snapshot), _connections_short(snapshot)),
        Part(_prices(snapshot)),
        Part(_positions(snapshot) if snapshot.positions else Text("no open positions", style="dim")),
        Part(_orders(snapshot) if snapshot.orders else Text("no open orders", style="dim")),
    ]
    if snapshot.balances:
        parts.append(Part(_balances(snapshot), _balances_short(snapshot)))
    log = [Text(line, style="yellow", overflow="fold") for line in snapshot.log]
    return Page(parts, Group(*log, _footer(snapshot)), _WIDTH_MAX, height)


def _header(snapshot: Snapshot) -> list[RenderableType]:
    if snapshot.phase:
        state = Text(snapshot.phase.upper(), style="bold yellow")
    elif snapshot.is_trading:
        state = Text("TRADING ON", style="bold green")
    else:
        state = Text("TRADING OFF", style="bold red")
    clock = Text(f"  up {duration(snapshot.running)}  {snapshot.time:%H:%M:%S} UTC")
    first = BothSides(Text.assemble(state, "  ", (snapshot.title, "bold")), clock)
    p50, p99 = snapshot.latency or (None, None)
    figures = Text(
        f"{snapshot.events:,} events, {snapshot.rate:,.0f}/s  latency p50 {milliseconds(p50)}, p99 {milliseconds(p99)}"
    )
    figures.append(f"  {counted(snapshot.fills, 'fill')}")
    if snapshot.conflated:
        figures.append(f"  {snapshot.conflated:,} events left out", "bold red")
    lines: list[RenderableType] = [first, *map(_pnl, snapshot.pnl), figures]
    if snapshot.refused:
        text = f"{counted(snapshot.refused, 'order')} refused, last {snapshot.refusal}"
        lines.append(Text(text, style="yellow", overflow="fold"))
    return lines


def _pnl(row: Pnl) -> Text:
    text = Text("PnL ").append(signed(row.total), _colour(row.total, "bold")).append(f" {row.currency}")
    return text.append(f"  unrealised {signed(row.unrealised)}, realised {signed(row.realised)}", "dim")


def _footer(snapshot: Snapshot) -> Text:
    if snapshot.phase:
        return Text("Ctrl-C again ends at once", style="dim")
    if not snapshot.has_keys:
        return Text("Ctrl-C ends the session", style="dim")
    keys = [Text.assemble((key, "bold"), (f" {meaning}", "dim")) for key, meaning in _KEYS]
    return Text("  ", no_wrap=True, overflow="ellipsis").join(keys)


def _state(row: ConnectionRow) -> str:
    return "no data" if row.state == "live" and row.age is None else row.state


def _connections(snapshot: Snapshot) -> RenderableType:
    rows, accounts = snapshot.connections, snapshot.accounts
    states = [_state(row) for row in rows] + ["live" if account.is_healthy else "reconnecting" for account in accounts]
    none = [Text(NOTHING, style="dim")] * len(accounts)
    columns = [
        _names("connection", [*(row.venue for row in rows), *(account.venue for account in accounts)]),
        Column(
            "data", [*(Text(row.kind.removeprefix("public_")) for row in rows), *(Text("account") for _ in accounts)], 8, True
        ),
        Column("state", [Text(state, _STATES.get(state, "")) for state in states], 12, True),
        Column("messages", [*(Text(f"{row.messages:,}") for row in rows), *none], _FIGURE_WIDTH, is_spare=True),
        Column("last", [*(Text(duration(row.age), _age(row.age)) for row in rows), *none], 5),
        Column("reconnects", [*(_count(row.reconnects) for row in rows), *none], is_spare=True),
        Column("errors", [*(_count(row.errors) for row in rows), *none], is_spare=True),
    ]
    if any(row.problem for row in rows):
        problems = [*(Text(row.problem, "yellow") for row in rows), *(Text() for _ in accounts)]
        columns.append(Column("last problem", problems, 20, is_left=True, is_spare=True, is_elastic=True))
    return FittedTable(columns)


def _connections_short(snapshot: Snapshot) -> Text:
    states = [(row.venue, row.kind.removeprefix("public_"), _state(row)) for row in snapshot.connections]
    states += [(account.venue, "account", "live" if account.is_healthy else "reconnecting") for account in snapshot.accounts]
    live = sum(state == "live" for _, _, state in states)
    text = Text(f"{live} of {len(states)} connections live", style="green" if live == len(states) else "", no_wrap=True)
    for venue, kind, state in states:
        if state != "live":
            text.append(f", {venue} {kind} ").append(state, _STATES.get(state, ""))
    text.overflow = "ellipsis"
    return text


def _prices(snapshot: Snapshot) -> RenderableType:
    rows = snapshot.prices
    texts = [[Text(text, _age(row.age) and "dim") for text in aligned(row.bid, row.ask, row.last)] for row in rows]
    bids, asks, lasts = zip(*texts, strict=True)
    ages = [Text("no data", "yellow") if row.age is None else Text(duration(row.age), _age(row.age)) for row in rows]
    return FittedTable(
        [
            _names("market", [row.instrument for row in rows]),
            Column("bid", bids, _FIGURE_WIDTH),
            Column("ask", asks, _FIGURE_WIDTH),
            Column("last", lasts, _FIGURE_WIDTH),
            Column("age", ages, 7),
        ]
    )


def _positions(snapshot: Snapshot) -> RenderableType:
    rows = snapshot.positions
    return FittedTable(
        [
            _names("position", [row.instrument for row in rows]),
            Column("side", [_side("long" if row.is_long else "short", is_buy=row.is_long) for row in rows], 5, is_left=True),
            Column("quantity", [Text(number(row.quantity)) for row in rows], _FIGURE_WIDTH),
            Column("entry", [Text(price(row.price_entry)) for row in rows], _FIGURE_WIDTH),
            Column("unrealised", [_money(row.pnl_unrealised) for row in rows], _FIGURE_WIDTH),
            Column("realised", [_money(row.pnl_realised) for row in rows], _FIGURE_WIDTH, is_spare=True),
        ]
    )


def _orders(snapshot: Snapshot) -> RenderableType:
    rows = snapshot.orders
    table = FittedTable(
        [
            _names("order", [row.instrument for row in rows]),
            Column("side", [_side("buy" if row.is_buy else "sell", is_buy=row.is_buy) for row in rows], 5, is_left=True),
            Column("quantity", [Text(number(row.quantity)) for row in rows], _FIGURE_WIDTH),
            Column("price", [Text("market" if row.price is None else number(row.price)) for row in rows], _FIGURE_WIDTH),
            Column("filled", [Text(number(row.filled)) for row in rows], _FIGURE_WIDTH, is_spare=True),
            Column("state", [Text(row.state if row.is_own else f"{row.state}, not ours") for row in rows], 10, is_left=True),
        ]
    )
    more = snapshot.orders_open - len(rows)
    return Group(table, Text(f"and {more} more", style="dim")) if more else table


def _balances(snapshot: Snapshot) -> RenderableType:
    rows = [row for row in snapshot.balances if row.total] or snapshot.balances
    texts = [[Text(text) for text in aligned(row.total, row.free)] for row in rows]
    totals, frees = zip(*texts, strict=True)
    return FittedTable(
        [
            _names("balance", [row.venue for row in rows]),
            Column("asset", [Text(row.asset) for row in rows], 5, is_left=True),
            Column("total", totals, _FIGURE_WIDTH),
            Column("free", frees, _FIGURE_WIDTH),
        ]
    )


def _balances_short(snapshot: Snapshot) -> Text:
    held = [f"{number(row.total)} {row.asset}" for row in snapshot.balances if row.total]
    return Text("holds " + (", ".join(held) or "nothing"), no_wrap=True, overflow="ellipsis")


def _names(head: str, names: Sequence[str]) -> Column:
    return Column(head, [Text(name) for name in names], _NAME_WIDTH, is_left=True)


def _side(text: str, *, is_buy: bool) -> Text:
    return Text(text, "green" if is_buy else "red")


def _money(value: Decimal) -> Text:
    return Text(signed(value), _colour(value))


def _count(value: int) -> Text:
    return Text(f"{value:,}", "yellow" if value else "dim")


def _age(seconds: float | None) -> str:
    """How a time since the last message is marked; not at all while it is fresh."""
    if seconds is None or seconds < _STALE_SECONDS:
        return ""
    return "yellow" if seconds < _DEAD_SECONDS else "bold red"


def _colour(value: Decimal, style: str = "") -> str:
    colour = "green" if value > 0 else "red" if value < 0 else ""
    return f"{style} {colour}".strip()
