"""Decimals as venues and files write them: plain text, read through a bounded cache because market prices repeat."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from barter_python.errors import MarketDataError, shown
from barter_python.numeric import ZERO, decimal_from_text

__all__ = ["AMOUNTS", "PRICES", "DecimalTexts", "text_from_decimal"]

_SIZE_MAX: Final = 1 << 17
_PLAIN_LENGTH_MAX: Final = 28  # this many digits always fit into 96 bits, so the text is exact as it is


class DecimalTexts(dict[str, Decimal]):
    """Text to Decimal: `prices["61837.63"]`. Reads each text once.

    Looking up a text that is not a plain number of the expected range raises MarketDataError.
    """

    def __init__(self, field: str, *, zero_allowed: bool) -> None:
        super().__init__()
        self._field = field
        self._zero_allowed = zero_allowed

    def __missing__(self, text: str) -> Decimal:
        if len(text) <= _PLAIN_LENGTH_MAX and text.isascii() and text.replace(".", "", 1).isdigit():
            value: Decimal | None = Decimal(text)
        else:
            value = decimal_from_text(text)
        if value is None or value < ZERO or not (value or self._zero_allowed):
            expected = "zero or a positive" if self._zero_allowed else "a positive"
            raise MarketDataError(f"{self._field} is {shown(text)}, expected {expected} decimal number")
        if len(self) >= _SIZE_MAX:
            self.clear()
        self[text] = value
        return value


PRICES: Final = DecimalTexts("price", zero_allowed=False)
"""Prices of order book levels: positive."""

AMOUNTS: Final = DecimalTexts("amount", zero_allowed=True)
"""Amounts of order book levels: zero or positive."""


def text_from_decimal(value: Decimal) -> str:
    """The number without an exponent, trailing zeros kept: `0.00000001` where `str` gives `1E-8`."""
    text = str(value)
    return format(value, "f") if "E" in text else text
