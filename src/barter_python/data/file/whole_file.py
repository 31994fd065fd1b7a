"""Files that are complete or not there at all."""

from __future__ import annotations

import os
from pathlib import Path

from barter_python.errors import MarketDataError

__all__ = ["WholeFile"]


class WholeFile:
    """A file that is written beside its target and renamed at the end, so that no reader sees half of it.

    Attributes:
        partial: Where to write.

    Raises:
        MarketDataError: The folder of the target does not exist.
    """

    def __init__(self, target: Path) -> None:
        if not target.parent.is_dir():
            raise MarketDataError(f"{target}: the folder {str(target.parent)!r} does not exist")
        self.partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
        self._target = target

    def publish(self) -> None:
        """Put what was written, and closed, in the place of the target."""
        with self.partial.open("rb+") as partial:
            os.fsync(partial.fileno())  # a rename survives a power cut before the contents do
        self.partial.replace(self._target)

    def discard(self) -> None:
        """Remove what was written and not published."""
        self.partial.unlink(missing_ok=True)
