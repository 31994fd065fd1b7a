"""Resting orders: when the queue model's inputs say so, and only then, they fill."""

from __future__ import annotations

import pytest
from tests.execution.exchange.simulated.venue import Venue

from barter_python.execution.exchange.simulated.queue import (
    OptimisticQueue,
    PessimisticQueue,
    ProportionalQueue,
    QueueModel,
)

MODELS = {"optimistic": OptimisticQueue(), "proportional": ProportionalQueue(), "pessimistic": PessimisticQueue()}
BOOK = "book 99x4 98x3 | 101x2 102x4"


def fills(model: QueueModel, *script: str) -> list[str]:
    """Where in the script which quantity was filled at which price, after the order was placed."""
    venue = Venue("USDT 100000, BTC 1000", queue=model)
    found = []
    for line in script:
        found += [f"{told.split(' fill ')[1]} on {line}" for told in venue.run(line) if " fill " in told]
    return found


@pytest.mark.parametrize(
    ("optimistic", "proportional", "pessimistic", "script"),
    [
        pytest.param(
            ["2 @ 99 maker on trade 99 x 3 sell"],
            ["1 @ 99 maker on trade 99 x 2 sell", "1 @ 99 maker on trade 99 x 9 sell"],
            ["1 @ 99 maker on trade 99 x 2 sell", "1 @ 99 maker on trade 99 x 9 sell"],
            [BOOK, "buy 2 @ 99 #a", "trade 99 x 3 sell", "trade 99 x 2 sell", "trade 99 x 9 sell"],
            id="4 are ahead: the first 3 traded go to them, then 1, the rest is ours",
        ),
        pytest.param(
            ["2 @ 99 maker on trade 99 x 3 sell"],
            ["1 @ 99 maker on trade 99 x 3 sell"],
            ["1 @ 99 maker on trade 99 x 3 sell"],
            [BOOK, "buy 2 @ 99 #a", "update 99x2 |", "trade 99 x 3 sell"],
            id="half of the level is cancelled: nobody is ahead beyond the 2 displayed",
        ),
        pytest.param(
            ["2 @ 99 maker on trade 99 x 2 sell"],
            ["1 @ 99 maker on trade 99 x 2 sell"],
            ["1 @ 99 maker on trade 99 x 2 sell"],
            ["book 99x10 | 101x2", "buy 2 @ 99 #a", "update 99x1 |", "trade 99 x 2 sell"],
            id="9 of 10 cancelled, 2 traded: at least 1 is ours",
        ),
        pytest.param(
            ["1 @ 99 maker on trade 99 x 1 sell", "1 @ 99 maker on trade 99 x 4 sell"],
            ["1 @ 99 maker on trade 99 x 4 sell"],
            ["1 @ 99 maker on trade 99 x 4 sell"],
            ["book 99x10 | 101x2", "buy 2 @ 99 #a", "update 99x4 |", "trade 99 x 1 sell", "trade 99 x 4 sell"],
            id="6 of 10 cancelled: of the 4 left, 1 is traded, then 3 and 1 of ours",
        ),
        pytest.param(
            ["2 @ 99 maker on trade 99 x 6 sell"],
            ["1 @ 99 maker on trade 99 x 6 sell", "1 @ 99 maker on trade 99 x 1 sell"],
            [],
            ["book 99x10 | 101x2", "buy 2 @ 99 #a", "update 99x20 |", "update 99x10 |", "trade 99 x 6 sell", "trade 99 x 1 sell"],
            id="what was added and cancelled again: the pessimist takes it from behind",
        ),
        pytest.param(
            ["2 @ 99 maker on trade 99 x 6 sell"],
            ["1 @ 99 maker on trade 99 x 6 sell", "1 @ 99 maker on trade 99 x 1 sell"],
            [],
            [
                "book 99x10 | 101x2",
                "trade 101 x 1 buy",
                "buy 2 @ 99 #a",
                "update 99x20 |",
                "update 99x10 |",
                "trade 99 x 6 sell",
                "trade 99 x 1 sell",
            ],
            id="likewise where there were trades before",
        ),
        pytest.param(
            ["2 @ 99 maker on trade 99 x 4 sell"],
            ["1 @ 99 maker on trade 99 x 4 sell", "1 @ 99 maker on trade 99 x 2 sell"],
            ["1 @ 99 maker on trade 99 x 4 sell", "1 @ 99 maker on trade 99 x 2 sell"],
            [
                "book 99x10 | 101x2",
                "buy 2 @ 99 #a",
                "trade 99 x 4 sell",
                "update 99x3 |",
                "trade 99 x 4 sell",
                "trade 99 x 2 sell",
            ],
            id="trades before the display changes: of the 6 left half is cancelled, and not 7 of 10",
        ),
        pytest.param(
            ["1 @ 99 maker on trade 99 x 1 sell", "1 @ 99 maker on trade 99 x 4 sell"],
            ["1 @ 99 maker on trade 99 x 4 sell"],
            ["1 @ 99 maker on trade 99 x 4 sell"],
            [BOOK, "buy 2 @ 99 #a", "trade 99 x 1 sell", "update 99x3 |", "trade 99 x 4 sell"],
            id="a trade that shows in the book is no cancellation besides",
        ),
        pytest.param(
            ["2 @ 99 maker on trade 99 x 4 sell"],
            [],
            [],
            [BOOK, "buy 2 @ 99 #a", "update 99x9 |", "trade 99 x 4 sell"],
            id="what is added queues behind",
        ),
        pytest.param(
            ["1 @ 98 maker on trade 98 x 2 sell"],
            ["1 @ 98 maker on trade 98 x 2 sell"],
            ["1 @ 98 maker on trade 98 x 2 sell"],
            [BOOK, "buy 1 @ 98 #a", "book 99x4 98x1 | 101x2", "trade 98 x 2 sell"],
            id="a whole new book: nobody is ahead beyond the 1 that it displays",
        ),
        pytest.param(
            ["1 @ 98 maker on trade 98 x 1 sell"],
            ["1 @ 98 maker on trade 98 x 1 sell"],
            ["1 @ 98 maker on trade 98 x 1 sell"],
            [BOOK, "buy 1 @ 98 #a", "book 99x4 97x1 | 101x2", "trade 98 x 1 sell"],
            id="a whole new book: nobody is ahead where it displays nothing",
        ),
        pytest.param(
            ["1 @ 102 maker on trade 102 x 1 buy"],
            ["1 @ 102 maker on trade 102 x 1 buy"],
            ["1 @ 102 maker on trade 102 x 1 buy"],
            [BOOK, "sell 1 @ 102 #a", "book 99x4 | 101x2 103x1", "trade 102 x 1 buy"],
            id="a whole new book: nobody is ahead of an ask where it displays nothing",
        ),
        pytest.param(
            ["2 @ 99 maker on trade 99 x 4 sell"],
            [],
            [],
            [BOOK, "buy 2 @ 99 #a", "update 98x2 |", "trade 99 x 4 sell"],
            id="an update tells nothing of the prices that it leaves out",
        ),
        pytest.param(
            ["2 @ 101 maker on trade 101 x 2 buy"],
            [],
            [],
            [BOOK, "sell 2 @ 101 #a", "update | 102x2", "trade 101 x 2 buy"],
            id="an update of asks likewise",
        ),
        pytest.param(
            ["1 @ 102 maker on trade 102 x 2 buy"],
            ["1 @ 102 maker on trade 102 x 2 buy"],
            ["1 @ 102 maker on trade 102 x 2 buy"],
            [BOOK, "sell 1 @ 102 #a", "book 99x4 | 101x2 102x1", "trade 102 x 2 buy"],
            id="likewise of asks",
        ),
        pytest.param(
            ["1 @ 99 maker on trade 98 x 1 sell"],
            ["1 @ 99 maker on trade 98 x 1 sell"],
            ["1 @ 99 maker on trade 98 x 1 sell"],
            [BOOK, "buy 1 @ 99 #a", "trade 98 x 1 sell"],
            id="a trade through the price fills completely, at the limit",
        ),
        pytest.param(
            ["7 @ 99 maker on trade 98 x 1 sell"],
            ["7 @ 99 maker on trade 98 x 1 sell"],
            ["7 @ 99 maker on trade 98 x 1 sell"],
            [BOOK, "buy 7 @ 99 #a", "trade 98 x 1 sell"],
            id="however large the order is",
        ),
        pytest.param(
            ["1 @ 99 maker on l1 97x1 | 99x5"],
            ["1 @ 99 maker on l1 97x1 | 99x5"],
            [],
            [BOOK, "buy 1 @ 99 #a", "l1 97x1 | 99x5"],
            id="an ask at the price fills, but not pessimistically: there was no trade",
        ),
        pytest.param(
            ["1 @ 101 maker on l1 101x5 | 103x1"],
            ["1 @ 101 maker on l1 101x5 | 103x1"],
            [],
            [BOOK, "sell 1 @ 101 #a", "l1 101x5 | 103x1"],
            id="a bid at the price likewise",
        ),
        pytest.param(
            ["1 @ 99 maker on update 99x0 | 99x5"],
            ["1 @ 99 maker on update 99x0 | 99x5"],
            [],
            [BOOK, "buy 1 @ 99 #a", "update 99x0 | 99x5"],
            id="an ask of the book at the price likewise",
        ),
        pytest.param(
            ["1 @ 101 maker on update 101x5 | 101x0"],
            ["1 @ 101 maker on update 101x5 | 101x0"],
            [],
            [BOOK, "sell 1 @ 101 #a", "update 101x5 | 101x0"],
            id="a bid of the book at the price likewise",
        ),
        pytest.param(
            ["1 @ 99 maker on update 99x0 | 98.5x5"],
            ["1 @ 99 maker on update 99x0 | 98.5x5"],
            ["1 @ 99 maker on update 99x0 | 98.5x5"],
            [BOOK, "buy 1 @ 99 #a", "update 99x0 | 98.5x5"],
            id="an ask below the price fills, at the limit",
        ),
        pytest.param(
            ["1 @ 100 maker on trade 100 x 1 sell"],
            ["1 @ 100 maker on trade 100 x 1 sell"],
            ["1 @ 100 maker on trade 100 x 1 sell"],
            [BOOK, "buy 1 @ 100 #a", "trade 100 x 1 sell"],
            id="between the best prices nobody is ahead",
        ),
        pytest.param(
            ["1 @ 99 maker on trade 99 x 1 buy"],
            ["1 @ 99 maker on trade 99 x 1 buy"],
            [],
            [BOOK, "buy 1 @ 99 #a", "trade 99 x 1 buy"],
            id="someone bought at our bid: its seller would have met us, the pessimist waits for a seller who takes",
        ),
        pytest.param(
            [],
            [],
            [],
            [BOOK, "buy 1 @ 99 #a", "trade 100 x 50 sell", "trade 101 x 50 buy", "l1 98x1 | 100x1"],
            id="trades and quotes at better prices do nothing",
        ),
        pytest.param(
            ["3 @ 101 maker on trade 101 x 5 buy"],
            ["3 @ 101 maker on trade 101 x 5 buy"],
            ["3 @ 101 maker on trade 101 x 5 buy"],
            [BOOK, "sell 3 @ 101 #a", "trade 101 x 5 buy"],
            id="asks likewise: 2 are ahead of 3",
        ),
        pytest.param(
            ["1 @ 98 maker on trade 98 x 1 sell"],
            [],
            [],
            ["l1 99x4 | 101x2", "buy 1 @ 98 #a", "trade 98 x 1 sell"],
            id="best prices alone: nothing is known of the queue behind them",
        ),
        pytest.param(
            ["1 @ 98 maker on trade 98 x 5 sell"],
            ["1 @ 98 maker on trade 98 x 5 sell"],
            ["1 @ 98 maker on trade 98 x 5 sell"],
            ["l1 99x4 | 101x2", "buy 1 @ 98 #a", "l1 98x4 | 101x2", "trade 98 x 5 sell"],
            id="best prices alone: once the price is the best, its amount is ahead",
        ),
        pytest.param(
            ["1 @ 102 maker on trade 102 x 5 buy"],
            ["1 @ 102 maker on trade 102 x 5 buy"],
            ["1 @ 102 maker on trade 102 x 5 buy"],
            ["l1 99x4 | 101x2", "sell 1 @ 102 #a", "l1 99x4 | 102x4", "trade 102 x 5 buy"],
            id="best prices alone: likewise of asks",
        ),
        pytest.param(
            ["1 @ 99 maker on trade 99 x 1 sell"],
            ["1 @ 99 maker on trade 99 x 1 sell"],
            ["1 @ 99 maker on trade 99 x 1 sell"],
            ["l1 99x4 | 101x2", "buy 1 @ 99 #a", "l1 98x4 | 101x2", "trade 99 x 1 sell"],
            id="best prices alone: once the best bid is below ours, whoever was ahead has left",
        ),
        pytest.param(
            ["1 @ 101 maker on trade 101 x 1 buy"],
            ["1 @ 101 maker on trade 101 x 1 buy"],
            ["1 @ 101 maker on trade 101 x 1 buy"],
            ["l1 99x4 | 101x2", "sell 1 @ 101 #a", "l1 99x4 | 102x2", "trade 101 x 1 buy"],
            id="best prices alone: likewise once the best ask is above ours",
        ),
        pytest.param(
            ["1 @ 99 maker on trade 99 x 1 sell"],
            ["1 @ 99 maker on trade 99 x 1 sell"],
            ["1 @ 99 maker on trade 99 x 1 sell"],
            ["trade 100 x 1 buy", "buy 1 @ 99 #a", "trade 99 x 1 sell"],
            id="trades alone: nobody is known to be ahead",
        ),
    ],
)
def test_resting(optimistic: list[str], proportional: list[str], pessimistic: list[str], script: list[str]) -> None:
    assert optimistic == fills(MODELS["optimistic"], *script)
    assert proportional == fills(MODELS["proportional"], *script)
    assert pessimistic == fills(MODELS["pessimistic"], *script)


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(
            ["2 @ 99 maker", "1 @ 99 maker"],
            ["buy 2 @ 99 #a", "buy 2 @ 99 #b", "trade 99 x 3 sell"],
            id="first come, first served at a price",
        ),
        pytest.param(
            ["2 @ 99.5 maker", "1 @ 99 maker"],
            ["buy 2 @ 99 #a", "buy 2 @ 99.5 #b", "trade 99 x 3 sell"],
            id="the better price first, which the trade went through",
        ),
        pytest.param(
            ["9 @ 99.5 maker"],
            ["buy 2 @ 99 #a", "buy 9 @ 99.5 #b", "trade 99 x 3 sell"],
            id="what the better price used is not there for the other",
        ),
    ],
)
def test_our_orders_share_a_trade_in_price_time_order(expected: list[str], script: list[str]) -> None:
    venue = Venue("USDT 100000", queue=OptimisticQueue())
    venue.run(BOOK)

    assert expected == [told.split(" fill ")[1] for told in venue.run(*script) if " fill " in told]


def test_two_of_ours_with_the_market_in_between() -> None:
    """4 of the market, 1 of ours, 3 more of the market, 1 of ours: a seller of 6 fills 4, ours, and one of the three."""
    venue = Venue("USDT 100000")
    venue.run(BOOK, "buy 1 @ 99 #a", "update 99x7 |", "buy 1 @ 99 #b")

    assert [told for told in venue.run("trade 99 x 6 sell") if " fill " in told] == ["a fill 1 @ 99 maker"]
    assert [told for told in venue.run("trade 99 x 2 sell") if " fill " in told] == []
    assert [told for told in venue.run("trade 99 x 1 sell") if " fill " in told] == ["b fill 1 @ 99 maker"]


def test_the_rest_of_an_order_that_emptied_the_book_fills_only_with_what_is_new() -> None:
    venue = Venue("USDT 100000")
    told = venue.run("book 99x4 | 101x2", "buy 10 @ 105 #a")
    assert "a fill 2 @ 101 taker" in told

    assert venue.run("update 99x5 |") == []
    assert [told for told in venue.run("update | 102x3") if " fill " in told] == ["a fill 3 @ 105 maker"]
    assert [told for told in venue.run("update 99x6 |") if " fill " in told] == []


def test_amounts_of_any_size_are_a_queue() -> None:
    script = ["book 99x12345678901234567890123 | 101x2", "buy 2 @ 99 #a", "update 99x9999999999999999999999 |", "buy 1 @ 99 #b"]
    assert fills(ProportionalQueue(), *script, "trade 99 x 5 sell", "trade 98 x 1 sell") == [
        "2 @ 99 maker on trade 98 x 1 sell",
        "1 @ 99 maker on trade 98 x 1 sell",
    ]
