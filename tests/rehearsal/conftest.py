"""Every test of the rehearsal opens sockets on this machine, ends soon, and leaves neither tasks nor sockets nor files."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator

import pytest


def open_files() -> int:
    """Sockets and files of this process, without what the interpreter keeps for itself."""
    found = 0
    for number in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        found += target.startswith("socket:") or target.endswith(".gz")
    return found


@pytest.fixture(autouse=True)
async def leaves_nothing() -> AsyncIterator[None]:
    if not os.path.isdir("/proc/self/fd"):
        yield
        return
    before = open_files()
    yield
    gc.collect()  # what was left open warns now, and warnings are errors
    for _ in range(50):
        if open_files() <= before and len(asyncio.all_tasks()) == 1:
            break
        await asyncio.sleep(0.005)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert open_files() <= before
