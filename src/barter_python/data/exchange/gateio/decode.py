"""From a message of Gate.io to market events: pure functions of the message and the time it was received.

| message | channel | side |
|---|---|---|
| trade | `spot.trades` | `side`, of the taker |
| trades | `futures.trades`, of perpetuals and futures | the sign of `size`: positive where the taker buys |
| trades | `options.trades` | the sign of `size` |

Rust origin: barter_data::exchange::gateio::{message, spot::trade, perpetual::trade}.

Source: https://www.gate.com/docs/developers/apiv4/ws/en/, .../futures/ws/en/, .../delivery/ws/en/, .../options/ws/en/
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from barter_python.data.event import PublicTrade
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.exchange.venue_message import (
    ABSENT,
    Milliseconds,
    read,
    signed_amount,
    time_from_milliseconds,
    time_from_milliseconds_text,
    to_amount,
    to_price,
    to_side,
)
from barter_python.data.subscription import SubscriptionId
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = [
    "FUTURE_TRADES",
    "OPTION_TRADES",
    "SPOT_TRADES",
    "GateioContractTrade",
    "GateioSpotTrade",
    "decode",
    "subscription_id",
]

SPOT_TRADES: Final = "spot.trades"
FUTURE_TRADES: Final = "futures.trades"
OPTION_TRADES: Final = "options.trades"

_VENUE: Final = "Gate.io"
_SIDES: Final = {"buy": Side.BUY, "sell": Side.SELL}


class GateioSpotTrade(msgspec.Struct, gc=False, rename={"market": "currency_pair", "time": "create_time_ms"}):
    """A trade of a pair. `time` in Unix milliseconds with decimals."""

    id: int
    time: str
    side: str
    market: str
    amount: str
    price: str


class GateioContractTrade(msgspec.Struct, gc=False, rename={"market": "contract", "time": "create_time_ms"}):
    """A trade of a future, a perpetual or an option.

    `price` is text except for options; `size` in contracts, negative where the taker sells; `is_internal` tells that the
    insurance fund or auto-deleveraging took over a position, which did not happen on the order book.
    """

    id: int
    time: Milliseconds
    market: str
    price: str | float
    size: float
    is_internal: bool = False


class _Envelope(msgspec.Struct):
    channel: str
    event: str | None = None
    result: msgspec.Raw = ABSENT


_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_spot_trade: Final = msgspec.json.Decoder(GateioSpotTrade).decode
_contract_trades: Final = msgspec.json.Decoder(list[GateioContractTrade]).decode


def decode(message: bytes, time_received: datetime, exchange: ExchangeId) -> list[NamedMarketEvent]:
    """Decode one message of a stream.

    Args:
        message: JSON.
        time_received: Aware UTC.
        exchange: One of the six of Gate.io.

    Returns:
        The events in order. Nothing for answers to requests and pings, for other channels, and for trades that did not happen on
        the order book.

    Raises:
        MarketDataError: The message is malformed, or a price, an amount, a side or a time is impossible.
    """
    return [
        _spot_event(trade, time_received, exchange)
        if isinstance(trade, GateioSpotTrade)
        else _contract_event(trade, time_received, exchange)
        for trade in _trades(read(_envelope, message, _VENUE))
    ]


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription that the message has data of, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    envelope = read(_envelope, message, _VENUE)
    trades = _trades(envelope)
    return SubscriptionId(f"{envelope.channel}|{trades[0].market}") if trades else None


def _trades(envelope: _Envelope) -> list[GateioSpotTrade] | list[GateioContractTrade]:
    if envelope.event != "update" or not envelope.channel.endswith(".trades"):
        return []
    if envelope.channel == SPOT_TRADES:
        return [read(_spot_trade, envelope.result, _VENUE, "result")]
    return [trade for trade in read(_contract_trades, envelope.result, _VENUE, "result") if not trade.is_internal]


def _spot_event(trade: GateioSpotTrade, time_received: datetime, exchange: ExchangeId) -> NamedMarketEvent:
    kind = PublicTrade(str(trade.id), to_price(trade.price), to_amount(trade.amount), to_side(trade.side, _SIDES))
    time = time_from_milliseconds_text(trade.time)
    return NamedMarketEvent(time, time_received, exchange, InstrumentNameExchange(trade.market), kind)


def _contract_event(trade: GateioContractTrade, time_received: datetime, exchange: ExchangeId) -> NamedMarketEvent:
    side, amount = signed_amount(trade.size)
    kind = PublicTrade(str(trade.id), to_price(trade.price), amount, side)
    time = time_from_milliseconds(trade.time)
    return NamedMarketEvent(time, time_received, exchange, InstrumentNameExchange(trade.market), kind)
