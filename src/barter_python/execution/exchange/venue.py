"""What a simulated exchange has to offer to whoever drives it: the kernel of a backtest, or a task beside a live engine.

Rust origin: none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from barter_python.data.event import MarketEvent
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.order.request import OrderRequest

__all__ = ["SimulatedVenue"]


class SimulatedVenue(Protocol):
    """A simulated exchange: a state machine without a clock. Times never decrease from call to call.

    Account events and requests carry the venue's names; what a method returns happened at the time of the call, in that order.
    """

    @property
    def is_passive(self) -> bool:
        """Whether it answers requests and does nothing else: the market and time bring nothing about."""
        ...

    @property
    def time_next(self) -> datetime | None:
        """When `on_time` is to be called next, aware UTC; None while time alone brings nothing about."""
        ...

    def account_snapshot(self, time: datetime, /) -> AccountSnapshot:
        """Balances and orders."""
        ...

    def on_request(self, request: OrderRequest, time: datetime, /) -> list[AccountEvent]:
        """A request arrives at the venue."""
        ...

    def on_market(self, event: MarketEvent, /) -> Sequence[AccountEvent]:
        """Something happens on the market of one of the exchange's instruments; an empty tuple where that leads to nothing."""
        ...

    def on_time(self, time: datetime, /) -> list[AccountEvent]:
        """The time of `time_next` has come: orders expire, funding is paid. Afterwards `time_next` lies later."""
        ...
