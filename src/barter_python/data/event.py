"""Market events. Rust origin: barter_data::event, barter_data::subscription, barter_data::streams::consumer.

Events are created by the million: plain slotted dataclasses, built positionally, treated as immutable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from barter_python.data.book import (
    Level,
    OrderBookSnapshot,
    OrderBookUpdate,
    mid_price,
    volume_weighted_mid_price,
)
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH

__all__ = [
    "Candle",
    "DataKind",
    "Liquidation",
    "MarketEvent",
    "MarketReconnecting",
    "MarketStreamEvent",
    "OrderBookL1",
    "PublicTrade",
    "kind_name",
]


@dataclass(slots=True)
class PublicTrade:
    """A trade of the market.

    Attributes:
        id: The venue's trade id.
        price: In quote currency.
        amount: In base units or contracts, positive.
        side: Of the taker.
    """

    id: str
    price: float
    amount: float
    side: Side


@dataclass(slots=True)
class OrderBookL1:
    """The best bid and ask.

    Attributes:
        last_update_time: Of the book, aware UTC.
        best_bid: None on an empty side.
        best_ask: None on an empty side.
    """

    last_update_time: datetime = EPOCH
    best_bid: Level | None = None
    best_ask: Level | None = None

    def mid_price(self) -> Decimal | None:
        """Mean of bid and ask price, None unless both are there."""
        if self.best_bid is None or self.best_ask is None:
            return None
        return mid_price(self.best_bid.price, self.best_ask.price)

    def volume_weighed_mid_price(self) -> Decimal | None:
        """Micro price, None unless both sides are there and have some amount."""
        if self.best_bid is None or self.best_ask is None:
            return None
        return volume_weighted_mid_price(self.best_bid, self.best_ask)


@dataclass(slots=True)
class Candle:
    """Prices of an interval, in quote currency.

    Attributes:
        close_time: End of the interval, aware UTC.
        open: First price.
        high: Highest price.
        low: Lowest price.
        close: Last price.
        volume: Traded amount in base units.
        trade_count: Number of trades.
        interval: Length of the interval; None where it is not known or the bar is not of time. Rust has none.
    """

    close_time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    trade_count: int
    interval: timedelta | None = None


@dataclass(slots=True)
class Liquidation:
    """A position closed by the venue by force.

    Attributes:
        side: Of the liquidation order.
        price: In quote currency.
        quantity: In base units or contracts, positive.
        time: Of the liquidation, aware UTC.
    """

    side: Side
    price: float
    quantity: float
    time: datetime


DataKind: TypeAlias = PublicTrade | OrderBookL1 | OrderBookSnapshot | OrderBookUpdate | Candle | Liquidation


@dataclass(slots=True)
class MarketEvent:
    """Something that happened on the market of an instrument.

    Attributes:
        time_exchange: The venue's stamp, aware UTC.
        time_received: When it was received, aware UTC.
        exchange: The venue.
        instrument: Index of the instrument.
        kind: What happened.
    """

    time_exchange: datetime
    time_received: datetime
    exchange: ExchangeId
    instrument: InstrumentIndex
    kind: DataKind


@dataclass(slots=True)
class MarketReconnecting:
    """The market data connection to a venue was lost and is being rebuilt."""

    exchange: ExchangeId


MarketStreamEvent: TypeAlias = MarketEvent | MarketReconnecting

_KIND_NAMES: dict[type[object], str] = {
    PublicTrade: "public_trade",
    OrderBookL1: "l1",
    OrderBookSnapshot: "l2",
    OrderBookUpdate: "l2",
    Candle: "candle",
    Liquidation: "liquidation",
}


def kind_name(kind: DataKind) -> str:
    """Short name of a kind of data: `public_trade`, `l1`, `l2`, `candle` or `liquidation`."""
    return _KIND_NAMES[type(kind)]
