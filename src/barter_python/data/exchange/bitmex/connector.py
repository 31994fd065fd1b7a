"""Subscribing to BitMEX. Rust origin: barter_data::exchange::bitmex::{channel, market, subscription}, and its Connector.

Source: https://www.bitmex.com/app/wsAPI
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from barter_python.data.exchange.bitmex.decode import TRADES, decode, subscription_id
from barter_python.data.exchange.connector import (
    Accepted,
    Acknowledgement,
    Connector,
    ExchangeSub,
    Refused,
    StatelessTransformer,
)
from barter_python.data.exchange.venue_message import read
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.market_data import MarketDataInstrument, MarketDataPerpetual

__all__ = ["BITMEX", "acknowledge", "market", "requests"]

_NAMES: Final = {"BTC": "XBT"}


def market(instrument: MarketDataInstrument) -> str:
    """`XBTUSD`: upper case and the venue's own name of bitcoin."""
    base, quote = instrument.base.upper(), instrument.quote.upper()
    return f"{_NAMES.get(base, base)}{_NAMES.get(quote, quote)}"


def requests(subs: Sequence[ExchangeSub], time: datetime) -> list[str]:
    """One request for all, which the venue answers once for each."""
    if not subs:
        return []
    topics = [f"{sub.channel}:{sub.market}" for sub in subs]
    return [msgspec.json.encode({"op": "subscribe", "args": topics}).decode()]


class _Response(msgspec.Struct):
    success: bool | None = None
    subscribe: str = ""
    error: str | None = None


_response: Final = msgspec.json.Decoder(_Response).decode


def acknowledge(message: bytes) -> Acknowledgement | None:
    """What the message says about a subscription; None for data, the welcome and the answer to a ping.

    Raises:
        MarketDataError: The text is no JSON, or a member has another type.
    """
    if message == b"pong":
        return None
    response = read(_response, message, "BitMEX")
    if response.error is not None:
        return Refused(response.error)
    if response.success is None:
        return None
    return Accepted() if response.success else Refused(f"subscription to {response.subscribe} without success")


BITMEX: Final = Connector(
    exchange=ExchangeId.BITMEX,
    url="wss://ws.bitmex.com/realtime",
    instrument_kinds=(MarketDataPerpetual,),
    channels={SubKind.PUBLIC_TRADES: TRADES},
    market=market,
    requests=requests,
    acknowledge=acknowledge,
    subscription_id=subscription_id,
    transformer=partial(StatelessTransformer, decode),
)
