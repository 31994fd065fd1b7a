"""From a message of Bybit to market events: pure functions of the message and the time it was received.

Rust origin: the `From` implementations in barter_data::exchange::bybit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from barter_python.data.book import OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import OrderBookL1, PublicTrade
from barter_python.data.exchange.bybit.message import ORDER_BOOK_L1, BybitBook, BybitMessage, BybitTrade, BybitTrades, parse
from barter_python.data.exchange.named import DecodedMarketEvent, NamedMarketEvent
from barter_python.data.exchange.venue_message import (
    convert_each,
    time_from_milliseconds,
    to_amount,
    to_levels,
    to_price,
    to_side,
)
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = ["decode", "decode_message", "order_book", "order_book_l1"]

_SIDES: Final = {"Buy": Side.BUY, "Sell": Side.SELL}


def decode(message: bytes, time_received: datetime, exchange: ExchangeId) -> list[DecodedMarketEvent]:
    """Decode one message of a stream, whatever its sequence; see `transformer` for which book updates may be applied.

    Args:
        message: JSON.
        time_received: Aware UTC.
        exchange: BYBIT_SPOT or BYBIT_PERPETUALS_USD.

    Returns:
        The events in order, the errors of bad trades among them. Nothing for answers to requests and pings, for other topics, and
        for changes of the best prices, which mean nothing without the prices before them.

    Raises:
        MarketDataError: The message is malformed, or a level of a book is impossible.
    """
    parsed = parse(message)
    return [] if parsed is None else decode_message(parsed, time_received, exchange)


def decode_message(message: BybitMessage, time_received: datetime, exchange: ExchangeId) -> list[DecodedMarketEvent]:
    """Like `decode`, for a message that was parsed before."""
    name = InstrumentNameExchange(message.market)
    if isinstance(message, BybitTrades):
        return convert_each(
            message.trades,
            lambda trade: NamedMarketEvent(time_from_milliseconds(trade.time), time_received, exchange, name, _trade(trade)),
        )
    time, book = time_from_milliseconds(message.time), order_book(message)
    if message.channel == ORDER_BOOK_L1:
        kind = order_book_l1(book, time) if message.is_snapshot else None
        return [] if kind is None else [NamedMarketEvent(time, time_received, exchange, name, kind)]
    event = OrderBookSnapshot(book) if message.is_snapshot else OrderBookUpdate(book)
    return [NamedMarketEvent(time, time_received, exchange, name, event)]


def order_book(message: BybitBook) -> OrderBook:
    """The levels of a message. The engine's time is that of the message where the venue does not tell it.

    Raises:
        MarketDataError: A price or an amount is impossible.
    """
    time_engine = message.time if message.time_engine is None else message.time_engine
    return OrderBook(
        message.sequence,
        time_from_milliseconds(time_engine),
        to_levels(message.bids),
        to_levels(message.asks),
    )


def order_book_l1(book: OrderBook, time: datetime) -> OrderBookL1:
    """The best prices of a book as of `time`."""
    return OrderBookL1(time, book.bids.best(), book.asks.best())


def _trade(trade: BybitTrade) -> PublicTrade:
    return PublicTrade(trade.id, to_price(trade.price), to_amount(trade.amount), to_side(trade.side, _SIDES))
