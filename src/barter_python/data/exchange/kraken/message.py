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

from barter_python.data.exchange.venue_message import read, read_each
from barter_python.data.subscription import SubscriptionId
from barter_python.errors import MarketDataError

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
    """Trades of one pair, in order; those that cannot be read as their errors."""

    pair: str
    trades: list[KrakenTrade | MarketDataError]


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
    """The channel's number is deprecated. The channel is no text in some messages of other channels."""

    channel_id: msgspec.Raw
    data: msgspec.Raw
    channel: msgspec.Raw
    pair: str


_data: Final = msgspec.json.Decoder(_Data).decode
_trade: Final = msgspec.json.Decoder(KrakenTrade).decode
_spread: Final = msgspec.json.Decoder(KrakenSpread).decode
_event: Final = msgspec.json.Decoder(KrakenEvent).decode
_CHANNELS: Final = {f'"{channel}"'.encode(): channel for channel in (TRADES, ORDER_BOOK_L1)}


def parse(message: bytes) -> KrakenMessage | None:
    """Read one message.

    Returns:
        The message, or None for what is no market data of a known kind: events, other channels.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    if not _is_data(message):
        parse_event(message)
        return None
    data = read(_data, message, _VENUE)
    match _CHANNELS.get(bytes(data.channel)):
        case "trade":
            return KrakenTrades(data.pair, read_each(_trade, data.data, _VENUE, "data"))
        case "spread":
            return KrakenOrderBookL1(data.pair, read(_spread, data.data, _VENUE, "data"))
    return None


def parse_event(message: bytes) -> KrakenEvent | None:
    """Read a message that is no data; None for one that is.

    Raises:
        MarketDataError: The text is no JSON, or has no `event`.
    """
    return None if _is_data(message) else read(_event, message, _VENUE)


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription that the message has data of, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    match parse(message):
        case KrakenTrades(pair=pair):
            return SubscriptionId(f"{TRADES}|{pair}")
        case KrakenOrderBookL1(pair=pair):
            return SubscriptionId(f"{ORDER_BOOK_L1}|{pair}")
    return None


def _is_data(message: bytes) -> bool:
    return message.lstrip()[:1] == b"["
