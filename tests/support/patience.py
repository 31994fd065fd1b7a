"""How long a test waits for what must happen."""

from __future__ import annotations

from typing import Final

__all__ = ["PATIENCE_SECONDS"]

PATIENCE_SECONDS: Final = 60.0
"""So generous that only what never happens takes so long, however slow or busy the machine; below the limit of a test."""
