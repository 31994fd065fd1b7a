"""Subscribing to Kraken. Rust origin: barter_data::exchange::kraken::{channel, market, subscription}, and its Connector.

Source: https://docs.kraken.com/api/docs/websocket-v1/subscribe and .../subscriptionstatus
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from barter_python.data.exchange.connector import (
    Accepted,
    Acknowledgement,
    Connector,
    ExchangeSub,
    Refused,
    StatelessTransformer,
)
from barter_python.data.exchange.kraken.decode import decode
from barter_python.data.exchange.kraken.message import ORDER_BOOK_L1, TRADES, parse_event, subscription_id
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument

__all__ = ["KRAKEN", "acknowledge", "market", "requests"]

_NAMES: Final = {"BTC": "XBT", "DOGE": "XDG", "STR": "XLM"}
"""What messages say where a pair was subscribed under one of the venue's aliases."""


def market(instrument: MarketDataInstrument) -> str:
    """`XBT/USD`: upper case and the venue's own asset names, as messages have them. Rust's `btc/usd` matches no message."""
    base, quote = instrument.base.upper(), instrument.quote.upper()
    return f"{_NAMES.get(base, base)}/{_NAMES.get(quote, quote)}"


def requests(subs: Sequence[ExchangeSub], time: datetime) -> list[str]:
    """One request for each subscription."""
    return [
        msgspec.json.encode({"event": "subscribe", "pair": [sub.market], "subscription": {"name": sub.channel}}).decode()
        for sub in subs
    ]


def acknowledge(message: bytes) -> Acknowledgement | None:
    """What the message says about a subscription; None for data, heartbeats and the status of the system.

    Raises:
        MarketDataError: The text is no JSON, or has no `event`.
    """
    event = parse_event(message)
    if event is None:
        return None
    if event.event == "error" or (event.event == "subscriptionStatus" and event.status == "error"):
        return Refused(event.error_message or "without a reason")
    return Accepted() if event.event == "subscriptionStatus" and event.status == "subscribed" else None


KRAKEN: Final = Connector(
    exchange=ExchangeId.KRAKEN,
    url="wss://ws.kraken.com/",
    instrument_kinds=(Spot,),
    channels={SubKind.PUBLIC_TRADES: TRADES, SubKind.ORDER_BOOKS_L1: ORDER_BOOK_L1},
    market=market,
    requests=requests,
    acknowledge=acknowledge,
    subscription_id=subscription_id,
    transformer=partial(StatelessTransformer, decode),
)
