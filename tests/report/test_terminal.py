"""The summary on a terminal."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console
from tests.report.documents import document

from barter_python.report.amount import amount, figure, plain
from barter_python.report.concerns import warnings
from barter_python.report.instruments import instrument_rows
from barter_python.report.run import print_result


def printed(found: dict[str, Any], width: int = 100) -> str:
    out = io.StringIO()
    print_result(found, Console(file=out, width=width, highlight=False))
    return out.getvalue()


@pytest.mark.parametrize(
    ("expected", "value", "asset"),
    [
        pytest.param("1,234.50", "1234.5", "usdt", id="cash"),
        pytest.param("-0.00204000", "-0.00204", "btc", id="coin"),
        pytest.param("-0.0031", "-0.0031", "usdt", id="less-than-a-cent"),
        pytest.param("0.000000000012", "0.000000000012", "btc", id="less-than-a-satoshi"),
        pytest.param("0.00", "0", "usdt", id="nothing"),
        pytest.param("n/a", None, "usdt", id="unknown"),
    ],
)
def test_money_has_the_decimals_of_its_asset(expected: str, value: str | None, asset: str) -> None:
    assert expected == amount(value, asset)


@pytest.mark.parametrize(
    ("expected", "value"),
    [("68,566.797", "68566.7971681"), ("0.0145727", "0.01457271"), ("12,345,678", "12345678"), ("0", "0")],
)
def test_prices_have_eight_digits(expected: str, value: str) -> None:
    assert expected == plain(value)


def test_what_is_not_available_says_why_where_that_is_short() -> None:
    assert "n/a (0.866 days)" == figure({"value": None, "observations": 1, "reason": "0.866 days, at least 30 are needed"})
    assert "n/a" == figure({"value": None, "observations": 1, "reason": "equity was not positive all the time"})
    assert "1.50" == figure({"value": 1.5, "observations": 1, "reason": None})
    assert "0.00" == figure({"value": -0.0001, "observations": 1, "reason": None})


@pytest.mark.parametrize("name", ["two_quote_currencies", "fees_in_a_third_asset", "two_strategies", "funding", "none"])
def test_instruments_add_up_to_the_explanation(name: str) -> None:
    found = document(name)
    portfolio = found["portfolio"]
    rates = {row["instrument"]: Decimal(row["rate"]) for row in portfolio["earnings"]}
    parts = {part: Decimal(value) for part, value in portfolio["explanation"].items()}

    net = sum((row.net * rates[row.name] for row in instrument_rows(found) if row.name in rates), Decimal(0))
    earned = parts["end"] - parts["start"] - parts["conversions"] - parts["unexplained"]

    assert earned == pytest.approx(net, abs=Decimal("1e-18"))
    assert len(found["trades"]) == sum(row.fills for row in instrument_rows(found))


@pytest.mark.parametrize("name", ["two_strategies", "fees_in_a_third_asset", "none", "wiped_out", "an_open_loser"])
def test_it_fits_a_hundred_columns(name: str) -> None:
    text = printed(document(name))

    assert max(len(line.rstrip()) for line in text.splitlines() if "warning" not in line) <= 100
    assert "…" not in text


def test_fifty_instruments_have_a_row_each() -> None:
    found = document("fifty")
    rows = [line for line in printed(found).splitlines() if line.startswith("c")]

    assert {item["name"] for item in found["instruments"]} <= {row.split()[0] for row in rows}
    assert max(map(len, rows)) <= 100


@pytest.mark.parametrize(
    ("expected", "name", "change"),
    [
        pytest.param("never traded: btcusdt, ethusdt", "none", {}, id="never-traded"),
        pytest.param("worth not known, part of no total: try", "a_currency_without_a_value", {}, id="unvalued"),
        pytest.param("equity was zero or negative", "wiped_out", {}, id="liquidated"),
        pytest.param("the engine had to stop before the end", "spot", {"shutdown": ["Custom"]}, id="stopped"),
        pytest.param("1 order still rested at the end", "spot", {"orders_open": [{}]}, id="rested"),
    ],
)
def test_what_casts_doubt_is_told(expected: str, name: str, change: dict[str, Any]) -> None:
    assert any(warning.startswith(expected) for warning in warnings({**document(name), **change}))


def test_refusals_name_who_refused() -> None:
    found = {**document("spot"), "risk_refusals": {"too large [bold]": 3}}

    text = printed(found)

    assert "0 orders refused by the venue, 3 by the risk manager" in text
    assert "3 x risk manager: too large [bold]" in text


def test_a_run_that_was_not_accounted_for_is_printed() -> None:
    assert "not accounted for" in printed({**document("spot"), "portfolio": None})
