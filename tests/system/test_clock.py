"""The wall clock of a live system."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from barter_python.engine.event import Shutdown
from barter_python.system import clock
from barter_python.system.clock import LiveClock

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


class FrozenDatetime(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        assert tz is UTC, "times are aware UTC"
        return NOW


def test_live_clock_tells_the_wall_clock_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "datetime", FrozenDatetime)
    assert LiveClock().time() == NOW


def test_live_clock_learns_nothing_from_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "datetime", FrozenDatetime)
    live = LiveClock()
    live.process(Shutdown())
    assert live.time() == NOW
