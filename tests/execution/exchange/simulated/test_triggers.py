"""Stop, stop-limit and take-profit orders."""

from __future__ import annotations

import pytest
from tests.execution.exchange.simulated.venue import Venue

BOOK = "book 99x50 | 101x50"


@pytest.mark.parametrize(
    ("expected", "order", "data"),
    [
        pytest.param(
            ["a fill 1 @ 101 taker"], "buy 1 market #a stop 105", ["trade 104 x 1 buy", "trade 105 x 1 buy"], id="stop buy"
        ),
        pytest.param(
            ["a fill 1 @ 99 taker"], "sell 1 market #a stop 95", ["trade 96 x 1 sell", "trade 94 x 1 sell"], id="stop sell"
        ),
        pytest.param(["a fill 1 @ 101 taker"], "buy 1 market #a profit 95", ["trade 95 x 1 sell"], id="take-profit buy"),
        pytest.param(["a fill 1 @ 99 taker"], "sell 1 market #a profit 105", ["trade 105 x 1 buy"], id="take-profit sell"),
        pytest.param([], "sell 1 market #a profit 105", ["trade 104.9 x 1 buy"], id="not before its price"),
        pytest.param(
            ["a fill 1 @ 100 maker"],
            "sell 1 @ 100 #a stop 95",
            ["trade 95 x 1 sell", "trade 100.5 x 1 buy"],
            id="stop-limit: rests at its limit",
        ),
        pytest.param([], "buy 1 @ 102 #a stop 105 ", ["l1 150x1 | 151x1"], id="quotes do not fire it once there are trades"),
    ],
)
def test_trigger_on_trades(expected: list[str], order: str, data: list[str]) -> None:
    venue = Venue()
    venue.run(BOOK, "trade 100 x 1 buy")
    assert venue.run(order)[0] == "a open 0"

    assert expected == [told for told in venue.run(*data) if " fill " in told]


def test_without_trades_the_mid_price_fires() -> None:
    venue = Venue()
    venue.run("l1 99x5 | 101x5", "buy 1 market #a stop 105")

    assert venue.run("l1 103x5 | 106x5") == []
    assert venue.run("l1 103x5 | 107x5") == ["USDT 893 / 893", "BTC 11 / 11", "a fill 1 @ 107 taker", "a filled"]


@pytest.mark.parametrize(
    ("order", "price"), [("buy 1 market #a stop 100", 100), ("sell 1 market #a profit 99", 99), ("sell 1 @ 90 #a stop 100", 100)]
)
def test_a_trigger_that_would_fire_at_once_is_refused(order: str, price: int) -> None:
    venue = Venue()
    venue.run(BOOK, "trade 100 x 1 buy")

    assert [f"a refused: order rejected: the trigger at {price} would fire at once: the price is 100"] == venue.run(order)


def test_a_waiting_order_reserves_and_can_be_cancelled() -> None:
    venue = Venue()
    venue.run(BOOK, "trade 100 x 1 buy")

    assert venue.run("buy 2 market #a stop 105") == ["a open 0", "USDT 1000 / 790"]
    assert venue.run("cancel a") == ["a cancelled", "USDT 1000 / 1000"]
    assert venue.run("trade 106 x 1 buy") == []


def test_an_order_that_is_not_covered_when_it_fires_is_cancelled() -> None:
    venue = Venue("USDT 1000")
    venue.run("book 99x50 | 101x50", "trade 100 x 1 buy", "buy 9 market #a stop 105")
    venue.run("book 119x50 | 120x50")

    assert venue.run("trade 120 x 1 buy") == ["USDT 1000 / 1000", "a cancelled"]


def test_the_first_trade_counts_although_it_only_shortens_a_queue() -> None:
    """The price is 99 then, and no longer the mean of the best prices."""
    venue = Venue()
    venue.run("book 99x4 | 101x2", "buy 2 @ 99 #a", "trade 99 x 1 sell")

    assert ["b open 0"] == venue.run("buy 1 market #b stop 99.5")[:1]
