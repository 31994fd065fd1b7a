"""21 backtests whose every position, fee, balance and profit an independent computation finds again in the result."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest
from tests.result.portfolio_runs import HOURS, Ordered, Pair, Run, play
from tests.result.recompute_positions import differences

from barter_python.execution.exchange.model.fee import FeeAsset, PairAsset, PercentFees, ThirdAsset
from barter_python.instrument.asset import AssetNameExchange
from barter_python.result.document import report_document

D = Decimal
BNB = ThirdAsset(AssetNameExchange("BNB"), D("500"))
BTC, ETH, BNB_PAIR = Pair("BTC", "USDT", 60_000.0), Pair("ETH", "USDT", 2_500.0), Pair("BNB", "USDT", 500.0)
CASH = (("USDT", "500000"), ("BTC", "5"), ("ETH", "50"), ("BNB", "100"))


def orders(pair: str, quantity: str) -> tuple[Ordered, ...]:
    """In, more, partly out, out and beyond, and back, with quantities that do not divide."""
    found = []
    for number, hour in enumerate(range(5, HOURS - 60, 47)):
        base = D(quantity) * (1 if number % 3 else -1)
        steps = ((0, "1"), (6, "0.7"), (13, "-0.9"), (20, "-1.3"), (28, "0.61"), (36, "-0.11"))
        found += [Ordered(hour + later, pair, f"{(base * D(share)).normalize():f}") for later, share in steps]
    return tuple(found)


def spot(name: str, asset: FeeAsset, mock: PairAsset | None = None) -> Run:
    bought = (*orders("BTCUSDT", "0.013"), *orders("ETHUSDT", "0.31"))
    fee = PercentFees(D("0.0002"), D("0.00073"), asset)
    return Run(f"spot, {name}", (BTC, ETH, BNB_PAIR), bought, CASH, fee, mock_fee_asset=mock)


def contract(size: str, quantity: str, asset: FeeAsset, funding: str | None, maker: str = "0.0002") -> Run:
    name = f"contract of {size}, fees in {'BNB' if asset is BNB else asset}, funding {funding}, maker {maker}"
    pairs = (replace(BTC, size=size), BNB_PAIR)
    fee = PercentFees(D(maker), D("0.00061"), asset)
    return Run(name, pairs, orders("BTCUSDT", quantity), (CASH[0], CASH[-1]), fee, margin_rate="0.5", funding=funding)


SIZES = (("0.001", "13"), ("1", "0.13"), ("100", "0.0013"))
RUNS = (
    *(spot(f"mock, {asset}", asset, asset) for asset in cast("tuple[PairAsset, ...]", ("quote", "received"))),
    *(spot(f"simulated, {name}", asset) for name, asset in {"received": "received", "base": "base", "quote": "quote"}.items()),
    spot("simulated, BNB", BNB),
    *(
        contract(size, quantity, asset, funding)
        for size, quantity in SIZES
        for asset in cast("tuple[FeeAsset, ...]", ("quote", BNB))
        for funding in (None, "0.0003")
    ),
    *(contract(size, quantity, "quote", "-0.0001", "-0.00005") for size, quantity in SIZES),
)


def test_there_are_twenty_one() -> None:
    assert 21 == len({run.name for run in RUNS})


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_the_result_is_what_its_fills_make(run: Run) -> None:
    document: Any = json.loads(json.dumps(report_document(play(run))))

    assert [] == list(differences(document))
    assert len(document["positions_exited"]) >= 20
    assert len(document["trades"]) >= 0.9 * len(run.orders)
    assert (run.funding is not None) == bool(document["funding"])


@pytest.mark.parametrize(
    ("place", "members"),
    [
        pytest.param("positions_exited", {"pnl_realised": "1"}, id="profit"),
        pytest.param("positions_exited", {"fees_exit": {"asset": None, "fees": "1"}}, id="fees"),
        pytest.param("positions_exited", {"quantity_abs_max": "1"}, id="quantity"),
    ],
)
def test_what_is_wrong_is_found(place: str, members: dict[str, Any]) -> None:
    document: Any = json.loads(json.dumps(report_document(play(RUNS[0]))))
    document[place][3].update(members)

    assert [f"{place}[3]"] == [found.split(".")[0] for found in differences(document)]
