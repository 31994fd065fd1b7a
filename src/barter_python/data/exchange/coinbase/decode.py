"""From a message of Coinbase Exchange to market events: pure functions of the message and the time it was received.

| message | `type` | channel |
|---|---|---|
| trade | `match` | `matches` |
| the last trade before the subscription | `last_match` | `matches` |

Rust origin: barter_data::exchange::coinbase::trade.

Source: https://docs.cdp.coinbase.com/exchange/websocket-feed/channels#matches-channel
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from barter_python.data.event import PublicTrade
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.exchange.venue_message import read, time_from_iso, to_amount, to_price, to_side
from barter_python.data.subscription import SubscriptionId
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = ["TRADES", "CoinbaseTrade", "decode", "parse", "subscription_id"]

TRADES: Final = "matches"

_VENUE: Final = "Coinbase"
# The venue tells the side of the maker: one who sold was bought from.
_TAKER_SIDES: Final = {"sell": Side.BUY, "buy": Side.SELL}


class CoinbaseTrade(
    msgspec.Struct, gc=False, rename={"id": "trade_id", "product": "product_id", "amount": "size", "maker_side": "side"}
):
    """A trade. `maker_side` is `buy` or `sell`."""

    id: int
    time: str
    product: str
    amount: str
    price: str
    maker_side: str


class _Envelope(msgspec.Struct):
    type: str


_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_trade: Final = msgspec.json.Decoder(CoinbaseTrade).decode


def decode(message: bytes, time_received: datetime) -> list[NamedMarketEvent]:
    """Decode one message of a stream.

    Args:
        message: JSON.
        time_received: Aware UTC.

    Returns:
        The event. Nothing for answers to requests, for other channels, and for the last trade before the subscription, which
        after a reconnection was received already.

    Raises:
        MarketDataError: The message is malformed, or a price, an amount, a side or a time is impossible.
    """
    trade = parse(message)
    if trade is None:
        return []
    kind = PublicTrade(str(trade.id), to_price(trade.price), to_amount(trade.amount), to_side(trade.maker_side, _TAKER_SIDES))
    name = InstrumentNameExchange(trade.product)
    return [NamedMarketEvent(time_from_iso(trade.time), time_received, ExchangeId.COINBASE, name, kind)]


def parse(message: bytes) -> CoinbaseTrade | None:
    """Read one message; None for what is no trade.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    envelope = read(_envelope, message, _VENUE)
    return read(_trade, message, _VENUE) if envelope.type == "match" else None


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription that the message has data of, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    trade = parse(message)
    return None if trade is None else SubscriptionId(f"{TRADES}|{trade.product}")
