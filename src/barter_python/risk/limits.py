"""A risk manager with limits on orders and positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, Overflow
from typing import Any

from barter_python.engine.state.state import EngineState
from barter_python.errors import InstrumentIndexError
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen
from barter_python.instrument.kind import contract_size
from barter_python.numeric import ZERO, in_money_context
from barter_python.risk.check import CheckHigherThan, calculate_quote_notional
from barter_python.risk.manager import RiskRefused, RiskReview

__all__ = ["LimitRiskManager"]


@dataclass(slots=True, frozen=True)
class LimitRiskManager:
    """Refuses opens that are too large, or that would make a position too large.

    Cancels always pass, and so does an order that only reduces a position. Of an order counts what remains to be filled. Value is
    counted at the price of the order or of the market, whichever is higher, times the contract size.

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
            reason = self._reason_to_refuse(state, request, approved)
            if reason is None:
                approved.append(request)
            else:
                refused.append(RiskRefused(request, reason))
        return cancels, approved, (), refused

    @in_money_context
    def _reason_to_refuse(
        self, state: EngineState[Any, Any], request: OrderRequestOpen, approved: list[OrderRequestOpen]
    ) -> str | None:
        try:
            instrument = state.instruments.instrument_index(request.key.instrument)
            pending = [*instrument.orders, *(ahead.to_order() for ahead in approved if ahead.key.instrument == instrument.key)]
            wanted, position = request.state, instrument.position.current
            held = ZERO
            if position is not None:
                held = position.quantity_abs if position.side is wanted.side else -position.quantity_abs
            ahead = sum((order.quantity_remaining() for order in pending if order.side is wanted.side), ZERO)
            exposure = held + ahead + wanted.quantity
        except InstrumentIndexError as error:
            return error.message
        except Overflow:
            return "the position would be beyond all numbers"
        if exposure <= ZERO:
            return None  # with everything on this side filled, the position has only become smaller
        if len(pending) >= self.orders_open_max:
            return f"{len(pending) + 1} orders open, at most {self.orders_open_max} allowed"
        market = instrument.data.price()
        price = wanted.price if market is None else max(wanted.price, market)
        return self._exceeded(wanted.quantity, exposure, price, contract_size(instrument.instrument.kind))

    def _exceeded(self, quantity: Decimal, exposure: Decimal, price: Decimal, size: Decimal) -> str | None:
        """Which limit an order, or the position that it may lead to, exceeds at a price; None for none."""
        limits = (("order", quantity, self.order_notional_max), ("position", exposure, self.position_notional_max))
        for name, counted, limit in limits:
            notional = calculate_quote_notional(counted, price, size)
            if notional is None or CheckHigherThan(limit).check(notional) is not None:
                return f"{name} notional {notional}, at most {limit} allowed"
        return None
