"""How long to wait before connecting again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.support.virtual_time import in_virtual_time

from barter_python.errors import ConfigError
from barter_python.integration.backoff import Backoff, ConnectBudget, ReconnectionBackoffPolicy

POLICY = ReconnectionBackoffPolicy(125, 2, 60_000, healthy_ms=30_000, jitter=0.0)


def pauses(policy: ReconnectionBackoffPolicy, count: int, chance: float = 0.0) -> list[float]:
    backoff = Backoff(policy, lambda: chance)
    return [backoff.next_pause() for _ in range(count)]


def test_pauses_double_up_to_the_longest() -> None:
    assert pauses(POLICY, 11) == [0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 60, 60]


def test_beyond_the_longest_each_pause_is_the_longest() -> None:
    assert [60.0] * 10 == pauses(POLICY, 20)[10:]


def test_a_great_number_of_failures_does_not_overflow() -> None:
    assert pauses(POLICY, 100_000)[-1] == 60.0


@pytest.mark.parametrize(("healthy_for", "expected"), [(0.0, 1.0), (29.9, 1.0), (30.0, 0.125), (1e9, 0.125)])
def test_only_a_healthy_connection_shortens_the_pause(healthy_for: float, expected: float) -> None:
    backoff = Backoff(POLICY, lambda: 0.0)
    for _ in range(3):
        backoff.next_pause()

    assert expected == backoff.next_pause(healthy_for)


def test_chance_shortens_a_pause_by_its_part() -> None:
    policy = ReconnectionBackoffPolicy(1000, 2, 60_000, jitter=0.5)

    assert pauses(policy, 3, chance=1.0) == [0.5, 1.0, 2.0]
    assert pauses(policy, 3, chance=0.5) == [0.75, 1.5, 3.0]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "initial": ({"backoff_ms_initial": 0}, "backoff_ms_initial is 0, expected at least 1"),
    "multiplier": ({"backoff_multiplier": 0}, "backoff_multiplier is 0, expected at least 1"),
    "max": ({"backoff_ms_max": 10}, "backoff_ms_max is 10, expected at least 125"),
    "healthy": ({"healthy_ms": -1}, "healthy_ms is -1, expected at least 0"),
    "jitter": ({"jitter": 1.5}, "jitter is 1.5, expected a number from 0 to 1"),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_an_impossible_policy_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ReconnectionBackoffPolicy(**{"backoff_ms_initial": 125, "backoff_multiplier": 2, "backoff_ms_max": 60_000, **change})


@in_virtual_time
async def test_a_budget_lets_so_many_through_in_a_period() -> None:
    """X3: connections of one address are limited."""
    loop = asyncio.get_running_loop()
    budget = ConnectBudget(2, timedelta(seconds=60), loop.time, asyncio.sleep)
    times: list[tuple[str, float]] = []

    async def spend(host: str) -> None:
        await budget.spend(host)
        times.append((host, loop.time()))

    await asyncio.gather(*(spend("a") for _ in range(5)), spend("b"))

    assert sorted(times, key=lambda entry: (entry[1], entry[0])) == [
        ("a", 0),
        ("a", 0),
        ("b", 0),
        ("a", 60),
        ("a", 60),
        ("a", 120),
    ]


def test_an_empty_budget_is_refused() -> None:
    with pytest.raises(ConfigError, match="connections_max is 0, expected at least 1"):
        ConnectBudget(0, timedelta(seconds=1), lambda: 0.0, asyncio.sleep)
