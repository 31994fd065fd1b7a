"""Closing positions with market orders. Rust origin: barter::strategy::close_positions."""

from __future__ import annotations

from collections.abc import Callable
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

__all__ = ["build_ioc_market_order_to_close_position", "close_open_positions_with_market_orders"]


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
