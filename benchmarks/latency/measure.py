"""One measurement: a venue in this process, a client in another one, each on a core of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.latency.market import messages
from benchmarks.latency.notes import Notes
from benchmarks.latency.venue import Venue

_ROOT = Path(__file__).parents[2]
_SECONDS_TO_ARRIVE = 10


@dataclass(slots=True, frozen=True)
class Load:
    """What is sent, and to whom.

    Attributes:
        messages: How many.
        warm_up: So many first ones do not count.
        per_second: On average.
        is_frozen: Whether the client's garbage collector leaves alone what was there at the start.
    """

    messages: int
    warm_up: int
    per_second: float
    is_frozen: bool = False


@dataclass(slots=True)
class Measured:
    """Nanoseconds for each order, in the order of the trades that led to them.

    Attributes:
        total: From the trade being sent to the order having arrived.
        handed_over: From the websocket library handing the trade over; empty where the order arrives in another process.
        preempted: How often something else took the client's core away.
    """

    total: list[int]
    handed_over: list[int]
    preempted: int


async def measure(kind: str, load: Load) -> Measured:
    """Measure one kind of client.

    Raises:
        RuntimeError: The client failed, or an order did not arrive.
    """
    with _pinned() as core:
        async with Venue() as venue:
            notes = await _client(kind, venue, load, core)
    counted = [trade for trade in venue.sent if int(trade) >= load.warm_up]
    arrived = notes.arrived or venue.arrived
    lost = sum(trade not in arrived for trade in counted)
    if lost:
        raise RuntimeError(f"{kind}: {lost} of {len(counted)} orders did not arrive")
    return Measured(
        [arrived[trade] - venue.sent[trade] for trade in counted],
        [notes.arrived[trade] - notes.handed_over[trade] for trade in counted] if notes.arrived else [],
        notes.preempted,
    )


async def _client(kind: str, venue: Venue, load: Load, core: list[str]) -> Notes:
    command = (sys.executable, "-m", "benchmarks.latency.client", kind, venue.address, *core, *["--freeze"] * load.is_frozen)
    pipe = asyncio.subprocess.PIPE
    client = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=_ROOT)
    assert client.stdout is not None, "there is a pipe"
    try:
        if await client.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{kind}: the client did not start")
        await _play(venue, load)
        written, _ = await client.communicate(b"")  # its input ends
    finally:
        if client.returncode is None:  # it may be on its way out, and has to be waited for all the same
            with suppress(ProcessLookupError):
                client.kill()
            await client.communicate()
    if client.returncode:
        raise RuntimeError(f"{kind}: the client failed")
    return msgspec.json.decode(written, type=Notes)


async def _play(venue: Venue, load: Load) -> None:
    planned = list(messages(load.messages, load.per_second, time.time_ns() // 1_000_000))
    gc.collect()
    gc.disable()  # the venue's own pauses are not to be measured
    try:
        await venue.play(planned)
    finally:
        gc.enable()
    await asyncio.sleep(0.2)
    deadline = time.monotonic() + _SECONDS_TO_ARRIVE
    while venue.arrived and len(venue.arrived) < len(venue.sent) and time.monotonic() < deadline:
        await asyncio.sleep(0.01)


def cores() -> list[int]:
    """Those that venue and client are kept on; none where there are not two, or the system does not let us choose."""
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return [available[0], available[-1]] if len(available) > 1 else []


@contextmanager
def _pinned() -> Iterator[list[str]]:
    """Keep this process on one core; gives the client's arguments that keep it on another one."""
    chosen = cores()
    if not chosen:
        yield []
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen[:1])
    try:
        yield ["--core", str(chosen[1])]
    finally:
        os.sched_setaffinity(0, before)
