"""Numbers of Binance, which are texts. Pure."""

from __future__ import annotations

from decimal import Decimal

from barter_python.errors import DecodeError
from barter_python.numeric import decimal_from_text

__all__ = ["amount", "signed_amount"]


def amount(name: str, text: str) -> Decimal:
    """A number that cannot be negative.

    Raises:
        DecodeError: It is, or is none.
    """
    number = signed_amount(name, text)
    if number < 0:
        raise DecodeError(f"{name} is {text!r}, expected zero or a positive number")
    return number


def signed_amount(name: str, text: str) -> Decimal:
    """A number.

    Raises:
        DecodeError: It is none.
    """
    number = decimal_from_text(text)
    if number is None:
        raise DecodeError(f"{name} is {text!r}, expected a number")
    return number
