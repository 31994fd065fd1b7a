"""Positions that are liquidated or settled by the venue."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.execution.exchange.simulated.venue import START, D, Venue, contract

from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin, MarginMode
from barter_python.execution.trade import Trade
from barter_python.instrument.name import InstrumentNameExchange

NAME = InstrumentNameExchange("BTCUSDT")
CROSS, ISOLATED = MarginMode
BOOK = "book 99x50 | 100x50"


def venue(
    holds: str = "USDT 1000",
    mode: MarginMode = ISOLATED,
    *,
    maintenance: str = "0",
    funding: str | None = None,
    size: str = "1",
    script: tuple[str, ...] = (BOOK,),
) -> Venue:
    """A tenth is margin, and a liquidation costs a hundredth."""
    rates = () if funding is None else (FundingRate(START + timedelta(hours=4), D(funding)),)
    margin = InstrumentMargin(NAME, D("0.1"), rates, mode, D(maintenance), D("0.01"))
    found = Venue(holds, instruments=[contract(size)], margins=(margin,))
    found.run(*script)
    return found


LONG, SHORT = "buy 10 market #a", "sell 10 market #a"


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param([], [LONG, "book 90.5x9 | 91.5x9"], id="a mark of 91: above the 90.909 of a long"),
        pytest.param(
            ["USDT 900 / 900", "liquidation fill 10 @ 90.5 taker fee 5"],
            [LONG, "book 90x9 | 91x9"],
            id="a mark of 90.5: 95 lost, and 5 are left for the fee",
        ),
        pytest.param(
            ["USDT 900 / 900", "liquidation fill 10 @ 90 taker"],
            [LONG, "book 80x9 | 81x9"],
            id="a mark far below: no more than the margin is lost",
        ),
        pytest.param(["USDT 901 / 901", "liquidation fill 10 @ 108.5 taker fee 4"], [SHORT, "book 108x9 | 109x9"], id="a short"),
        pytest.param(
            ["USDT 901 / 901", "liquidation fill 10 @ 108.9 taker"], [SHORT, "book 120x9 | 121x9"], id="a short, far beyond"
        ),
        pytest.param(
            ["USDT 1000 / 900", "b cancelled", "USDT 900 / 900", "liquidation fill 10 @ 90.5 taker fee 5"],
            [LONG, "buy 1 @ 50 #b", "book 90x9 | 91x9"],
            id="its orders are cancelled first",
        ),
        pytest.param(
            ["USDT 900 / 900", "liquidation fill 10 @ 90 taker"],
            [LONG, "trade 80 x 1 sell", "l1 80x1 | 81x1"],
            id="best prices",
        ),
    ],
)
def test_an_isolated_position(expected: list[str], script: list[str]) -> None:
    found = venue()

    found.run(*script[:-1])

    assert expected == found.run(script[-1])


@pytest.mark.parametrize(
    ("expected", "order", "book"),
    [
        pytest.param([], "buy 1000 market #a", "book 90.5x9 | 91.5x9", id="long, before"),
        pytest.param(
            ["USDT 900 / 900", "liquidation fill 1000 @ 90.5 taker fee 5"], "buy 1000 market #a", "book 90x9 | 91x9", id="long"
        ),
        pytest.param(
            ["USDT 900 / 900", "liquidation fill 1000 @ 90 taker"],
            "buy 1000 market #a",
            "book 80x9 | 81x9",
            id="long, far beyond",
        ),
        pytest.param([], "sell 1000 market #a", "book 107x9 | 108x9", id="short, before"),
        pytest.param(
            ["USDT 901 / 901", "liquidation fill 1000 @ 108.5 taker fee 4"],
            "sell 1000 market #a",
            "book 108x9 | 109x9",
            id="short",
        ),
        pytest.param(
            ["USDT 901 / 901", "liquidation fill 1000 @ 108.9 taker"],
            "sell 1000 market #a",
            "book 120x9 | 121x9",
            id="short, far beyond",
        ),
    ],
)
def test_contracts_of_a_hundredth_are_liquidated_at_the_prices_of_whole_ones(expected: list[str], order: str, book: str) -> None:
    found = venue(size="0.01", script=("book 99x5000 | 100x5000", order))

    assert expected == found.run(book)


def test_a_liquidation_is_stamped_when_the_market_was_there() -> None:
    """Of the candle's three legs of 20 seconds the second goes from 100 to 80, and meets 90.909 after 9.09 of them."""
    in_book = venue(script=(BOOK, LONG))
    in_candle = venue(script=("candle 100 100 100 100", "=buy 10 market #a", "candle 100 100 100 100"))
    began = in_candle.now

    assert in_book.now + timedelta(seconds=1) == liquidated_at(in_book, "book 90x9 | 91x9")
    assert began + timedelta(seconds=29.090909) == liquidated_at(in_candle, "candle 100 100 80 100")


def liquidated_at(found: Venue, line: str) -> datetime:
    return next(event.kind.time_exchange for event in found.play(line) if isinstance(event.kind, Trade))


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param([], ["buy 50 market #a", "book 81x9 | 82x9"], id="a mark of 81.5: the whole account backs it"),
        pytest.param(
            ["USDT 0 / 0", "liquidation fill 50 @ 80.5 taker fee 25"],
            ["buy 50 market #a", "book 80x9 | 81x9"],
            id="a mark of 80.5: 975 lost, and 25 are left for the fee",
        ),
        pytest.param(
            ["USDT 0 / 0", "liquidation fill 50 @ 80 taker"],
            ["buy 50 market #a", "book 10x9 | 11x9"],
            id="a mark far below: no debt is left",
        ),
    ],
)
def test_a_cross_position(expected: list[str], script: list[str]) -> None:
    found = venue(mode=CROSS)
    found.run(*script[:-1])

    assert expected == found.run(script[-1])


def test_a_maintenance_margin_liquidates_earlier_and_leaves_something() -> None:
    found = venue(maintenance="0.05")
    found.run(LONG)

    assert found.run("book 95x9 | 96x9") == ["USDT 945.45 / 945.45", "liquidation fill 10 @ 95.5 taker fee 9.55"]


@pytest.mark.parametrize("mode", MarginMode)
def test_funding_that_is_not_there_is_taken_from_the_margin_and_liquidates(mode: MarginMode) -> None:
    found = venue("USDT 100", mode, funding="0.1")
    found.run(LONG)

    assert found.run("wait 14400s") == [
        "funding -99.5",
        "USDT 0 / 0",
        "liquidation fill 10 @ 99.95 taker",
    ]


def test_an_order_that_has_reserved_the_last_of_the_account_is_no_loss() -> None:
    found = venue("USDT 100")
    assert found.run("buy 5 market #a", "buy 10 @ 50 #b")[-1] == "USDT 100 / 0"

    assert found.run("book 99x9 | 100x9") == []


def test_within_a_candle_the_position_goes_where_the_path_meets_its_price() -> None:
    found = venue(script=("candle 100 100 100 100", "=buy 10 market #a", "candle 100 100 100 100"))

    assert found.run("candle 100 100 80 100")[-1].startswith("liquidation fill 10 @ 90.909090909 taker fee 9.09090909")
    assert D(0) == found.exchange.position(NAME)


def test_a_future_settles_at_its_expiry() -> None:
    found = Venue("USDT 1000", instruments=[contract(expiry=START + timedelta(hours=1))])
    found.run(BOOK, "buy 2 market #a", "buy 1 @ 90 #b")

    assert found.run("wait 3600s") == [
        "USDT 1000 / 800",
        "b expired",
        "USDT 999 / 999",
        "settlement fill 2 @ 99.5 taker",
    ]
    assert D(0) == found.exchange.position(NAME)


def test_cross_positions_back_each_other() -> None:
    """The first has lost 922.5 of 1000: the other's gain covers that, and its loss does not."""
    names = (InstrumentNameExchange("BTCUSDT"), InstrumentNameExchange("ETHUSDT"))
    margins = tuple(InstrumentMargin(name, D("0.1"), liquidation_fee_rate=D("0.01")) for name in names)
    found = Venue("USDT 1000", instruments=[contract(), contract(base="ETH")], margins=margins)
    found.run(BOOK, "buy 45 market #a", f"ETHUSDT: {BOOK}", "ETHUSDT: sell 45 market #b", "ETHUSDT: book 79x9 | 80x9")

    assert found.run("book 95x9 | 96x9", "book 79x9 | 80x9") == []
    assert found.run("ETHUSDT: book 99x9 | 100x9") == [
        "USDT 41.725 / 0",
        "liquidation fill 45 @ 79.5 taker fee 35.775",
        "USDT 0 / 0",
        "liquidation fill 45 @ 99.5 taker fee 19.225",
    ]


def test_the_margin_of_an_isolated_position_backs_no_other() -> None:
    """Of 1000 the isolated one keeps 100: at a mark of 82.5 the other has lost 875, and 25 of its 900 are left for the fee."""
    margins = (
        InstrumentMargin(NAME, D("0.1"), mode=CROSS, liquidation_fee_rate=D("0.01")),
        InstrumentMargin(InstrumentNameExchange("ETHUSDT"), D("0.1"), mode=ISOLATED, liquidation_fee_rate=D("0.01")),
    )
    found = Venue("USDT 1000", instruments=[contract(), contract(base="ETH")], margins=margins)
    found.run(f"ETHUSDT: {BOOK}", "ETHUSDT: buy 10 market #a", BOOK, "buy 50 market #b")

    assert found.run("book 83x9 | 84x9") == []
    assert found.run("book 82x9 | 83x9") == ["USDT 100 / 0", "liquidation fill 50 @ 82.5 taker fee 25"]
