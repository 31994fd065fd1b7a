"""Bars of whole streams of market events, as files and backtests have them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from barter_python.data.bar.builder import BarBuilder
from barter_python.data.bar.spec import BarSpec
from barter_python.data.event import DataKind, MarketReconnecting
from barter_python.instrument.exchange import ExchangeId

__all__ = ["candle_events"]


class _Event(Protocol):
    """A `MarketEvent` or a `NamedMarketEvent`."""

    time_exchange: datetime
    time_received: datetime
    exchange: ExchangeId
    kind: DataKind

    @property
    def instrument(self) -> Hashable: ...


EventT = TypeVar("EventT", bound=_Event)


def candle_events(
    chunks: Iterable[Sequence[EventT | MarketReconnecting]],
    specs: Sequence[BarSpec],
    *,
    candles: timedelta | None = None,
) -> Iterator[list[EventT | MarketReconnecting]]:
    """Build the bars of every instrument of a stream, and give them as events in place of what they were built from.

    A bar is stamped with its close, and received with the event that closed it: the order of the stream is kept. A bar that the
    stream does not close is not given. Reconnections stay where they are.

    Args:
        chunks: The stream: `MarketDataFile.events(..)`, or the `stream()` of a source of a backtest.
        specs: What makes the bars.
        candles: Length of the candles to build from; None builds from trades.
    """
    builders: dict[tuple[ExchangeId, Hashable], BarBuilder] = {}
    for chunk in chunks:
        built: list[EventT | MarketReconnecting] = []
        for event in chunk:
            if isinstance(event, MarketReconnecting):
                built.append(event)
                continue
            key = (event.exchange, event.instrument)
            builder = builders.get(key)
            if builder is None:
                builder = builders[key] = BarBuilder(specs, candles)
            for bar in builder.update_from_market(event):
                bar_event = copy(event)
                bar_event.time_exchange = bar.close_time
                bar_event.kind = bar.candle()
                built.append(bar_event)
        if built:
            yield built
