"""Subscribing to Bitfinex. Rust origin: barter_data::exchange::bitfinex::{channel, market, subscription, validator}.

Source: https://docs.bitfinex.com/docs/ws-general
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from barter_python.data.exchange.bitfinex.decode import BitfinexTransformer, subscription_id
from barter_python.data.exchange.bitfinex.message import TRADES, parse_event
from barter_python.data.exchange.connector import Accepted, Acknowledgement, Connector, ExchangeSub, Refused
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import Spot
from barter_python.instrument.market_data import MarketDataInstrument

__all__ = ["BITFINEX", "acknowledge", "announces_end", "market", "requests"]

_NAMES: Final = {"USDT": "UST"}
_RECONNECT: Final = (20051, 20061)
"""Codes of `info`: the server is stopped or restarted; a maintenance has ended, and all channels have to be subscribed again."""

_SHORT: Final = 3
"""Longest name of an asset that is joined without a colon."""


def market(instrument: MarketDataInstrument) -> str:
    """`tBTCUSD`, `tBTCUST`, and `tDUSK:USD` where a name is longer than three letters."""
    base, quote = (_NAMES.get(name.upper(), name.upper()) for name in (instrument.base, instrument.quote))
    separator = ":" if max(len(base), len(quote)) > _SHORT else ""
    return f"t{base}{separator}{quote}"


def requests(subs: Sequence[ExchangeSub], time: datetime) -> list[str]:
    """One request for each subscription."""
    return [msgspec.json.encode({"event": "subscribe", "channel": sub.channel, "symbol": sub.market}).decode() for sub in subs]


def acknowledge(message: bytes) -> Acknowledgement | None:
    """What the message says about a request; None for data and for a platform in operation.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    event = parse_event(message)
    if event is None:
        return None
    match event.event:
        case "subscribed":
            return Accepted()
        case "error":
            return Refused(f"code {event.code}: {event.message}")
        case "info" if event.platform is not None and event.platform.status == 0:
            return Refused(f"version {event.version} of server {event.server_id} is in maintenance")
    return None


def announces_end(message: bytes) -> bool:
    """Whether the server asks for a new connection.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    event = parse_event(message)
    return event is not None and event.event == "info" and event.code in _RECONNECT


BITFINEX: Final = Connector(
    exchange=ExchangeId.BITFINEX,
    url="wss://api-pub.bitfinex.com/ws/2",
    instrument_kinds=(Spot,),
    channels={SubKind.PUBLIC_TRADES: TRADES},
    market=market,
    requests=requests,
    acknowledge=acknowledge,
    subscription_id=subscription_id,
    transformer=BitfinexTransformer,
    announces_end=announces_end,
)
