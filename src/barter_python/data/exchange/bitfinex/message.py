"""Messages of Bitfinex's public channels. Data are arrays, everything else are objects with an `event`.

| message | form |
|---|---|
| trade executed | `[channelId, "te", [id, milliseconds, amount, price]]` |
| trade updated: the same again, a little later | `[channelId, "tu", [...]]` |
| trades before the subscription | `[channelId, [[...], ...]]` |
| heartbeat | `[channelId, "hb"]` |

A channel id means a market only until the connection ends. The venue tells which one when it accepts a subscription.

Rust origin: barter_data::exchange::bitfinex::{message, trade, subscription}.

Source: https://docs.bitfinex.com/reference/ws-public-trades, https://docs.bitfinex.com/docs/ws-general
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from barter_python.data.exchange.venue_message import ABSENT, Milliseconds, read

__all__ = ["TRADES", "BitfinexMessage", "BitfinexPlatformEvent", "BitfinexTrade", "parse", "parse_event"]

TRADES: Final = "trades"

_VENUE: Final = "Bitfinex"


class BitfinexTrade(msgspec.Struct, gc=False, array_like=True):
    """A trade. `amount` is negative where the taker sells."""

    id: int
    time: Milliseconds
    amount: float
    price: float


@dataclass(slots=True)
class BitfinexMessage:
    """What came in a channel.

    Attributes:
        channel_id: The channel.
        trade: A trade; None for a heartbeat, a trade that is told again, and trades before the subscription.
    """

    channel_id: int
    trade: BitfinexTrade | None


class _Platform(msgspec.Struct):
    status: int


class BitfinexPlatformEvent(
    msgspec.Struct, rename={"channel_id": "chanId", "server_id": "serverId", "market": "symbol", "message": "msg"}
):
    """A message that is no data: `info`, `subscribed`, `error` and others, each with some of the members."""

    event: str
    version: int | None = None
    server_id: str = ""
    platform: _Platform | None = None
    channel: str = ""
    channel_id: int | None = None
    market: str = ""
    message: str = ""
    code: int | None = None


class _Data(msgspec.Struct, array_like=True):
    channel_id: int
    tag: msgspec.Raw
    payload: msgspec.Raw = ABSENT


_data: Final = msgspec.json.Decoder(_Data).decode
_trade: Final = msgspec.json.Decoder(BitfinexTrade).decode
_event: Final = msgspec.json.Decoder(BitfinexPlatformEvent).decode


def parse(message: bytes) -> BitfinexMessage | None:
    """Read one message of a channel; None for an event.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    if not _is_data(message):
        return None
    data = read(_data, message, _VENUE)
    trade = read(_trade, data.payload, _VENUE, "payload") if bytes(data.tag) == b'"te"' else None
    return BitfinexMessage(data.channel_id, trade)


def parse_event(message: bytes) -> BitfinexPlatformEvent | None:
    """Read one event; None for a message of a channel.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    return None if _is_data(message) else read(_event, message, _VENUE)


def _is_data(message: bytes) -> bool:
    return message.lstrip()[:1] == b"["
