"""How our orders react to candles: inside one, an order sees only what of the path lies after its arrival. Rust origin: none."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from barter_python.data.event import Candle
from barter_python.execution.exchange.simulated.arrival import enter, fire
from barter_python.execution.exchange.simulated.candle import CandleSeries, Leg, intrabar_path, legs
from barter_python.execution.exchange.simulated.live_order import LiveOrder
from barter_python.execution.exchange.simulated.margin_account import MarginAccount
from barter_python.execution.exchange.simulated.market import InstrumentMarket
from barter_python.execution.exchange.simulated.resting import RestingSide
from barter_python.execution.exchange.simulated.resting_level import RestingLevel
from barter_python.numeric import ZERO, decimal_from_float

__all__ = ["on_candle"]


def on_candle(market: InstrumentMarket, candle: Candle, margins: MarginAccount) -> None:
    """A candle has closed. It counts where it is of the shortest length seen so far, and there is nothing but candles."""
    series = market.candles
    if series is None or series.is_replaced_by(candle.interval):
        series = market.candles = CandleSeries(candle.interval, None if series is None else series.close_time)
    elif candle.interval != series.interval:
        return
    path = intrabar_path(candle)
    if path is None or (series.close_time is not None and candle.close_time <= series.close_time):
        return
    began = series.begin(candle)
    if not market.has_only_candles:
        return
    if began is None:
        market.last_price = path[-1]
        return
    _set_volume(market, candle)
    arriving = sorted(
        (order for order in market.waiting.values() if order.time < candle.close_time), key=lambda order: order.time
    )
    _open_at(market, began, path[0], [order for order in arriving if order.time <= began])
    margins.enforce()
    arriving = [order for order in arriving if order.time > began]
    for leg in legs(began, candle.close_time, path):
        arriving = _walk_leg(market, margins, leg, arriving)
    market.clearing.time_of_path = None
    market.volume_left = None


def _set_volume(market: InstrumentMarket, candle: Candle) -> None:
    """How much of the candle our orders may have, in whole lots."""
    if market.candle_volume_share is not None:
        volume = (decimal_from_float(candle.volume) or ZERO) * market.candle_volume_share
        lot = market.lot_size
        market.volume_left = (volume / lot).to_integral_value(ROUND_FLOOR) * lot if lot else volume


def _open_at(market: InstrumentMarket, began: datetime, price: Decimal, arriving: list[LiveOrder]) -> None:
    """The price jumps to the open: what it has passed fills at its own limit, what it triggers and what arrives at the open."""
    market.clearing.time_of_path = began
    entering: list[LiveOrder] = []
    for order in arriving:
        market.stop_waiting(order)
        if not order.is_triggered:
            market.wait_for_trigger(order)
        elif order.time_in_force.post_only:
            market.rest(order)
        else:
            entering.append(order)
    market.last_price = price
    for side in (market.bids, market.asks):
        for level in side.through(price):
            _fill_level(market, level)
        _touch(market, side, price)
    fire(market, price)
    for order in entering:
        if not order.is_done:
            enter(market, order)


def _walk_leg(market: InstrumentMarket, margins: MarginAccount, leg: Leg, arriving: list[LiveOrder]) -> list[LiveOrder]:
    """The price takes a leg, and orders arrive on the way; returns those that arrive later."""
    price = leg.price_start
    while arriving and arriving[0].time < leg.time_end:
        order, *arriving = arriving
        at = leg.price_at(order.time, market.tick_size)
        _walk(market, margins, leg, price, at)
        price = at
        if order.is_done:
            continue
        market.clearing.time_of_path = order.time
        market.stop_waiting(order)
        if order.is_triggered:
            enter(market, order)
        else:
            market.wait_for_trigger(order)
            fire(market, at)
    _walk(market, margins, leg, price, leg.price_end)
    return arriving


def _walk(market: InstrumentMarket, margins: MarginAccount, leg: Leg, start: Decimal, end: Decimal) -> None:
    """The price moves from one point to another and meets everything in between, in that order."""
    is_down = leg.price_end < leg.price_start
    side = market.bids if is_down else market.asks
    at = start
    while at != end:
        best = None if market.volume_left == ZERO else side.best
        trigger, limit = market.triggers.below, market.liquidation_below
        if not is_down:
            trigger, limit = market.triggers.above, market.liquidation_above
        best = best if best is not None and _is_before(best, end, is_down=is_down) else None
        trigger = trigger if trigger is not None and not _is_before(end, trigger, is_down=is_down) else None
        limit = limit if limit is not None and _is_before(at, limit, is_down=is_down) else None
        if limit is not None and _is_before(end, limit, is_down=is_down):
            limit = None
        found = _nearest(best, trigger, limit, is_down=is_down)
        if found is None:
            break
        market.clearing.time_of_path = leg.time_at(found)
        market.last_price = found
        if found == best:
            level = side.at(best)
            assert level is not None, "the best level is one of the levels"
            _fill_level(market, level)
            if side.best == best:
                market.volume_left = ZERO  # less than a lot
        elif found == trigger:
            fire(market, trigger)
        else:
            at = found
        margins.enforce()
    market.clearing.time_of_path = leg.time_at(end)
    market.last_price = end
    _touch(market, side, end)
    margins.enforce()


def _is_before(price: Decimal, other: Decimal, *, is_down: bool) -> bool:
    """Whether the path meets a price before another one."""
    return price > other if is_down else price < other


def _nearest(*prices: Decimal | None, is_down: bool) -> Decimal | None:
    """The price that the path meets first."""
    known = [price for price in prices if price is not None]
    if not known:
        return None
    return max(known) if is_down else min(known)


def _fill_level(market: InstrumentMarket, level: RestingLevel) -> None:
    for order in list(level.orders):
        if not order.is_done:
            market.fill(order, level.price, order.remaining, is_maker=True)


def _touch(market: InstrumentMarket, side: RestingSide, price: Decimal) -> None:
    """The price turns at a level: only an order without a queue ahead of it is filled."""
    level = side.at(price)
    if level is not None:
        level.settle()
        for order in list(level.orders):
            if not order.is_done and order.ahead == ZERO:
                market.fill(order, price, order.remaining, is_maker=True)
