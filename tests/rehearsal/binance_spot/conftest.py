"""Every test of the rehearsal opens sockets on this machine, and leaves neither tasks nor sockets nor files; in virtual time."""

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
