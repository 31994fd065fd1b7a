"""What a test leaves behind: tasks, threads, sockets and files."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.patience import PATIENCE_SECONDS

_DESCRIPTORS = Path("/proc/self/fd")


def open_files() -> dict[str, str]:
    """What each descriptor of this process stands for; nothing where the system does not tell."""
    found = {}
    for name in os.listdir(_DESCRIPTORS) if _DESCRIPTORS.is_dir() else ():
        try:
            found[name] = os.readlink(_DESCRIPTORS / name)
        except OSError:  # the one that lists the others
            continue
    return found


def left_since(files: dict[str, str], threads: set[threading.Thread]) -> list[str]:
    """The descriptors and threads that were not there before."""
    opened = [f"{name}: {target}" for name, target in open_files().items() if files.get(name) != target]
    return opened + [thread.name for thread in threading.enumerate() if thread not in threads]


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """See that what is done meanwhile ends with the tasks, threads, sockets and files with which it began."""
    files, threads = open_files(), set(threading.enumerate())
    gc.freeze()  # what was there before needs no search
    try:
        yield
        gc.collect()  # what was left open warns now, and warnings are errors
    finally:
        gc.unfreeze()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left_since(files, threads) or len(asyncio.all_tasks()) > 1) and time.monotonic() < deadline:
        await asyncio.sleep(0.005)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert left_since(files, threads) == []
