"""The clock of a live system."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from barter_python.engine.event import Shutdown
from barter_python.system.clock import LiveClock

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


class Machine:
    """A wall clock that can be set, and a steady one."""

    def __init__(self) -> None:
        self.wall = NOW
        self.steady_ns = 10**15

    def pass_by(self, steady: float, wall: float | None = None) -> None:
        """Let seconds pass; the wall clock may see others."""
        self.steady_ns += round(steady * 1e9)
        self.wall += timedelta(seconds=steady if wall is None else wall)

    def clock(self, offset: float = 0.0) -> LiveClock:
        return LiveClock(timedelta(seconds=offset), wall=lambda: self.wall, monotonic_ns=lambda: self.steady_ns)


@pytest.mark.parametrize(
    ("steady", "wall", "expected"),
    [
        pytest.param(2.0, 2.0, 2.0, id="both-agree"),
        pytest.param(2.0, -3600.0, 2.0, id="wall-clock-set-back"),
        pytest.param(2.0, 2.5, 2.0, id="wall-clock-a-little-ahead"),
        pytest.param(2.0, 3600.0, 3600.0, id="machine-has-slept"),
    ],
)
def test_time(steady: float, wall: float, expected: float) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.pass_by(steady, wall)
    assert NOW + timedelta(seconds=expected) == clock.time()


def test_time_goes_on_from_where_it_caught_up() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.pass_by(1.0, 3600.0)
    clock.time()
    machine.pass_by(5.0)
    assert NOW + timedelta(seconds=3605) == clock.time()


def test_an_offset_is_added_and_never_sets_the_clock_back() -> None:
    machine = Machine()
    clock = machine.clock(offset=3.0)
    assert NOW + timedelta(seconds=3) == clock.time()
    clock.adjust(timedelta(seconds=1))
    machine.pass_by(1.0)
    assert NOW + timedelta(seconds=3) == clock.time()
    machine.pass_by(4.0)
    assert NOW + timedelta(seconds=6) == clock.time()
    assert timedelta(seconds=1) == clock.offset


def test_it_learns_nothing_from_events() -> None:
    clock = Machine().clock()
    clock.process(Shutdown())
    assert clock.time() == NOW


def test_by_default_it_tells_the_time_of_this_machine() -> None:
    clock = LiveClock()
    first, second = clock.time(), clock.time()
    assert UTC is first.tzinfo
    assert first <= second
