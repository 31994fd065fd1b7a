"""From a message of Binance to a market event: pure functions of the message and the time it was received.

Rust origin: the `From` implementations in barter_data::exchange::binance.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import DataKind, Liquidation, OrderBookL1, PublicTrade
from barter_python.data.exchange.binance.message import (
    BinanceLiquidation,
    BinanceOrderBookL1,
    BinanceOrderBookL2Snapshot,
    BinanceOrderBookL2Update,
    BinanceTrade,
    parse,
)
from barter_python.data.exchange.decimal_text import AMOUNTS, PRICES
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.exchange.venue_message import time_from_milliseconds, to_amount, to_levels, to_price, to_side
from barter_python.errors import MarketDataError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side

__all__ = ["decode", "decode_message", "decode_snapshot"]

_BUY: Final = Side.BUY
_SELL: Final = Side.SELL
_SIDES: Final = {"BUY": _BUY, "SELL": _SELL}
# Settled between the venue and a trader, at prices that nobody could have traded at.
_OFF_BOOK: Final = ("INSURANCE_FUND", "ADL", "NA")


def decode(message: bytes, time_received: datetime, exchange: ExchangeId) -> list[NamedMarketEvent]:
    """Decode one message of a stream.

    Order book updates are decoded whatever their sequence; see `sequencer` for which of them may be applied to a book.

    Args:
        message: JSON, wrapped by a combined stream or not.
        time_received: Aware UTC.
        exchange: BINANCE_SPOT or BINANCE_FUTURES_USD.

    Returns:
        The event, or nothing for what is no event: answers to subscriptions, other streams, snapshots (which do not name
        their symbol) and futures trades that did not happen on the order book.

    Raises:
        MarketDataError: The message is malformed, or a price or an amount is impossible.
    """
    parsed = parse(message)
    if parsed is None or isinstance(parsed, BinanceOrderBookL2Snapshot):
        return []
    return decode_message(parsed, time_received, exchange)


def decode_message(
    message: BinanceTrade | BinanceOrderBookL1 | BinanceOrderBookL2Update | BinanceLiquidation,
    time_received: datetime,
    exchange: ExchangeId,
) -> list[NamedMarketEvent]:
    """Like `decode`, for a message that was parsed before."""
    kind: DataKind
    if isinstance(message, BinanceOrderBookL1):
        # Spot stamps nothing; Rust takes the time of reception too.
        time = time_received if message.time is None else time_from_milliseconds(message.time)
        best_bid = _best_level(message.best_bid_price, message.best_bid_amount)
        kind = OrderBookL1(time, best_bid, _best_level(message.best_ask_price, message.best_ask_amount))
    elif isinstance(message, BinanceTrade):
        if message.type in _OFF_BOOK:
            return []
        time = time_from_milliseconds(message.time)
        side = _SELL if message.buyer_is_maker else _BUY
        kind = PublicTrade(str(message.id), to_price(message.price), to_amount(message.amount), side)
    elif isinstance(message, BinanceOrderBookL2Update):
        time = time_from_milliseconds(message.time_exchange)
        kind = OrderBookUpdate(_book(message))
    else:
        time = time_from_milliseconds(message.time)
        kind = Liquidation(to_side(message.side, _SIDES), to_price(message.price), to_amount(message.quantity), time)
    return [NamedMarketEvent(time, time_received, exchange, message.symbol, kind)]


def decode_snapshot(
    message: BinanceOrderBookL2Snapshot, time_received: datetime, exchange: ExchangeId, instrument: InstrumentNameExchange
) -> NamedMarketEvent:
    """Decode a REST snapshot of the book of `instrument`. Spot does not stamp it, so it takes the time of reception.

    Raises:
        MarketDataError: A price or an amount is impossible.
    """
    time = time_received if message.time_exchange is None else time_from_milliseconds(message.time_exchange)
    return NamedMarketEvent(time, time_received, exchange, instrument, OrderBookSnapshot(_book(message)))


def _best_level(price: str, amount: str) -> Level | None:
    try:
        return Level(PRICES[price], AMOUNTS[amount])
    except MarketDataError:
        if price.strip("0.") == "" and "0" in price:  # an empty side is sent as price zero
            return None
        raise


def _book(message: BinanceOrderBookL2Update | BinanceOrderBookL2Snapshot) -> OrderBook:
    time_engine = None if message.time_engine is None else time_from_milliseconds(message.time_engine)
    return OrderBook(message.last_update_id, time_engine, to_levels(message.bids), to_levels(message.asks))
