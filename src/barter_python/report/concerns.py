"""What the reader of a result has to know before its figures: what was refused and by whom, and what casts doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from barter_python.codec.execution import INDEXED
from barter_python.execution.order.state import OpenFailed
from barter_python.report.text import counted

__all__ = ["RefusedOrders", "refusals", "warnings"]

_NAMES_SHOWN: Final = 3


@dataclass(slots=True)
class RefusedOrders:
    """Orders that were not opened.

    Attributes:
        venue: How many, by what the venue said.
        risk: How many, by what the risk manager said.
    """

    venue: Counter[str]
    risk: Counter[str]


def refusals(document: Mapping[str, Any]) -> RefusedOrders:
    """What was refused, from the document of a result."""
    venue: Counter[str] = Counter()
    for order in document["orders"]:
        state = order["state"]
        inactive = state.get("Inactive") if isinstance(state, dict) else None
        if isinstance(inactive, dict) and "OpenFailed" in inactive:
            failed = INDEXED.order.read(order).state
            assert isinstance(failed, OpenFailed), "it has the member"
            venue[str(failed.error)] += 1
    return RefusedOrders(venue, Counter(document["risk_refusals"]))


def warnings(document: Mapping[str, Any]) -> list[str]:
    """What casts doubt on a result by its own figures, each one sentence, the gravest first.

    What the driver of the run wanted known is the member `warnings` of the document.

    Args:
        document: Of a result.
    """
    found = []
    if document["shutdown"]:
        found.append("the engine had to stop before the end")
    if document["portfolio"] is not None:
        found += _doubts(document["portfolio"])
        found += _idle(document)
    if document["orders_open"]:
        found.append(f"{counted(len(document['orders_open']), 'order')} still rested at the end")
    return found


def _doubts(portfolio: Mapping[str, Any]) -> list[str]:
    found = []
    if any(Decimal(equity) <= 0 for equity in portfolio["curve"]["equity"]):
        found.append("equity was zero or negative: the account would have been liquidated")
    negative = [asset["asset"] for asset in portfolio["assets"] if Decimal(asset["end"]) < 0]
    if negative:
        found.append(f"balance below zero at the end: {_names(negative)}")
    if portfolio["unvalued"]:
        found.append(f"worth not known, part of no total: {_names(portfolio['unvalued'])}")
    if portfolio["fees_unvalued"]:
        found.append(f"fees whose worth is not known, part of no total: {_names(list(portfolio['fees_unvalued']))}")
    if Decimal(portfolio["explanation"]["unexplained"]):
        found.append("balances changed by what no fill, fee or funding explains: see `unexplained`")
    return found


def _idle(document: Mapping[str, Any]) -> list[str]:
    found, unpriced = [], document["portfolio"]["unpriced"]
    traded = {document["instruments"][trade["instrument"]]["name"] for trade in document["trades"]}
    idle = [item["name"] for item in document["instruments"] if item["name"] not in traded and item["name"] not in unpriced]
    if unpriced:
        found.append(f"no market data: {_names(unpriced)}")
    if idle:
        found.append(f"never traded: {_names(idle)}")
    return found


def _names(names: Sequence[str]) -> str:
    rest = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {rest:,} more" if rest > 0 else "")
