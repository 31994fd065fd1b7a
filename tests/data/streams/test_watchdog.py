"""How long silence is believed."""

from __future__ import annotations

import asyncio

import pytest
from tests.support.virtual_time import in_virtual_time

from barter_python.data.streams.watchdog import Watchdog
from barter_python.integration.error import StaleError


async def silence(watchdog: Watchdog) -> float:
    """Seconds until a connection on which nothing comes is given up."""
    begun = asyncio.get_running_loop().time()
    watchdog.begin()
    with pytest.raises(StaleError):
        await watchdog.watch(asyncio.sleep)
    return asyncio.get_running_loop().time() - begun


def new(limit: float = 60.0, limit_max: float = 3600.0) -> Watchdog:
    return Watchdog(limit, limit_max, asyncio.get_running_loop().time)


@in_virtual_time
async def test_a_quiet_market_is_asked_less_and_less_often() -> None:
    """F11: never a loop of reconnections."""
    watchdog = new()

    assert [await silence(watchdog) for _ in range(8)] == [60, 120, 240, 480, 960, 1920, 3600, 3600]


@in_virtual_time
async def test_a_silence_that_a_message_ended_is_the_markets() -> None:
    watchdog = new()
    await silence(watchdog)
    watchdog.begin()
    await asyncio.sleep(100)

    watchdog.heard()

    assert watchdog.limit == 200.0


@in_virtual_time
async def test_a_busy_market_makes_it_alert_again() -> None:
    watchdog = new()
    for _ in range(3):
        await silence(watchdog)
    watchdog.begin()

    for _ in range(3000):
        watchdog.heard()

    assert watchdog.limit == 60.0


@in_virtual_time
async def test_silence_after_messages_does_not_raise_the_limit() -> None:
    watchdog = new()
    watchdog.begin()
    watchdog.heard()
    with pytest.raises(StaleError, match="nothing was received for 60 s, expected some message within that time"):
        await watchdog.watch(asyncio.sleep)

    assert watchdog.limit == 60.0


@in_virtual_time
async def test_a_pause_is_no_silence() -> None:
    watchdog = new()
    watchdog.begin()
    watching = asyncio.ensure_future(watchdog.watch(asyncio.sleep))
    watchdog.pause()
    await asyncio.sleep(1000)
    watchdog.resume()
    assert not watching.done()

    with pytest.raises(StaleError):
        await watching
    assert 1060 <= asyncio.get_running_loop().time() <= 1120
