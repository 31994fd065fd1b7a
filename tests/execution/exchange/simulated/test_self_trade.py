"""Orders of one account that would meet are kept apart."""

from __future__ import annotations

import pytest
from tests.execution.exchange.simulated.venue import Venue

from barter_python.execution.exchange.simulated.self_trade import SelfTradePrevention

OFF, NEWEST, OLDEST, BOTH = SelfTradePrevention
BID = ["book 99x5 98x5 | 101x5 102x5", "buy 1 @ 100.5 #a"]


def answers(mode: SelfTradePrevention, *script: str) -> list[str]:
    """All but balances."""
    venue = Venue("USDT 100000, BTC 100", self_trade_prevention=mode)
    return [told for told in venue.run(*script) if told[0].islower()]


@pytest.mark.parametrize(
    ("expected", "mode", "script"),
    [
        pytest.param(["b open 0", "b cancelled"], NEWEST, ["sell 1 @ 100 #b"], id="newest: the one that arrives"),
        pytest.param(["b open 0", "b cancelled"], NEWEST, ["sell 1 market #b"], id="newest: a market order too"),
        pytest.param(["b open 0", "a cancelled"], OLDEST, ["sell 1 @ 100 #b"], id="oldest: the one that rests"),
        pytest.param(
            ["b open 0", "a cancelled", "b fill 1 @ 99 taker", "b filled"],
            OLDEST,
            ["sell 1 market #b"],
            id="oldest: then the other meets the market",
        ),
        pytest.param(["b open 0", "a cancelled", "b cancelled"], BOTH, ["sell 1 @ 100 #b"], id="both"),
        pytest.param(
            ["b open 0", "a fill 1 @ 100.5 maker", "a filled", "b fill 1 @ 100 maker", "b filled"],
            OFF,
            ["sell 1 @ 100 #b", "trade 100 x 9 sell", "trade 101 x 9 buy"],
            id="off: the market fills both",
        ),
        pytest.param(["b open 0"], NEWEST, ["sell 1 @ 100.6 #b"], id="prices that do not meet"),
        pytest.param(
            ["b open 0", "b fill 3 @ 100.8 taker", "b open 3", "b cancelled"],
            NEWEST,
            ["update 100.8x3 |", "sell 4 @ 100 #b"],
            id="newest: first it takes what is better",
        ),
        pytest.param(
            ["b open 0", "b fill 3 @ 100.8 taker", "b filled"],
            BOTH,
            ["update 100.8x3 |", "sell 3 @ 100 #b"],
            id="what is better suffices: they do not meet",
        ),
        pytest.param(
            ["c open 0", "b open 0", "a cancelled", "c cancelled"],
            OLDEST,
            ["buy 1 @ 100 #c", "sell 9 @ 99.5 #b"],
            id="oldest: every one that it would meet, the best first",
        ),
        pytest.param(
            ["c open 0", "b open 0", "a cancelled", "b cancelled"],
            BOTH,
            ["buy 1 @ 100 #c", "sell 9 @ 99.5 #b"],
            id="both: of those that it would meet the best, and no more",
        ),
        pytest.param(
            ["b refused: order rejected: post-only: a limit price of 100 would cross the market"],
            NEWEST,
            ["sell 1 @ 100 #b post"],
            id="post-only is refused",
        ),
        pytest.param(
            ["b refused: order rejected: fill or kill: 0 of 1 could be filled"],
            NEWEST,
            ["sell 1 @ 100 #b fok"],
            id="fill or kill is refused",
        ),
    ],
)
def test_own_orders_are_kept_apart(expected: list[str], mode: SelfTradePrevention, script: list[str]) -> None:
    assert expected == answers(mode, *BID, *script)[1:]
