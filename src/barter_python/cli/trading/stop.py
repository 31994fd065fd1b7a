"""How a session is asked to end: the first request ends it in order, the second at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

__all__ = ["StopRequests", "stop_signals"]

# The last one comes when the terminal is gone; there is none on Windows.
_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class StopRequests:
    """What was asked for so far. It belongs to one event loop.

    Attributes:
        wanted: Set once the session shall end in order.
        at_once: Set once it shall end at once.
        is_interrupt: Whether Ctrl-C was the first to ask.
        is_running: Whether there is something to end in order; while a session still starts, it ends at once.
    """

    __slots__ = ("at_once", "is_interrupt", "is_running", "wanted")

    def __init__(self) -> None:
        self.wanted = asyncio.Event()
        self.at_once = asyncio.Event()
        self.is_interrupt = False
        self.is_running = False

    def ask(self, *, is_interrupt: bool = False) -> None:
        """Ask once more."""
        if self.wanted.is_set() or not self.is_running:
            self.at_once.set()
        if not self.wanted.is_set():
            self.is_interrupt = is_interrupt
            self.wanted.set()


@contextmanager
def stop_signals(stop: StopRequests) -> Iterator[None]:
    """While this lasts, SIGINT, SIGTERM and SIGHUP are such requests; one that is ignored, as with `nohup`, stays so."""
    loop = asyncio.get_running_loop()
    numbers = [signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__]
    before = {number: handler for number in numbers if (handler := signal.getsignal(number)) is not signal.SIG_IGN}
    try:
        for number in before:
            _handle(loop, number, stop)
        yield
    finally:
        for number, handler in before.items():
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _handle(loop: asyncio.AbstractEventLoop, number: signal.Signals, stop: StopRequests) -> None:
    def ask() -> None:
        stop.ask(is_interrupt=number is signal.SIGINT)

    try:
        loop.add_signal_handler(number, ask)
    except NotImplementedError:  # the event loop of Windows
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(ask))
