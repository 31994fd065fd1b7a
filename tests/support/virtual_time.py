"""Event loops in which time goes by only when nothing else can happen, and then at once: nothing sleeps.

In `VirtualTimeLoop` there is nothing but tasks; in `SocketTimeLoop` there are real sockets too, both ends of them in the loop.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec

from tests.support.patience import PATIENCE_SECONDS

START = datetime(2025, 1, 1, tzinfo=UTC)
P = ParamSpec("P")

_TURN_SECONDS: Final = 0.000_2
"""What a turn of the loop with sockets takes in virtual time, so that orders and answers are under way while the market moves."""

_DELIVERY_SECONDS: Final = 0.002
"""Real time that the machine is given to deliver what was written, before a virtual time that matters goes by."""

_MATTERS_SECONDS: Final = 0.005


class _JumpingSelector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise AssertionError("nothing can happen any more: every task waits for another one")
        if timeout > 0:
            self._loop.virtual_time += timeout
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    virtual_time = 0.0

    def __init__(self) -> None:
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        return self.virtual_time


class _DeliveringSelector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    def __init__(self, loop: SocketTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        self._loop.virtual_time += _TURN_SECONDS
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            ready = super().select(PATIENCE_SECONDS)
            assert ready, "nothing can happen any more: every task waits for another one, or for a socket"
            return ready
        if timeout >= _MATTERS_SECONDS:
            ready = super().select(_DELIVERY_SECONDS)
        if not ready:
            self._loop.virtual_time += timeout
        return ready


class SocketTimeLoop(asyncio.SelectorEventLoop):
    virtual_time = 0.0

    def __init__(self) -> None:
        super().__init__(_DeliveringSelector(self))

    def time(self) -> float:
        return self.virtual_time


class LoopClock:
    """Tells the virtual time, as the clock of a live engine."""

    def time(self) -> datetime:
        return START + timedelta(microseconds=round(asyncio.get_running_loop().time() * 1e6))

    def process(self, event: object, /) -> None:
        return


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test in virtual time, and see that it leaves no task behind."""

    async def checked(*args: P.args, **kwargs: P.kwargs) -> None:
        await test(*args, **kwargs)
        await asyncio.sleep(0)
        assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(checked(*args, **kwargs))

    return run
