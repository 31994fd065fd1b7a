"""From a message of BitMEX to market events: pure functions of the message and the time it was received.

| message | `table` | `action` |
|---|---|---|
| trades | `trade` | `insert` |
| the last trades before the subscription | `trade` | `partial` |

A row of the table is a trade where its `trdType` is `Regular`, or missing; others, such as those of an index, are none.

Rust origin: barter_data::exchange::bitmex::{message, trade}. Source: https://www.bitmex.com/app/wsAPI
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from barter_python.data.event import PublicTrade
from barter_python.data.exchange.named import DecodedMarketEvent, NamedMarketEvent
from barter_python.data.exchange.venue_message import (
    ABSENT,
    convert_each,
    read,
    read_each,
    time_from_iso,
    to_amount,
    to_price,
    to_side,
)
from barter_python.data.subscription import SubscriptionId
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = ["TRADES", "BitmexTrade", "decode", "parse", "subscription_id"]

TRADES: Final = "trade"

_VENUE: Final = "BitMEX"
_REGULAR: Final = "Regular"
_SIDES: Final = {"Buy": Side.BUY, "Sell": Side.SELL}


class BitmexTrade(msgspec.Struct, gc=False, rename={"time": "timestamp", "amount": "size", "id": "trdMatchID"}):
    """A trade. `amount` in contracts, `side` of the taker."""

    time: str
    symbol: str
    side: str
    amount: float
    price: float
    id: str


class _Row(msgspec.Struct, rename={"type": "trdType"}):
    type: str | None = _REGULAR


class _Envelope(msgspec.Struct):
    table: str | None = None
    action: str | None = None
    data: msgspec.Raw = ABSENT


_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_row: Final = msgspec.json.Decoder(_Row).decode
_trade: Final = msgspec.json.Decoder(BitmexTrade).decode


def decode(message: bytes, time_received: datetime) -> list[DecodedMarketEvent]:
    """Decode one message of a stream.

    Args:
        message: JSON, or the answer to a ping.
        time_received: Aware UTC.

    Returns:
        The events in order, each with its own symbol, the errors of bad entries among them. Nothing for answers to requests and
        pings, for other tables, for rows that are no trades, and for the trades before the subscription, which after a
        reconnection were received already.

    Raises:
        MarketDataError: The message is malformed.
    """

    def event(trade: BitmexTrade) -> NamedMarketEvent:
        kind = PublicTrade(trade.id, to_price(trade.price), to_amount(trade.amount), to_side(trade.side, _SIDES))
        name = InstrumentNameExchange(trade.symbol)
        return NamedMarketEvent(time_from_iso(trade.time), time_received, ExchangeId.BITMEX, name, kind)

    return convert_each(parse(message), event)


def parse(message: bytes) -> list[BitmexTrade | MarketDataError]:
    """Read the new trades of a message, those that cannot be read as their errors; empty for what has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    if message == b"pong":
        return []
    envelope = read(_envelope, message, _VENUE)
    if envelope.table != TRADES or envelope.action != "insert":
        return []
    return [entry for entry in read_each(_trade_of_row, envelope.data, _VENUE, "data") if entry is not None]


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription of the first trade of the message, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    for trade in parse(message):
        if not isinstance(trade, MarketDataError):
            return SubscriptionId(f"{TRADES}|{trade.symbol}")
    return None


def _trade_of_row(row: bytes) -> BitmexTrade | None:
    return _trade(row) if _row(row).type in (_REGULAR, None) else None
