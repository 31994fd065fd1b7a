"""Subscribing to Coinbase Exchange. Rust origin: barter_data::exchange::coinbase::{channel, market, subscription}.

Source: https://docs.cdp.coinbase.com/exchange/websocket-feed/overview
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from barter_python.data.exchange.coinbase.decode import TRADES, decode, subscription_id
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
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument

__all__ = ["COINBASE", "acknowledge", "market", "requests"]


def market(instrument: MarketDataInstrument) -> str:
    """`BTC-USD`."""
    return f"{instrument.base}-{instrument.quote}".upper()


def requests(subs: Sequence[ExchangeSub], time: datetime) -> list[str]:
    """One request for each subscription."""
    return [
        msgspec.json.encode({"type": "subscribe", "product_ids": [sub.market], "channels": [sub.channel]}).decode()
        for sub in subs
    ]


class _Response(msgspec.Struct):
    type: str
    message: str = ""
    reason: str = ""


_response: Final = msgspec.json.Decoder(_Response).decode


def acknowledge(message: bytes) -> Acknowledgement | None:
    """What the message says about a request; None for data.

    Raises:
        MarketDataError: The text is no JSON, or has no `type`.
    """
    response = read(_response, message, "Coinbase")
    if response.type == "subscriptions":
        return Accepted()
    if response.type != "error":
        return None
    # The reason is left out of some errors.
    return Refused(response.reason or response.message or "without a reason")


COINBASE: Final = Connector(
    exchange=ExchangeId.COINBASE,
    url="wss://ws-feed.exchange.coinbase.com",
    instrument_kinds=(Spot,),
    channels={SubKind.PUBLIC_TRADES: TRADES},
    market=market,
    requests=requests,
    acknowledge=acknowledge,
    subscription_id=subscription_id,
    transformer=partial(StatelessTransformer, decode),
)
