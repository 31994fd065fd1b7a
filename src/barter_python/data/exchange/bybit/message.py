"""Messages of Bybit's public v5 streams, as the venue names and nests them.

| message | topic | `type` |
|---|---|---|
| trades | `publicTrade.<symbol>` | `snapshot` |
| best prices | `orderbook.1.<symbol>` | `snapshot`, `delta` |
| order book | `orderbook.50.<symbol>` | `snapshot`, `delta` |

Rust origin: barter_data::exchange::bybit::{message, trade, book}.

Source: https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook and .../trade
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec

from barter_python.data.exchange.venue_message import ABSENT, Milliseconds, read, read_each
from barter_python.data.subscription import SubscriptionId
from barter_python.errors import MarketDataError, shown

__all__ = [
    "ORDER_BOOK_L1",
    "ORDER_BOOK_L2",
    "TRADES",
    "BybitBook",
    "BybitMessage",
    "BybitTrade",
    "BybitTrades",
    "parse",
    "subscription_id",
]

TRADES: Final = "publicTrade"
ORDER_BOOK_L1: Final = "orderbook.1"
ORDER_BOOK_L2: Final = "orderbook.50"

_VENUE: Final = "Bybit"
_KINDS: Final = {"snapshot": True, "delta": False}
_Levels: TypeAlias = list[tuple[str, str]]


class BybitTrade(
    msgspec.Struct,
    gc=False,
    rename={"time": "T", "symbol": "s", "side": "S", "amount": "v", "price": "p", "id": "i", "is_block_trade": "BT"},
):
    """A trade. `side` is of the taker; `is_block_trade` tells that it was agreed outside of the book."""

    time: Milliseconds
    symbol: str
    side: str
    amount: str
    price: str
    id: str
    is_block_trade: bool = False


@dataclass(slots=True)
class BybitTrades:
    """Trades of one market, in order; those that cannot be read as their errors."""

    market: str
    trades: list[BybitTrade | MarketDataError]


class _BookData(msgspec.Struct, rename={"bids": "b", "asks": "a", "update_id": "u", "sequence": "seq"}):
    bids: _Levels
    asks: _Levels
    update_id: int
    sequence: int


@dataclass(slots=True)
class BybitBook:
    """A book, or what changed in it.

    Attributes:
        channel: `orderbook.1` or `orderbook.50`.
        market: The symbol.
        is_snapshot: Whether it replaces the book.
        time: When the message was made, Unix milliseconds.
        time_engine: When the matching engine made it, Unix milliseconds; None where the venue does not tell.
        bids: Price and amount, best first in a snapshot.
        asks: Price and amount, best first in a snapshot.
        update_id: Number of the update, one more than that of the last message of this topic; 1 after a restart of the service.
        sequence: Number that orders messages across topics.
    """

    channel: str
    market: str
    is_snapshot: bool
    time: int
    time_engine: int | None
    bids: _Levels
    asks: _Levels
    update_id: int
    sequence: int


BybitMessage: TypeAlias = BybitTrades | BybitBook


class _Envelope(msgspec.Struct, rename={"kind": "type", "time": "ts", "time_engine": "cts"}):
    """`op` is a member of answers only."""

    topic: str | None = None
    op: msgspec.Raw = ABSENT
    success: msgspec.Raw = ABSENT
    kind: str | None = None
    time: Milliseconds | None = None
    time_engine: Milliseconds | None = None
    data: msgspec.Raw = ABSENT


_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_trade: Final = msgspec.json.Decoder(BybitTrade).decode
_book: Final = msgspec.json.Decoder(_BookData).decode


def parse(message: bytes) -> BybitMessage | None:
    """Read one message.

    Returns:
        The message, or None for what is no market data of a known kind: answers to requests and pings, other topics.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type or value.
    """
    envelope = read(_envelope, message, _VENUE)
    sub = _channel_and_market(envelope)
    if sub is None:
        return None
    channel, market = sub
    is_snapshot = _KINDS.get(envelope.kind or "")
    if is_snapshot is None:
        raise MarketDataError(f"type is {shown(envelope.kind)}, expected 'snapshot' or 'delta'")
    if envelope.time is None:
        raise MarketDataError(f"ts of topic {shown(envelope.topic)} is missing, expected milliseconds")
    if channel == TRADES:
        return BybitTrades(market, read_each(_trade, envelope.data, _VENUE, "data"))
    data = read(_book, envelope.data, _VENUE, "data")
    # Number 1 follows a restart of the service, and is a whole book whatever `type` says.
    whole = is_snapshot or data.update_id == 1
    return BybitBook(
        channel, market, whole, envelope.time, envelope.time_engine, data.bids, data.asks, data.update_id, data.sequence
    )


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription that the message has data of, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or the topic is malformed.
    """
    sub = _channel_and_market(read(_envelope, message, _VENUE))
    return None if sub is None else SubscriptionId("|".join(sub))


def _channel_and_market(envelope: _Envelope) -> tuple[str, str] | None:
    topic = envelope.topic
    if topic is None:
        if envelope.op is ABSENT and envelope.success is ABSENT:
            raise MarketDataError("topic is missing, expected one in a message that answers no request")
        return None
    for channel in (TRADES, ORDER_BOOK_L1, ORDER_BOOK_L2):
        if topic.startswith(channel) and topic[len(channel) : len(channel) + 1] == ".":
            market = topic[len(channel) + 1 :]
            if not market or "." in market:
                raise MarketDataError(f"topic is {shown(topic)}, expected {channel + '.<symbol>'!r}")
            return channel, market
    return None
