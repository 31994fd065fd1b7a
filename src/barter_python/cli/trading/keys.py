"""Single keys from a terminal, without waiting for the end of a line."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

__all__ = ["keys_pressed"]


@contextmanager
def keys_pressed(actions: Mapping[str, Callable[[], None]]) -> Iterator[bool]:
    """While this lasts, call what belongs to a key when it is pressed.

    Yields:
        Whether keys are read: only where the standard input is a terminal that we own. The terminal is restored afterwards.
    """
    descriptor = _own_terminal()
    if descriptor is None:
        yield False
        return
    import termios  # there is none on Windows, and so no terminal of ours either
    import tty

    def read() -> None:
        try:
            keys = os.read(descriptor, 64)
        except OSError:
            keys = b""
        if not keys:  # the terminal was closed; it would be readable for ever
            loop.remove_reader(descriptor)
        for key in keys.decode("ascii", "ignore").lower():
            action = actions.get(key)
            if action is not None:
                action()

    loop = asyncio.get_running_loop()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSANOW)
        loop.add_reader(descriptor, read)
        yield True
    finally:
        loop.remove_reader(descriptor)
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(descriptor, termios.TCSANOW, before)


def _own_terminal() -> int | None:
    """The terminal of the standard input; None where there is none, or where we run in the background."""
    try:
        descriptor = sys.stdin.fileno()
        is_ours = os.isatty(descriptor) and os.tcgetpgrp(descriptor) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return None
    return descriptor if is_ours else None
