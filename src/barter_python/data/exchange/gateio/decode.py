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
from barter_python.data.exchange.named import DecodedMarketEvent, NamedMarketEvent
from barter_python.data.exchange.venue_message import (
    ABSENT,
    Milliseconds,
    convert_each,
    read,
    read_each,
    signed_amount,
    time_from_milliseconds,
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

    `price` is text except for options; `size` in contracts, negative where the taker sells: decimal text where it was asked for
    by a header (see `connector`), else a whole number, which is zero for a trade of less than one contract; `is_internal` tells
    that the insurance fund or auto-deleveraging took over a position, which did not happen on the order book.
    """

    id: int
    time: Milliseconds
    market: str
    price: str | float
    size: str | float
    is_internal: bool = False


class _Envelope(msgspec.Struct):
    channel: str
    event: str | None = None
    result: msgspec.Raw = ABSENT


_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_spot_trade: Final = msgspec.json.Decoder(GateioSpotTrade).decode
_contract_trade: Final = msgspec.json.Decoder(GateioContractTrade).decode


def decode(message: bytes, time_received: datetime, exchange: ExchangeId) -> list[DecodedMarketEvent]:
    """Decode one message of a stream.

    Args:
        message: JSON.
        time_received: Aware UTC.
        exchange: One of the six of Gate.io.

    Returns:
        The events in order, the errors of bad entries among them. Nothing for answers to requests and pings, for other channels,
        and for trades that did not happen on the order book.

    Raises:
        MarketDataError: The message is malformed.
    """
    envelope = read(_envelope, message, _VENUE)
    if envelope.event != "update":
        return []
    if envelope.channel == SPOT_TRADES:
        return [_spot_event(read(_spot_trade, envelope.result, _VENUE, "result"), time_received, exchange)]
    return convert_each(_contract_trades(envelope), lambda trade: _contract_event(trade, time_received, exchange))


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription that the message has data of, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    envelope = read(_envelope, message, _VENUE)
    if envelope.event != "update":
        return None
    if envelope.channel == SPOT_TRADES:
        return SubscriptionId(f"{SPOT_TRADES}|{read(_spot_trade, envelope.result, _VENUE, 'result').market}")
    for trade in _contract_trades(envelope):
        if not isinstance(trade, MarketDataError):
            return SubscriptionId(f"{envelope.channel}|{trade.market}")
    return None


def _contract_trades(envelope: _Envelope) -> list[GateioContractTrade | MarketDataError]:
    """Those of futures, perpetuals or options that happened on the order book."""
    if not envelope.channel.endswith(".trades"):
        return []
    trades = read_each(_contract_trade, envelope.result, _VENUE, "result")
    return [trade for trade in trades if isinstance(trade, MarketDataError) or not trade.is_internal]


def _spot_event(trade: GateioSpotTrade, time_received: datetime, exchange: ExchangeId) -> NamedMarketEvent:
    kind = PublicTrade(str(trade.id), to_price(trade.price), to_amount(trade.amount), to_side(trade.side, _SIDES))
    time = time_from_milliseconds_text(trade.time)
    return NamedMarketEvent(time, time_received, exchange, InstrumentNameExchange(trade.market), kind)


def _contract_event(trade: GateioContractTrade, time_received: datetime, exchange: ExchangeId) -> NamedMarketEvent:
    side, amount = signed_amount(trade.size)
    kind = PublicTrade(str(trade.id), to_price(trade.price), amount, side)
    time = time_from_milliseconds(trade.time)
    return NamedMarketEvent(time, time_received, exchange, InstrumentNameExchange(trade.market), kind)
