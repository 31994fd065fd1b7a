"""Files that a session writes while it runs: its audits, and its recording."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from typing import Final

from barter_python.codec.engine import audit_tick
from barter_python.codec.json import encode
from barter_python.engine.audit.audit import AuditTick, EngineAudit
from barter_python.errors import ConfigError
from barter_python.result.private_file import open_private

__all__ = ["AuditFile", "SessionFile", "audit_file", "session_file"]

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


@dataclass(slots=True)
class SessionFile:
    """A file that a session writes.

    Attributes:
        write: Takes lines; raises a `ConfigError` where they cannot be written.
        is_kept: Whether it stays once it is closed: set as soon as the session has started.
    """

    write: Callable[[bytes], None]
    is_kept: bool = False


@contextmanager
def audit_file(path: Path | None) -> Iterator[AuditFile | None]:
    """The audits of a session as a file of JSON lines; see `session_file`. There are none before it has started."""
    with session_file(path, "--audit") as file:
        if file is None:
            yield None
        else:
            file.is_kept = True
            yield AuditFile(file.write)


@contextmanager
def session_file(path: Path | None, option: str) -> Iterator[SessionFile | None]:
    """A file that stands under its name once all is written, whatever ended the session; None where there is no path.

    Until then it stands beside it, as `.NAME.partial`. It leaves none where nothing was written, or where it is not kept. What is
    no file, such as a pipe, is written into.

    Args:
        path: Where it shall stand.
        option: Asked for it.

    Raises:
        ConfigError: It cannot be written; what it yields raises that, too.
    """
    if path is None:
        yield None
        return
    is_device = path.exists() and not path.is_file()
    target = path if is_device else path.resolve()  # a link stays one
    partial = path if is_device else target.with_name(f".{target.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = partial.open("wb") if is_device else open_private(partial)
    except OSError as error:
        raise _unwritable(path, option, error) from error

    def write(text: bytes) -> None:
        try:
            file.write(text)
        except OSError as error:
            raise _unwritable(path, option, error) from error

    kept = SessionFile(write)
    try:
        yield kept
    finally:
        _put_in_place(file, partial, target, option, is_kept=kept.is_kept)


def _put_in_place(file: BufferedWriter, partial: Path, path: Path, option: str, *, is_kept: bool) -> None:
    """Close the file; what could be written of it stays."""
    try:
        if partial == path:
            file.close()
            return
        try:
            file.flush()
            os.fsync(file.fileno())
        finally:
            with suppress(OSError):  # it would write again what it could not write
                file.close()
            if is_kept and partial.stat().st_size:
                os.replace(partial, path)
            else:
                partial.unlink()
    except OSError as error:
        raise _unwritable(path, option, error) from error


def _unwritable(path: Path, option: str, error: OSError) -> ConfigError:
    return ConfigError(f"{option} {path}: cannot be written: {error.strerror}")
