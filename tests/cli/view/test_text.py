"""Numbers and times as the view writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from barter_python.report.text import aligned, duration, milliseconds, number, price, printable, signed

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [("-", None), ("0", D("0E-8")), ("1,234.5", D("1234.50")), ("0.00001234", D("0.00001234")), ("40,000", D(40_000))],
)
def test_number(text: str, value: Decimal | None) -> None:
    assert text == number(value)


def test_aligned_numbers_have_as_many_decimals() -> None:
    assert ["1.50", "2.25", "-"] == aligned(D("1.5"), D("2.25"), None)


@pytest.mark.parametrize(("text", "value"), [("60,000.12", D("60000.123")), ("2.47895", D("2.478951")), ("0.00", D(0))])
def test_price(text: str, value: Decimal) -> None:
    assert text == price(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.00", D(0)), ("-0.30", D("-0.3")), ("+1,234.57", D("1234.567")), ("+0.00123", D("0.001234")), ("-0.01", D("-0.01"))],
)
def test_signed(text: str, value: Decimal) -> None:
    assert text == signed(value)


@pytest.mark.parametrize(
    ("text", "seconds"), [("-", None), ("0.4 ms", 0.0004), ("113 ms", 0.113), ("-12 ms", -0.012), ("75 s", 75.2)]
)
def test_milliseconds(text: str, seconds: float | None) -> None:
    assert text == milliseconds(seconds)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("-", None), ("0s", -0.2), ("59s", 59.9), ("4m05s", 245), ("2h07m", 7_620), ("3d04h", 273_600)],
)
def test_duration(text: str, seconds: float | None) -> None:
    assert text == duration(seconds)


def test_what_venues_say_cannot_control_the_terminal() -> None:
    assert "?[2Jone two" == printable("\x1b[2Jone\ntwo")
