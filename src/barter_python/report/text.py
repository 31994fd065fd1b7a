"""Numbers and names as the view writes them."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final

__all__ = ["NOTHING", "aligned", "counted", "duration", "milliseconds", "number", "price", "printable", "signed"]

NOTHING: Final = "-"
"""Stands for what is not known."""
_EIGHT_DECIMALS: Final = Decimal("1e-8")
_SIX_DIGITS: Final = Context(prec=6)
_THREE_DIGITS: Final = Context(prec=3)
_CENT: Final = Decimal("0.01")
_LARGE: Final = Decimal(1_000)
_QUANTIZED_MAX: Final = Decimal("1e18")


def printable(text: str) -> str:
    """Text on one line that cannot control the terminal: what venues say is not trusted."""
    return "".join(character if character.isprintable() else "?" if character != "\n" else " " for character in text)


def number(value: Decimal | None) -> str:
    """All its digits up to the eighth decimal, in groups of three, without zeros at the end."""
    if value is None:
        return NOTHING
    text = f"{value.quantize(_EIGHT_DECIMALS) if abs(value) < _QUANTIZED_MAX else value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def aligned(*values: Decimal | None) -> list[str]:
    """As `number`, all with as many decimals as the longest of them needs."""
    texts = [number(value) for value in values]
    decimals = max(len(text.partition(".")[2]) for text in texts)
    return [NOTHING if value is None else f"{value:,.{decimals}f}" for value in values]


def price(value: Decimal) -> str:
    """Two decimals, or six digits where that is more."""
    return f"{value:,.2f}" if abs(value) >= _LARGE or not value else f"{value.normalize(_SIX_DIGITS):f}"


def signed(value: Decimal) -> str:
    """With its sign: two decimals, or three digits where two decimals would be zero."""
    if not value:
        return "0.00"
    return f"{value:+,.2f}" if abs(value) >= _CENT else f"{value.normalize(_THREE_DIGITS):+f}"


def milliseconds(seconds: float | None) -> str:
    """A time as short as it is."""
    if seconds is None:
        return NOTHING
    decimals = 1 if abs(seconds) < 0.01 else 0
    return f"{seconds * 1000:,.{decimals}f} ms" if abs(seconds) < 10 else f"{seconds:,.0f} s"


def duration(seconds: float | None) -> str:
    """A time in its two largest units: `3s`, `4m05s`, `2h07m`, `3d04h`."""
    if seconds is None:
        return NOTHING
    if seconds < 60:
        return f"{max(int(seconds), 0)}s"
    whole = int(seconds)
    for unit, length, below, below_length in (("d", 86_400, "h", 3_600), ("h", 3_600, "m", 60), ("m", 60, "s", 1)):
        if whole >= length:
            return f"{whole // length}{unit}{whole % length // below_length:02}{below}"
    raise AssertionError("a minute is a unit")


def counted(count: int, name: str) -> str:
    """`1 fill`, `1,200 fills`."""
    return f"{count:,} {name}" + ("" if count == 1 else "s")
