"""Taking liquidity from a book, from the best prices alone, and from trades alone."""

from __future__ import annotations

import pytest
from tests.execution.exchange.simulated.venue import Venue, btc_usdt, spec

from barter_python.execution.exchange.model.slippage import TickSlippage


def fills(told: list[str]) -> list[str]:
    return [line for line in told if " fill " in line]


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(
            ["a fill 2 @ 101 taker", "b fill 1 @ 101 taker", "b fill 1 @ 102 taker"],
            ["book 99x5 | 101x3 102x9", "buy 2 market #a", "buy 2 market #b"],
            id="the same liquidity is not taken twice",
        ),
        pytest.param(
            ["a fill 3 @ 101 taker", "b fill 2 @ 102 taker"],
            ["book 99x5 | 101x3 102x9", "buy 3 market #a", "update 99x6 | 102x8", "buy 2 market #b"],
            id="updates of other levels bring nothing back",
        ),
        pytest.param(
            ["a fill 3 @ 101 taker", "b fill 2 @ 101 taker"],
            ["book 99x5 | 101x3 102x9", "buy 3 market #a", "update | 101x2", "buy 2 market #b"],
            id="an update of the level replenishes it",
        ),
        pytest.param(
            ["a fill 3 @ 101 taker", "b fill 2 @ 101 taker"],
            ["book 99x5 | 101x3 102x9", "buy 3 market #a", "book 99x5 | 101x3", "buy 2 market #b"],
            id="a snapshot replenishes everything",
        ),
        pytest.param(
            ["a fill 2 @ 100 taker", "a fill 1 @ 102 taker"],
            ["book 99x5 | 101x3 102x9", "update | 100x2 101x0", "buy 3 market #a"],
            id="updates change the book",
        ),
        pytest.param(
            ["a fill 2 @ 101 taker"],
            ["l1 99x5 | 101x2", "buy 3 market #a"],
            id="best prices alone: no more than the best amount",
        ),
        pytest.param(
            ["a fill 2 @ 101 taker"],
            ["l1 99x5 | 101x2", "buy 3 market #a", "l1 98x5 | 101x2", "buy 1 market #b"],
            id="best prices alone: the other side's change brings nothing back",
        ),
        pytest.param(
            ["a fill 2 @ 101 taker", "b fill 1 @ 101 taker"],
            ["l1 99x5 | 101x2", "buy 3 market #a", "l1 99x5 | 101x3", "buy 1 market #b"],
            id="best prices alone: another amount replenishes",
        ),
        pytest.param(
            ["a fill 1 @ 102 taker", "a fill 2 @ 103 taker"],
            ["book 99x5 | 101x3 102x9 103x9", "l1 99x5 | 102x1", "buy 3 market #a"],
            id="best prices hide better levels of an older book, and those behind remain",
        ),
        pytest.param(
            ["a fill 3 @ 101 taker"],
            ["book 99x5 | 101x3 102x9", "l1 99x5 | 102x1", "update | 101x3", "buy 3 market #a"],
            id="an update of the book is newer than the best prices before it",
        ),
        pytest.param(
            ["a fill 700 @ 100 taker"],
            ["trade 100 x 1 buy", "buy 700 market #a"],
            id="trades alone: any quantity at the last price",
        ),
        pytest.param(
            ["a fill 1 @ 100 taker"],
            ["trade 100 x 1 buy", "buy 1 @ 100 #a", "sell 1 @ 100 #b"],
            id="trades alone: a limit at the last price takes where the last taker was on its side",
        ),
        pytest.param(
            ["a fill 1 @ 100 taker"],
            ["trade 100 x 1 sell", "buy 1 @ 101 #a", "buy 1 @ 100 #b"],
            id="trades alone: a limit beyond the last price takes at the last price",
        ),
    ],
)
def test_taking(expected: list[str], script: list[str]) -> None:
    assert expected == fills(Venue("USDT 100000, BTC 100").run(*script))


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(["a fill 1 @ 103 taker"], ["book 99x5 | 101x3", "buy 1 market #a"], id="buyer pays two ticks more"),
        pytest.param(["a fill 1 @ 97 taker"], ["book 99x5 | 101x3", "sell 1 market #a"], id="seller gets two ticks less"),
        pytest.param(["a fill 1 @ 102 taker"], ["book 99x5 | 101x3", "buy 1 @ 102 #a"], id="never worse than the limit"),
        pytest.param(["a fill 1 @ 102 taker"], ["trade 100 x 1 buy", "buy 1 market #a"], id="trades alone"),
        pytest.param(
            ["a fill 1 @ 99 maker"],
            ["book 98x5 | 101x3", "buy 1 @ 99 #a", "trade 98 x 1 sell"],
            id="a maker does not slip",
        ),
    ],
)
def test_slippage(expected: list[str], script: list[str]) -> None:
    limits = spec(quantity_min="0", notional_min="0")

    assert expected == fills(Venue(slippage=TickSlippage(2), instruments=[btc_usdt(limits)]).run(*script))


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(["a fill 37 @ 100 taker"], ["book 99x9 | 100x37.5", "buy 50 market #a"], id="a level"),
        pytest.param(
            ["a fill 37 @ 100 taker", "a fill 2 @ 101 taker"],
            ["book 99x9 | 100x37.5 101x2.5 102x0.5", "buy 50 market #a"],
            id="each level",
        ),
        pytest.param(["a fill 2 @ 100 taker"], ["book 99x9 | 100x37.5", "buy 2 market #a"], id="less than a level"),
        pytest.param(
            ["a fill 1 @ 99 maker", "a fill 1 @ 99 maker"],
            ["book 98x9 | 100x9", "buy 5 @ 99 #a", "trade 99 x 1.5 sell", "trade 99 x 0.5 sell", "trade 99 x 1 sell"],
            id="a maker",
        ),
    ],
)
def test_fills_are_whole_lots(expected: list[str], script: list[str]) -> None:
    found = Venue("USDT 100000", instruments=[btc_usdt(spec())])

    assert expected == [line for line in found.run(*script) if " fill " in line]
