"""What an order would take if it arrived now, without taking it. Rust origin: none."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from barter_python.execution.exchange.model.slippage import slipped_price
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.market import InstrumentMarket
from barter_python.execution.exchange.simulated.self_trade import SelfTradePrevention
from barter_python.numeric import ZERO

__all__ = ["ArrivalPlan", "PlannedFill", "plan_order", "would_cross"]


class PlannedFill(NamedTuple):
    """What an order would take on arrival.

    Attributes:
        offered: The price of the liquidity.
        price: The price paid, after slippage.
        quantity: How much.
    """

    offered: Decimal
    price: Decimal
    quantity: Decimal


class ArrivalPlan(NamedTuple):
    """What an order would do on arrival.

    Attributes:
        fills: What it takes, best first.
        gives_way: Resting orders of ours that are cancelled before, because it would meet them.
        is_stopped: Whether what is left of it after the fills is cancelled, because it would meet a resting order of ours.
    """

    fills: list[PlannedFill]
    gives_way: list[LiveOrder]
    is_stopped: bool


def plan_order(market: InstrumentMarket, order: LiveOrder) -> ArrivalPlan:
    """What the order would do now."""
    fills = _fills(market, order)
    met = _meets(market, order, fills)
    mode = market.self_trade_prevention
    if not met or mode is SelfTradePrevention.CANCEL_OLDEST:
        return ArrivalPlan(fills, met, is_stopped=False)
    before = [fill for fill in fills if _is_better(order, fill.offered, met[0].limit)]
    return ArrivalPlan(before, met[:1] if mode is SelfTradePrevention.CANCEL_BOTH else [], is_stopped=True)


def _meets(market: InstrumentMarket, order: LiveOrder, fills: list[PlannedFill]) -> list[LiveOrder]:
    """Our resting orders that the order would meet before it has been filled by what the market has at better prices."""
    side = market.asks if order.is_buy else market.bids
    if side.best is None or market.self_trade_prevention is SelfTradePrevention.OFF or not order.accepts(side.best):
        return []
    met: list[LiveOrder] = []
    for level in side.reached(order.limit):
        better = sum((fill.quantity for fill in fills if _is_better(order, fill.offered, level.price)), ZERO)
        if better >= order.remaining:
            break
        met += level.orders
    return met


def _is_better(order: LiveOrder, offered: Decimal, price: Decimal | None) -> bool:
    assert price is not None, "only limit orders rest"
    return offered < price if order.is_buy else offered > price


def would_cross(market: InstrumentMarket, order: LiveOrder) -> bool:
    """Whether an order would trade on arrival: with the market, or with an order of ours where those are kept apart."""
    if _meets(market, order, []):
        return True
    if market.has_quotes:
        best = market.liquidity.ask if order.is_buy else market.liquidity.bid
        return best is not None and order.accepts(best.price)
    last = market.last()
    return last is not None and _takes_last(market, order, last)


def _takes_last(market: InstrumentMarket, order: LiveOrder, last: Decimal) -> bool:
    """Whether someone would have traded with the order at the last price.

    At a limit of exactly the last price the data supports that only where the last taker was on the same side.
    """
    return order.accepts(last) and (order.limit != last or market.last_side is order.side)


def _fills(market: InstrumentMarket, order: LiveOrder) -> list[PlannedFill]:
    """What the market has for the order."""
    if order.time_in_force.post_only:
        return []
    if not market.has_quotes:
        last = market.last()
        if last is None or not order.accepts(last):
            return []
        if not market.has_only_candles and not _takes_last(market, order, last):
            return []
        quantity = market.available(order, order.remaining)
        return [PlannedFill(last, _slipped(market, order, last), quantity)] if quantity else []
    planned, left = [], order.remaining
    for price, amount in market.liquidity.offers(bids=not order.is_buy):
        if not left or not order.accepts(price):
            break
        quantity = market.available(order, min(left, amount))
        left -= quantity
        if quantity:
            planned.append(PlannedFill(price, _slipped(market, order, price), quantity))
    return planned


def _slipped(market: InstrumentMarket, order: LiveOrder, price: Decimal) -> Decimal:
    """The price after slippage, never beyond the order's limit."""
    slipped = slipped_price(market.slippage, order.side, price, market.tick_size)
    if not order.accepts(slipped):
        return price if order.limit is None else order.limit
    return slipped if slipped > ZERO else price
