"""How single values are read and written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from barter_python.codec import Codec, decode, encode
from barter_python.codec.instrument import exchange_id, side
from barter_python.codec.scalar import decimal, epoch_milliseconds, instant, number, signed, text, unsigned
from barter_python.errors import DecodeError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.side import Side


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param('"1.50"', "1.50", id="text-keeps-trailing-zeros"),
        pytest.param('"1_000"', "1000", id="separators"),
        pytest.param('"1.5e3"', "1500", id="exponent"),
        pytest.param("10000", "10000", id="integer"),
        pytest.param("0.05", "0.05", id="float-by-its-shortest-text"),
        pytest.param("1.0", "1", id="integral-float-loses-its-decimal"),
        pytest.param("1e-7", "0.0000001", id="small-float"),
        pytest.param("1e-30", "0.0000000000000000000000000000", id="float-is-rounded-at-the-28th-decimal"),
        pytest.param("18446744073709551617", "18446744073709552000", id="integer-beyond-64-bits-is-a-float"),
        pytest.param("-9223372036854775808", "-9223372036854775808", id="least-integer-of-64-bits"),
        pytest.param("-9223372036854775809", "-9223372036854776000", id="less-is-a-float"),
        pytest.param('"-0.00"', "-0.00", id="negative-zero"),
        pytest.param('"79228162514264337593543950335"', "79228162514264337593543950335", id="maximum"),
        pytest.param('"0.1234567890123456789012345678"', "0.1234567890123456789012345678", id="all-decimals"),
    ],
)
def test_decimal_is_read_as_rust_reads_it(document: str, expected: str) -> None:
    assert f'"{expected}"'.encode() == encode(decode(document, decimal), decimal)


@pytest.mark.parametrize(
    "document",
    [
        '""',
        '"x"',
        '" 1"',
        '"NaN"',
        '"1e-29"',
        '"79228162514264337593543950336"',
        "1e30",
        "true",
        "null",
        "[]",
        '"1.2.3"',
        '"-x1"',
        '"٣"',
    ],
)
def test_what_is_no_decimal_is_refused(document: str) -> None:
    with pytest.raises(DecodeError, match="expected a decimal number"):
        decode(document, decimal)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", id="no-fraction"),
        pytest.param("2024-01-01T00:00:00.1Z", "2024-01-01T00:00:00.100Z", id="three-digits"),
        pytest.param("2024-01-01T00:00:00.000100Z", "2024-01-01T00:00:00.000100Z", id="six-digits"),
        pytest.param("2024-01-01T00:00:00.123456999Z", "2024-01-01T00:00:00.123456Z", id="nanoseconds-are-cut"),
        pytest.param("2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00Z", id="offset"),
        pytest.param("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", id="before-1970"),
    ],
)
def test_time_is_written_with_the_fewest_digits(document: str, expected: str) -> None:
    assert expected == instant.write(instant.read(document))


@pytest.mark.parametrize(
    "document",
    [
        "2024-01-01T00:00:00",
        "2024-01-01",
        "20240101T000000Z",
        "2024-W01-1T00:00:00Z",
        "2024-01-01_00:00:00Z",
        "2024-01-01T00:00:00,5Z",
        "2024-01-01T00:00:00.Z",
        "2024-13-01T00:00:00Z",
        "2024-01-01T00:00Z",
        "0001-01-01T00:00:00+23:59",
        "",
    ],
)
def test_what_is_no_rfc_3339_time_is_refused(document: str) -> None:
    with pytest.raises(DecodeError, match="expected a time such as"):
        instant.read(document)


def test_time_of_another_zone_is_written_in_utc() -> None:
    assert instant.write(datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == "2024-01-01T00:00:00Z"


def test_time_without_zone_is_a_programming_mistake() -> None:
    with pytest.raises(TypeError, match="expected an aware UTC time"):
        instant.write(datetime(2024, 1, 1))  # noqa: DTZ001


def test_expiry_is_in_milliseconds() -> None:
    assert epoch_milliseconds.read(1704067200123) == datetime(2024, 1, 1, 0, 0, 0, 123000, tzinfo=UTC)
    assert epoch_milliseconds.write(datetime(2024, 1, 1, 0, 0, 0, 123999, tzinfo=UTC)) == 1704067200123
    with pytest.raises(DecodeError, match="up to the year 9999"):
        epoch_milliseconds.read(1 << 63)


@pytest.mark.parametrize(
    ("codec", "document"),
    [
        pytest.param(unsigned, True, id="bool-is-no-integer"),
        pytest.param(unsigned, 1.0, id="float-is-no-integer"),
        pytest.param(unsigned, "1", id="text-is-no-integer"),
        pytest.param(unsigned, -1, id="negative"),
        pytest.param(unsigned, 1 << 64, id="too-large"),
        pytest.param(signed, -(1 << 63) - 1, id="too-small"),
        pytest.param(number, "1", id="text-is-no-number"),
        pytest.param(number, False, id="bool-is-no-number"),
        pytest.param(text, 1, id="number-is-no-text"),
        pytest.param(decimal, True, id="bool-is-no-decimal"),
    ],
)
def test_no_type_stands_for_another(codec: Codec[object], document: object) -> None:
    with pytest.raises(DecodeError):
        codec.read(document)


def test_float_that_is_no_number_is_written_as_null() -> None:
    assert [number.write(value) for value in (1.5, float("nan"), float("inf"))] == [1.5, None, None]
    assert number.read(2) == 2.0


@pytest.mark.parametrize("document", ["Buy", "buy", "BUY", "b", {"Buy": None}])
def test_names_have_only_the_known_aliases(document: object) -> None:
    assert side.read(document) is Side.BUY
    for wrong in ("B", "bUY", 1, {"Buy": 1}, {"Buy": None, "Sell": None}, None):
        with pytest.raises(DecodeError):
            side.read(wrong)


def test_old_name_of_an_exchange_is_read_but_not_written() -> None:
    assert exchange_id.read("huobi") is ExchangeId.HTX
    assert exchange_id.write(ExchangeId.HTX) == "htx"


def test_large_decimals_have_no_exponent() -> None:
    assert decimal.write(Decimal("1E+3")) == "1000"
    assert decimal.write(Decimal("1E-20")) == "0.00000000000000000001"


def test_what_was_written_is_what_is_read_again_also_of_a_computed_price_with_a_digit_too_many() -> None:
    price = Decimal("97.666666666666666666666666667")  # 29 digits: the context of money has them, 96 bits do not

    written = decimal.write(price)

    assert "97.66666666666666666666666667" == written
    assert written == decimal.write(decimal.read(written))
