"""The equity curve: sampled by time, in memory that does not grow with the number of events. Rust origin: none.

Points lie on a grid of time that starts with the second. Once the next coarser grid would still have a thousand points, the
curve moves to it; the coarsest grid is the UTC day. So a curve has each midnight, and a thousand points or each second, but no
more than 5,000 points besides the midnights. Nobody has to know the length of a run beforehand, and the same events give the
same points.

A time of the grid has a point where something has happened since the one before it; where a gap covers more of them, the curve is
flat, and has only the midnights in it.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from barter_python.numeric import ZERO
from barter_python.timed import EPOCH

__all__ = ["EquityCurve", "EquityPoint", "is_midnight"]

DAY: Final = timedelta(days=1)
_POINTS: Final = 1_000
_SECONDS: Final = (1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400)
_STEPS: Final = tuple(timedelta(seconds=step) for step in _SECONDS)
"""Every one divides the next, so that a coarser grid is part of a finer one."""


@dataclass(slots=True)
class EquityPoint:
    """What a portfolio was worth at a time, after all that was known to have happened by then; in the valuation asset.

    Attributes:
        time: Aware UTC.
        equity: Of everything.
        cash: Of what is no position: the valuation asset and other currencies.
        exposure_net: Of all positions, short ones negative; contracts count with their notional value.
        exposure_gross: Of all positions, short ones positive.
        benchmark: Price of the benchmark instrument in its quote currency, None where none was known.
        unpriced: Holdings that count with their first price, which was not known yet, by asset index; None without such.
        prices: Of all instruments by index, in their quote currencies, None where none was known; for charts only. None at the
            start.
    """

    time: datetime
    equity: Decimal
    cash: Decimal
    exposure_net: Decimal = ZERO
    exposure_gross: Decimal = ZERO
    benchmark: Decimal | None = None
    unpriced: dict[int, Decimal] | None = None
    prices: tuple[float | None, ...] | None = field(default=None, compare=False)

    def at(self, time: datetime) -> EquityPoint:
        """The same at another time."""
        return replace(self, time=time)


def is_midnight(time: datetime) -> bool:
    """Whether a time is on the coarsest grid."""
    return not (time.hour or time.minute or time.second or time.microsecond)


class EquityCurve:
    """Collects points.

    Args:
        time_start: When the run starts, aware UTC; the first point is later.

    Attributes:
        points: In order of time.
        time_next: The next time on the grid: a point is due with the first event after it.
    """

    __slots__ = ("_level", "_limit", "_midnight", "points", "time_next")

    def __init__(self, time_start: datetime) -> None:
        self.points: list[EquityPoint] = []
        self.time_next = _next_time(time_start + timedelta.resolution, _STEPS[0])
        self._level = 0
        self._limit = _limit(0)
        self._midnight = _next_time(self.time_next, DAY)

    def append_until(self, time: datetime, point: EquityPoint) -> None:
        """Add a point at `time_next`, and its like at each midnight after it and before `time`.

        Args:
            time: Of the next event, later than `time_next`.
            point: Of `time_next`; nothing happens between it and `time`.
        """
        due, step = point.time, _STEPS[self._level]
        self.points.append(point)
        if due == self._midnight:
            self._midnight += DAY
        while self._midnight < time:
            self.points.append(point.at(self._midnight))
            self._midnight += DAY
        due += step
        self.time_next = due if time <= due else _next_time(time, step)
        while len(self.points) >= self._limit:
            self._thin(time)

    def skip_until(self, time: datetime) -> None:
        """Leave out what is due before `time`: nothing is known yet, which is not the same as nothing."""
        self.time_next = _next_time(time, _STEPS[self._level])
        self._midnight = _next_time(self.time_next, DAY)

    def points_until(self, time: datetime, point: EquityPoint) -> list[EquityPoint]:
        """All points, and those that `append_until` would add. Changes nothing."""
        if time <= self.time_next:
            return list(self.points)
        curve = copy(self)
        curve.points = list(self.points)
        curve.append_until(time, point.at(self.time_next))
        return curve.points

    def _thin(self, time: datetime) -> None:
        """Leave the points of the next coarser grid, as if it had been the first one.

        Between two points nothing has happened before the last time of the finer grid that lies between them, so that a point
        tells what was the case at the next time of the coarser one, unless there is another one until then.
        """
        self._level += 1
        step = _STEPS[self._level]
        coarse = {_next_time(point.time, step): point for point in self.points}
        self.points = [point if point.time == due else point.at(due) for due, point in coarse.items() if due < time]
        self._limit = _limit(self._level)
        self.time_next = _next_time(self.time_next, step)


def _limit(level: int) -> float:
    """How many points are thinned, so that about a thousand remain."""
    return _POINTS * (_STEPS[level + 1] // _STEPS[level]) if level + 1 < len(_STEPS) else float("inf")


def _next_time(time: datetime, step: timedelta) -> datetime:
    """The first time of a grid that is no earlier than `time`."""
    return time + (EPOCH - time) % step
