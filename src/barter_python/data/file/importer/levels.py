"""Price and amount of levels of an order book."""

from __future__ import annotations

from typing import Any

from barter_python.data.file.arrow import pa, pc
from barter_python.data.file.importer.rows import Rows

__all__ = ["level_columns"]


def level_columns(rows: Rows, price: str, amount: str) -> tuple[Any, Any, Any]:
    """Price and amount as exact decimal text, and the price as a number; null where there is no level.

    Raises:
        MarketDataError: A value is impossible, or only one of price and amount is there.
    """
    empty, without_amount = rows.is_empty(price), rows.is_empty(amount)
    rows.require(pc.or_(pc.invert(empty), without_amount), price, f"but {amount} is there: expected both or none")
    rows.require(pc.or_(pc.invert(without_amount), empty), amount, f"but {price} is there: expected both or none")
    if not pc.any(empty).as_py():
        numbers = rows.positive(price)
        rows.non_negative(amount)
        return rows.decimal_texts(price), rows.decimal_texts(amount), numbers
    there = rows.take(pc.indices_nonzero(pc.invert(empty)))
    numbers = there.positive(price)
    there.non_negative(amount)
    place = pc.subtract(pc.cumulative_sum(pc.invert(empty).cast(pa.int64())), 1)
    place = pc.if_else(empty, pa.scalar(None, pa.int64()), place)
    return there.decimal_texts(price).take(place), there.decimal_texts(amount).take(place), numbers.take(place)
