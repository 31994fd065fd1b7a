"""Numbers and times as the venue writes them. Rust origin: none."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from barter_python.data.exchange.decimal_text import text_from_decimal
from barter_python.numeric import CONTEXT
from barter_python.timed import EPOCH

__all__ = ["amount_text", "milliseconds"]

_EIGHT_DECIMALS: Final = Decimal("0.00000001")
_MILLISECOND: Final = timedelta(milliseconds=1)


def amount_text(value: Decimal) -> str:
    """Eight decimals; more where the number has more, because nothing of an account may be lost."""
    rounded = value.quantize(_EIGHT_DECIMALS, context=CONTEXT)
    return text_from_decimal(rounded if rounded == value else value)


def milliseconds(time: datetime) -> int:
    """Unix time."""
    return (time - EPOCH) // _MILLISECOND
