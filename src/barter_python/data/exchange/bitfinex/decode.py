"""From a message of Bitfinex to market events. Rust origin: barter_data::exchange::bitfinex::{trade, validator}."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from barter_python.data.event import PublicTrade
from barter_python.data.exchange.bitfinex.message import TRADES, parse, parse_event
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.exchange.venue_message import signed_amount, time_from_milliseconds, to_price
from barter_python.data.subscription import SubscriptionId, UnidentifiableError
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["BitfinexTransformer", "decode", "subscription_id"]


def decode(message: bytes, time_received: datetime, markets: Mapping[int, str]) -> list[NamedMarketEvent]:
    """Decode one message of a stream.

    Args:
        message: JSON.
        time_received: Aware UTC.
        markets: Which market each channel id of this connection means.

    Returns:
        The event. Nothing for events, heartbeats, trades that are told again, and trades before the subscription.

    Raises:
        MarketDataError: The message is malformed, or a price or an amount is impossible.
        UnidentifiableError: The channel id means no market.
    """
    parsed = parse(message)
    if parsed is None or parsed.trade is None:
        return []
    trade, market = parsed.trade, markets.get(parsed.channel_id)
    if market is None:
        raise UnidentifiableError(SubscriptionId(str(parsed.channel_id)))
    side, amount = signed_amount(trade.amount)
    kind = PublicTrade(str(trade.id), to_price(trade.price), amount, side)
    time, name = time_from_milliseconds(trade.time), InstrumentNameExchange(market)
    return [NamedMarketEvent(time, time_received, ExchangeId.BITFINEX, name, kind)]


def subscription_id(message: bytes) -> SubscriptionId | None:
    """The channel id of a trade, None where the message has none. `BitfinexTransformer` knows what it means.

    Raises:
        MarketDataError: The text is no JSON, or a member is missing or has another type.
    """
    parsed = parse(message)
    return None if parsed is None or parsed.trade is None else SubscriptionId(str(parsed.channel_id))


class BitfinexTransformer:
    """Events of one connection: learns from each accepted subscription which market its channel id means.

    Attributes:
        markets: The market of each channel id.
    """

    __slots__ = ("markets",)

    def __init__(self) -> None:
        self.markets: dict[int, str] = {}

    def transform(self, message: bytes, time_received: datetime) -> list[NamedMarketEvent]:
        """The events of a message; see `Transformer`."""
        event = parse_event(message)
        if event is None:
            return decode(message, time_received, self.markets)
        if event.event == "subscribed" and event.channel == TRADES and event.channel_id is not None:
            self.markets[event.channel_id] = event.market
        return []

    def on_snapshot(self, message: bytes, time_received: datetime, market: str) -> list[NamedMarketEvent]:
        """Nothing: there are no snapshots to request."""
        return []
