"""Market data for backtests. Rust origin: barter::backtest::market_data. See `backtest.files` for data on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from barter_python.data.event import MarketEvent, MarketStreamEvent
from barter_python.data.file.check import check_event
from barter_python.data.file.check_types import check_types, is_usual_trade
from barter_python.errors import MarketDataError

__all__ = ["BacktestMarketData", "MarketDataInMemory"]


class BacktestMarketData(Protocol):
    """A source that can be read any number of times, with the same result each time."""

    def time_first_event(self) -> datetime:
        """The venue stamp of the first event, aware UTC: where the engine's clock starts.

        Raises:
            MarketDataError: There is no event.
        """
        ...

    def stream(self) -> Iterator[list[MarketStreamEvent]]:
        """All events in order, in chunks of any size."""
        ...


class MarketDataInMemory:
    """Events held in memory.

    Raises:
        MarketDataError: There is no event with a time, or an event has an impossible value.
    """

    def __init__(self, events: Iterable[MarketStreamEvent]) -> None:
        self._events = list(events)
        for number, event in enumerate(self._events, 1):
            if is_usual_trade(event):
                continue
            try:
                check_types(event)
                if isinstance(event, MarketEvent):
                    check_event(event.kind, event.time_exchange)
            except MarketDataError as error:
                raise MarketDataError(f"market data, event {number}: {error}") from error
        first = next((event for event in self._events if isinstance(event, MarketEvent)), None)
        if first is None:
            raise MarketDataError("market data: no event with a time, expected at least one MarketEvent")
        self._time_first_event = first.time_exchange

    def time_first_event(self) -> datetime:
        """The venue stamp of the first event."""
        return self._time_first_event

    def stream(self) -> Iterator[list[MarketStreamEvent]]:
        """All events, as one chunk."""
        yield self._events
