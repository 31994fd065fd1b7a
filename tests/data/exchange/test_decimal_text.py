"""Decimal text of venues and files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.builders import D
from tests.support.properties import PROPERTY

from barter_python.data.exchange.decimal_text import DecimalTexts, text_from_decimal
from barter_python.errors import MarketDataError
from barter_python.numeric import decimal_from_text

GOOD = {
    "trailing zeros are kept": "61837.63000000",
    "as many digits as fit": "1234567890.123456789012345678",
    "more digits are rounded": "1.23456789012345678901234567895",
    "no whole part": ".5",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_text_is_read_as_rust_reads_it(text: str) -> None:
    prices = DecimalTexts("price", zero_allowed=False)

    assert str(decimal_from_text(text)) == str(prices[text])
    assert prices[text] is prices[text]


@pytest.mark.parametrize("text", ["", ".", "-1", "NaN", "Infinity", "1e5", " 1", "1,5", "٣", "9" * 30])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(MarketDataError, match=r"amount is .*, expected zero or a positive decimal number"):
        DecimalTexts("amount", zero_allowed=True)[text]


def test_only_amounts_may_be_zero() -> None:
    assert DecimalTexts("amount", zero_allowed=True)["0.000"] == 0
    with pytest.raises(MarketDataError, match=r"price is '0\.000', expected a positive decimal number"):
        DecimalTexts("price", zero_allowed=False)["0.000"]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barter_python.data.exchange.decimal_text._SIZE_MAX", 3)
    prices = DecimalTexts("price", zero_allowed=False)

    assert [D(number) for number in range(1, 10)] == [prices[str(number)] for number in range(1, 10)]
    assert len(prices) <= 3


@PROPERTY
@given(st.decimals(min_value=0, max_value=D("7e18"), allow_nan=False, places=None))
def test_text_has_no_exponent(value: D) -> None:
    text = text_from_decimal(value)

    assert "E" not in text
    assert D(text) == value
