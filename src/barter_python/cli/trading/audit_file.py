"""The audits of a session as a file of JSON lines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from barter_python.codec.engine import audit_tick
from barter_python.codec.json import encode
from barter_python.engine.audit.audit import AuditTick, EngineAudit
from barter_python.errors import ConfigError

__all__ = ["AuditFile", "audit_file"]

_AUDIT: Final = audit_tick()


class AuditFile:
    """Writes one line for each audit."""

    __slots__ = ("_file",)

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def send(self, tick: AuditTick[EngineAudit], /) -> None:
        """Write an audit.

        Raises:
            ConfigError: It cannot be written.
        """
        try:
            self._file.write(encode(tick, _AUDIT) + b"\n")
        except OSError as error:
            raise ConfigError(f"--audit: cannot be written: {error.strerror}") from error


@contextmanager
def audit_file(path: Path | None) -> Iterator[AuditFile | None]:
    """A file that stands under its name once all is written, whatever ended the session; None where there is no path.

    Raises:
        ConfigError: It cannot be written.
    """
    if path is None:
        yield None
        return
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = partial.open("wb")
    except OSError as error:
        raise ConfigError(f"--audit {path}: cannot be written: {error.strerror}") from error
    try:
        with file:
            yield AuditFile(file)
            file.flush()
            os.fsync(file.fileno())
    finally:
        if partial.stat().st_size:
            os.replace(partial, path)
        else:
            partial.unlink()
