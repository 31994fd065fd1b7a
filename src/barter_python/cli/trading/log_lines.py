"""The latest warnings: for the view, and for the standard error stream, at once or after the view has left the terminal."""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from barter_python.report.text import printable
from barter_python.system.logging import AuditFilter

__all__ = ["log_lines"]

_ROOT: Final = "barter_python"
_LINES_MAX: Final = 50


class _Lines(logging.Handler):
    def __init__(self, lines: deque[str], *, is_echoed: bool) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines
        self._is_echoed = is_echoed
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S"))
        self.addFilter(AuditFilter())

    def emit(self, record: logging.LogRecord) -> None:
        line = printable(self.format(record))
        self._lines.append(line)
        if self._is_echoed:
            print(line, file=sys.stderr, flush=True)


@contextmanager
def log_lines(*, is_echoed: bool) -> Iterator[deque[str]]:
    """While this lasts, collect what barter-python warns of; the latest line is the last one.

    Args:
        is_echoed: Whether each line goes to the standard error stream at once; else the latest ones go there in the end.
    """
    lines: deque[str] = deque(maxlen=_LINES_MAX)
    handler, logger = _Lines(lines, is_echoed=is_echoed), logging.getLogger(_ROOT)
    propagate = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
        if not is_echoed:
            with suppress(OSError):  # the terminal is gone
                print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr, flush=True)
