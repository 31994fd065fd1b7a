"""Candles: open, nearer extreme, farther extreme, close; and never a look ahead."""

from __future__ import annotations

import pytest
from tests.execution.exchange.simulated.venue import Venue

from barter_python.execution.exchange.simulated.queue import OptimisticQueue, QueueModel

FIRST = "candle 100 100 100 100"


def fills(*script: str, queue: QueueModel | None = None) -> list[str]:
    venue = Venue("USDT 100000, BTC 100", queue=queue)
    return [told for line in script for told in venue.run(line) if " fill " in told]


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param([], [FIRST, "buy 1 market #a", "candle 100 110 90 105"], id="not by the candle in which the order arrived"),
        pytest.param(
            ["a fill 1 @ 106 taker"],
            [FIRST, "buy 1 market #a", "candle 100 110 90 105", "candle 106 110 90 105"],
            id="a market order takes the open of the next one",
        ),
        pytest.param(
            ["a fill 1 @ 95 maker"],
            [FIRST, "buy 1 @ 95 #a", FIRST, "candle 100 110 94 105"],
            id="a limit below the open fills at the limit when the low is below it",
        ),
        pytest.param([], [FIRST, "buy 1 @ 95 #a", FIRST, "candle 100 110 95 105"], id="a low at the limit does not fill"),
        pytest.param(
            ["a fill 1 @ 98 taker"],
            [FIRST, "buy 1 @ 99 #a", FIRST, "candle 98 110 97 105"],
            id="a limit beyond the open takes the open",
        ),
        pytest.param(
            ["a fill 1 @ 95 maker"],
            [FIRST, "buy 1 @ 95 #a", FIRST, FIRST, "candle 90 110 85 105"],
            id="an order that rested when the price jumped over it fills at its limit",
        ),
        pytest.param(
            [], [FIRST, "buy 1 @ 95 #a ioc", FIRST, "candle 100 110 90 105"], id="immediate or cancel looks at the open only"
        ),
        pytest.param(
            ["a fill 1 @ 105 taker", "b fill 1 @ 95 maker"],
            [FIRST, "buy 1 market #a stop 105", "buy 1 @ 95 #b", FIRST, "candle 100 107 90 95"],
            id="the nearer extreme comes first: the stop above, then the limit below",
        ),
        pytest.param(
            ["b fill 1 @ 95 maker", "a fill 1 @ 105 taker"],
            [FIRST, "buy 1 market #a stop 105", "buy 1 @ 95 #b", FIRST, "candle 100 120 94 95"],
            id="the nearer extreme comes first: the limit below, then the stop above",
        ),
        pytest.param(
            ["b fill 1 @ 95 maker", "a fill 1 @ 105 taker"],
            [FIRST, "buy 1 market #a stop 105", "buy 1 @ 95 #b", FIRST, "candle 100 110 90 95"],
            id="equally near: the low comes first",
        ),
        pytest.param(
            ["a fill 1 @ 108 taker"],
            [FIRST, "buy 1 market #a stop 105", FIRST, "candle 108 110 90 95"],
            id="a stop over which the price jumps takes the open",
        ),
        pytest.param(
            ["a fill 1 @ 106 maker"],
            [FIRST, "sell 1 @ 106 #a stop 95", FIRST, "candle 100 120 94 100"],
            id="a stop-limit that was triggered at the low rests and fills on the way up",
        ),
        pytest.param(
            [], ["buy 1 @ 105 #a", "candle 100 110 90 105"], id="the first candle fills nothing: when it opened is not known"
        ),
        pytest.param(
            ["a fill 1 @ 99 taker"],
            [FIRST, "buy 1 market #a", "trade 99 x 1 buy", "candle 100 110 90 105", "candle 100 110 90 105"],
            id="trades are a better source than candles",
        ),
    ],
)
def test_candle(expected: list[str], script: list[str]) -> None:
    assert expected == fills(*script)


def test_the_optimist_is_filled_at_the_low() -> None:
    assert fills(FIRST, "buy 1 @ 95 #a", FIRST, "candle 100 110 95 105", queue=OptimisticQueue()) == ["a fill 1 @ 95 maker"]


def test_an_order_that_arrives_with_the_close_is_filled_by_the_next_candle() -> None:
    assert fills(FIRST, "=buy 1 market #a", "candle 104 110 90 105") == ["a fill 1 @ 104 taker"]
