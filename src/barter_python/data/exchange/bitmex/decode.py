"""From a message of BitMEX to market events: pure functions of the message and the time it was received.

| message | `table` | `action` |
|---|---|---|
| trades | `trade` | `insert` |
| the last trades before the subscription | `trade` | `partial` |

Rust origin: barter_data::exchange::bitmex::{message, trade}. Source: https://www.bitmex.com/app/wsAPI
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from barter_python.data.event import PublicTrade
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.exchange.venue_message import ABSENT, read, time_from_iso, to_amount, to_price, to_side
from barter_python.data.subscription import SubscriptionId
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = ["TRADES", "BitmexTrade", "decode", "parse", "subscription_id"]

TRADES: Final = "trade"

_VENUE: Final = "BitMEX"
_SIDES: Final = {"Buy": Side.BUY, "Sell": Side.SELL}


class BitmexTrade(msgspec.Struct, gc=False, rename={"time": "timestamp", "amount": "size", "id": "trdMatchID"}):
    """A trade. `amount` in contracts, `side` of the taker."""

    time: str
    symbol: str
    side: str
    amount: float
    price: float
    id: str


class _Envelope(msgspec.Struct):
    table: str | None = None
    action: str | None = None
    data: msgspec.Raw = ABSENT


_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_trades: Final = msgspec.json.Decoder(list[BitmexTrade]).decode


def decode(message: bytes, time_received: datetime) -> list[NamedMarketEvent]:
    """Decode one message of a stream.

    Args:
        message: JSON, or the answer to a ping.
        time_received: Aware UTC.

    Returns:
        The events in order, each with its own symbol. Nothing for answers to requests and pings, for other tables, and for the
        trades before the subscription, which after a reconnection were received already.

    Raises:
        MarketDataError: The message is malformed, or a price, an amount, a side or a time is impossible.
    """
    return [
        NamedMarketEvent(
            time_from_iso(trade.time),
            time_received,
            ExchangeId.BITMEX,
            InstrumentNameExchange(trade.symbol),
            PublicTrade(trade.id, to_price(trade.price), to_amount(trade.amount), to_side(trade.side, _SIDES)),
        )
        for trade in parse(message)
    ]


def parse(message: bytes) -> list[BitmexTrade]:
    """Read the new trades of a message; empty for what has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    if message == b"pong":
        return []
    envelope = read(_envelope, message, _VENUE)
    return read(_trades, envelope.data, _VENUE, "data") if envelope.table == TRADES and envelope.action == "insert" else []


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription of the first trade of the message, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    trades = parse(message)
    return SubscriptionId(f"{TRADES}|{trades[0].symbol}") if trades else None
