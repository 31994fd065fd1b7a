"""What a test leaves behind: tasks, threads, sockets and files."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
    yield
    gc.collect()  # what was left open warns now, and warnings are errors
    for _ in range(200):
        if not left_since(files, threads) and len(asyncio.all_tasks()) == 1:
            break
        await asyncio.sleep(0.005)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert left_since(files, threads) == []
