"""Every test of the live stack opens sockets on this machine, and leaves neither tasks nor threads nor sockets nor files.

Tests in one event loop run in virtual time; commands, which make their own, in real time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
from tests.support.leaks import nothing_left
from tests.support.virtual_time import SocketTimeLoop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual time": SocketTimeLoop}


@pytest.fixture(autouse=True)
async def leaves_nothing() -> AsyncIterator[None]:
    async with nothing_left():
        yield
