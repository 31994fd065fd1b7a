"""Requests whose answer was lost: asked about until it is known what became of them. Rust origin: none; see `link.lookup`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import getLogger
from typing import Final

from barter_python.execution.error import OrderAlreadyCancelled, OrderAlreadyFullyFilled, OrderError, Timeout
from barter_python.execution.link.in_flight import InFlightRequest
from barter_python.execution.link.intake import AccountIntake
from barter_python.execution.link.lookup import Absence, Lookup
from barter_python.execution.link.tracked_order import TrackedOrder, TrackedPhase
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderResponseCancel
from barter_python.execution.order.state import Cancelled, FullyFilled, OpenFailed, is_active

__all__ = ["UnknownOutcomes", "UnknownPolicy"]

_LOG: Final = getLogger(__name__)
_ABSENT: Final = 2


@dataclass(slots=True, frozen=True)
class UnknownPolicy:
    """How insistently the venue is asked.

    Attributes:
        query_initial: Until it is asked for the first time; each time it takes twice as long.
        query_max: The longest pause.
        settle: For so long after it was sent an order may come to light. Kraken was seen to take a minute.
    """

    query_initial: timedelta = timedelta(seconds=1)
    query_max: timedelta = timedelta(seconds=30)
    settle: timedelta = timedelta(seconds=60)

    def pauses(self) -> Iterator[float]:
        """Seconds until each question, without end."""
        pause = self.query_initial
        while True:
            yield pause.total_seconds()
            pause = min(pause * 2, self.query_max)


class UnknownOutcomes:
    """Finds out what became of requests, and of orders whose fills are missing.

    Args:
        lookup: Asks the venue.
        intake: Tells the engine.
        policy: How insistently the venue is asked.
        now: Our time, aware UTC.
    """

    def __init__(self, lookup: Lookup, intake: AccountIntake, policy: UnknownPolicy, now: Callable[[], datetime]) -> None:
        self._lookup = lookup
        self._intake = intake
        self._policy = policy
        self._now = now

    async def opened(self, request: InFlightRequest, order: TrackedOrder) -> bool:
        """Ask until the engine was told what became of a request to open. Whether the venue, asked, knew of the order."""
        absent, is_found = 0, False
        for pause in self._policy.pauses():
            if await request.is_told_within(pause):
                break
            found = await self._lookup.look(order)
            is_found = is_found or (isinstance(found, Order) and not isinstance(found.state, OpenFailed))
            absent = absent + 1 if found is Absence.ABSENT else 0
            if absent >= _ABSENT and self._is_settled(order):
                _LOG.warning("order %s is not known to the venue %s after it was sent", order.cid, self._policy.settle)
                self._fail(order)
            elif not request.is_told:
                _LOG.warning("order %s: it is not known what became of it", order.cid)
        return is_found

    async def cancelled(self, request: InFlightRequest, order: TrackedOrder) -> None:
        """Ask until the engine was told what became of a request to cancel, or of its order."""
        key, absent = request.request.key, 0
        for pause in self._policy.pauses():
            if await request.is_told_within(pause):
                return None
            if (error := cancel_refusal(order)) is not None:
                return self._intake.tell([OrderResponseCancel(key, error)])
            found = await self._lookup.look(order)
            if isinstance(found, Order) and is_active(found.state) and order.held is None:
                return self._intake.tell([OrderResponseCancel(key, Timeout())])
            absent = absent + 1 if found in (Absence.ABSENT, Absence.UNCLEAR) else 0
            if absent >= _ABSENT:
                order_id = order.id or _asked_id(request) or OrderId("")
                return self._intake.take(OrderResponseCancel(key, Cancelled(order_id, self._now())))
            _LOG.warning("order %s: it is not known whether it was cancelled", order.cid)
        return None

    async def missing(self, order: TrackedOrder) -> bool:
        """Ask until the fills of an order are known that a report of it includes. Whether the engine was told something."""
        before = (order.told, order.fills.quantity)
        for pause in self._policy.pauses():
            if not order.is_due:  # it was told meanwhile
                break
            await self._lookup.look(order)
            if order.is_due:
                await asyncio.sleep(pause)
        return before != (order.told, order.fills.quantity)

    def _is_settled(self, order: TrackedOrder) -> bool:
        return order.time_sent is None or self._now() - order.time_sent >= self._policy.settle

    def _fail(self, order: TrackedOrder) -> None:
        if order.request is not None:
            self._intake.take(order.request.to_order().with_state(OpenFailed(Timeout())))


def cancel_refusal(order: TrackedOrder) -> OrderError | None:
    """Why there is nothing to cancel, where the engine was told how the order has ended."""
    if order.phase is not TrackedPhase.ENDED:
        return None
    is_filled = order.told is not None and isinstance(order.told.state, FullyFilled)
    return OrderAlreadyFullyFilled() if is_filled else OrderAlreadyCancelled()


def _asked_id(request: InFlightRequest) -> OrderId | None:
    return request.request.state.id if isinstance(request.request, OrderRequestCancel) else None
