"""Ending a session in order: no new orders, then what the user wants to become of those that rest, and of positions.

Only orders of this session are cancelled. Those of others on the same account are named, and left alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.order.order import Order, OrderKind
from barter_python.execution.order.state import Open
from barter_python.execution.position import Position
from barter_python.instrument.side import Side
from barter_python.report.text import number, printable
from barter_python.session.plan import OnExit
from barter_python.strategy.close_positions import orderable
from barter_python.system.own_orders import cancel_own_orders, is_own
from barter_python.system.parts import SystemFailedError, SystemStoppedError
from barter_python.system.system import System

__all__ = ["wind_down"]

_PAUSE_SECONDS: Final = 0.05
_WAIT_SECONDS: Final = 10.0
_AGAIN_SECONDS: Final = 1.0


async def wind_down(system: System[Any, Any], on_exit: OnExit, show: Callable[[str], None]) -> list[str]:
    """Leave the system in the state in which it shall be shut down. A system that stops meanwhile is left alone.

    Args:
        system: It runs.
        on_exit: What to do.
        show: Told what is being done.

    Returns:
        What the user should know, each one sentence.
    """
    state = system.engine.state
    try:
        system.trading_state(TradingState.DISABLED)
        if on_exit is OnExit.LEAVE:
            return []
        show("cancelling orders")
        system.send_cancel_requests(cancel_own_orders(state))
        await _until(lambda: not _orders(state), system, again=lambda: _cancel_late_ones(system))
        if on_exit is OnExit.CLOSE and _positions(state):
            show("closing positions")
            system.close_positions()
            await _until(lambda: not _closable(state) and not _orders(state), system, again=system.close_positions)
    except (SystemFailedError, SystemStoppedError):
        return []
    return _left(state, on_exit)


def _cancel_late_ones(system: System[Any, Any]) -> None:
    """An order that was on its way when everything was cancelled may rest by now."""
    if any(isinstance(order.state, Open) for order in _orders(system.engine.state)):
        system.send_cancel_requests(cancel_own_orders(system.engine.state))


async def _until(is_done: Callable[[], bool], system: System[Any, Any], again: Callable[[], None] | None = None) -> None:
    time = asyncio.get_running_loop().time
    deadline, next_time = time() + _WAIT_SECONDS, time() + _AGAIN_SECONDS
    await asyncio.sleep(_PAUSE_SECONDS)  # the engine takes the command first
    while not is_done() and system.is_running and time() < deadline:
        if again is not None and time() >= next_time:
            again()
            next_time += _AGAIN_SECONDS
        await asyncio.sleep(_PAUSE_SECONDS)


def _orders(state: EngineState[Any, Any], *, are_ours: bool = True) -> list[Order]:
    """The orders that may still be filled."""
    orders = (order for instrument in state.instruments for order in instrument.orders.orders())
    return [order for order in orders if is_own(order) is are_ours]


def _positions(state: EngineState[Any, Any]) -> list[tuple[InstrumentState[Any], Position]]:
    return [(item, item.position.current) for item in state.instruments if item.position.current is not None]


def _closable(state: EngineState[Any, Any]) -> list[str]:
    """The instruments with a position that a venue would let us close."""
    return [
        str(item.instrument.name_exchange)
        for item, position in _positions(state)
        if orderable(position.quantity_abs, item, state)
    ]


def _dust(state: EngineState[Any, Any]) -> list[str]:
    return [
        f"{number(position.quantity_abs)} {item.instrument.name_exchange}"
        for item, position in _positions(state)
        if not orderable(position.quantity_abs, item, state)
    ]


def _left(state: EngineState[Any, Any], on_exit: OnExit) -> list[str]:
    left = []
    if orders := _orders(state):
        left.append(f"after {_WAIT_SECONDS:g} s orders may be open still: {_described(state, orders)}")
    if on_exit is OnExit.CLOSE and (positions := _closable(state)):
        left.append(f"after {_WAIT_SECONDS:g} s positions are open still: {', '.join(positions)}")
    if on_exit is OnExit.CLOSE and (dust := _dust(state)):
        left.append(f"less than can be ordered is left of: {', '.join(dust)}")
    if others := _orders(state, are_ours=False):
        left.append(f"orders that this session has not sent are left alone: {_described(state, others)}")
    return left


def _described(state: EngineState[Any, Any], orders: list[Order]) -> str:
    return "; ".join(_describe(state, order) for order in orders)


def _describe(state: EngineState[Any, Any], order: Order) -> str:
    name = state.instruments.instrument_index(order.key.instrument).instrument.name_exchange
    side = "buy" if order.side is Side.BUY else "sell"
    price = "at market" if order.kind is OrderKind.MARKET else f"at {number(order.price)}"
    return printable(f"{name} {side} {number(order.quantity)} {price} ({order.key.cid})")
