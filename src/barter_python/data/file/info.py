"""What a market data file contains."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from barter_python.data.book import OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, Liquidation, OrderBookL1, PublicTrade
from barter_python.instrument.exchange import ExchangeId

__all__ = ["KIND_TAGS", "RECONNECTING", "InstrumentDataInfo", "MarketDataInfo", "MarketDataTally"]

KIND_TAGS: Final[dict[type[object], str]] = {
    PublicTrade: "Trade",
    OrderBookL1: "OrderBookL1",
    OrderBookSnapshot: "OrderBookSnapshot",
    OrderBookUpdate: "OrderBookUpdate",
    Candle: "Candle",
    Liquidation: "Liquidation",
}
"""How files name the kinds of events."""

RECONNECTING: Final = "Reconnecting"
"""How files name a lost connection, which has neither times nor an instrument."""


@dataclass(slots=True)
class InstrumentDataInfo:
    """The events of one instrument.

    Attributes:
        exchange: The venue.
        instrument: The venue's name; the decimal index in files that number their instruments.
        counts: Number of events per kind, named as in `KIND_TAGS`.
        time_exchange_first: Earliest stamp of the venue, aware UTC.
        time_exchange_last: Latest stamp of the venue, aware UTC.
        time_received_first: Arrival of the first event, aware UTC.
        time_received_last: Arrival of the last event, aware UTC.
    """

    exchange: ExchangeId
    instrument: str
    counts: dict[str, int]
    time_exchange_first: datetime
    time_exchange_last: datetime
    time_received_first: datetime
    time_received_last: datetime

    @property
    def events(self) -> int:
        """Number of events of all kinds."""
        return sum(self.counts.values())


@dataclass(slots=True, frozen=True)
class MarketDataInfo:
    """The contents of a file.

    Attributes:
        format: `parquet`, `jsonl`, `jsonl.gz` or `json`.
        instruments: In order of their first event.
        reconnects: Number of lost connections.
        source: What the file was made from, empty where unknown.
        dropped: Order book updates that a conversion left out, because they had no snapshot to follow.
        gaps: How often a conversion found order book updates missing. The book is empty from there to its next snapshot.
        cut_lines: Last lines of sources that are cut off, which a conversion left out.
    """

    format: str
    instruments: tuple[InstrumentDataInfo, ...]
    reconnects: int = 0
    source: str = ""
    dropped: int = 0
    gaps: int = 0
    cut_lines: int = 0

    @property
    def events(self) -> int:
        """Number of events of all instruments, without reconnects."""
        return sum(instrument.events for instrument in self.instruments)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that occur in any instrument."""
        return frozenset(kind for instrument in self.instruments for kind in instrument.counts)


@dataclass(slots=True)
class MarketDataTally:
    """Counts events as they pass."""

    reconnects: int = 0
    instruments: dict[tuple[str, str], InstrumentDataInfo] = field(default_factory=dict)

    def add(self, exchange: ExchangeId, instrument: str, tag: str, time_exchange: datetime, time_received: datetime) -> None:
        """Count an event."""
        key = (exchange._value_, instrument)  # `.value` costs 60 ns
        known = self.instruments.get(key)
        if known is None:
            self.instruments[key] = InstrumentDataInfo(
                exchange, instrument, {tag: 1}, time_exchange, time_exchange, time_received, time_received
            )
            return
        known.counts[tag] = known.counts.get(tag, 0) + 1
        known.time_received_last = time_received
        if time_exchange > known.time_exchange_last:
            known.time_exchange_last = time_exchange
        elif time_exchange < known.time_exchange_first:
            known.time_exchange_first = time_exchange

    def add_all(self, events: InstrumentDataInfo) -> None:
        """Count events of an instrument that come after those counted so far."""
        key = (events.exchange.value, events.instrument)
        known = self.instruments.setdefault(key, events)
        if known is events:
            return
        for tag, count in events.counts.items():
            known.counts[tag] = known.counts.get(tag, 0) + count
        known.time_received_last = events.time_received_last
        known.time_exchange_first = min(known.time_exchange_first, events.time_exchange_first)
        known.time_exchange_last = max(known.time_exchange_last, events.time_exchange_last)

    def info(self, format: str, source: str = "", dropped: int = 0) -> MarketDataInfo:  # noqa: A002
        """What was counted."""
        return MarketDataInfo(format, tuple(self.instruments.values()), self.reconnects, source, dropped)
