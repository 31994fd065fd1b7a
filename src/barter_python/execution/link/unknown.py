"""Finding out what became of a request whose answer was lost. Rust origin: none.

Rust reports such an order as failed, although it may be live: the strategy orders again, and holds twice what it wanted. Here
nothing is reported until the venue has told: unknown is not failed.

A client that `FindsOrders` is asked for the order by its name:

    what the venue shows                                         of an open                of a cancel
    the order is open                                            it is open                it did not happen
    the order has ended                                          that is its end           that is its end
    the order is not known                                       it failed (not at once)   the order is gone (not at once)
    its fills are fewer than the order says                      still unknown             still unknown
    nothing, because it does not answer                          still unknown             still unknown

Fills that the stream has not told of come first: a strategy that saw the order end before its position changed would order again.

Any other client is asked for open orders and fills:

    the order is open                                            it is open                it did not happen
    the order is not open, nor was it filled                     it failed (not at once)   the order is gone (not at once)
    neither, but there are fills that nobody accounts for        still unknown             the order is gone (not at once)
    nothing, because it does not answer                          still unknown             still unknown

"Not at once": a venue may show an order late. What is absent must have been absent twice, and, for an open, until `settle` after
it was sent.

Since when fills are asked for must not depend on our clock, which may differ from the venue's by any time: it is the latest stamp
of the venue that the link had heard when the request was sent, a little earlier because stamps need not be in order. By the
venue's own clock a fill of the request is later. Where nothing was heard for a day, or at all, it is a day before our clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from logging import getLogger
from typing import Final, TypeAlias

from barter_python.execution.client.client import ExecutionClient, ExecutionError, FindsOrders
from barter_python.execution.error import Timeout
from barter_python.execution.link.in_flight import InFlight, InFlightRequest
from barter_python.execution.link.told import OrderName
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import (
    CancelInFlight,
    Cancelled,
    FullyFilled,
    Open,
    OpenFailed,
    OpenInFlight,
    is_active,
    open_meta,
)
from barter_python.execution.trade import Trade
from barter_python.instrument.instrument import InstrumentKey
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.integration.channel import ChannelClosed
from barter_python.integration.error import SocketError
from barter_python.numeric import ZERO, in_money_context

__all__ = ["ENVIRONMENT_FAILURES", "Lookup", "UnknownPolicy"]

_LOG: Final = getLogger(__name__)
_STAMPS_MAY_DIFFER: Final = timedelta(seconds=10)
_DAY: Final = timedelta(days=1)
_ABSENT: Final = 2

ENVIRONMENT_FAILURES: Final = (ExecutionError, SocketError, ChannelClosed, OSError, TimeoutError, EOFError)
"""What a client may raise without being wrong. Anything else is a mistake in the client, and stops its link."""

_Request: TypeAlias = InFlightRequest[OrderRequestOpen] | InFlightRequest[OrderRequestCancel]
_Found: TypeAlias = Order | bool | None
"""The order; else whether it may still have come to something; None where the venue did not tell."""


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


class Lookup:
    """Asks one exchange what became of requests.

    Args:
        client: The exchange.
        in_flight: The requests, and whose orders are whose.
        policy: How insistently it is asked.
        now: Our time, aware UTC.
        tell: Takes all fills of an order, oldest first, which may have been told before.
    """

    def __init__(
        self,
        client: ExecutionClient,
        in_flight: InFlight,
        policy: UnknownPolicy,
        now: Callable[[], datetime],
        tell: Callable[[OrderName, Sequence[Trade]], None],
    ) -> None:
        self._client = client
        self._in_flight = in_flight
        self._policy = policy
        self._now = now
        self._tell = tell

    async def opened(self, unknown: InFlightRequest[OrderRequestOpen]) -> Order | None:
        """What became of a request to open, under the venue's names; None where the account stream has told meanwhile."""
        request, absent = unknown.request, 0
        pause = self._policy.query_initial
        while not await unknown.is_answered_within(pause.total_seconds()):
            pause = min(pause * 2, self._policy.query_max)
            found = await self._find(unknown)
            if isinstance(found, Order):
                _LOG.info("order %s is at the venue, its answer was lost", request.key.cid)
                return found
            absent = absent + 1 if found is False else 0
            if absent >= _ABSENT and self._now() - unknown.time_sent >= self._policy.settle:
                _LOG.warning("order %s is not known to the venue %s after it was sent", request.key.cid, self._policy.settle)
                return request.to_order().with_state(OpenFailed(Timeout()))
            _LOG.warning("order %s: it is not known what became of it", request.key.cid)
        return None

    async def cancelled(self, unknown: InFlightRequest[OrderRequestCancel]) -> OrderResponseCancel | Order | None:
        """What became of a request to cancel, under the venue's names; None where the account stream has told meanwhile.

        It is an order where that had ended without being cancelled.
        """
        key, absent = unknown.request.key, 0
        pause = self._policy.query_initial
        while not await unknown.is_answered_within(pause.total_seconds()):
            pause = min(pause * 2, self._policy.query_max)
            found = await self._find(unknown)
            if isinstance(found, Order):
                if is_active(found.state):
                    return OrderResponseCancel(key, Timeout())
                return OrderResponseCancel(key, found.state) if isinstance(found.state, Cancelled) else found
            absent = absent + 1 if found is not None else 0
            if absent >= _ABSENT:
                order_id = unknown.request.state.id or self._in_flight.order_id_of(key.instrument, key.cid) or OrderId("")
                return OrderResponseCancel(key, Cancelled(order_id, self._now()))
            _LOG.warning("order %s: it is not known whether it was cancelled", key.cid)
        return None

    async def gone_on(self, open_orders: Mapping[OrderName, Decimal]) -> list[Order]:
        """The orders that have ended, or were filled further, than was told. Their fills are told.

        A stream may lose a message and go on, which nobody would notice.

        Args:
            open_orders: The orders that were told to be open, and how much of each was told to be filled, in base units.
        """
        found: list[Order] = []
        names = sorted({InstrumentNameExchange(str(instrument)) for instrument, _ in open_orders})
        if not names or not isinstance(self._client, FindsOrders):
            return found
        try:
            at_venue = {(order.key.instrument, order.key.cid): order for order in await self._client.fetch_open_orders(names)}
            for (instrument, cid), filled in open_orders.items():
                listed = at_venue.get((instrument, cid))
                if listed is None or _quantity_filled(listed) > filled:
                    order = await self._find_by_name(self._client, instrument, cid)
                    if isinstance(order, Order) and (not is_active(order.state) or _quantity_filled(order) > filled):
                        found.append(order)
        except ENVIRONMENT_FAILURES as error:
            _LOG.warning("open orders: the venue does not tell: %s", error)
        return found

    async def _find(self, unknown: _Request) -> _Found:
        key = unknown.request.key
        try:
            if isinstance(self._client, FindsOrders):
                return await self._find_by_name(self._client, key.instrument, key.cid)
            return await self._find_among_all(key, _time_since(unknown))
        except ENVIRONMENT_FAILURES as error:
            _LOG.warning("order %s: the venue does not tell: %s", key.cid, error)
            return None

    async def _find_by_name(self, client: FindsOrders, instrument: InstrumentKey, cid: ClientOrderId) -> _Found:
        name = InstrumentNameExchange(str(instrument))
        order = await client.find_order(name, cid)
        if order is None:
            return False
        if isinstance(order.state, OpenInFlight):
            return None
        if isinstance(order.state, OpenFailed):
            return order
        trades = await client.fetch_order_trades(name, cid)
        if _quantity(trades) < _quantity_filled(order):
            return None
        self._tell((instrument, cid), trades)
        return order

    async def _find_among_all(self, key: OrderKey, time_since: datetime) -> _Found:
        orders = await self._client.fetch_open_orders([InstrumentNameExchange(str(key.instrument))])
        trades = await self._client.fetch_trades(time_since)
        for order in orders:
            if order.key.cid == key.cid and order.key.instrument == key.instrument:
                return order
        return any(trade.instrument == key.instrument and self._may_be_of(trade, key) for trade in trades)

    def _may_be_of(self, trade: Trade, key: OrderKey) -> bool:
        return self._in_flight.cid_of(trade.instrument, trade.order_id) in (None, key.cid)


def _time_since(unknown: _Request) -> datetime:
    """Since when fills may be those of a request, by the venue's clock."""
    earliest = unknown.time_sent - _DAY
    if unknown.time_heard is None:
        return earliest
    return max(earliest, min(unknown.time_heard, unknown.time_sent) - _STAMPS_MAY_DIFFER)


@in_money_context
def _quantity(trades: Iterable[Trade]) -> Decimal:
    return sum((abs(trade.quantity) for trade in trades), ZERO)


def _quantity_filled(order: Order) -> Decimal:
    """How much of an order is filled at least: that it was cancelled or has expired does not say."""
    state = order.state
    if isinstance(state, FullyFilled):
        return order.quantity
    opened = open_meta(state) if isinstance(state, Open | CancelInFlight) else None
    return ZERO if opened is None else opened.filled_quantity
