"""Codecs of market data. Rust origin: barter-data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, cast

from barter_python.codec.collection import result
from barter_python.codec.foreign import data_error
from barter_python.codec.instrument import exchange_id, instrument_index, side
from barter_python.codec.scalar import decimal, instant, number, text, unsigned
from barter_python.codec.shape import Codec, addition, convert, member, option, sequence, struct, union, variant
from barter_python.data.book import Level, OrderBook, OrderBookEvent, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import (
    Candle,
    DataKind,
    Liquidation,
    MarketEvent,
    MarketReconnecting,
    MarketStreamEvent,
    OrderBookL1,
    PublicTrade,
)

__all__ = [
    "candle",
    "data_kind",
    "level",
    "liquidation",
    "market_event",
    "market_event_of",
    "market_stream_event",
    "market_stream_result",
    "order_book",
    "order_book_event",
    "order_book_l1",
    "public_trade",
]

_MILLISECOND: Final = timedelta(milliseconds=1)

public_trade: Final = struct(PublicTrade, id=text, price=number, amount=number, side=side)
level: Final = struct(Level, price=decimal, amount=decimal)
order_book_l1: Final = struct(OrderBookL1, last_update_time=instant, best_bid=option(level), best_ask=option(level))
_milliseconds: Final = convert(unsigned, lambda count: timedelta(milliseconds=count), lambda time: time // _MILLISECOND)
candle: Final = struct(
    Candle,
    close_time=instant,
    open=number,
    high=number,
    low=number,
    close=number,
    volume=number,
    trade_count=unsigned,
    interval=addition(option(_milliseconds)),
)
liquidation: Final = struct(Liquidation, side=side, price=number, quantity=number, time=instant)


# Rust leaves `side` out when writing but demands it when reading: it is written so that Rust can read, and not looked at.
_levels: Final = struct(lambda levels: levels, levels=member(sequence(level), lambda side_: side_.levels))
_book_side: Final[Codec[Any]] = Codec(
    _levels.read, lambda value: {"side": None, **cast("dict[str, object]", _levels.write(value))}
)

order_book: Final = struct(
    OrderBook.as_received, sequence=unsigned, time_engine=option(instant), bids=_book_side, asks=_book_side
)
order_book_event: Final[Codec[OrderBookEvent]] = union(
    variant("Snapshot", convert(order_book, OrderBookSnapshot, lambda event: event.book), OrderBookSnapshot),
    variant("Update", convert(order_book, OrderBookUpdate, lambda event: event.book), OrderBookUpdate),
)
data_kind: Final[Codec[DataKind]] = union(
    variant("Trade", public_trade, PublicTrade),
    variant("OrderBookL1", order_book_l1, OrderBookL1),
    variant("OrderBook", order_book_event, OrderBookSnapshot, OrderBookUpdate),
    variant("Candle", candle, Candle),
    variant("Liquidation", liquidation, Liquidation),
)


def market_event_of(instrument: Codec[Any], kind: Codec[Any]) -> Codec[MarketEvent]:
    """A market event that names its instrument and its data in the form of these codecs."""
    return struct(
        MarketEvent, time_exchange=instant, time_received=instant, exchange=exchange_id, instrument=instrument, kind=kind
    )


market_event: Final = market_event_of(instrument_index, data_kind)
"""A market event inside the engine, which names its instrument by index."""

_reconnecting: Final[Codec[MarketReconnecting]] = convert(exchange_id, MarketReconnecting, lambda event: event.exchange)

market_stream_event: Final[Codec[MarketStreamEvent]] = union(
    variant("Item", market_event, MarketEvent), variant("Reconnecting", _reconnecting, MarketReconnecting)
)
"""An event of a market data stream. Files of such events have one on each line."""

market_stream_result: Final[Codec[MarketStreamEvent | Any]] = union(
    variant("Item", result(market_event, data_error, MarketEvent)),
    variant("Reconnecting", _reconnecting, MarketReconnecting),
)
"""An event of a market data stream, or the error in its place; an error is read as a plain document, see `codec.foreign`."""
