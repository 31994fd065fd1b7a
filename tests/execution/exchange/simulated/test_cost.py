"""What a market event costs, in calls of functions: unlike seconds, they are the same on every machine."""

from __future__ import annotations

import sys
from random import Random
from typing import Any

import pytest
from tests.execution.exchange.simulated.random_market import RandomMarket
from tests.execution.exchange.simulated.venue import EXCHANGE, START, Venue, parse_market

from barter_python.data.event import MarketEvent
from barter_python.numeric import money_context

SOURCES = {"book": ("book",), "best prices": ("l1",), "trades": ("trade",), "all": ("book", "l1", "trade")}


def calls_of_feeding(venue: Venue, events: list[MarketEvent]) -> int:
    """How many functions are called, those written in C included."""
    count = 0

    def profile(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    with money_context():
        sys.setprofile(profile)
        try:
            feed(venue, events)
        finally:
            sys.setprofile(None)
    return count


def feed(venue: Venue, events: list[MarketEvent]) -> None:
    for event in events:
        venue.exchange.on_market(event)


def venue_with(orders: list[str], first: list[MarketEvent]) -> Venue:
    venue = Venue("USDT 10000000, BTC 10000")
    feed(venue, first)
    for order in orders:
        venue.play(order)
    return venue


@pytest.mark.parametrize("kinds", SOURCES.values(), ids=SOURCES)
def test_a_hundred_resting_orders_at_most_double_it(kinds: tuple[str, ...]) -> None:
    market = RandomMarket(Random(5), ("l1", "trade") if kinds != ("book",) else ("book",), START, EXCHANGE)
    first = list(market.events(4))
    orders = [f"buy 1 @ {90 - number / 10} #b{number}" for number in range(50)]
    orders += [f"sell 1 @ {110 + number / 10} #s{number}" for number in range(50)]
    costs = []
    for count in (0, 100):
        random = RandomMarket(Random(6), kinds, market.time, EXCHANGE)
        venue = venue_with(orders[:count], first)
        costs.append(calls_of_feeding(venue, list(random.events(400))))
        assert count == len(venue.exchange.account_snapshot(START).instruments[0].orders)

    assert costs[1] <= 2 * costs[0], costs


def test_the_number_of_orders_at_a_price_does_not_matter_to_its_updates() -> None:
    costs = []
    for count in (1, 100):
        venue = venue_with([], [])
        venue.run("book 99x40 98x30 | 101x20 102x40", "trade 100 x 1 buy", *(f"buy 1 @ 99 #b{number}" for number in range(count)))
        lines = [f"update 99x{amount} |" for amount in range(10, 60)]
        events = [venue.event(parse_market(*line.split(" ", 1), venue.now)) for line in lines]
        costs.append(calls_of_feeding(venue, events))

    assert costs[0] == costs[1]
