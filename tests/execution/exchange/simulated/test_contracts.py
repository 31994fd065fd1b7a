"""Perpetuals and futures: margin, profit and loss, reduce-only, funding, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.execution.exchange.simulated.venue import FREE_OF_CHARGE, START, D, Venue, btc_usdt, contract

from barter_python.errors import ConfigError
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin
from barter_python.instrument.asset import Asset
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.kind import OptionContract, OptionExercise, OptionKind
from barter_python.instrument.name import InstrumentNameExchange

NAME = InstrumentNameExchange("BTCUSDT")
BOOK = "book 99x50 | 100x50"


def venue(
    holds: str = "USDT 1000",
    *,
    size: str = "1",
    rate: str = "0.1",
    funding: tuple[FundingRate, ...] = (),
    fee: PercentFees = FREE_OF_CHARGE,
) -> Venue:
    found = Venue(holds, instruments=[contract(size)], margins=(InstrumentMargin(NAME, D(rate), funding),), fee=fee)
    found.run(BOOK)
    return found


def usdt(found: Venue) -> str:
    return next(line for line in found.balances() if line.startswith("USDT"))


@pytest.mark.parametrize(
    ("expected", "position", "script"),
    [
        pytest.param("USDT 1000 / 980", "2", ["buy 2 market #a"], id="long: a tenth of the notional is margin"),
        pytest.param("USDT 1000 / 980.2", "-2", ["sell 2 market #a"], id="short: likewise"),
        pytest.param(
            "USDT 1020 / 1020", "0", ["buy 2 market #a", "book 110x9 | 111x9", "sell 2 market #b"], id="long, closed at a profit"
        ),
        pytest.param(
            "USDT 976 / 976", "0", ["sell 2 market #a", "book 110x9 | 111x9", "buy 2 market #b"], id="short, closed at a loss"
        ),
        pytest.param(
            "USDT 1010 / 1000",
            "1",
            ["buy 2 market #a", "book 110x9 | 111x9", "sell 1 market #b"],
            id="half closed, half the margin",
        ),
        pytest.param(
            "USDT 1000 / 968.5",
            "3",
            ["buy 1 market #a", "book 99x9 | 107.5x9", "buy 2 market #b"],
            id="increased at another price",
        ),
        pytest.param(
            "USDT 1030 / 1019",
            "-1",
            ["buy 3 market #a", "book 110x9 | 111x9", "sell 4 market #b"],
            id="flipped: profit of three, margin of one",
        ),
        pytest.param("USDT 1000 / 982", "0", ["buy 2 @ 90 #a"], id="a resting order reserves margin"),
        pytest.param("USDT 1000 / 1000", "0", ["buy 2 @ 90 #a", "cancel a"], id="and frees it"),
        pytest.param("USDT 1000 / 980", "2", ["buy 2 market #a", "sell 2 @ 110 #b"], id="an order that closes reserves nothing"),
        pytest.param(
            "USDT 1000 / 969", "2", ["buy 2 market #a", "sell 3 @ 110 #b"], id="one that flips reserves for what it opens"
        ),
        pytest.param(
            "USDT 1000 / 969",
            "2",
            ["buy 2 market #a", "sell 2 @ 110 #b", "sell 1 @ 110 #c"],
            id="two orders do not close the same position",
        ),
        pytest.param("USDT 1000 / 980", "2", ["buy 2 market #a", "sell 2 @ 110 #b reduce"], id="reduce-only reserves nothing"),
    ],
)
def test_position_and_margin(expected: str, position: str, script: list[str]) -> None:
    found = venue()
    found.run(*script)

    assert expected == usdt(found)
    assert D(position) == found.exchange.position(NAME)


def test_a_market_order_keeps_reserved_what_its_next_fill_needs() -> None:
    found = venue()
    found.run("book 99x50 | 100x1 110x1")

    assert found.run("buy 2 market #a") == [
        "a open 0",
        "USDT 1000 / 979",
        "a fill 1 @ 100 taker",
        "a open 1",
        "a fill 1 @ 110 taker",
        "a filled",
    ]


def test_the_contract_size_counts() -> None:
    found = venue(size="0.01")

    assert found.run("buy 20 market #a") == ["a open 0", "USDT 1000 / 998", "a fill 20 @ 100 taker", "a filled"]
    assert found.run("book 110x50 | 111x50", "sell 20 market #b") == [
        "b open 0",
        "USDT 1002 / 1002",
        "b fill 20 @ 110 taker",
        "b filled",
    ]


def test_fees_are_charged_on_opening_and_on_closing() -> None:
    found = venue(fee=PercentFees(D("0.001"), D("0.002")))

    assert found.run("buy 1 market #a") == ["a open 0", "USDT 999.8 / 989.8", "a fill 1 @ 100 taker fee 0.2", "a filled"]
    assert found.run("sell 1 market #b") == ["b open 0", "USDT 998.602 / 998.602", "b fill 1 @ 99 taker fee 0.198", "b filled"]


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(
            "b refused: order rejected: reduce-only: there is no position that the order would reduce",
            ["sell 1 @ 110 #b reduce"],
            id="without a position",
        ),
        pytest.param(
            "b refused: order rejected: reduce-only: there is no position that the order would reduce",
            ["buy 1 market #a", "buy 1 @ 90 #b reduce"],
            id="on the side of the position",
        ),
        pytest.param(
            "b cancelled",
            ["buy 1 market #a", "sell 1 @ 110 #b reduce", "sell 1 market #c"],
            id="cancelled once the position is closed",
        ),
        pytest.param("b cancelled", ["buy 1 market #a", "sell 3 market #b reduce"], id="never flips: the rest is cancelled"),
        pytest.param(
            "b cancelled",
            ["buy 1 market #a", "sell 1 market #b stop 90 reduce", "sell 1 market #c"],
            id="cancelled while it waits for its trigger",
        ),
        pytest.param(
            "b cancelled",
            ["buy 1 market #a", "sell 1 @ 110 #b reduce", "sell 2 market #c"],
            id="cancelled once the position has flipped",
        ),
        pytest.param(
            "c cancelled",
            ["buy 1 market #a", "sell 1 @ 110 #b reduce", "sell 1 @ 110 #c reduce", "trade 110 x 5 buy"],
            id="of two that a trade would fill, the second has nothing left to reduce",
        ),
        pytest.param(
            "b cancelled", ["buy 1 market #a", "sell 3 @ 110 #b reduce", "trade 111 x 9 buy"], id="never flips, as a maker either"
        ),
    ],
)
def test_reduce_only(expected: str, script: list[str]) -> None:
    found = venue()

    assert expected == found.run(*script)[-1]


def test_what_a_reduce_only_order_could_not_take_is_there_for_the_next() -> None:
    """Three would meet the bids at 112 and 111, but only one is left to reduce."""
    found = venue()
    found.run("buy 1 market #a", "sell 3 @ 110 #b reduce")

    assert "b fill 1 @ 110 maker" in found.run("book 112x1 111x2 | 120x5")
    assert "c fill 2 @ 111 taker" in found.run("sell 2 @ 111 #c ioc")


def test_reduce_only_has_nothing_to_reduce_in_spot() -> None:
    found = Venue()

    assert found.run(BOOK, "sell 1 market #a reduce") == [
        "a refused: order rejected: reduce-only: there is no position that the order would reduce"
    ]


def test_what_is_closed_in_parts_has_cost_what_it_has_on_average() -> None:
    """One at 100 and two at 107.5: 105 on average, of which a tenth is margin."""
    found = venue()
    found.run("buy 1 market #a", "book 99x9 | 107.5x9", "buy 2 market #b", "book 110x9 | 111x9")

    assert found.run("sell 1 market #c")[1] == "USDT 1005 / 984"
    found.run("book 100x9 | 101x9")
    assert found.run("sell 1 market #d")[1] == "USDT 1000 / 989.5"
    assert found.run("sell 1 market #e")[1] == "USDT 995 / 995"


@pytest.mark.parametrize(
    ("expected", "fee"),
    [
        pytest.param(["USDT 1000 / 947", "USDT 1010 / 967", "USDT 1020 / 987", "USDT 1020 / 987"], "0", id="margin"),
        pytest.param(
            ["USDT 999.8 / 946.47", "USDT 1009.69 / 966.36", "USDT 1019.47 / 986.25", "USDT 1019.25 / 986.25"],
            "0.001",
            id="margin and fee",
        ),
    ],
)
def test_an_order_that_closes_two_and_opens_three_reserves_for_what_is_left_to_open(expected: list[str], fee: str) -> None:
    found = venue(fee=PercentFees(D(fee), D(fee)))
    found.run("buy 2 market #a", "sell 5 @ 110 #b")
    held = [usdt(found)]
    for amount in (1, 2, 2):
        found.run(f"trade 110 x {amount} buy")
        held.append(usdt(found))

    assert expected == held
    assert D(-3) == found.exchange.position(NAME)


def test_an_order_beyond_the_margin_is_refused_but_a_position_can_always_be_closed() -> None:
    found = venue("USDT 100")
    found.run("buy 10 market #a")

    assert usdt(found) == "USDT 100 / 0"
    assert found.run("buy 1 market #b") == ["b refused: asset USDT balance insufficient: free 0.0, required including fees 10.0"]
    assert found.run("sell 10 market #c") == ["c open 0", "USDT 90 / 90", "c fill 10 @ 99 taker", "c filled"]


def test_a_resting_order_whose_fill_is_no_longer_covered_is_cancelled_instead() -> None:
    """It was to close the position, and reserved nothing; another order closed it, and the money is gone."""
    found = venue("USDT 200")
    found.run("buy 10 market #a", "sell 10 @ 110 #b", "sell 10 market #c", "buy 19 @ 99 #d")

    assert found.run("trade 111 x 50 buy") == ["b cancelled"]
    assert D(0) == found.exchange.position(NAME)


def test_the_fee_of_a_fill_has_to_be_covered_besides_its_margin() -> None:
    """110 of margin are there, but not 11 of fees besides. It was to close the position, and reserved nothing."""
    found = venue("USDT 230", fee=PercentFees(D("0.01"), D("0.01")))
    found.run("buy 10 market #a", "sell 10 @ 110 #b", "sell 10 market #c", "buy 10 @ 80 #d")
    assert usdt(found) == "USDT 200.1 / 112.1"

    assert found.run("trade 111 x 50 buy") == ["b cancelled"]


@pytest.mark.parametrize(
    ("expected", "rate", "order"),
    [
        pytest.param(["funding -1.99", "USDT 998.01 / 978.01"], "0.01", "buy 2 market #a", id="positive rate: a long pays"),
        pytest.param(["funding 1.99", "USDT 1001.99 / 982.19"], "0.01", "sell 2 market #a", id="positive rate: a short receives"),
        pytest.param(["funding 1.99", "USDT 1001.99 / 981.99"], "-0.01", "buy 2 market #a", id="negative rate: a long receives"),
        pytest.param([], "0.01", "cancel none", id="without a position nothing is paid"),
    ],
)
def test_funding(expected: list[str], rate: str, order: str) -> None:
    """The mark price is 99.5."""
    found = venue(funding=(FundingRate(START + timedelta(hours=4), D(rate)),))
    found.run(order)
    assert START + timedelta(hours=4) == found.exchange.time_next

    assert expected == found.run("wait 14400s")
    assert found.run("wait 14400s") == []
    assert found.exchange.time_next is None


def test_funding_is_stamped_when_it_was_due() -> None:
    due = START + timedelta(hours=4)
    found = venue(funding=(FundingRate(due, D("0.01")),))
    found.run("buy 2 market #a")

    assert [due, due] == [event.kind.time_exchange for event in found.play("wait 99999s")]  # type: ignore[union-attr]


def test_an_expired_future_is_refused() -> None:
    found = Venue(instruments=[contract(expiry=START + timedelta(hours=1))])
    found.run(BOOK, "wait 3600s")

    assert found.run("buy 1 market #a") == ["a refused: instrument BTCUSDT invalid: expired at 2025-01-01T13:00:00+00:00"]


OPTION = OptionContract(D(1), Asset.new_from_exchange("USDT"), OptionKind.CALL, OptionExercise.EUROPEAN, START, D(100))


@pytest.mark.parametrize(
    ("expected", "instrument", "margin"),
    [
        pytest.param("'BTCUSDT' is an option, expected spot, perpetuals and futures", contract(kind=OPTION), None, id="option"),
        pytest.param("an inverse or a quanto contract", contract(settlement=Asset.new_from_exchange("BTC")), None, id="inverse"),
        pytest.param("'BTCUSDT' has the contract_size 0, expected a positive number", contract("0"), None, id="contract size"),
        pytest.param(
            r"margins\[0\]\.initial_margin_rate: found 0, expected a fraction above 0",
            contract(),
            InstrumentMargin(NAME, D(0)),
            id="margin rate",
        ),
        pytest.param(
            "'BTCUSDT' is spot, expected a perpetual", btc_usdt(), InstrumentMargin(NAME, D("0.1")), id="margin of spot"
        ),
        pytest.param(
            r"margins\[0\]\.instrument: 'X' is not configured, expected one of: BTCUSDT",
            contract(),
            InstrumentMargin(InstrumentNameExchange("X")),
            id="unknown",
        ),
        pytest.param(
            r"funding\[1\]\.time: found 2024-12-31 12.*, expected a time after the 2025-01-01 12",
            contract(),
            InstrumentMargin(NAME, D(1), (FundingRate(START, D(0)), FundingRate(START - timedelta(1), D(0)))),
            id="funding out of order",
        ),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    expected: str, instrument: InstrumentDefinition, margin: InstrumentMargin | None
) -> None:
    with pytest.raises(ConfigError, match=expected):
        Venue(instruments=[instrument], margins=() if margin is None else (margin,))
