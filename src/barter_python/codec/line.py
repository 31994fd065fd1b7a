"""Market data lines, read more than twice as fast as by the general codec.

The two frequent kinds of event are parsed straight into what they become. Whatever does not fit exactly (another kind, another
spelling, a fault) is read again by the general codec, so both always give the same event or the same error.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from barter_python.codec.data import market_stream_event
from barter_python.codec.json import decode
from barter_python.codec.scalar import decimal, instant
from barter_python.data.book import Level
from barter_python.data.event import MarketEvent, MarketStreamEvent, OrderBookL1, PublicTrade
from barter_python.errors import DecodeError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex

__all__ = ["decode_market_line"]


class _Level(msgspec.Struct, gc=False):
    price: str
    amount: str


class _OrderBookL1(msgspec.Struct):
    last_update_time: str
    best_bid: _Level | None = None
    best_ask: _Level | None = None


class _Kind(msgspec.Struct, forbid_unknown_fields=True):
    Trade: PublicTrade | msgspec.UnsetType = msgspec.UNSET
    OrderBookL1: _OrderBookL1 | msgspec.UnsetType = msgspec.UNSET


class _Item(msgspec.Struct):
    time_exchange: str
    time_received: str
    exchange: ExchangeId
    instrument: int
    kind: _Kind


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    Item: _Item


_decode: Final = msgspec.json.Decoder(_Line).decode
_read_instant: Final = instant.read
_read_decimal: Final = decimal.read


def decode_market_line(line: bytes | bytearray | memoryview | str) -> MarketStreamEvent:
    """Read one line of a file of market stream events.

    Raises:
        DecodeError: The line is no JSON, or not an event; the message names the member.
    """
    try:
        item = _decode(line).Item
        kind = _kind(item.kind)
        if kind is not None and item.instrument >= 0:
            time = _read_instant(item.time_exchange)
            received = time if item.time_received == item.time_exchange else _read_instant(item.time_received)
            return MarketEvent(time, received, item.exchange, InstrumentIndex(item.instrument), kind)
    except (msgspec.DecodeError, DecodeError, UnicodeDecodeError, RecursionError):
        pass
    return decode(line, market_stream_event)


def _kind(kind: _Kind) -> PublicTrade | OrderBookL1 | None:
    trade, l1 = kind.Trade, kind.OrderBookL1
    if isinstance(l1, msgspec.UnsetType):
        return None if isinstance(trade, msgspec.UnsetType) else trade
    if not isinstance(trade, msgspec.UnsetType):
        return None
    return OrderBookL1(_read_instant(l1.last_update_time), _level(l1.best_bid), _level(l1.best_ask))


def _level(level: _Level | None) -> Level | None:
    if level is None:
        return None
    price: Decimal = _read_decimal(level.price)
    return Level(price, _read_decimal(level.amount))
