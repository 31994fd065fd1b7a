"""The process that is measured: `python -m benchmarks.latency.client KIND ADDRESS [--core N] [--freeze]`.

It writes a line once it is ready, ends when its input ends, and then writes its notes as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import resource
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import msgspec

from benchmarks.latency import bare, stack
from benchmarks.latency.notes import Notes

CLIENTS: dict[str, Callable[[str, asyncio.Event, Notes], Coroutine[Any, Any, None]]] = {
    "echo": bare.echo,
    "post": bare.post,
    "live": stack.live,
    "live-audited": stack.live_audited,
    "paper": stack.paper,
    "paper-audited": stack.paper_audited,
}


def main() -> None:
    """Run until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind")
    parser.add_argument("address")
    parser.add_argument("--core", type=int, help="to stay on")
    parser.add_argument("--freeze", action="store_true", help="keep the garbage collector from what was there at the start")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    logging.basicConfig()
    notes = asyncio.run(_run(options.kind, options.address, is_frozen=options.freeze))
    print(msgspec.json.encode(notes).decode())


async def _run(kind: str, address: str, *, is_frozen: bool) -> Notes:
    ready, notes = asyncio.Event(), Notes()
    client = asyncio.create_task(CLIENTS[kind](address, ready, notes))
    is_ready = asyncio.create_task(ready.wait())
    await asyncio.wait((client, is_ready), return_when=asyncio.FIRST_COMPLETED)
    if ready.is_set():
        if is_frozen:
            gc.collect()
            gc.freeze()
        preempted = _preempted()
        print("ready", flush=True)
        at_end = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        await asyncio.wait((client, at_end), return_when=asyncio.FIRST_COMPLETED)
        notes.preempted = _preempted() - preempted
    client.cancel()
    with suppress(asyncio.CancelledError):
        await client
    return notes


def _preempted() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw


if __name__ == "__main__":
    main()
