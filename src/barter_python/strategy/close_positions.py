"""Closing positions with market orders. Rust origin: barter::strategy::close_positions.

Rust's closing orders the whole position whenever it is asked; `close_what_is_not_being_closed` can be asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from barter_python.engine.state.instrument.filter import InstrumentFilter
from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.execution.order.id import ClientOrderId, StrategyId
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestOpen
from barter_python.execution.position import Position
from barter_python.instrument.exchange import ExchangeIndex
from barter_python.instrument.kind import Spot
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, in_money_context

__all__ = [
    "build_ioc_market_order_to_close_position",
    "close_open_positions_with_market_orders",
    "close_what_is_not_being_closed",
    "orderable",
]


def close_open_positions_with_market_orders(
    strategy_id: StrategyId,
    state: EngineState[Any, Any],
    filter: InstrumentFilter,  # noqa: A002 - barter's name
    gen_cid: Callable[[InstrumentState[Any]], ClientOrderId],
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
    """One order per open position of the selected instruments; an instrument without a price is left out.

    Args:
        strategy_id: Owner of the orders.
        state: The engine's state.
        filter: Which instruments.
        gen_cid: Names the order of an instrument.
    """
    opens = []
    for instrument in state.instruments.instruments(filter):
        position, price = instrument.position.current, instrument.data.price()
        if position is not None and price is not None:
            opens.append(
                build_ioc_market_order_to_close_position(
                    instrument.instrument.exchange,
                    position,
                    strategy_id,
                    price,
                    lambda: gen_cid(instrument),  # noqa: B023
                )
            )
    return [], opens


def build_ioc_market_order_to_close_position(
    exchange: ExchangeIndex,
    position: Position,
    strategy_id: StrategyId,
    price: Decimal,
    gen_cid: Callable[[], ClientOrderId],
) -> OrderRequestOpen:
    """An immediate-or-cancel market order for the whole position, on the other side, at `price` in quote currency."""
    return OrderRequestOpen(
        OrderKey(exchange, position.instrument, strategy_id, gen_cid()),
        RequestOpen(
            position.side.opposite,
            price,
            position.quantity_abs,
            OrderKind.MARKET,
            TimeInForce.IMMEDIATE_OR_CANCEL,
        ),
    )


def close_what_is_not_being_closed(
    strategy_id: StrategyId,
    state: EngineState[Any, Any],
    filter: InstrumentFilter,  # noqa: A002 - barter's name
    gen_cid: Callable[[], ClientOrderId],
) -> tuple[list[OrderRequestCancel], list[OrderRequestOpen]]:
    """Market orders for what own orders on the other side would leave of each position. Rust has none.

    Orders of contracts may only reduce. On spot no more is sold than is free, rounded down to the lot; where the venue would not
    take what remains, it is left as dust. An own order that rests on the other side counts as closing: cancel it first.

    Args:
        strategy_id: Owner of the orders.
        state: The engine's state.
        filter: Which instruments; one without a price is left out.
        gen_cid: Names the next order.
    """
    opens = []
    for instrument in state.instruments.instruments(filter):
        position, price = instrument.position.current, instrument.data.price()
        if position is None or price is None:
            continue
        quantity = orderable(position.quantity_abs - _quantity_closing(instrument, position, strategy_id), instrument, state)
        is_spot = isinstance(instrument.instrument.kind, Spot)
        if quantity > ZERO:
            request = build_ioc_market_order_to_close_position(
                instrument.instrument.exchange, position, strategy_id, price, gen_cid
            )
            opens.append(replace(request, state=replace(request.state, quantity=quantity, reduce_only=not is_spot)))
    return [], opens


def _quantity_closing(instrument: InstrumentState[Any], position: Position, strategy_id: StrategyId) -> Decimal:
    """What is left to fill of own orders on the other side. One that waits for its trigger closes nothing yet."""
    closing = (
        order.quantity_remaining()
        for order in instrument.orders
        if order.side is not position.side and order.key.strategy == strategy_id and order.trigger is None
    )
    return sum(closing, ZERO)


@in_money_context
def orderable(quantity: Decimal, instrument: InstrumentState[Any], state: EngineState[Any, Any]) -> Decimal:
    """What of a quantity of the open position a venue would take as an order that closes it.

    Of a contract all of it. On spot what is free, in whole lots; zero where that is below the venue's least: it is dust.
    """
    position, spec = instrument.position.current, instrument.instrument.spec
    if position is None or not isinstance(instrument.instrument.kind, Spot):
        return quantity
    balance = state.assets.asset_index(instrument.instrument.underlying.base).balance
    if position.side is Side.BUY and balance is not None:
        quantity = min(quantity, balance.value.free)
    if spec is None:
        return quantity
    if spec.quantity.increment:
        quantity = quantity // spec.quantity.increment * spec.quantity.increment
    price = instrument.data.price()
    is_dust = quantity < spec.quantity.min or (price is not None and quantity * price < spec.notional.min)
    return ZERO if is_dust else quantity
