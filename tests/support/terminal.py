"""A command on a terminal of its own: what it shows, keys, and the state in which it leaves the terminal."""

from __future__ import annotations

import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.text import Text
from tests.support.patience import PATIENCE_SECONDS

fcntl = __import__("fcntl") if sys.platform != "win32" else None  # there is none on Windows, where no test uses it
_ENTER, _LEAVE, _HIDE, _SHOW, _HOME = "\x1b[?1049h", "\x1b[?1049l", "\x1b[?25l", "\x1b[?25h", "\x1b[H"


class Terminal:
    """A command in the foreground of a terminal; `with` ends it, if it has not ended by itself.

    Args:
        arguments: Of `barter`.
        folder: In which it runs.
        environment: Added to that of the tests.
        columns: Width.
        rows: Height.
    """

    def __init__(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], columns: int = 120, rows: int = 40
    ) -> None:
        self._ours, self._theirs = os.openpty()
        self.resize(columns, rows)
        self._settings = termios.tcgetattr(self._theirs)
        self.output = ""
        self._is_there = True
        # The first terminal that the leader of a session opens becomes the one whose Ctrl-C it gets.
        opens = f'exec "$@" <>{os.ttyname(self._theirs)} >&0 2>&1'
        command = ["sh", "-c", opens, "sh", sys.executable, "-m", "barter_python.cli.main", *arguments]
        inherited = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            inherited.pop(name, None)
        self._process = subprocess.Popen(command, cwd=folder, env=inherited, start_new_session=True)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        if self._is_there:
            os.close(self._ours)
            os.close(self._theirs)

    def resize(self, columns: int, rows: int) -> None:
        """Change its size."""
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: str) -> None:
        """Press keys; `\\x03` is Ctrl-C."""
        os.write(self._ours, keys.encode())

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Read what it shows until something is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            self._read(0.05)
            assert time.monotonic() < deadline, f"waited for {what}, found:\n{self.screen() or self.output}"

    def shows(self, *texts: str) -> None:
        """Read until the screen shows all of these texts."""
        self.until(lambda: all(text in self.screen() for text in texts), " and ".join(texts))

    def ends(self) -> int:
        """Read to its end; returns the exit code."""
        self.until(lambda: self._process.poll() is not None, "the end")
        while self._read(0):
            pass
        self._settings_after = termios.tcgetattr(self._theirs)
        return self._process.returncode

    def hang_up(self) -> None:
        """Take the terminal away, and wait for the end of the command."""
        for descriptor in (self._ours, self._theirs):
            os.close(descriptor)
        self._is_there = False
        self._process.wait(PATIENCE_SECONDS)

    def screen(self) -> str:
        """What was drawn last on the other screen, without colours; empty before and afterwards."""
        if self.output.rfind(_LEAVE) > self.output.rfind(_ENTER) or _ENTER not in self.output:
            return ""
        frames = self.output.split(_HOME)
        return _plain(frames[-2] if len(frames) > 2 else frames[-1])

    def last_screen(self) -> str:
        """What was drawn last on the other screen, whether it is shown still or not."""
        return _plain(self.output.rpartition(_LEAVE)[0].split(_HOME)[-1])

    def printed(self) -> str:
        """What stands on the first screen."""
        return _plain(self.output.rpartition(_LEAVE)[2])

    def is_as_before(self) -> bool:
        """Whether keys, cursor and screen were at the end as they were before the command."""
        is_left = self.output.count(_ENTER) == self.output.count(_LEAVE)
        is_shown = self.output.rfind(_SHOW) >= self.output.rfind(_HIDE)
        return is_left and is_shown and self._settings == self._settings_after

    def reads_keys(self) -> bool:
        """Whether single keys are read, without an echo."""
        local: Any = termios.tcgetattr(self._theirs)[3]
        return not local & (termios.ICANON | termios.ECHO)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        self.output += os.read(self._ours, 1 << 16).decode("utf-8", "replace")
        return True


def _plain(text: str) -> str:
    return Text.from_ansi(re.sub(r"\x1b\[\?\d+[hl]|\r", "", text)).plain
