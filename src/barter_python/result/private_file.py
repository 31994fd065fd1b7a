"""Files that only their owner may read: what was traded, and with what, is nobody else's business. Rust origin: none."""

from __future__ import annotations

import os
from io import BufferedWriter
from pathlib import Path

__all__ = ["open_private", "write_private"]


def open_private(path: Path) -> BufferedWriter:
    """Open a new file for writing, which only its owner may read; one that is there already is emptied, and made so."""
    file = open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 - the caller closes it
    if path.is_file():
        path.chmod(0o600)
    return file


def write_private(path: Path, content: bytes) -> None:
    """Write a file, completely or not at all, or into what is no file, such as a pipe.

    Raises:
        OSError: It cannot be written.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = path.resolve()  # a link stays one
    partial = target.with_name(f".{target.name}.partial")
    try:
        with open_private(partial) as file:
            file.write(content)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
