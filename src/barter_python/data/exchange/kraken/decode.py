"""From a message of Kraken to market events: pure functions of the message and the time it was received.

Rust origin: the `From` implementations in barter_data::exchange::kraken.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from barter_python.data.book import Level
from barter_python.data.event import OrderBookL1, PublicTrade
from barter_python.data.exchange.decimal_text import AMOUNTS, PRICES
from barter_python.data.exchange.kraken.message import KrakenSpread, KrakenTrade, KrakenTrades, parse
from barter_python.data.exchange.named import DecodedMarketEvent, NamedMarketEvent
from barter_python.data.exchange.venue_message import convert_each, time_from_seconds_text, to_amount, to_price, to_side
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH

__all__ = ["decode"]

_SIDES: Final = {"b": Side.BUY, "s": Side.SELL}
_MICROSECOND: Final = timedelta(0, 0, 1)


def decode(message: bytes, time_received: datetime) -> list[DecodedMarketEvent]:
    """Decode one message of a stream.

    Args:
        message: JSON.
        time_received: Aware UTC.

    Returns:
        The events in order, the errors of bad trades among them. Nothing for heartbeats and other events, for other channels, and
        for best prices of zero on both sides, which a pair without orders has, stamped 1970.

    Raises:
        MarketDataError: The message is malformed, or a price, an amount or the time of best prices is impossible.
    """
    parsed = parse(message)
    if parsed is None:
        return []
    name = InstrumentNameExchange(parsed.pair)
    if isinstance(parsed, KrakenTrades):
        return convert_each(parsed.trades, lambda trade: _trade_event(trade, time_received, name))
    kind = _order_book_l1(parsed.spread)
    if kind.best_bid is None and kind.best_ask is None:
        return []
    return [NamedMarketEvent(kind.last_update_time, time_received, ExchangeId.KRAKEN, name, kind)]


def _trade_event(trade: KrakenTrade, time_received: datetime, name: InstrumentNameExchange) -> NamedMarketEvent:
    time = time_from_seconds_text(trade.time)
    return NamedMarketEvent(time, time_received, ExchangeId.KRAKEN, name, _trade(trade, time))


def _trade(trade: KrakenTrade, time: datetime) -> PublicTrade:
    price, amount, side = to_price(trade.price), to_amount(trade.amount), to_side(trade.side, _SIDES)
    # The venue numbers no trades here. Two trades alike in one microsecond get one id, in Rust too.
    microseconds = (time - EPOCH) // _MICROSECOND
    return PublicTrade(f"{microseconds}_{side}_{_plain(price)}_{_plain(amount)}", price, amount, side)


def _order_book_l1(spread: KrakenSpread) -> OrderBookL1:
    return OrderBookL1(
        time_from_seconds_text(spread.time),
        _best_level(spread.best_bid_price, spread.best_bid_amount),
        _best_level(spread.best_ask_price, spread.best_ask_amount),
    )


def _best_level(price: str, amount: str) -> Level | None:
    if price.strip("0.") == "" and "0" in price:  # an empty side is sent as price zero
        return None
    return Level(PRICES[price], AMOUNTS[amount])


def _plain(number: float) -> str:
    """As Rust prints a float: `6060` and `0.00000001` where Python gives `6060.0` and `1e-08`."""
    text = repr(number)
    return format(Decimal(text).normalize(), "f") if "e" in text else text.removesuffix(".0")
