"""Every test of the rehearsal opens sockets on this machine, ends soon, and leaves neither tasks nor sockets nor files."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.support.leaks import nothing_left


@pytest.fixture(autouse=True)
async def leaves_nothing() -> AsyncIterator[None]:
    async with nothing_left():
        yield
