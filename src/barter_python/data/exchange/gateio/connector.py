"""Subscribing to Gate.io. Rust origin: barter_data::exchange::gateio::{channel, market, subscription}, and its Connectors.

Source: the four websocket pages named in `decode`.
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
from barter_python.data.exchange.gateio.decode import FUTURE_TRADES, OPTION_TRADES, SPOT_TRADES, decode, subscription_id
from barter_python.data.exchange.venue_message import ABSENT, read
from barter_python.data.subscription import SubKind
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.kind import OptionKind, Spot
from barter_python.instrument.market_data import (
    MarketDataFutureContract,
    MarketDataInstrument,
    MarketDataInstrumentKind,
    MarketDataOptionContract,
    MarketDataPerpetual,
)

__all__ = ["GATEIO", "acknowledge", "announces_end", "market", "requests"]

_DECIMAL_SIZES: Final = {"X-Gate-Size-Decimal": "1"}
"""Sizes of contracts as text with decimals. Else they are cut: a trade of less than one contract has size 0."""

_UPGRADE: Final = "upgrade"
"""The type of the notice that the connection will be closed."""

_OPTION_LETTERS: Final = {OptionKind.CALL: "C", OptionKind.PUT: "P"}


def market(instrument: MarketDataInstrument) -> str:
    """`BTC_USDT`, `BTC_USDT_20230630` or `BTC_USDT-20211231-59800-C`.

    Rust puts `_QUARTERLY` into the name of a future, which no contract of the venue has any more.
    """
    pair = f"{instrument.base}_{instrument.quote}".upper()
    match instrument.kind:
        case MarketDataFutureContract(expiry=expiry):
            return f"{pair}_{expiry:%Y%m%d}"
        case MarketDataOptionContract(kind=kind, expiry=expiry, strike=strike):
            return f"{pair}-{expiry:%Y%m%d}-{strike:f}-{_OPTION_LETTERS[kind]}"
    return pair


def requests(subs: Sequence[ExchangeSub], time: datetime) -> list[str]:
    """One request for each subscription, stamped in seconds. Rust stamps milliseconds, 50,000 years ahead."""
    seconds = int(time.timestamp())
    return [
        msgspec.json.encode({"time": seconds, "channel": sub.channel, "event": "subscribe", "payload": [sub.market]}).decode()
        for sub in subs
    ]


class _Error(msgspec.Struct):
    code: int
    message: str


class _Response(msgspec.Struct):
    channel: str
    event: str | None = None
    error: _Error | None = None
    result: msgspec.Raw = ABSENT


_response: Final = msgspec.json.Decoder(_Response).decode


def acknowledge(message: bytes) -> Acknowledgement | None:
    """What the message says about a request; None for data and for the answer to a ping.

    Raises:
        MarketDataError: The text is no JSON, or has no `channel`.
    """
    response = read(_response, message, "Gate.io")
    if response.error is not None:
        return Refused(f"code {response.error.code}: {response.error.message}")
    return Accepted() if response.event == "subscribe" else None


class _Notice(msgspec.Struct):
    type: str | None = None


_notice: Final = msgspec.json.Decoder(_Notice).decode


def announces_end(message: bytes) -> bool:
    """Whether the message is the notice that the connection will be closed for an upgrade.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    response = read(_response, message, "Gate.io")
    if response.event != "update" or not response.channel.endswith(".system"):
        return False
    return read(_notice, response.result, "Gate.io", "result").type == _UPGRADE


def _connector(exchange: ExchangeId, url: str, instrument_kind: type[MarketDataInstrumentKind], channel: str) -> Connector:
    return Connector(
        exchange=exchange,
        url=url,
        instrument_kinds=(instrument_kind,),
        channels={SubKind.PUBLIC_TRADES: channel},
        market=market,
        requests=requests,
        acknowledge=acknowledge,
        subscription_id=subscription_id,
        transformer=partial(StatelessTransformer, partial(decode, exchange=exchange)),
        announces_end=announces_end,
        headers={} if instrument_kind is Spot else _DECIMAL_SIZES,
    )


GATEIO: Final = (
    _connector(ExchangeId.GATEIO_SPOT, "wss://api.gateio.ws/ws/v4/", Spot, SPOT_TRADES),
    _connector(
        ExchangeId.GATEIO_FUTURES_USD, "wss://fx-ws.gateio.ws/v4/ws/delivery/usdt", MarketDataFutureContract, FUTURE_TRADES
    ),
    _connector(
        ExchangeId.GATEIO_FUTURES_BTC, "wss://fx-ws.gateio.ws/v4/ws/delivery/btc", MarketDataFutureContract, FUTURE_TRADES
    ),
    _connector(ExchangeId.GATEIO_PERPETUALS_USD, "wss://fx-ws.gateio.ws/v4/ws/usdt", MarketDataPerpetual, FUTURE_TRADES),
    _connector(ExchangeId.GATEIO_PERPETUALS_BTC, "wss://fx-ws.gateio.ws/v4/ws/btc", MarketDataPerpetual, FUTURE_TRADES),
    _connector(ExchangeId.GATEIO_OPTIONS, "wss://op-ws.gateio.live/v4/ws", MarketDataOptionContract, OPTION_TRADES),
)
"""Each server of the venue."""
