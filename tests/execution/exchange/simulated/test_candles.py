"""Candles: open, nearer extreme, farther extreme, close; and never a look ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.execution.exchange.simulated.venue import START, D, Venue, btc_usdt, spec

from barter_python.execution.exchange.simulated.candle import Leg
from barter_python.execution.exchange.simulated.queue import OptimisticQueue, QueueModel
from barter_python.execution.trade import Trade

FIRST = "candle 100 100 100 100"


def fills(*script: str, queue: QueueModel | None = None) -> list[str]:
    venue = Venue("USDT 100000, BTC 100", queue=queue)
    return [told for line in script for told in venue.run(line) if " fill " in told]


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(
            ["a fill 1 @ 99.5 taker"],
            [FIRST, "buy 1 market #a", "candle 100 110 90 105"],
            id="a market order takes what the path has reached when it arrives: a second of the twenty on the way to the low",
        ),
        pytest.param(
            ["a fill 1 @ 106 taker"],
            [FIRST, "=buy 1 market #a", "candle 106 110 90 105"],
            id="one that arrives with the close takes the open of the next candle",
        ),
        pytest.param(
            [], [FIRST, "wait 24s", "buy 1 @ 91 #a", "candle 100 110 90 105"], id="the low was before the order: it does not fill"
        ),
        pytest.param(
            ["a fill 1 @ 91 maker"],
            [FIRST, "wait 9s", "buy 1 @ 91 #a", "candle 100 110 90 105"],
            id="the low is still to come: it does",
        ),
        pytest.param(
            ["a fill 1 @ 105 taker"],
            [FIRST, "wait 49s", "buy 1 market #a", "candle 100 110 90 100"],
            id="the last leg goes to the close",
        ),
        pytest.param(
            [],
            [FIRST, "wait 29s", "buy 1 @ 110 #a post", "candle 100 110 90 100", "candle 100 100 100 100"],
            id="post-only is cancelled where the path has come beyond its limit",
        ),
        pytest.param(
            ["a fill 1 @ 94 taker"],
            [FIRST, "wait 23s", "sell 1 market #a stop 99", "candle 100 110 90 100"],
            id="a trigger over which the path has gone before the order came fires at once",
        ),
        pytest.param(
            ["a fill 1 @ 95 maker"],
            [FIRST, "buy 1 @ 95 #a", FIRST, "candle 100 110 94 105"],
            id="a limit below the open fills at the limit when the low is below it",
        ),
        pytest.param([], [FIRST, "buy 1 @ 95 #a", FIRST, "candle 100 110 95 105"], id="a low at the limit does not fill"),
        pytest.param(
            ["a fill 1 @ 98 taker"],
            [FIRST, "=buy 1 @ 99 #a", "candle 98 110 97 105"],
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


FLAT = "candle 100 100 100 100 of 1m"


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(
            [],
            [FLAT, "candle 100 100 90 100 of 1m", FLAT, FLAT, "buy 1 @ 90 #a", FLAT, "=candle 100 100 89 100 of 5m"],
            id="a low of the minutes before the order, in the five minutes that end after it",
        ),
        pytest.param(
            [],
            ["=candle 100 100 100 100 of 5m", FLAT, "buy 1 @ 90 #a", FLAT, "=candle 100 100 80 100 of 5m", FLAT],
            id="shorter candles take over",
        ),
        pytest.param(
            ["a fill 1 @ 90 maker"],
            [FLAT, "buy 1 @ 90 #a", "candle 100 100 89 100 of 1m", "=candle 100 100 89 100 of 5m"],
            id="of two lengths one fills, once",
        ),
        pytest.param(
            ["a fill 1 @ 107 taker"],
            [FLAT, "buy 1 market #a", "wait 3600s", "candle 107 110 100 105 of 1m"],
            id="after a gap the order takes the open: the candle began after it",
        ),
        pytest.param(
            ["a fill 1 @ 107 taker"],
            [FIRST, FIRST, FIRST, "buy 1 market #a", "wait 3540s", "candle 107 110 100 105"],
            id="likewise where the length is inferred from the closes",
        ),
        pytest.param(
            ["a fill 1 @ 99.5 taker"],
            [FIRST, "wait 60s", FIRST, "wait 100s", FIRST, "buy 1 market #a", "candle 100 110 90 105"],
            id="closes at no regular distance: a candle began with the close before it",
        ),
    ],
)
def test_candles_of_several_lengths(expected: list[str], script: list[str]) -> None:
    assert expected == fills(*script)


def times_of_fills(*script: str) -> list[float]:
    """Seconds after noon."""
    venue = Venue("USDT 100000, BTC 100")
    found = [event.kind for line in script for event in venue.play(line) if isinstance(event.kind, Trade)]
    return [(trade.time_exchange - START) / timedelta(seconds=1) for trade in found]


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param([60.0], [FIRST, "=buy 1 market #a", "candle 104 110 90 105"], id="at the open: no time has passed"),
        pytest.param([61.0], [FIRST, "buy 1 market #a", "candle 104 110 90 105"], id="on the way: when the order arrived"),
        pytest.param([70.0], [FIRST, "=buy 1 @ 95 #a", "candle 100 110 90 105"], id="at a limit: when the path is there"),
    ],
)
def test_a_fill_is_stamped_where_the_path_is(expected: list[float], script: list[str]) -> None:
    assert expected == times_of_fills(*script)


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        pytest.param(
            ["a fill 3 @ 104 taker", "a cancelled"],
            ["=buy 6 market #a", "candle 104 110 90 105 x 19"],
            id="a market order: the rest is cancelled",
        ),
        pytest.param(
            ["a fill 3 @ 104 taker", "a fill 3 @ 107 taker"],
            ["=buy 6 @ 110 #a", "candle 104 105 104 105 x 19", "candle 107 107 107 107 x 50"],
            id="a limit order takes the rest from the next candle",
        ),
        pytest.param(
            ["a fill 4 @ 95 maker", "a fill 2 @ 95 maker"],
            ["=buy 6 @ 95 #a", "candle 100 100 90 100 x 20", "candle 100 100 90 100 x 20"],
            id="one that rests is filled on",
        ),
        pytest.param(
            ["a fill 3 @ 100 taker", "b fill 1 @ 95 maker"],
            ["=buy 3 market #a", "=buy 3 @ 95 #b", "candle 100 100 90 100 x 20"],
            id="all orders share it",
        ),
        pytest.param([], ["=buy 1 @ 95 #a", "candle 100 100 90 100 x 4"], id="less than a lot"),
    ],
)
def test_a_share_of_the_volume(expected: list[str], script: list[str]) -> None:
    venue = Venue("USDT 100000, BTC 100", instruments=[btc_usdt(spec())], candle_volume_share="0.2")
    told = venue.run(FIRST, *script)

    assert expected == [line for line in told if " fill " in line or " cancelled" in line]


@pytest.mark.parametrize(
    ("expected", "order"),
    [
        pytest.param(["a fill 1 @ 95 taker"], "=sell 1 market #a stop 95", id="the low reaches it"),
        pytest.param([], "=sell 1 market #a stop 85", id="nothing reaches it"),
        pytest.param(["a fill 1 @ 105 taker"], "=buy 1 market #a stop 105", id="the high reaches it"),
    ],
)
def test_a_stop_that_was_there_before_the_candle(expected: list[str], order: str) -> None:
    assert expected == fills(FIRST, order, "candle 100 110 90 100")


def test_a_share_of_one_is_all_of_the_volume() -> None:
    venue = Venue("USDT 100000", instruments=[btc_usdt(spec())], candle_volume_share="1")

    assert "a fill 4 @ 95 maker" in venue.run(FIRST, "=buy 9 @ 95 #a", "candle 100 100 90 100 x 4")


@pytest.mark.parametrize(
    ("expected", "seconds", "tick_size"),
    [
        pytest.param("96.6666666667", 10, None, id="twelve digits"),
        pytest.param("96.5", 10, "0.5", id="the nearest tick"),
        pytest.param("100", 1, "33.5", id="no higher than the start, where the nearest tick is"),
        pytest.param("90", 30, None, id="at the end"),
    ],
)
def test_the_price_of_a_leg(expected: str, seconds: int, tick_size: str | None) -> None:
    """From 100 to 90 in half a minute."""
    leg = Leg(START, D(100), START + timedelta(seconds=30), D(90))

    assert D(expected) == leg.price_at(START + timedelta(seconds=seconds), None if tick_size is None else D(tick_size))
    assert START + timedelta(seconds=15) == leg.time_at(D(95))
