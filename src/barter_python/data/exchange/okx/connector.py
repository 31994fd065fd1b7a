"""Subscribing to OKX. Rust origin: barter_data::exchange::okx::{channel, market, subscription}, and its Connector.

Source: https://www.okx.com/docs-v5/en/#overview-websocket-subscribe and .../#overview-websocket-connect
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import msgspec

from barter_python.data.exchange.connector import (
    Accepted,
    Acknowledgement,
    Connector,
    ExchangeSub,
    PingInterval,
    Refused,
    StatelessTransformer,
)
from barter_python.data.exchange.okx.decode import PONG, TRADES, decode, subscription_id
from barter_python.data.exchange.venue_message import read
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import OptionKind, Spot
from barter_python.instrument.market_data import (
    MarketDataFutureContract,
    MarketDataInstrument,
    MarketDataOptionContract,
    MarketDataPerpetual,
)

__all__ = ["OKX", "acknowledge", "announces_end", "market", "requests"]

_SUBS_MAX: Final = 500
"""Subscriptions in one request, of which the venue takes 64 KB."""

_WILL_BE_CLOSED: Final = "64008"
"""Code of a notice: the connection will soon be closed for an upgrade."""

_OPTION_LETTERS: Final = {OptionKind.CALL: "C", OptionKind.PUT: "P"}


def market(instrument: MarketDataInstrument) -> str:
    """`BTC-USDT`, `BTC-USDT-SWAP`, `BTC-USD-230526` or `BTC-USD-230526-35000-C`.

    Rust writes the year of the ISO week, which is another one in the last days of some years.
    """
    pair = f"{instrument.base}-{instrument.quote}".upper()
    match instrument.kind:
        case Spot():
            return pair
        case MarketDataPerpetual():
            return f"{pair}-SWAP"
        case MarketDataFutureContract(expiry=expiry):
            return f"{pair}-{expiry:%y%m%d}"
        case MarketDataOptionContract(kind=kind, expiry=expiry, strike=strike):
            return f"{pair}-{expiry:%y%m%d}-{strike:f}-{_OPTION_LETTERS[kind]}"


def requests(subs: Sequence[ExchangeSub], time: datetime) -> list[str]:
    """One request, or several where it would be too long."""
    arguments = [{"channel": sub.channel, "instId": sub.market} for sub in subs]
    chunks = [arguments[start : start + _SUBS_MAX] for start in range(0, len(arguments), _SUBS_MAX)]
    return [msgspec.json.encode({"op": "subscribe", "args": chunk}).decode() for chunk in chunks]


class _Response(msgspec.Struct):
    event: str | None = None
    code: str = ""
    msg: str = ""


_response: Final = msgspec.json.Decoder(_Response).decode


def acknowledge(message: bytes) -> Acknowledgement | None:
    """What the message says about a subscription; None for data, notices and the answer to a ping.

    Raises:
        MarketDataError: The text is no JSON, or a member has another type.
    """
    if message == PONG:
        return None
    response = read(_response, message, "OKX")
    if response.event == "subscribe":
        return Accepted()
    return Refused(f"code {response.code}: {response.msg}") if response.event == "error" else None


def announces_end(message: bytes) -> bool:
    """Whether the message is the notice that the connection will be closed.

    Raises:
        MarketDataError: The text is no JSON, or a member has another type.
    """
    if message == PONG:
        return False
    response = read(_response, message, "OKX")
    return response.event == "notice" and response.code == _WILL_BE_CLOSED


OKX: Final = Connector(
    exchange=ExchangeId.OKX,
    url="wss://ws.okx.com/ws/v5/public",
    instrument_kinds=(Spot, MarketDataFutureContract, MarketDataPerpetual, MarketDataOptionContract),
    channels={SubKind.PUBLIC_TRADES: TRADES},
    market=market,
    requests=requests,
    acknowledge=acknowledge,
    subscription_id=subscription_id,
    transformer=partial(StatelessTransformer, decode),
    announces_end=announces_end,
    # The venue closes a connection on which nothing happened for 30 s.
    ping_interval=PingInterval(timedelta(seconds=29), "ping"),
)
