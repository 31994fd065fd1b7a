"""Bars: built from trades or from finer bars, by time, number of trades, volume or value.

    builder = BarBuilder([TimeBars(timedelta(minutes=1)), TickBars(500)])
    for bar in builder.update_from_market(event):
        ...

A bar is told when it has closed, never before.
"""

from barter_python.data.bar.bar import Bar, bar_from_candle
from barter_python.data.bar.builder import BarBuilder
from barter_python.data.bar.events import candle_events
from barter_python.data.bar.spec import BarSpec, EmptyInterval, TickBars, TimeBars, ValueBars, VolumeBars

__all__ = [
    "Bar",
    "BarBuilder",
    "BarSpec",
    "EmptyInterval",
    "TickBars",
    "TimeBars",
    "ValueBars",
    "VolumeBars",
    "bar_from_candle",
    "candle_events",
]
