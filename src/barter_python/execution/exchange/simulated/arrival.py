"""How an order arrives at the book: refused, filled, put to rest, or made to wait. Rust origin: none."""

from __future__ import annotations

from decimal import Decimal

from barter_python.execution.error import OrderError, OrderRejected
from barter_python.execution.exchange.simulated.live_order import LiveOrder, Place
from barter_python.execution.exchange.simulated.market import InstrumentMarket
from barter_python.execution.exchange.simulated.plan import ArrivalPlan, plan_order, would_cross
from barter_python.execution.exchange.simulated.triggers import fires
from barter_python.execution.order.order import TimeInForce
from barter_python.instrument.kind import contract_size
from barter_python.numeric import ZERO

__all__ = ["enter", "fire", "submit"]


def submit(market: InstrumentMarket, order: LiveOrder) -> OrderError | None:
    """Take a new order, or say why not."""
    must_wait = not market.has_data or market.has_only_candles
    if not market.has_data and order.is_immediate and order.is_triggered:
        name = market.instrument.name_exchange
        return OrderRejected(f"there is no market data of {name} yet, expected some before such an order")
    plan = None if must_wait or not order.is_triggered else plan_order(market, order)
    parts = _parts(market, order, plan)
    error = _refusal(market, order) or _refusal_of_plan(order, plan)
    if plan is None or not plan.is_stopped:
        error = error or _refusal_of_notional(market, order, parts)
    error = error or market.clearing.secure(market.settlement, order, parts)
    if error is not None:
        return error
    market.clearing.acknowledge(order)
    if order.request.state.reduce_only:
        market.reduce_only[order.id] = order
    if plan is not None:
        _execute(market, order, plan)
    elif must_wait:
        market.wait_for_data(order)
    else:
        market.wait_for_trigger(order)
    market.clearing.tell_balances()
    return None


def enter(market: InstrumentMarket, order: LiveOrder) -> None:
    """An acknowledged order arrives, because its trigger has fired or there is market data at last."""
    plan = plan_order(market, order)
    wanted = order.request.state
    is_refused = wanted.time_in_force.post_only and would_cross(market, order)
    is_refused |= _refusal_of_plan(order, plan) is not None
    if is_refused or market.clearing.secure(market.settlement, order, _parts(market, order, plan)) is not None:
        market.cancel(order)
    else:
        _execute(market, order, plan)
        market.clearing.tell_balances()


def fire(market: InstrumentMarket, price: Decimal) -> None:
    """Let in the orders whose trigger fires at this price."""
    while (order := market.triggers.pop(price)) is not None:
        order.place = Place.NOWHERE
        order.is_triggered = True
        enter(market, order)


def _refusal(market: InstrumentMarket, order: LiveOrder) -> OrderError | None:
    """What the position and the prices of the market forbid."""
    wanted = order.request.state
    if wanted.reduce_only and not market.settlement.closable(order):
        return OrderRejected("reduce-only: there is no position that the order would reduce")
    last = market.last() if market.has_trades else market.mark_price()
    if wanted.trigger is not None and last is not None and fires(wanted.trigger, order.side, last):
        return OrderRejected(f"the trigger at {wanted.trigger.price} would fire at once: the price is {last}")
    if wanted.trigger is None and wanted.time_in_force.post_only and would_cross(market, order):
        return OrderRejected(f"post-only: a limit price of {wanted.price} would cross the market")
    return None


def _refusal_of_plan(order: LiveOrder, plan: ArrivalPlan | None) -> OrderError | None:
    """What the liquidity forbids; nothing while it is not known."""
    if plan is None:
        return None
    planned = sum((fill.quantity for fill in plan.fills), ZERO)
    if order.time_in_force is TimeInForce.FILL_OR_KILL and planned < order.remaining:
        return OrderRejected(f"fill or kill: {planned} of {order.remaining} could be filled")
    if order.limit is None and not planned and not plan.is_stopped:
        return OrderRejected("there is nothing to trade with a market order: that side of the market is empty")
    return None


def _refusal_of_notional(market: InstrumentMarket, order: LiveOrder, parts: list[tuple[Decimal, Decimal]]) -> OrderError | None:
    spec = market.instrument.spec
    if spec is None or not spec.notional.min or order.request.state.reduce_only:
        return None
    notional = sum((price * quantity for price, quantity in parts), ZERO) * contract_size(market.instrument.kind)
    if notional >= spec.notional.min:
        return None
    return OrderRejected(f"notional {notional} is below the minimum notional {spec.notional.min}")


def _parts(market: InstrumentMarket, order: LiveOrder, plan: ArrivalPlan | None) -> list[tuple[Decimal, Decimal]]:
    """At which prices funds are reserved: the limit, else what a market order takes, else the best guess."""
    if order.limit is not None:
        return [(order.limit, order.remaining)]
    if plan is not None:
        return [(fill.price, fill.quantity) for fill in plan.fills]
    trigger = order.request.state.trigger
    guess = market.mark_price() if trigger is None else trigger.price
    return [(order.request.state.price if guess is None else guess, order.remaining)]


def _execute(market: InstrumentMarket, order: LiveOrder, plan: ArrivalPlan) -> None:
    """Take what was planned; then cancel what is left of the order, or let it rest."""
    for own in plan.gives_way:
        market.cancel(own)
    for planned in plan.fills:
        filled = market.fill(order, planned.price, planned.quantity, is_maker=False)
        if market.has_quotes:
            market.liquidity.take(planned.offered, filled, bids=not order.is_buy)
        if order.is_done:
            return
    if order.is_immediate or plan.is_stopped:
        market.cancel(order)
    elif market.has_only_candles and would_cross(market, order):
        market.wait_for_data(order)  # this candle has no more for us, the next one may have
    else:
        order.is_aggressive = market.has_quotes and would_cross(market, order)
        market.rest(order)
