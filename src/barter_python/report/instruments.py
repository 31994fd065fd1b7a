"""What each instrument earned, from the document of a result: the rows of every table of instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from barter_python.numeric import ZERO, in_exact_context

__all__ = ["InstrumentRow", "instrument_rows"]


@dataclass(slots=True)
class InstrumentRow:
    """One instrument, in its currency: all its strategies together.

    Attributes:
        name: Internal name.
        currency: In which the amounts are.
        trips: Number of closed round trips.
        win_rate: Figure of the document, None where the instrument had no fill.
        pnl_price: Realised and unrealised.
        fees: Less rebates, negative: paid.
        funding: Negative: paid.
        turnover: Value of its fills.
        fills: Number of its fills.
    """

    name: str
    currency: str
    trips: int = 0
    win_rate: Mapping[str, Any] | None = None
    pnl_price: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    turnover: Decimal = ZERO
    fills: int = 0

    @property
    @in_exact_context
    def net(self) -> Decimal:
        """Everything."""
        return self.pnl_price + self.fees + self.funding


@in_exact_context
def instrument_rows(document: Mapping[str, Any]) -> list[InstrumentRow]:
    """One row an instrument, in index order; none without an account of what was earned.

    Args:
        document: Of a result.
    """
    portfolio = document["portfolio"]
    if portfolio is None:
        return []
    rows = {item["name"]: InstrumentRow(item["name"], item["currency"]) for item in document["instruments"]}
    for earned in portfolio["earnings"]:
        row = rows[earned["instrument"]]
        row.pnl_price += Decimal(earned["pnl_realised"]) + Decimal(earned["pnl_unrealised"])
        row.fees += Decimal(earned["fees"]) + Decimal(earned["rebates"])
        row.funding += Decimal(earned["funding"])
        row.turnover += Decimal(earned["turnover"])
        row.fills += earned["trades"]
    for name, statistics in portfolio["statistics_by_instrument"].items():
        rows[name].trips, rows[name].win_rate = statistics["trips"], statistics["win_rate"]
    return list(rows.values())
