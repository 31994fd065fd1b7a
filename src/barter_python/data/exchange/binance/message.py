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
from typing import Annotated, Final, TypeAlias

import msgspec

from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId

__all__ = [
    "BinanceLiquidation",
    "BinanceMessage",
    "BinanceOrderBookL1",
    "BinanceOrderBookL2Snapshot",
    "BinanceOrderBookL2Update",
    "BinanceTrade",
    "infer_exchange",
    "parse",
]

_Milliseconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=253_402_300_800_000)]
"""Unix time, before the year 10000."""

_Levels: TypeAlias = list[tuple[str, str]]
"""Price and amount."""


class BinanceTrade(
    msgspec.Struct,
    gc=False,
    rename={"symbol": "s", "id": "t", "price": "p", "amount": "q", "time": "T", "buyer_is_maker": "m", "type": "X", "spot": "M"},
):
    """A trade. `type` (futures only) is `MARKET`, `LIQUIDATION`, `INSURANCE_FUND`, `ADL` or `NA`; only spot sends `spot`."""

    symbol: str
    id: int
    price: str
    amount: str
    time: _Milliseconds
    buyer_is_maker: bool
    type: str | None = None
    spot: bool | None = None


class BinanceOrderBookL1(
    msgspec.Struct,
    gc=False,
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

    symbol: str
    best_bid_price: str
    best_bid_amount: str
    best_ask_price: str
    best_ask_amount: str
    time: _Milliseconds | None = None


class BinanceOrderBookL2Update(
    msgspec.Struct,
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

    symbol: str
    time_exchange: _Milliseconds
    first_update_id: int
    last_update_id: int
    bids: _Levels
    asks: _Levels
    time_engine: _Milliseconds | None = None
    prev_last_update_id: int | None = None


class BinanceOrderBookL2Snapshot(
    msgspec.Struct, rename={"last_update_id": "lastUpdateId", "time_exchange": "E", "time_engine": "T"}
):
    """The whole book. It does not name its symbol. Both times are None on spot."""

    last_update_id: int
    bids: _Levels
    asks: _Levels
    time_exchange: _Milliseconds | None = None
    time_engine: _Milliseconds | None = None


class BinanceLiquidation(
    msgspec.Struct, gc=False, rename={"symbol": "s", "side": "S", "price": "p", "quantity": "q", "time": "T"}
):
    """The order that closes a position by force. `side` is `BUY` or `SELL`."""

    symbol: str
    side: str
    price: str
    quantity: str
    time: _Milliseconds


class _ForceOrder(msgspec.Struct, rename={"order": "o"}):
    order: BinanceLiquidation


BinanceMessage: TypeAlias = (
    BinanceTrade | BinanceOrderBookL1 | BinanceOrderBookL2Update | BinanceOrderBookL2Snapshot | BinanceLiquidation
)


_ABSENT: Final = msgspec.Raw()


class _Envelope(msgspec.Struct, rename={"event": "e", "last_update_id": "lastUpdateId", "best_bid_amount": "B"}):
    """What tells messages apart; combined streams wrap the message into `data`."""

    data: msgspec.Raw = _ABSENT
    event: str | None = None
    last_update_id: int | None = None
    best_bid_amount: msgspec.Raw = _ABSENT


_envelope: Final = msgspec.json.Decoder(_Envelope)

_DECODERS: Final[Mapping[str, Callable[[bytes], BinanceMessage | _ForceOrder]]] = {
    "trade": msgspec.json.Decoder(BinanceTrade).decode,
    "bookTicker": msgspec.json.Decoder(BinanceOrderBookL1).decode,
    "depthUpdate": msgspec.json.Decoder(BinanceOrderBookL2Update).decode,
    "snapshot": msgspec.json.Decoder(BinanceOrderBookL2Snapshot).decode,
    "forceOrder": msgspec.json.Decoder(_ForceOrder).decode,
}


def parse(message: bytes) -> BinanceMessage | None:
    """Read one message, wrapped by a combined stream or not.

    Returns:
        The message, or None for what is no market data of a known kind: answers to subscriptions, other streams.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    try:
        envelope = _envelope.decode(message)
        if envelope.data is not _ABSENT:
            message = bytes(envelope.data)
            envelope = _envelope.decode(message)
        read = _DECODERS.get(_event(envelope))
        if read is None:
            return None
        parsed = read(message)
    # Text that is no UTF-8, and lists in lists without end, are no errors of msgspec.
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MarketDataError(f"not a message of Binance: {error}") from error
    return parsed.order if isinstance(parsed, _ForceOrder) else parsed


def _event(envelope: _Envelope) -> str:
    if envelope.event is not None:
        return envelope.event
    if envelope.last_update_id is not None:
        return "snapshot"
    return "bookTicker" if envelope.best_bid_amount is not _ABSENT else ""  # spot sends best prices without a name


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
