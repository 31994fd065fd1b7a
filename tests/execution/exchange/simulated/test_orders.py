"""What a venue answers to each kind of order, and to its cancellation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.execution.exchange.simulated.venue import START, Venue, btc_usdt, spec

from barter_python.execution.exchange.simulated.queue import OptimisticQueue

BOOK = "book 99x5 98x3 | 101x2 102x4"


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(
            ["a open 0", "USDT 798 / 798", "BTC 12 / 12", "a fill 2 @ 101 taker", "a filled"],
            ["buy 2 market #a"],
            id="market: acknowledged, then balances, the fill, and the order last",
        ),
        pytest.param(
            [
                "a open 0",
                *("USDT 798 / 696", "BTC 12 / 12", "a fill 2 @ 101 taker", "a open 2"),
                *("USDT 696 / 696", "BTC 13 / 13", "a fill 1 @ 102 taker", "a filled"),
            ],
            ["buy 3 market #a"],
            id="market: walks the book, a partial fill for each level",
        ),
        pytest.param(
            [
                "a open 0",
                *("BTC 5 / 2", "USDT 1495 / 1495", "a fill 5 @ 99 taker", "a open 5"),
                *("BTC 2 / 2", "USDT 1789 / 1789", "a fill 3 @ 98 taker", "a open 8"),
                "a cancelled",
            ],
            ["sell 9 market #a"],
            id="market: what the book cannot fill is cancelled",
        ),
        pytest.param(
            ["a open 0", "USDT 1000 / 700"],
            ["buy 3 @ 100 #a"],
            id="limit: rests and reserves price times quantity",
        ),
        pytest.param(
            ["a open 0", "USDT 798 / 697", "BTC 12 / 12", "a fill 2 @ 101 taker", "a open 2"],
            ["buy 3 @ 101 #a"],
            id="limit: takes what is within the limit, the rest rests",
        ),
        pytest.param(
            ["a open 0", "USDT 1000 / 900"],
            ["buy 1 @ 100 #a post"],
            id="post-only: rests where it crosses nothing",
        ),
        pytest.param(
            ["a refused: order rejected: post-only: a limit price of 101 would cross the market"],
            ["buy 1 @ 101 #a post"],
            id="post-only: refused where it would cross",
        ),
        pytest.param(
            ["a open 0", "USDT 798 / 697", "BTC 12 / 12", "a fill 2 @ 101 taker", "a open 2", "USDT 798 / 798", "a cancelled"],
            ["buy 3 @ 101 #a ioc"],
            id="immediate or cancel: the rest is cancelled",
        ),
        pytest.param(
            ["a open 0", "a cancelled"],
            ["buy 3 @ 100 #a ioc"],
            id="immediate or cancel: cancelled at once where nothing is within the limit",
        ),
        pytest.param(
            ["a refused: order rejected: fill or kill: 2 of 3 could be filled"],
            ["buy 3 @ 101 #a fok"],
            id="fill or kill: refused where it cannot be filled completely",
        ),
        pytest.param(
            [
                "a open 0",
                *("USDT 798 / 696", "BTC 12 / 12", "a fill 2 @ 101 taker", "a open 2"),
                *("USDT 696 / 696", "BTC 13 / 13", "a fill 1 @ 102 taker", "a filled"),
            ],
            ["buy 3 @ 102 #a fok"],
            id="fill or kill: filled completely over two levels",
        ),
        pytest.param(
            ["a open 0", "USDT 1000 / 900", "USDT 1000 / 1000", "a expired"],
            ["buy 1 @ 100 #a day", "wait 43190s", "wait 10s"],
            id="good until end of day: expires at midnight UTC",
        ),
        pytest.param(
            ["a open 0", "USDT 1000 / 900", "USDT 1000 / 1000", "a expired"],
            ["buy 1 @ 100 #a day", "wait 43190s", "l1 99x5 | 101x2", "wait 8s", "l1 99x5 | 101x2"],
            id="good until end of day: market data of the next day tells that it is over",
        ),
        pytest.param(
            ["a open 0", "USDT 1000 / 900", "a cancelled", "USDT 1000 / 1000"],
            ["buy 1 @ 100 #a", "cancel a"],
            id="cancel: answered, and the reservation is back",
        ),
        pytest.param(
            ["a open 0", "USDT 798 / 697", "BTC 12 / 12", "a fill 2 @ 101 taker", "a open 2", "a cancelled", "USDT 798 / 798"],
            ["buy 3 @ 101 #a", "cancel a"],
            id="cancel: of a partly filled order keeps what is filled",
        ),
        pytest.param(
            ["zz not cancelled: order rejected: unknown order 'zz'"],
            ["cancel zz"],
            id="cancel: of an order that never was",
        ),
    ],
)
def test_order(expected: list[str], script: list[str]) -> None:
    venue = Venue()
    venue.run(BOOK)

    assert expected == venue.run(*script)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("trade 98 x 1 sell", id="filled"),
        pytest.param("cancel a", id="cancelled"),
        pytest.param("wait 43200s", id="expired"),
    ],
)
def test_a_day_order_that_is_gone_brings_nothing_about_at_midnight(line: str) -> None:
    venue = Venue()
    venue.run(BOOK, "buy 1 @ 99 #a day")
    assert START + timedelta(hours=12) == venue.exchange.time_next

    venue.run(line)

    assert venue.exchange.time_next is None


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param("a not cancelled: order already cancelled", ["buy 1 @ 100 #a", "cancel a", "cancel a"], id="cancelled"),
        pytest.param("a not cancelled: order already fully filled", ["buy 1 market #a", "cancel a"], id="filled"),
        pytest.param(
            "a not cancelled: order rejected: order '0' has expired",
            ["buy 1 @ 100 #a day", "wait 43200s", "cancel a"],
            id="expired",
        ),
        pytest.param("a not cancelled: order rejected: unknown order 'a'", ["buy 99 market #a", "cancel a"], id="refused"),
    ],
)
def test_a_cancel_that_comes_too_late_says_why(expected: str, script: list[str]) -> None:
    venue = Venue("USDT 150")
    venue.run(BOOK)

    assert expected == venue.run(*script)[-1]


@pytest.mark.parametrize(
    ("expected", "order"),
    [
        pytest.param("price 100.5 is no multiple of the tick size 1", "buy 2 @ 100.5 #a", id="tick size"),
        pytest.param("price 4 is below the minimum price 5", "buy 2 @ 4 #a", id="minimum price"),
        pytest.param("quantity 2.5 is no multiple of the lot size 1", "buy 2.5 @ 100 #a", id="lot size"),
        pytest.param("quantity 1 is below the minimum quantity 2", "buy 1 @ 100 #a", id="minimum quantity"),
        pytest.param("notional 190 is below the minimum notional 200", "buy 2 @ 95 #a", id="minimum notional"),
        pytest.param(
            "notional 198 is below the minimum notional 200", "sell 2 market #a", id="minimum notional of a market order"
        ),
        pytest.param(
            "trigger price 110.5 is no multiple of the tick size 1", "buy 2 @ 120 #a stop 110.5", id="tick size of a trigger"
        ),
        pytest.param("quantity 0, expected a positive number", "buy 0 @ 100 #a", id="zero quantity"),
        pytest.param("quantity -1, expected a positive number", "buy -1 @ 100 #a", id="negative quantity"),
        pytest.param("quantity NaN, expected a positive number", "buy NaN @ 100 #a", id="NaN quantity"),
        pytest.param("price Infinity, expected a positive number", "buy 2 @ Infinity #a", id="infinite price"),
        pytest.param("price 0, expected a positive number", "buy 2 @ 0 #a", id="limit price of zero"),
        pytest.param("quantity 1E+16, expected at most 1000000000000000", "buy 1E+16 @ 100 #a", id="absurd quantity"),
        pytest.param(
            "reduce-only: there is no position that the order would reduce", "sell 2 @ 150 #a reduce", id="reduce-only on spot"
        ),
        pytest.param("a market order cannot be post-only", "buy 2 market #a post", id="post-only market order"),
    ],
)
def test_an_order_is_refused_with_the_reason(expected: str, order: str) -> None:
    venue = Venue(instruments=[btc_usdt(spec(price_min="5", quantity_min="2", notional_min="200"))])
    venue.run(BOOK)

    assert [f"a refused: order rejected: {expected}"] == venue.run(order)
    assert venue.balances() == ["USDT 1000 / 1000", "BTC 10 / 10"]


@pytest.mark.parametrize(
    ("expected", "order"),
    [
        pytest.param(
            "asset USDT balance insufficient: free 1000, required including fees 1100", "buy 11 @ 100 #a", id="limit buy"
        ),
        pytest.param(
            "asset USDT balance insufficient: free 1000, required including fees 1012", "buy 10 market #a", id="market buy"
        ),
        pytest.param("asset BTC balance insufficient: free 10, required including fees 11", "sell 11 @ 150 #a", id="sell"),
    ],
)
def test_an_order_beyond_the_free_balance_is_refused(expected: str, order: str) -> None:
    venue = Venue()
    venue.run("book 99x5 | 101x8 102x4")

    assert [f"a refused: {expected}"] == venue.run(order)


def test_a_limit_order_may_spend_everything_and_the_next_one_nothing() -> None:
    venue = Venue()
    venue.run(BOOK)

    assert venue.run("buy 10 @ 100 #a") == ["a open 0", "USDT 1000 / 0"]
    assert venue.run("buy 1 @ 1 #b") == ["b refused: asset USDT balance insufficient: free 0, required including fees 1"]


@pytest.mark.parametrize("first", ["buy 1 @ 100 #a", "buy 1 market #a"])
def test_a_client_order_id_is_accepted_once(first: str) -> None:
    venue = Venue()
    venue.run(BOOK, first)

    assert venue.run("buy 1 @ 98 #a") == [
        "a refused: order rejected: duplicate client order id 'a': it was used before, expected a new one"
    ]


def test_the_id_of_a_refused_order_may_be_used_again() -> None:
    venue = Venue()
    venue.run(BOOK, "buy 99 @ 100 #a")

    assert venue.run("buy 1 @ 100 #a") == ["a open 0", "USDT 1000 / 900"]


@pytest.mark.parametrize("order", ["buy 1 market #a", "buy 1 @ 100 #a ioc", "buy 1 @ 100 #a fok"])
def test_an_immediate_order_needs_market_data(order: str) -> None:
    assert Venue().run(order) == [
        "a refused: order rejected: there is no market data of BTCUSDT yet, expected some before such an order"
    ]


def test_an_empty_side_of_the_book_fills_no_market_order() -> None:
    venue = Venue(queue=OptimisticQueue())
    venue.run("book 99x5 |")

    assert venue.run("buy 1 market #a") == [
        "a refused: order rejected: there is nothing to trade with a market order: that side of the market is empty"
    ]
