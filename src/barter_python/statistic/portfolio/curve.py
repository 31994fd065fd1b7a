"""The equity curve: sampled by time, in memory that does not grow with the number of events. Rust origin: none.

Points lie on a grid of time that starts fine. Once the next coarser grid would still have a thousand points, the curve moves to
it; the coarsest grid is the UTC day. So a curve has each midnight and between 1,000 and 5,000 points, however long the run is,
and the same events always give the same points. Nobody has to know the length of a run beforehand.

A time of the grid has a point where something has happened since the one before it; where a gap covers more of them, the curve is
flat, and has only the midnights in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from barter_python.numeric import ZERO
from barter_python.timed import EPOCH

__all__ = ["EquityCurve", "EquityPoint", "is_midnight"]

DAY: Final = timedelta(days=1)
_POINTS: Final = 1_000
_MILLISECONDS: Final = (
    *(100, 500, 1_000, 5_000, 10_000, 30_000),
    *(60_000, 300_000, 600_000, 1_800_000),
    *(3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000),
)
"""Every one divides the next, so that a coarser grid is part of a finer one."""
_STEPS: Final = tuple(timedelta(milliseconds=step) for step in _MILLISECONDS)


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
    """

    time: datetime
    equity: Decimal
    cash: Decimal
    exposure_net: Decimal = ZERO
    exposure_gross: Decimal = ZERO
    benchmark: Decimal | None = None
    unpriced: dict[int, Decimal] | None = None

    def at(self, time: datetime) -> EquityPoint:
        """The same at another time."""
        return EquityPoint(time, self.equity, self.cash, self.exposure_net, self.exposure_gross, self.benchmark, self.unpriced)


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

    __slots__ = ("_level", "_limit", "points", "time_next")

    def __init__(self, time_start: datetime) -> None:
        self.points: list[EquityPoint] = []
        self._level = 0
        self._limit = _limit(0)
        self.time_next = _next_time(time_start + timedelta.resolution, _STEPS[0])

    def points_until(self, time: datetime, point: EquityPoint) -> list[EquityPoint]:
        """All points, and one at each time of the grid that is due before `time`, as `append_until` would add them."""
        return [*self.points, *(point.at(due) for due in self._due(time))] if time > self.time_next else list(self.points)

    def append_until(self, time: datetime, point: EquityPoint) -> None:
        """Add what was the case at each time of the grid that is due before `time`; of finer grids that is the first one.

        Args:
            time: Of the next event; it is no earlier than what was added, and nothing has changed since.
            point: Equal at all these times; its own time does not count.
        """
        for due in self._due(time):
            self.points.append(point.at(due))
        self.time_next = _next_time(time, _STEPS[self._level])
        while len(self.points) >= self._limit:
            self._thin(time)

    def _due(self, time: datetime) -> Iterator[datetime]:
        yield self.time_next
        midnight = _next_time(self.time_next + timedelta.resolution, DAY)
        while midnight < time:
            yield midnight
            midnight += DAY

    def _thin(self, time: datetime) -> None:
        """Leave the points of the next coarser grid, as if it had been the first one.

        Between two points nothing has happened before the last time of the finer grid that lies between them, so that a point
        tells what was the case at the next time of the coarser one, unless there is another one until then.
        """
        self._level += 1
        step = _STEPS[self._level]
        coarse = {_next_time(point.time, step): point for point in self.points}
        self.points = [point.at(due) for due, point in coarse.items() if due < time]
        self._limit = _limit(self._level)
        self.time_next = _next_time(self.time_next, step)


def _limit(level: int) -> float:
    """How many points are thinned, so that about a thousand remain."""
    return _POINTS * (_STEPS[level + 1] // _STEPS[level]) if level + 1 < len(_STEPS) else float("inf")


def _next_time(time: datetime, step: timedelta) -> datetime:
    """The first time of a grid that is no earlier than `time`."""
    return time + (EPOCH - time) % step
