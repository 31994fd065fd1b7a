"""A risk manager with limits on orders and positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.instrument.kind import contract_size
from barter_python.numeric import ZERO, in_money_context
from barter_python.risk.check import CheckHigherThan, calculate_quote_notional
from barter_python.risk.manager import RiskRefused, RiskReview

__all__ = ["LimitRiskManager"]


@dataclass(slots=True, frozen=True)
class LimitRiskManager:
    """Refuses opens that are too large, or that would make a position too large. Cancels always pass, and so does an order that
    only reduces a position.

    Attributes:
        order_notional_max: Largest value of one order, in quote currency.
        position_notional_max: Largest value of a position with all its open orders on the same side filled, in quote currency.
        orders_open_max: Most orders of an instrument at a time.
    """

    order_notional_max: Decimal
    position_notional_max: Decimal
    orders_open_max: int

    def check(
        self,
        state: EngineState[Any, Any],
        cancels: Iterable[OrderRequestCancel],
        opens: Iterable[OrderRequestOpen],
        /,
    ) -> RiskReview:
        """Review requests one by one; an approved open counts as open for those after it."""
        approved: list[OrderRequestOpen] = []
        refused: list[RiskRefused[OrderRequestOpen]] = []
        for request in opens:
            reason = self._reason_to_refuse(state.instruments.instrument_index(request.key.instrument), request, approved)
            if reason is None:
                approved.append(request)
            else:
                refused.append(RiskRefused(request, reason))
        return cancels, approved, (), refused

    @in_money_context
    def _reason_to_refuse(
        self, state: InstrumentState[Any], request: OrderRequestOpen, approved: list[OrderRequestOpen]
    ) -> str | None:
        wanted, size = request.state, contract_size(state.instrument.kind)
        ahead = [order.state for order in approved if order.key.instrument == state.key]
        count = len(state.orders) + len(ahead) + 1
        if count > self.orders_open_max:
            return f"{count} orders open, at most {self.orders_open_max} allowed"
        notional = calculate_quote_notional(wanted.quantity, wanted.price, size)
        if notional is None or CheckHigherThan(self.order_notional_max).check(notional) is not None:
            return f"order notional {notional}, at most {self.order_notional_max} allowed"
        position = state.position.current
        held = ZERO
        if position is not None:
            held = position.quantity_abs if position.side is wanted.side else -position.quantity_abs
        pending = [order for order in state.orders if order.side is wanted.side]
        exposure = held + wanted.quantity
        exposure += sum((order.quantity for order in pending), ZERO)
        exposure += sum((order.quantity for order in ahead if order.side is wanted.side), ZERO)
        exposure_notional = calculate_quote_notional(exposure, wanted.price, size)
        if exposure_notional is None or CheckHigherThan(self.position_notional_max).check(exposure_notional) is not None:
            return f"position notional {exposure_notional}, at most {self.position_notional_max} allowed"
        return None
