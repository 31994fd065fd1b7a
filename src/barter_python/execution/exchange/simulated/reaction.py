"""How our orders react to books and best prices that cross them, and to trades. Rust origin: none.

An order that rests fills at its own limit price: through trades at that price once its turn in the queue has come, and completely
when the market trades through it or the opposite best price crosses it.
"""

from __future__ import annotations

from decimal import Decimal

from barter_python.data.event import PublicTrade
from barter_python.execution.exchange.simulated.arrival import enter, fire
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.market import InstrumentMarket
from barter_python.execution.exchange.simulated.resting import RestingSide
from barter_python.execution.exchange.simulated.resting_level import RestingLevel
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, decimal_from_float

__all__ = ["on_quotes", "on_trade"]


def on_quotes(market: InstrumentMarket) -> None:
    """The order book or the best bid and ask have changed."""
    _enter_waiting(market)
    _cross(market, market.bids, is_buy=True)
    _cross(market, market.asks, is_buy=False)
    if not market.has_trades:
        mid = market.liquidity.mid_price()
        if mid is not None:
            fire(market, mid)


def _enter_waiting(market: InstrumentMarket) -> None:
    """Data other than candles is here: whoever waited for it arrives now."""
    for order in list(market.waiting.values()):
        if not order.is_done:
            market.stop_waiting(order)
            if order.is_triggered:
                enter(market, order)
            else:
                market.wait_for_trigger(order)


def _cross(market: InstrumentMarket, side: RestingSide, *, is_buy: bool) -> None:
    """Fill what the opposite best price has reached."""
    if side.best is None:
        return
    offer = market.liquidity.best_offer(bids=not is_buy)
    if offer is None or (offer > side.best if is_buy else offer < side.best):
        return
    levels = side.through(offer)
    if market.queue.fills_on_touch():
        touched = side.at(offer)
        levels += [] if touched is None else [touched]
    for level in levels:
        for order in list(level.orders):
            if not order.is_done:
                _fill_crossed(market, order, level.price)


def _fill_crossed(market: InstrumentMarket, order: LiveOrder, price: Decimal) -> None:
    """Fill an order completely; one that had taken all there was before, only with what is new."""
    offers = []
    wanted = order.remaining
    for offered, amount in market.liquidity.offers(bids=not order.is_buy):
        if not wanted or not order.accepts(offered):
            break
        offers.append((offered, min(wanted, amount)))
        wanted -= min(wanted, amount)
    quantity = order.remaining - wanted if order.is_aggressive else order.remaining
    filled = market.fill(order, price, quantity, is_maker=True) if quantity else ZERO
    for offered, amount in offers:
        market.liquidity.take(offered, min(filled, amount), bids=not order.is_buy)
        filled -= min(filled, amount)


def on_trade(market: InstrumentMarket, trade: PublicTrade) -> None:
    """Someone has traded. Our orders share the amount in price-time order; none of it is used twice."""
    price, amount = decimal_from_float(trade.price), decimal_from_float(trade.amount)
    if price is None or amount is None or price <= ZERO or amount < ZERO:
        return
    market.last_price, market.last_side, market.has_trades = trade.price, trade.side, True
    bids_first = trade.side is Side.SELL
    passive, other = (market.bids, market.asks) if bids_first else (market.asks, market.bids)
    pool = _trade_through(market, passive, price, amount)
    level = passive.at(price)
    if level is not None:
        pool = _share(market, level, amount, pool)
    pool = _trade_through(market, other, price, pool)
    level = other.at(price)
    if level is not None and market.queue.fills_on_touch():
        # The taker was on our side: at our price someone sold (or bought) who would have met our order first.
        _share_touch(market, level, pool)
    _enter_waiting(market)
    fire(market, price)


def _trade_through(market: InstrumentMarket, side: RestingSide, price: Decimal, pool: Decimal) -> Decimal:
    """Fill what is better than the trade; returns what of the trade is left."""
    for level in side.through(price):
        for order in list(level.orders):
            if order.is_done:
                continue
            quantity = min(order.remaining, pool) if order.is_aggressive else order.remaining
            if quantity:
                pool = max(ZERO, pool - market.fill(order, level.price, quantity, is_maker=True))
    return pool


def _share(market: InstrumentMarket, level: RestingLevel, amount: Decimal, pool: Decimal) -> Decimal:
    """Let the queue of a level have its share; returns what of the trade is left."""
    for order, quantity in level.trade(amount, pool):
        if not order.is_done:
            market.fill(order, level.price, quantity, is_maker=True)
    return ZERO


def _share_touch(market: InstrumentMarket, level: RestingLevel, pool: Decimal) -> None:
    for order in list(level.orders):
        if pool <= ZERO:
            return
        if not order.is_done:
            pool -= market.fill(order, level.price, pool, is_maker=True)
