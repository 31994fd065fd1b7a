"""Subscribing to Bybit. Rust origin: barter_data::exchange::bybit::{channel, market, subscription}, and its Connector.

Source: https://bybit-exchange.github.io/docs/v5/ws/connect
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import msgspec

from barter_python.data.exchange.bybit.message import ORDER_BOOK_L1, ORDER_BOOK_L2, TRADES, subscription_id
from barter_python.data.exchange.bybit.transformer import BybitTransformer
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Connector, ExchangeSub, PingInterval, Refused
from barter_python.data.exchange.venue_message import read
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument, MarketDataPerpetual

__all__ = ["BYBIT_PERPETUALS_USD", "BYBIT_SPOT", "acknowledge", "expected_responses", "market", "requests"]

_TOPICS_MAX: Final = 10
"""Topics in one request: spot refuses more."""


def market(instrument: MarketDataInstrument) -> str:
    """`BTCUSDT`."""
    return f"{instrument.base}{instrument.quote}".upper()


def requests(subs: Sequence[ExchangeSub], time: datetime) -> list[str]:
    """One request for every ten subscriptions."""
    topics = [f"{sub.channel}.{sub.market}" for sub in subs]
    chunks = [topics[start : start + _TOPICS_MAX] for start in range(0, len(topics), _TOPICS_MAX)]
    return [msgspec.json.encode({"op": "subscribe", "args": chunk}).decode() for chunk in chunks]


def expected_responses(subs: Sequence[ExchangeSub]) -> int:
    """One for each request."""
    return -(-len(subs) // _TOPICS_MAX)


class _Response(msgspec.Struct):
    success: bool | None = None
    ret_msg: str | None = None
    op: str | None = None


_response: Final = msgspec.json.Decoder(_Response).decode


def acknowledge(message: bytes) -> Acknowledgement | None:
    """What the message says about a request; None for data and for the answer to a ping.

    Raises:
        MarketDataError: The text is no JSON, or a member has another type.
    """
    response = read(_response, message, "Bybit")
    if response.success is None:
        return None
    if not response.success:
        return Refused(response.ret_msg or "without a reason")
    return None if response.ret_msg == "pong" or response.op in ("ping", "pong") else Accepted()


_connector: Final = partial(
    Connector,
    channels={
        SubKind.PUBLIC_TRADES: TRADES,
        SubKind.ORDER_BOOKS_L1: ORDER_BOOK_L1,
        SubKind.ORDER_BOOKS_L2: ORDER_BOOK_L2,
    },
    market=market,
    requests=requests,
    acknowledge=acknowledge,
    subscription_id=subscription_id,
    expected_responses=expected_responses,
    # The venue asks for 20 s at most; Rust's 5 s tell sooner that a connection is dead.
    ping_interval=PingInterval(timedelta(seconds=5), '{"op":"ping"}'),
)

BYBIT_SPOT: Final = _connector(
    exchange=ExchangeId.BYBIT_SPOT,
    url="wss://stream.bybit.com/v5/public/spot",
    instrument_kinds=(Spot,),
    transformer=partial(BybitTransformer, ExchangeId.BYBIT_SPOT),
)

BYBIT_PERPETUALS_USD: Final = _connector(
    exchange=ExchangeId.BYBIT_PERPETUALS_USD,
    url="wss://stream.bybit.com/v5/public/linear",
    instrument_kinds=(MarketDataPerpetual,),
    transformer=partial(BybitTransformer, ExchangeId.BYBIT_PERPETUALS_USD),
)
