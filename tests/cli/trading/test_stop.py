"""Which signals ask a session to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from barter_python.cli.trading.stop import StopRequests, stop_signals

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(params=SIGNALS, ids=lambda number: number.name)
def ignored(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    before = signal.signal(request.param, signal.SIG_IGN)
    yield request.param
    signal.signal(request.param, before)


async def asked_by(number: signal.Signals) -> StopRequests:
    stop = StopRequests()
    with stop_signals(stop):
        signal.raise_signal(number)
        for _ in range(10):  # the event loop reads of it from a socket
            await asyncio.sleep(0)
    return stop


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
async def test_a_signal_asks_to_end(number: signal.Signals) -> None:
    stop = await asked_by(number)

    assert stop.wanted.is_set()
    assert (number is signal.SIGINT) == stop.is_interrupt


async def test_a_signal_that_is_ignored_stays_ignored(ignored: signal.Signals) -> None:
    stop = await asked_by(ignored)

    assert not stop.wanted.is_set()
    assert signal.SIG_IGN == signal.getsignal(ignored)


async def test_the_others_ask_nevertheless(ignored: signal.Signals) -> None:
    for number in {*SIGNALS} - {ignored}:
        assert (await asked_by(number)).wanted.is_set()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
async def test_what_a_signal_did_before_it_does_again(number: signal.Signals) -> None:
    before = signal.getsignal(number)

    await asked_by(number)

    assert before == signal.getsignal(number)
