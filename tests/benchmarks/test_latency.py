from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from benchmarks.latency.__main__ import ROWS, percentile, print_table
from benchmarks.latency.client import CLIENTS
from benchmarks.latency.market import BEST_PRICES, TRADES, messages
from benchmarks.latency.measure import Load, Measured, measure
from rich.console import Console

LOAD = Load(messages=60, warm_up=10, per_second=500)


@pytest.mark.parametrize("kind", [*CLIENTS])
async def test_every_trade_after_the_warm_up_leads_to_an_order(kind: str) -> None:
    trades = [message.id for message in messages(60, 500, 0) if message.id is not None and int(message.id) >= 10]

    measured = await measure(kind, LOAD)

    assert len(trades) == len(measured.total)
    assert len(trades if kind.startswith("paper") else []) == len(measured.handed_over)
    assert min(measured.total) > 0


async def test_a_client_may_keep_the_garbage_collector_from_what_was_there_at_the_start() -> None:
    measured = await measure("echo", replace(LOAD, is_frozen=True))

    assert 0 < len(measured.total)


async def test_a_client_that_cannot_start_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="no such kind: the client did not start"):
        await measure("no such kind", LOAD)


def test_the_market_is_the_same_each_time_and_has_bursts() -> None:
    market = [*messages(5_000, 1_000, 0)]

    assert market == [*messages(5_000, 1_000, 0)]
    assert {TRADES, BEST_PRICES} == {message.stream for message in market}
    assert market == sorted(market, key=lambda message: message.due)
    assert len({message.due for message in market}) < 5_000
    assert 5.0 == pytest.approx(market[-1].due, rel=0.1)


@pytest.mark.parametrize(("percent", "expected"), [(50.0, 50), (99.0, 99), (99.9, 100), (100.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: int) -> None:
    assert expected == percentile([*range(100, 0, -1)], percent)


def test_ratios_are_those_of_the_lowest_of_all_rounds() -> None:
    rounds = {kind: [Measured([4_000] * 9, [], 0), Measured([2_000 * number] * 9, [], 0)] for number, kind in enumerate(ROWS, 1)}
    written = StringIO()

    print_table(Console(file=written, width=130), rounds, LOAD)

    (live,) = (line for line in written.getvalue().splitlines() if "live, order out" in line)
    assert ["4", "4", "4"] == live.split("│")[2].split()
    assert ["2.0", "2.0", "2.0"] == live.split("│")[3].split()
    assert ["1.0", "1.0", "1.0"] == live.split("│")[4].split()
    assert ["1.5", "1.5", "1.5"] == live.split("│")[5].split()
