"""Amounts of money, figures and times as a report writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

__all__ = ["amount", "decimals_of", "figure", "minute", "percent", "plain", "ratio"]

_CASH: Final = frozenset(
    {"usd", "usdt", "usdc", "busd", "fdusd", "tusd", "dai", "eur", "gbp", "chf", "aud", "cad", "jpy", "try", "brl"}
)
_CASH_DECIMALS: Final = 2
_COIN_DECIMALS: Final = 8
_REASON_MAX: Final = 16
_TWO_DIGITS: Final = Context(prec=2, rounding=ROUND_HALF_EVEN)


def decimals_of(asset: str) -> int:
    """How many decimals amounts of an asset are written with: two for what stands for cash, else eight."""
    return _CASH_DECIMALS if asset.lower() in _CASH else _COIN_DECIMALS


def amount(value: str | Decimal | None, asset: str, *, is_signed: bool = False) -> str:
    """An amount in groups of three with the decimals of its asset; two digits where these would all be zero.

    Args:
        value: As the document of a result has it, None where it is not known.
        asset: In which it is.
        is_signed: Whether what is positive has its sign.
    """
    if value is None:
        return "n/a"
    number = Decimal(value)
    if not number:
        return f"{Decimal(0):.{decimals_of(asset)}f}"
    text = f"{number:{'+' if is_signed else ''},.{decimals_of(asset)}f}"
    if any(digit in "123456789" for digit in text):
        return text
    return f"{number.normalize(_TWO_DIGITS):{'+' if is_signed else ''}f}"


def plain(value: str | Decimal | None, digits: int = 8) -> str:
    """A price or quantity in groups of three, with as many digits as it has, at most so many."""
    if value is None:
        return "n/a"
    number = Decimal(value)
    whole = max(number.adjusted() + 1, 1) if number else 1
    text = f"{number:,.{max(digits - whole, 2)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float | None, decimals: int = 2) -> str:
    """A fraction in percent."""
    return "n/a" if value is None else f"{value:z,.{decimals}%}"


def ratio(value: float | None) -> str:
    """A ratio with two decimals."""
    return "n/a" if value is None else f"{value:z,.2f}"


def figure(entry: Mapping[str, Any], *, is_percent: bool = False) -> str:
    """A figure of the document; where it is not available with its reason if that is short, as in `n/a (3 days)`."""
    value = entry["value"]
    if value is None:
        reason = str(entry["reason"]).partition(",")[0]
        return f"n/a ({reason})" if len(reason) <= _REASON_MAX else "n/a"
    return percent(value) if is_percent else ratio(value)


def minute(time: str) -> str:
    """A time of the document to the minute, in UTC."""
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M}"
