"""Times on the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import click

__all__ = ["utc_time"]


def utc_time(text: str) -> datetime:
    """A date or a time in ISO 8601, of UTC where it has no zone."""
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(f"found {text[:200]!r}, expected a date or a time such as 2024-08-08T12:00") from None
