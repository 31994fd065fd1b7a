"""Merging sources of market data by time.

The time of an event is the greatest venue stamp that its source has shown up to it, so that a venue's own small disorder never
changes the order of a source.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from barter_python.data.event import MarketEvent, MarketStreamEvent

__all__ = ["Chunk", "merge_by_time"]

Chunk: TypeAlias = list[MarketStreamEvent]
"""Consecutive events of a source."""


class _Cursor:
    """A place in a source: its current chunk, and the time of each event of it."""

    __slots__ = ("_chunks", "events", "position", "times")

    def __init__(self, chunks: Iterator[Chunk]) -> None:
        self._chunks = chunks
        self.events: Chunk = []
        self.times: list[datetime] = []
        self.position = 0

    def load(self) -> bool:
        """Go on to the next chunk with events; False at the end of the source."""
        latest = self.times[-1] if self.times else datetime.min.replace(tzinfo=UTC)
        for chunk in self._chunks:
            if chunk:
                self.events, self.position = chunk, 0
                self.times = []
                for event in chunk:
                    if type(event) is MarketEvent and event.time_exchange > latest:
                        latest = event.time_exchange
                    self.times.append(latest)
                return True
        return False


def merge_by_time(sources: Sequence[Iterator[Chunk]]) -> Iterator[Chunk]:
    """Merge sources; where two events have the same time, the earlier source comes first."""
    if len(sources) == 1:
        yield from sources[0]
        return
    cursors = [cursor for cursor in map(_Cursor, sources) if cursor.load()]
    while len(cursors) > 1:
        index, first = min(enumerate(cursors), key=lambda item: item[1].times[item[1].position])
        end = len(first.times)
        for other, cursor in enumerate(cursors):
            if other != index:
                search = bisect_left if other < index else bisect_right
                end = min(end, search(first.times, cursor.times[cursor.position], first.position))
        yield first.events[first.position : end]
        first.position = end
        if end == len(first.events) and not first.load():
            del cursors[index]
    if cursors:
        yield cursors[0].events[cursors[0].position :]
        while cursors[0].load():
            yield cursors[0].events
