"""What a result says of what was earned, against an independent computation from the document and the market data."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import empyrical
import numpy as np
import pytest
from tests.result import recompute
from tests.result.portfolio_runs import RUNS, Run, market, play

from barter_python.result.document import report_document

RF_DAILY = 1.03 ** (1 / 365) - 1


@pytest.fixture(scope="module", params=RUNS, ids=lambda run: run.name)
def played(request: pytest.FixtureRequest) -> tuple[Run, dict[str, Any], list[recompute.Price]]:
    run: Run = request.param
    document = json.loads(json.dumps(report_document(play(run))))
    prices = [recompute.Price(event.time_exchange, event.instrument, Decimal(str(event.kind.price))) for event in market(run)]
    return run, document, prices


def test_every_order_led_to_a_fill(played: Any) -> None:
    run, document, _ = played

    assert len(run.orders) * 0.9 <= len(document["trades"])


def test_equity_is_what_balances_and_contracts_are_worth_to_the_last_digit(played: Any) -> None:
    _, document, prices = played

    assert recompute.curve(document, prices) == [Fraction(value) for value in document["portfolio"]["curve"]["equity"]]


def test_the_explanation_adds_up_to_the_last_digit(played: Any) -> None:
    _, document, _ = played
    portfolio = document["portfolio"]
    explanation = {name: Fraction(value) for name, value in portfolio["explanation"].items()}
    rows = [row for row in portfolio["earnings"] if row["rate"] is not None]

    assert explanation["end"] == sum(value for name, value in explanation.items() if name != "end")
    assert [Fraction(portfolio["curve"]["equity"][place]) for place in (0, -1)] == [explanation["start"], explanation["end"]]
    for part in ("pnl_realised", "pnl_unrealised", "fees", "rebates", "funding"):
        assert explanation[part] == sum(Fraction(row[part]) * Fraction(row["rate"]) for row in rows)
    assert explanation["conversions"] == sum(Fraction(asset["conversion"]) for asset in portfolio["assets"])
    assert abs(explanation["unexplained"]) < Fraction(1, 10**20)


def test_earnings_by_instrument_and_strategy(played: Any) -> None:
    _, document, prices = played
    rows = [row for row in document["portfolio"]["earnings"] if row["strategy"] is not None]
    right = recompute.earnings(document, prices)

    assert set(right) == {(row["instrument"], row["strategy"]) for row in rows}
    for row in rows:
        expected = right[row["instrument"], row["strategy"]]
        assert expected["price_pnl"] == Fraction(row["pnl_realised"]) + Fraction(row["pnl_unrealised"])
        assert expected["turnover"] == Fraction(row["turnover"])
        assert float(expected["fees"]) == pytest.approx(float(Fraction(row["fees"]) + Fraction(row["rebates"])), abs=1e-12)
    assert sum(Fraction(payment["amount"]) for payment in document["funding"]) == sum(
        Fraction(row["funding"]) for row in document["portfolio"]["earnings"]
    )


def test_conversions_are_nothing_where_all_is_in_one_currency(played: Any) -> None:
    run, document, _ = played
    currencies = {pair.quote for pair in run.pairs}

    assert (document["portfolio"]["explanation"]["conversions"] == "0") == (currencies in ({"USDT"}, {"USDT", "TRY"}))


def test_round_trips(played: Any) -> None:
    _, document, _ = played
    columns = document["portfolio"]["trips"]
    for index, instrument in enumerate(document["instruments"]):
        found = [
            Fraction(pnl)
            for name, pnl in zip(columns["instrument"], columns["pnl_price"], strict=True)
            if name == instrument["name"]
        ]
        assert recompute.trips(document, index) == found


def test_ratios_equal_those_of_empyrical_on_the_same_curve(played: Any) -> None:
    _, document, prices = played
    statistics = document["portfolio"]["statistics"]
    equity = recompute.curve(document, prices)
    if min(equity) <= 0:
        assert {None} == {statistics[name]["value"] for name in ("volatility", "sharpe_ratio", "sortino_ratio", "alpha")}
        return
    returns = np.array(recompute.daily(document, equity))
    benchmark = np.array(recompute.daily(document, [Fraction(value or 0) for value in _benchmark(document)]))
    days = (_time(document, -1) - _time(document, 0)).total_seconds() / 86_400
    right: dict[str, float | None] = {
        "total_return": float(equity[-1] / equity[0] - 1),
        "drawdown_max": float(-empyrical.max_drawdown(np.diff(_floats(equity)) / _floats(equity)[:-1])),
    }
    if len(returns) >= 2 and returns.std():
        right |= {
            "volatility": empyrical.annual_volatility(returns, annualization=365),
            "sharpe_ratio": empyrical.sharpe_ratio(returns, RF_DAILY, annualization=365),
            "sortino_ratio": empyrical.sortino_ratio(returns, RF_DAILY, annualization=365),
            "alpha": empyrical.alpha_aligned(returns, benchmark, RF_DAILY, annualization=365),
            "beta": empyrical.beta_aligned(returns, benchmark, RF_DAILY),
            "day_best": returns.max(),
            "day_worst": returns.min(),
            "benchmark_sharpe_ratio": empyrical.sharpe_ratio(benchmark, RF_DAILY, annualization=365),
        }
    if days >= 30:
        right["annual_return"] = float(equity[-1] / equity[0]) ** (365 / days) - 1
        if right["drawdown_max"]:
            right["calmar_ratio"] = right["annual_return"] / right["drawdown_max"]
    for name, value in right.items():
        assert value == pytest.approx(statistics[name]["value"], rel=1e-9, abs=1e-9), name
    for name in {"sharpe_ratio", "sortino_ratio", "annual_return", "calmar_ratio"} - set(right):
        assert statistics[name]["value"] is None, name
    assert len(returns) == statistics["sharpe_ratio"]["observations"]


def _floats(values: list[Fraction]) -> Any:
    return np.array([float(value) for value in values])


def _benchmark(document: Any) -> list[str]:
    column = document["portfolio"]["curve"]["benchmark"]
    first = next(value for value in column if value is not None)
    return [first if value is None else value for value in column]


def _time(document: Any, place: int) -> datetime:
    return datetime.fromisoformat(document["portfolio"]["curve"]["time"][place])
