"""Messages of Binance's market streams and of its REST depth snapshot, as the venue names and nests them.

| message | stream | spot | USD-M futures | documented |
|---|---|---|---|---|
| trade | `<symbol>@trade` | yes | yes, with `X` | spot only; futures observed |
| best bid and ask | `<symbol>@bookTicker` | without times | with `T` and `E` | yes |
| order book update | `<symbol>@depth@100ms` | `U`, `u` | `U`, `u`, `pu`, `T` | yes |
| order book snapshot | REST `/depth` | without times | with `T` and `E` | yes |
| liquidation | `<symbol>@forceOrder` | no | yes | yes |

Rust origin: barter_data::exchange::binance::{trade, book, spot::l2, futures::l2, futures::liquidation}.

Source: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeAlias, TypeVar

import msgspec

from barter_python.data.exchange.venue_message import ABSENT, UNREADABLE, Milliseconds, read
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = [
    "BinanceLiquidation",
    "BinanceMessage",
    "BinanceOrderBookL1",
    "BinanceOrderBookL2Snapshot",
    "BinanceOrderBookL2Update",
    "BinanceTrade",
    "event_name",
    "infer_exchange",
    "parse",
]

T = TypeVar("T", covariant=True)

_VENUE: Final = "Binance"
_Levels: TypeAlias = list[tuple[str, str]]
"""Price and amount."""


class BinanceTrade(
    msgspec.Struct,
    gc=False,
    tag_field="e",
    tag="trade",
    rename={"symbol": "s", "id": "t", "price": "p", "amount": "q", "time": "T", "buyer_is_maker": "m", "type": "X", "spot": "M"},
):
    """A trade. `type` (futures only) is `MARKET`, `LIQUIDATION`, `INSURANCE_FUND`, `ADL` or `NA`; only spot sends `spot`."""

    symbol: InstrumentNameExchange
    id: int
    price: str
    amount: str
    time: Milliseconds
    buyer_is_maker: bool
    type: str | None = None
    spot: bool | None = None


class BinanceOrderBookL1(
    msgspec.Struct,
    gc=False,
    tag_field="e",
    tag="bookTicker",
    rename={
        "symbol": "s",
        "time": "T",
        "best_bid_price": "b",
        "best_bid_amount": "B",
        "best_ask_price": "a",
        "best_ask_amount": "A",
    },
):
    """Best bid and ask. `time` is None on spot."""

    symbol: InstrumentNameExchange
    best_bid_price: str
    best_bid_amount: str
    best_ask_price: str
    best_ask_amount: str
    time: Milliseconds | None = None


class BinanceOrderBookL2Update(
    msgspec.Struct,
    gc=False,
    tag_field="e",
    tag="depthUpdate",
    rename={
        "symbol": "s",
        "time_exchange": "E",
        "time_engine": "T",
        "first_update_id": "U",
        "last_update_id": "u",
        "prev_last_update_id": "pu",
        "bids": "b",
        "asks": "a",
    },
):
    """Changed levels. `time_engine` and `prev_last_update_id` are None on spot."""

    symbol: InstrumentNameExchange
    time_exchange: Milliseconds
    first_update_id: int
    last_update_id: int
    bids: _Levels
    asks: _Levels
    time_engine: Milliseconds | None = None
    prev_last_update_id: int | None = None


class BinanceOrderBookL2Snapshot(
    msgspec.Struct, gc=False, rename={"last_update_id": "lastUpdateId", "time_exchange": "E", "time_engine": "T"}
):
    """The whole book. It does not name its symbol. Both times are None on spot."""

    last_update_id: int
    bids: _Levels
    asks: _Levels
    time_exchange: Milliseconds | None = None
    time_engine: Milliseconds | None = None


class BinanceLiquidation(
    msgspec.Struct, gc=False, rename={"symbol": "s", "side": "S", "price": "p", "quantity": "q", "time": "T"}
):
    """The order that closes a position by force. `side` is `BUY` or `SELL`."""

    symbol: InstrumentNameExchange
    side: str
    price: str
    quantity: str
    time: Milliseconds


class _ForceOrder(msgspec.Struct, rename={"order": "o"}):
    order: BinanceLiquidation


BinanceMessage: TypeAlias = (
    BinanceTrade | BinanceOrderBookL1 | BinanceOrderBookL2Update | BinanceOrderBookL2Snapshot | BinanceLiquidation
)


class _Envelope(msgspec.Struct, rename={"event": "e", "last_update_id": "lastUpdateId", "best_bid_amount": "B"}):
    """What tells messages apart; combined streams wrap the message into `data`."""

    data: msgspec.Raw = ABSENT
    event: str | None = None
    last_update_id: int | None = None
    best_bid_amount: msgspec.Raw = ABSENT


_envelope: Final = msgspec.json.Decoder(_Envelope).decode

_DECODERS: Final[Mapping[str, Callable[[bytes], BinanceMessage | _ForceOrder]]] = {
    "trade": msgspec.json.Decoder(BinanceTrade).decode,
    "bookTicker": msgspec.json.Decoder(BinanceOrderBookL1).decode,
    "depthUpdate": msgspec.json.Decoder(BinanceOrderBookL2Update).decode,
    "snapshot": msgspec.json.Decoder(BinanceOrderBookL2Snapshot).decode,
    "forceOrder": msgspec.json.Decoder(_ForceOrder).decode,
}


class _Combined(msgspec.Struct, Generic[T], gc=False):
    data: T


_Usual: TypeAlias = BinanceTrade | BinanceOrderBookL1 | BinanceOrderBookL2Update

# By the first bytes of a message; the decoder checks the name of the event, where there is one, and all else.
_USUAL: Final[Mapping[bytes, Callable[[bytes], _Usual]]] = {
    b'{"e":': msgspec.json.Decoder(_Usual).decode,
    b'{"u":': msgspec.json.Decoder(BinanceOrderBookL1).decode,
}
_COMBINED: Final = b'{"str'
_USUAL_COMBINED: Final[Mapping[bytes, Callable[[bytes], _Combined[_Usual]]]] = {
    b'{"e":': msgspec.json.Decoder(_Combined[_Usual]).decode,
    b'{"u":': msgspec.json.Decoder(_Combined[BinanceOrderBookL1]).decode,
}


def parse(message: bytes) -> BinanceMessage | None:
    """Read one message, wrapped by a combined stream or not.

    Returns:
        The message, or None for what is no market data of a known kind: answers to subscriptions, other streams.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    first = message[:5]
    try:
        if first in _USUAL:
            return _USUAL[first](message)
        if first == _COMBINED:
            data = message.find(b"{", len(_COMBINED))
            usual = _USUAL_COMBINED.get(message[data : data + 5])
            if usual is not None:
                return usual(message).data
    except UNREADABLE:
        pass  # another event, or malformed: below
    return _parse_any(message)


def event_name(message: bytes) -> str | None:
    """What the message calls itself, wrapped or not: `serverShutdown`. None where it has no name.

    Raises:
        MarketDataError: The text is no JSON.
    """
    return _unwrapped(message)[0].event


def _unwrapped(message: bytes) -> tuple[_Envelope, bytes]:
    envelope = read(_envelope, message, _VENUE)
    if envelope.data is ABSENT:
        return envelope, message
    return read(_envelope, envelope.data, _VENUE), bytes(envelope.data)


def _parse_any(message: bytes) -> BinanceMessage | None:
    """Whatever the order of its members."""
    envelope, message = _unwrapped(message)
    decode = _DECODERS.get(_event(envelope))
    if decode is None:
        return None
    parsed = read(decode, message, _VENUE)
    return parsed.order if isinstance(parsed, _ForceOrder) else parsed


def _event(envelope: _Envelope) -> str:
    if envelope.event is not None:
        return envelope.event
    if envelope.last_update_id is not None:
        return "snapshot"
    return "bookTicker" if envelope.best_bid_amount is not ABSENT else ""  # spot sends best prices without a name


def infer_exchange(message: BinanceMessage) -> ExchangeId | None:
    """The venue that sends messages of this shape, None where both do."""
    match message:
        case BinanceTrade(spot=None, type=None):
            return None
        case BinanceTrade():
            return ExchangeId.BINANCE_SPOT if message.type is None else ExchangeId.BINANCE_FUTURES_USD
        case BinanceOrderBookL1():
            return ExchangeId.BINANCE_SPOT if message.time is None else ExchangeId.BINANCE_FUTURES_USD
        case BinanceOrderBookL2Update():
            return ExchangeId.BINANCE_SPOT if message.prev_last_update_id is None else ExchangeId.BINANCE_FUTURES_USD
        case BinanceOrderBookL2Snapshot():
            return ExchangeId.BINANCE_SPOT if message.time_engine is None else ExchangeId.BINANCE_FUTURES_USD
        case BinanceLiquidation():
            return ExchangeId.BINANCE_FUTURES_USD
