"""Subscribing to Binance. Rust origin: barter_data::exchange::binance::{channel, market, subscription}, and its Connectors.

Since 2026-04-23 the websocket of USD-M has two addresses, each with streams of its own; the one before them acknowledges every
subscription and sends nothing. Sources differ on where `@trade` belongs: what is silent at one is asked for at the other too.

Source: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from barter_python.data.exchange.binance.message import (
    BinanceLiquidation,
    BinanceOrderBookL1,
    BinanceOrderBookL2Snapshot,
    BinanceOrderBookL2Update,
    BinanceTrade,
    event_name,
    parse,
)
from barter_python.data.exchange.binance.transformer import BinanceTransformer
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Connector, ExchangeSub, Refused, one_response
from barter_python.data.exchange.venue_message import ABSENT, read
from barter_python.data.subscription import SubKind, SubscriptionId
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument, MarketDataPerpetual

__all__ = [
    "BINANCE_FUTURES_USD",
    "BINANCE_SPOT",
    "LIQUIDATIONS",
    "ORDER_BOOK_L1",
    "ORDER_BOOK_L2",
    "TRADES",
    "acknowledge",
    "announces_end",
    "market",
    "requests",
    "snapshot_url",
    "subscription_id",
]

TRADES: Final = "@trade"
ORDER_BOOK_L1: Final = "@bookTicker"
ORDER_BOOK_L2: Final = "@depth@100ms"
LIQUIDATIONS: Final = "@forceOrder"

_SNAPSHOT_LEVELS: Final = 1000
"""On each side. Rust asks for 100, and never learns of levels below them that do not change."""

_CHANNELS: Final = {
    BinanceTrade: TRADES,
    BinanceOrderBookL1: ORDER_BOOK_L1,
    BinanceOrderBookL2Update: ORDER_BOOK_L2,
    BinanceLiquidation: LIQUIDATIONS,
}


def market(instrument: MarketDataInstrument) -> str:
    """`BTCUSDT`."""
    return f"{instrument.base}{instrument.quote}".upper()


def requests(subs: Sequence[ExchangeSub], time: datetime) -> list[str]:
    """One request for all. Streams are named in lower case, messages name the symbol in upper case."""
    if not subs:
        return []
    streams = [sub.market.lower() + sub.channel for sub in subs]
    return [msgspec.json.encode({"method": "SUBSCRIBE", "params": streams, "id": 1}).decode()]


class _Error(msgspec.Struct):
    code: int | None = None
    msg: str = ""


class _Response(msgspec.Struct):
    """An error names its code inside `error`, or at the top without the `id`."""

    id: int | None = None
    result: msgspec.Raw = ABSENT
    error: _Error | None = None
    code: int | None = None
    msg: str = ""


_response: Final = msgspec.json.Decoder(_Response).decode


def acknowledge(message: bytes) -> Acknowledgement | None:
    """What the message says about the request; None for data.

    Raises:
        MarketDataError: The text is no JSON, or a member has another type.
    """
    response = read(_response, message, "Binance")
    if response.error is not None:
        return Refused(f"code {response.error.code}: {response.error.msg}")
    if response.code is not None:
        return Refused(f"code {response.code}: {response.msg}")
    if response.id is None or response.result is ABSENT:
        return None
    result = bytes(response.result)
    return Accepted() if result == b"null" else Refused(f"result is {result.decode()}, expected null")


def announces_end(message: bytes) -> bool:
    """Whether the server is about to be shut down (`serverShutdown`).

    Raises:
        MarketDataError: The text is no JSON.
    """
    return event_name(message) == "serverShutdown"


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The subscription that the message has data of, None where it has none.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    parsed = parse(message)
    if parsed is None or isinstance(parsed, BinanceOrderBookL2Snapshot):
        return None
    return SubscriptionId(f"{_CHANNELS[type(parsed)]}|{parsed.symbol}")


def snapshot_url(url: str, market: str) -> str:
    """Where to get the book of a market."""
    return f"{url}?symbol={market}&limit={_SNAPSHOT_LEVELS}"


_connector: Final = partial(
    Connector,
    market=market,
    requests=requests,
    acknowledge=acknowledge,
    subscription_id=subscription_id,
    expected_responses=one_response,
    announces_end=announces_end,
)
_SPOT_CHANNELS: Final = {
    SubKind.PUBLIC_TRADES: TRADES,
    SubKind.ORDER_BOOKS_L1: ORDER_BOOK_L1,
    SubKind.ORDER_BOOKS_L2: ORDER_BOOK_L2,
}

_PUBLIC: Final = "wss://fstream.binance.com/public/ws"
_MARKET: Final = "wss://fstream.binance.com/market/ws"
_FUTURES_USD_URLS: Final = {
    SubKind.PUBLIC_TRADES: (_PUBLIC, _MARKET),
    SubKind.ORDER_BOOKS_L1: (_PUBLIC, _MARKET),
    SubKind.ORDER_BOOKS_L2: (_PUBLIC, _MARKET),
    SubKind.LIQUIDATIONS: (_MARKET, _PUBLIC),
}
"""Where each kind of data is asked for, and where else if nothing comes."""

BINANCE_SPOT: Final = _connector(
    exchange=ExchangeId.BINANCE_SPOT,
    url="wss://stream.binance.com:9443/ws",
    instrument_kinds=(Spot,),
    channels=_SPOT_CHANNELS,
    transformer=partial(BinanceTransformer, ExchangeId.BINANCE_SPOT),
    snapshot_url=partial(snapshot_url, "https://api.binance.com/api/v3/depth"),
)

BINANCE_FUTURES_USD: Final = _connector(
    exchange=ExchangeId.BINANCE_FUTURES_USD,
    url=_PUBLIC,
    urls=_FUTURES_USD_URLS,
    instrument_kinds=(MarketDataPerpetual,),
    channels={**_SPOT_CHANNELS, SubKind.LIQUIDATIONS: LIQUIDATIONS},
    transformer=partial(BinanceTransformer, ExchangeId.BINANCE_FUTURES_USD),
    snapshot_url=partial(snapshot_url, "https://fapi.binance.com/fapi/v1/depth"),
)
