"""Events of the account as the venue writes them. Rust origin: none.

Source: user-data-stream.md of https://github.com/binance/binance-spot-api-docs
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from barter_python.execution.balance import AssetBalance
from barter_python.numeric import ZERO
from barter_python.rehearsal.binance_spot.books import VenueOrder, VenueTrade
from barter_python.rehearsal.binance_spot.delivery import Outgoing
from barter_python.rehearsal.binance_spot.number_text import amount_text, milliseconds
from barter_python.rehearsal.binance_spot.order_answers import SIDES, TIMES_IN_FORCE

__all__ = ["account_position", "execution_report", "stream_terminated"]


def account_position(balances: Mapping[str, AssetBalance], time: datetime) -> Outgoing:
    """`outboundAccountPosition`: the balances that may have changed."""
    entries = [
        {"a": asset, "f": amount_text(entry.balance.free), "l": amount_text(entry.balance.used())}
        for asset, entry in balances.items()
    ]
    stamp = milliseconds(time)
    return _outgoing({"e": "outboundAccountPosition", "E": stamp, "u": stamp, "B": entries})


def stream_terminated(time: datetime) -> Outgoing:
    """`eventStreamTerminated`: the last event of a subscription."""
    return _outgoing({"e": "eventStreamTerminated", "E": milliseconds(time)})


def execution_report(
    order: VenueOrder, execution: str, time: datetime, report_id: int, fill: VenueTrade | None, cancel_id: str
) -> Outgoing:
    """`executionReport`.

    Args:
        order: In the state to report.
        execution: `NEW`, `TRADE`, `CANCELED` or `EXPIRED`.
        time: The venue's, aware UTC.
        report_id: Number of the report.
        fill: For a trade, else None.
        cancel_id: How the client names the cancellation, empty where there is none.
    """
    stamp, zero = milliseconds(time), amount_text(ZERO)
    report: dict[str, Any] = {
        "e": "executionReport",
        "E": stamp,
        "s": order.symbol,
        "c": cancel_id or order.client_id,
        "S": SIDES[order.side],
        "o": order.type,
        "f": TIMES_IN_FORCE[order.time_in_force],
        "q": amount_text(order.quantity),
        "p": amount_text(order.price),
        "P": zero if order.trigger is None else amount_text(order.trigger.price),
        "F": zero,
        "g": -1,
        "C": order.client_id if cancel_id else "",
        "x": execution,
        "X": "NEW" if execution == "NEW" else order.status,
        "r": "NONE",
        "i": order.id,
        "l": zero if fill is None else amount_text(fill.quantity),
        "z": zero if execution == "NEW" else amount_text(order.executed),
        "L": zero if fill is None else amount_text(fill.price),
        "n": "0" if fill is None else amount_text(fill.commission),
        "N": None if fill is None else fill.commission_asset,
        "T": stamp,
        "t": -1 if fill is None else fill.id,
        "I": report_id,
        "w": order.is_open,
        "m": fill is not None and fill.is_maker,
        "M": False,
        "O": milliseconds(order.time),
        "Z": zero if execution == "NEW" else amount_text(order.quote_executed),
        "Y": zero if fill is None else amount_text(fill.quote_quantity),
        "Q": zero,
        "W": milliseconds(order.time),
        "V": "NONE",
    }
    if execution == "EXPIRED":
        report["eR"] = order.expiry_reason
    return _outgoing(report)


def _outgoing(event: dict[str, Any]) -> Outgoing:
    return Outgoing("", event["e"], msgspec.json.encode(event).decode())
