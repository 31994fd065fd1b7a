"""A market event before its instrument has an index. Rust origin: barter_data::event::MarketEvent<InstrumentNameExchange>.

A message may have several entries. One that is bad costs no good one: decoders return its error in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from barter_python.data.event import DataKind, MarketReconnecting
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["DecodedMarketEvent", "NamedMarketEvent", "NamedMarketStreamEvent"]


@dataclass(slots=True)
class NamedMarketEvent:
    """A market event whose instrument has the venue's name: what decoders produce and what market data files contain.

    Attributes:
        time_exchange: The venue's stamp, aware UTC.
        time_received: When it was received, aware UTC.
        exchange: The venue.
        instrument: The venue's name of the instrument, for example `BTCUSDT`.
        kind: What happened.
    """

    time_exchange: datetime
    time_received: datetime
    exchange: ExchangeId
    instrument: InstrumentNameExchange
    kind: DataKind


DecodedMarketEvent: TypeAlias = NamedMarketEvent | MarketDataError
"""An event, or what is wrong with one entry of a message."""

NamedMarketStreamEvent: TypeAlias = NamedMarketEvent | MarketReconnecting
