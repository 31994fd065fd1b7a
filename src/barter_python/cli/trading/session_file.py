"""Files that a session writes while it runs: its audits, and its recording."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from barter_python.codec.engine import audit_tick
from barter_python.codec.json import encode
from barter_python.engine.audit.audit import AuditTick, EngineAudit
from barter_python.errors import ConfigError

__all__ = ["AuditFile", "audit_file", "session_file"]

_AUDIT: Final = audit_tick()


class AuditFile:
    """Writes one line for each audit.

    Args:
        write: Takes lines.
    """

    __slots__ = ("_write",)

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write

    def send(self, tick: AuditTick[EngineAudit], /) -> None:
        """Write an audit.

        Raises:
            ConfigError: It cannot be written.
        """
        self._write(encode(tick, _AUDIT) + b"\n")


@contextmanager
def audit_file(path: Path | None) -> Iterator[AuditFile | None]:
    """The audits of a session as a file of JSON lines; see `session_file`."""
    with session_file(path, "--audit") as write:
        yield None if write is None else AuditFile(write)


@contextmanager
def session_file(path: Path | None, option: str) -> Iterator[Callable[[bytes], None] | None]:
    """A file that stands under its name once all is written, whatever ended the session; None where there is no path.

    Until then it stands beside it, as `.NAME.partial`.

    Args:
        path: Where it shall stand.
        option: Asked for it.

    Raises:
        ConfigError: It cannot be written; what it yields raises that, too.
    """
    if path is None:
        yield None
        return
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = partial.open("wb")
    except OSError as error:
        raise ConfigError(f"{option} {path}: cannot be written: {error.strerror}") from error

    def write(text: bytes) -> None:
        try:
            file.write(text)
        except OSError as error:
            raise ConfigError(f"{option} {path}: cannot be written: {error.strerror}") from error

    try:
        with file:
            yield write
            file.flush()
            os.fsync(file.fileno())
    finally:
        if partial.stat().st_size:
            os.replace(partial, path)
        else:
            partial.unlink()
