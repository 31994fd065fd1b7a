"""What signals do to a process that a person started in the foreground, whoever started the tests."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["dispositions_of_the_foreground"]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # there is no SIGHUP on Windows


@contextmanager
def dispositions_of_the_foreground() -> Iterator[None]:
    """Meanwhile Ctrl-C interrupts, and SIGTERM and SIGHUP end this process and those that it starts.

    The background job of a script ignores SIGINT, and `nohup` ignores SIGHUP, for all processes below.
    """
    numbers = [signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__]
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
