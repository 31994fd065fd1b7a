"""Ending a session in order: no new orders, then what the user wants to become of those that rest, and of positions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from barter_python.cli.trading.plan import OnExit
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.order.state import Open
from barter_python.system.parts import SystemFailedError, SystemStoppedError
from barter_python.system.system import System

__all__ = ["open_orders", "open_positions", "wind_down"]

_LOG: Final = logging.getLogger(__name__)
_PAUSE_SECONDS: Final = 0.05
_WAIT_SECONDS: Final = 10.0
_AGAIN_SECONDS: Final = 1.0


async def wind_down(system: System[Any, Any], on_exit: OnExit, show: Callable[[str], None]) -> None:
    """Leave the system in the state in which it shall be shut down. A system that stops meanwhile is left alone.

    Args:
        system: It runs.
        on_exit: What to do.
        show: Told what is being done.
    """
    state = system.engine.state
    try:
        system.trading_state(TradingState.DISABLED)
        if on_exit is OnExit.LEAVE:
            return
        show("cancelling orders")
        system.cancel_orders()
        await _until(lambda: not open_orders(state), system, again=lambda: _cancel_late_ones(system))
        if on_exit is OnExit.CLOSE and open_positions(state):
            show("closing positions")
            system.close_positions()
            await _until(lambda: not open_positions(state) and not open_orders(state), system)
        _warn_of_what_is_left(state, on_exit)
    except (SystemFailedError, SystemStoppedError):
        return


def open_orders(state: EngineState[Any, Any]) -> int:
    """How many orders may still be filled."""
    return sum(len(instrument.orders.orders()) for instrument in state.instruments)


def open_positions(state: EngineState[Any, Any]) -> int:
    """How many instruments have a position."""
    return sum(instrument.position.current is not None for instrument in state.instruments)


def _cancel_late_ones(system: System[Any, Any]) -> None:
    """An order that was on its way when everything was cancelled may rest by now."""
    instruments = system.engine.state.instruments
    if any(isinstance(order.state, Open) for instrument in instruments for order in instrument.orders.orders()):
        system.cancel_orders()


async def _until(is_done: Callable[[], bool], system: System[Any, Any], again: Callable[[], None] | None = None) -> None:
    time = asyncio.get_running_loop().time
    deadline, next_time = time() + _WAIT_SECONDS, time() + _AGAIN_SECONDS
    await asyncio.sleep(_PAUSE_SECONDS)  # the engine takes the command first
    while not is_done() and system.is_running and time() < deadline:
        if again is not None and time() >= next_time:
            again()
            next_time += _AGAIN_SECONDS
        await asyncio.sleep(_PAUSE_SECONDS)


def _warn_of_what_is_left(state: EngineState[Any, Any], on_exit: OnExit) -> None:
    if orders := open_orders(state):
        _LOG.warning("%d orders are open still, expected none after %g s", orders, _WAIT_SECONDS)
    if on_exit is OnExit.CLOSE and (positions := open_positions(state)):
        _LOG.warning("%d positions are open still, expected none after %g s", positions, _WAIT_SECONDS)
