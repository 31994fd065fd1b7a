"""Notices a strategy that orders again and again what is refused. Rust origin: none; Rust goes on for ever."""

from __future__ import annotations

from typing import Final

from barter_python.engine.event import EngineEvent
from barter_python.errors import StrategyError
from barter_python.execution.account import AccountEvent
from barter_python.execution.error import ExchangeOffline, RateLimit
from barter_python.execution.order.order import Order
from barter_python.execution.order.state import OpenFailed

__all__ = ["REFUSALS_MAX", "Refusals"]

REFUSALS_MAX: Final = 1_000
"""How many orders in a row may be refused."""


class Refusals:
    """Counts the orders that were refused since the last one that was not."""

    __slots__ = ("_count",)

    def __init__(self) -> None:
        self._count = 0

    def watch(self, event: EngineEvent) -> None:
        """Look at an event before the engine processes it.

        Raises:
            StrategyError: Too many orders were refused in a row.
        """
        if type(event) is not AccountEvent or not isinstance(event.kind, Order):
            return
        state = event.kind.state
        if not isinstance(state, OpenFailed):
            self._count = 0
            return
        if isinstance(state.error, ExchangeOffline | RateLimit):  # these pass
            return
        self._count += 1
        if self._count > REFUSALS_MAX:
            raise StrategyError(
                f"the strategy: more than {REFUSALS_MAX:,} orders in a row were refused, expected it not to repeat what was "
                f"refused; the last one: {state.error}"
            )
