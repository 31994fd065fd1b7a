"""Messages of Kraken's websocket API v1. Data are arrays, everything else are objects with an `event`.

| message | form |
|---|---|
| trades | `[channelID, [[price, volume, time, side, orderType, misc], ...], "trade", pair]` |
| best prices | `[channelID, [bid, ask, timestamp, bidVolume, askVolume], "spread", pair]` |

Rust origin: barter_data::exchange::kraken::{message, trade, book::l1}.

Source: https://docs.kraken.com/api/docs/websocket-v1/trade and .../spread
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec

from barter_python.data.exchange.venue_message import read
from barter_python.data.subscription import SubscriptionId

__all__ = [
    "ORDER_BOOK_L1",
    "TRADES",
    "KrakenEvent",
    "KrakenMessage",
    "KrakenOrderBookL1",
    "KrakenSpread",
    "KrakenTrade",
    "KrakenTrades",
    "parse",
    "parse_event",
    "subscription_id",
]

TRADES: Final = "trade"
ORDER_BOOK_L1: Final = "spread"

_VENUE: Final = "Kraken"


class KrakenTrade(msgspec.Struct, gc=False, array_like=True):
    """A trade. `time` in Unix seconds, `side` of the taker: `b` or `s`."""

    price: str
    amount: str
    time: str
    side: str


class KrakenSpread(msgspec.Struct, gc=False, array_like=True):
    """Best bid and ask. `time` in Unix seconds."""

    best_bid_price: str
    best_ask_price: str
    time: str
    best_bid_amount: str
    best_ask_amount: str


@dataclass(slots=True)
class KrakenTrades:
    """Trades of one pair, in order."""

    pair: str
    trades: list[KrakenTrade]


@dataclass(slots=True)
class KrakenOrderBookL1:
    """Best prices of one pair."""

    pair: str
    spread: KrakenSpread


KrakenMessage: TypeAlias = KrakenTrades | KrakenOrderBookL1


class KrakenEvent(msgspec.Struct, rename={"error_message": "errorMessage"}):
    """A message that is no data: `heartbeat`, `systemStatus`, `subscriptionStatus`, `pong` or `error`."""

    event: str
    status: str = ""
    error_message: str = ""


class _Data(msgspec.Struct, array_like=True):
    """The channel's number is deprecated."""

    channel_id: msgspec.Raw
    data: msgspec.Raw
    channel: str
    pair: str


# A book update whose sides come apart is an array of five: its third member is no channel.
class _Channel(msgspec.Struct, array_like=True):
    channel_id: msgspec.Raw
    data: msgspec.Raw
    channel: msgspec.Raw


_channel: Final = msgspec.json.Decoder(_Channel).decode
_data: Final = msgspec.json.Decoder(_Data).decode
_trades: Final = msgspec.json.Decoder(list[KrakenTrade]).decode
_spread: Final = msgspec.json.Decoder(KrakenSpread).decode
_event: Final = msgspec.json.Decoder(KrakenEvent).decode
