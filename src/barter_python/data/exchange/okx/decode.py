"""From a message of OKX to market events: pure functions of the message and the time it was received.

| message | channel |
|---|---|
| trades | `trades` |

Rust origin: barter_data::exchange::okx::trade. Source: https://www.okx.com/docs-v5/en/#order-book-trading-market-data-ws-trades-channel
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
    time_from_milliseconds_text,
    to_amount,
    to_price,
    to_side,
)
from barter_python.data.subscription import SubscriptionId
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = ["PONG", "TRADES", "OkxTrade", "decode", "subscription_id"]

TRADES: Final = "trades"
PONG: Final = b"pong"
"""The answer to a ping, which is no JSON."""

_VENUE: Final = "OKX"
_SIDES: Final = {"buy": Side.BUY, "sell": Side.SELL}


class OkxTrade(
    msgspec.Struct,
    gc=False,
    rename={"instrument": "instId", "id": "tradeId", "price": "px", "amount": "sz", "time": "ts"},
):
    """A trade, or several of one taker at one price. `amount` is in contracts except for spot, `side` of the taker."""

    instrument: str
    id: str
    price: str
    amount: str
    side: str
    time: str


class _Argument(msgspec.Struct, rename={"instrument": "instId"}):
    channel: str
    instrument: str | None = None


class _Envelope(msgspec.Struct, rename={"argument": "arg"}):
    """`event` is a member of answers only."""

    argument: _Argument | None = None
    event: msgspec.Raw = ABSENT
    data: msgspec.Raw = ABSENT


_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_trade: Final = msgspec.json.Decoder(OkxTrade).decode


def decode(message: bytes, time_received: datetime) -> list[DecodedMarketEvent]:
    """Decode one message of a stream.

    Args:
        message: JSON, or the answer to a ping.
        time_received: Aware UTC.

    Returns:
        The events in order, the errors of bad entries among them. Nothing for answers to requests and pings, for notices, and for
        other channels.

    Raises:
        MarketDataError: The message is malformed.
    """

    def event(trade: OkxTrade) -> NamedMarketEvent:
        kind = PublicTrade(trade.id, to_price(trade.price), to_amount(trade.amount), to_side(trade.side, _SIDES))
        name = InstrumentNameExchange(trade.instrument)
        return NamedMarketEvent(time_from_milliseconds_text(trade.time), time_received, ExchangeId.OKX, name, kind)

    envelope = _data_envelope(message)
    return [] if envelope is None else convert_each(read_each(_trade, envelope.data, _VENUE, "data"), event)


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription that the message has data of, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or `arg` is missing.
    """
    envelope = _data_envelope(message)
    if envelope is None or envelope.argument is None:
        return None
    return SubscriptionId(f"{envelope.argument.channel}|{envelope.argument.instrument}")


def _data_envelope(message: bytes) -> _Envelope | None:
    if message == PONG:
        return None
    envelope = read(_envelope, message, _VENUE)
    if envelope.event is not ABSENT:
        return None
    if envelope.argument is None:
        raise MarketDataError("arg is missing, expected one in a message that answers no request")
    return envelope if envelope.argument.channel == TRADES else None
