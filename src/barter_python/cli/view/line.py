"""A session as one line of text, without control characters."""

from __future__ import annotations

from barter_python.cli.view.snapshot import PriceRow, Snapshot
from barter_python.report.text import counted, duration, milliseconds, number, signed

__all__ = ["status_line"]


def status_line(snapshot: Snapshot) -> str:
    """Time, state, connections, events, prices, positions, orders and profit."""
    live = sum(row.state == "live" for row in snapshot.connections)
    latency = "" if snapshot.latency is None else f", latency p50 {milliseconds(snapshot.latency[0])}"
    parts = [
        f"{snapshot.time:%Y-%m-%d %H:%M:%S} {snapshot.title}",
        snapshot.phase or ("trading on" if snapshot.is_trading else "trading off"),
        f"up {duration(snapshot.running)}",
        f"{live}/{len(snapshot.connections)} connections live",
        f"{snapshot.events:,} events ({snapshot.rate:,.0f}/s{latency})",
        *(_price(row) for row in snapshot.prices),
        *(f"{'long' if row.is_long else 'short'} {number(row.quantity)} {row.instrument}" for row in snapshot.positions),
        f"{counted(snapshot.orders_open, 'open order')}, {counted(snapshot.fills, 'fill')}",
        *([f"{snapshot.refused:,} refused, last {snapshot.refusal}"] if snapshot.refused else []),
        *(f"PnL {signed(row.total)} {row.currency}" for row in snapshot.pnl),
    ]
    return " | ".join(parts)


def _price(row: PriceRow) -> str:
    if row.age is None:
        return f"{row.instrument} no data"
    return f"{row.instrument} {number(row.last if row.last is not None else row.bid)}"
