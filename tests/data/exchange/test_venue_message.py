"""Numbers and times as venues write them."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.exchange.venue import at

from barter_python.data.exchange.venue_message import (
    ABSENT,
    read,
    signed_amount,
    time_from_iso,
    time_from_milliseconds,
    time_from_milliseconds_text,
    time_from_seconds_text,
    to_amount,
    to_price,
)
from barter_python.errors import MarketDataError
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        pytest.param("1534614057", 1534614057_000000, id="whole"),
        pytest.param("1534614057.3", 1534614057_300000, id="one-decimal"),
        pytest.param("1534614057.321597", 1534614057_321597, id="six"),
        pytest.param("1534614057.3215979", 1534614057_321597, id="more-are-cut"),
        pytest.param("1586536.999999", 1586536_999999, id="half-a-microsecond-off-as-float"),
        pytest.param("253402300799.999999", 253402300799_999999, id="last"),
    ],
)
def test_time_from_seconds_text(text: str, microseconds: int) -> None:
    assert time_from_seconds_text(text) == EPOCH + timedelta(microseconds=microseconds)


@pytest.mark.parametrize("text", ["", ".", ".5", "1.", "-1", "+1", "1e3", "1_0", " 1", "\uff11", "1.x", "253402300800", "9" * 40])
def test_what_is_no_time_in_seconds(text: str) -> None:
    with pytest.raises(MarketDataError) as error:
        time_from_seconds_text(text)
    assert f"time is {text!r}" in str(error.value)


@given(milliseconds=st.integers(0, 253_402_300_799_999))
def test_milliseconds_as_number_and_as_text(milliseconds: int) -> None:
    assert time_from_milliseconds(milliseconds) == time_from_milliseconds_text(str(milliseconds))


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        pytest.param("2023-02-18T09:27:59.701Z", 1676712479701, id="utc"),
        pytest.param("2023-02-18T10:27:59.701+01:00", 1676712479701, id="another-zone"),
        pytest.param("2023-02-18T09:27:59.701999999Z", 1676712479701.999, id="nanoseconds-are-cut"),
    ],
)
def test_time_from_iso(text: str, milliseconds: float) -> None:
    assert time_from_iso(text) == at(milliseconds)


@pytest.mark.parametrize("text", ["", "2023-02-18T09:27:59", "0001-01-01T00:00:00+14:00", "now"])
def test_what_is_no_iso_time(text: str) -> None:
    with pytest.raises(MarketDataError, match="time is"):
        time_from_iso(text)


@pytest.mark.parametrize(("value", "expected"), [("0.5", 0.5), (3, 3.0), ("1e-8", 1e-8)])
def test_prices_and_amounts(value: str | float, expected: float) -> None:
    assert to_price(value) == to_amount(value) == expected


@pytest.mark.parametrize("value", ["", "x", "nan", "inf", "-1", -1.0, "1_0", " 1", "1 ", "\uff11", float("inf"), float("nan")])
def test_what_is_no_price_and_no_amount(value: str | float) -> None:
    for function in (to_price, to_amount):
        with pytest.raises(MarketDataError) as error:
            function(value)
        assert repr(value) in str(error.value)


def test_zero_is_an_amount_and_no_price() -> None:
    assert to_amount("0.000") == 0.0
    with pytest.raises(MarketDataError, match="price is '0'"):
        to_price("0")


@pytest.mark.parametrize(("value", "expected"), [(3, (Side.BUY, 3.0)), ("-0.5", (Side.SELL, 0.5))])
def test_signed_amount(value: str | float, expected: tuple[Side, float]) -> None:
    assert signed_amount(value) == expected


@pytest.mark.parametrize("value", [0, "-0", "nan", "inf", "-inf", "x"])
def test_what_has_no_side(value: str | float) -> None:
    with pytest.raises(MarketDataError, match="expected a number other than zero"):
        signed_amount(value)


def test_a_missing_member_is_named() -> None:
    with pytest.raises(MarketDataError, match="not a message of Venue: data is missing"):
        read(msgspec.json.Decoder(list[int]).decode, ABSENT, "Venue", "data")


def test_a_long_message_is_shown_in_part() -> None:
    with pytest.raises(MarketDataError) as error:
        read(msgspec.json.Decoder(int).decode, b'"%b"' % (b"x" * 10_000), "Venue")
    assert len(str(error.value)) < 400
