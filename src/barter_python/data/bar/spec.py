"""What makes a bar: time, a number of trades, a volume, a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TypeAlias

from barter_python.errors import ConfigError

__all__ = ["BarSpec", "EmptyInterval", "TickBars", "TimeBars", "ValueBars", "VolumeBars"]


class EmptyInterval(Enum):
    """What an interval without a trade gives."""

    NOTHING = "nothing"
    FLAT = "flat"
    """A bar at the last close, without volume; before the first trade, nothing."""


@dataclass(slots=True, frozen=True)
class TimeBars:
    """A bar for each interval of time, counted from the start of 1970 in UTC: bars of seven days begin on Thursdays.

    A bar has what happened from its open time on and before its close time.

    Attributes:
        interval: Length of a bar.
        empty: What an interval without a trade gives.
    """

    interval: timedelta
    empty: EmptyInterval = EmptyInterval.NOTHING

    def __post_init__(self) -> None:
        if not isinstance(self.interval, timedelta) or self.interval <= timedelta():
            raise ConfigError(f"interval is {self.interval!r:.200}, expected a positive timedelta")


@dataclass(slots=True, frozen=True)
class TickBars:
    """A bar for each so many trades.

    Attributes:
        trades: Number of trades.
    """

    trades: int

    def __post_init__(self) -> None:
        if type(self.trades) is not int or self.trades < 1:
            raise ConfigError(f"trades is {self.trades!r:.200}, expected an integer of at least 1")


@dataclass(slots=True, frozen=True)
class VolumeBars:
    """A bar for each time that so much was traded. No trade is split: what exceeds the volume belongs to the bar that it fills.

    Attributes:
        volume: In base units or contracts.
    """

    volume: float

    def __post_init__(self) -> None:
        _positive("volume", self.volume)


@dataclass(slots=True, frozen=True)
class ValueBars:
    """A bar for each time that so much was paid. No trade is split: what exceeds the value belongs to the bar that it fills.

    Attributes:
        value: Price times amount, in quote currency.
    """

    value: float

    def __post_init__(self) -> None:
        _positive("value", self.value)


BarSpec: TypeAlias = TimeBars | TickBars | VolumeBars | ValueBars


def _positive(field: str, number: float) -> None:
    if type(number) not in (int, float) or not 0.0 < number < float("inf"):
        raise ConfigError(f"{field} is {number!r:.200}, expected a positive number")
