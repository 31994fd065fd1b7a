"""Finding out what became of a request whose answer was lost. Rust origin: none.

Rust reports such an order as failed, although it may be live: the strategy orders again, and holds twice what it wanted. Here
nothing is reported until the venue has told: unknown is not failed.

    what the venue shows                                         of an open                of a cancel
    the order is open                                            it is open                it did not happen
    the order is not open, nor was it filled                     it failed (not at once)   the order is gone (not at once)
    neither, but there are fills that nobody accounts for        still unknown             the order is gone (not at once)
    nothing, because it does not answer                          still unknown             still unknown

"Not at once": a venue may show an order late. What is absent must have been absent twice, and, for an open, until `settle` after
it was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import getLogger
from typing import Final, TypeAlias

from barter_python.execution.client.client import ExecutionClient, ExecutionError
from barter_python.execution.error import Timeout
from barter_python.execution.link.in_flight import InFlight, InFlightRequest
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import Cancelled, OpenFailed
from barter_python.execution.trade import Trade
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.integration.channel import ChannelClosed
from barter_python.integration.error import SocketError

__all__ = ["ENVIRONMENT_FAILURES", "UnknownPolicy", "resolve_cancel", "resolve_open"]

_LOG: Final = getLogger(__name__)
_CLOCKS_MAY_DIFFER: Final = timedelta(seconds=10)
_ABSENT: Final = 2

ENVIRONMENT_FAILURES: Final = (ExecutionError, SocketError, ChannelClosed, OSError, TimeoutError, EOFError)
"""What a client may raise without being wrong. Anything else is a mistake in the client, and stops its link."""

_Found: TypeAlias = Order | bool | None
"""The order where it is open; else whether it may still have come to something; None where the venue did not tell."""


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


async def resolve_open(
    client: ExecutionClient,
    in_flight: InFlight,
    unknown: InFlightRequest[OrderRequestOpen],
    policy: UnknownPolicy,
    now: Callable[[], datetime],
) -> Order | None:
    """What became of a request to open, under the venue's names; None where the account stream has told meanwhile."""
    request, absent = unknown.request, 0
    pause = policy.query_initial
    while not await unknown.is_answered_within(pause.total_seconds()):
        pause = min(pause * 2, policy.query_max)
        found = await _find(client, in_flight, request.key, unknown.time_sent)
        if isinstance(found, Order):
            _LOG.info("order %s is open, its answer was lost", request.key.cid)
            return found
        absent = absent + 1 if found is False else 0
        if absent >= _ABSENT and now() - unknown.time_sent >= policy.settle:
            _LOG.warning("order %s is not known to the venue %s after it was sent", request.key.cid, policy.settle)
            return request.to_order().with_state(OpenFailed(Timeout()))
        _LOG.warning("order %s: it is not known what became of it", request.key.cid)
    return None


async def resolve_cancel(
    client: ExecutionClient,
    in_flight: InFlight,
    unknown: InFlightRequest[OrderRequestCancel],
    policy: UnknownPolicy,
    now: Callable[[], datetime],
) -> OrderResponseCancel | None:
    """What became of a request to cancel, under the venue's names; None where the account stream has told meanwhile."""
    request, absent = unknown.request, 0
    pause = policy.query_initial
    while not await unknown.is_answered_within(pause.total_seconds()):
        pause = min(pause * 2, policy.query_max)
        found = await _find(client, in_flight, request.key, unknown.time_sent)
        if isinstance(found, Order):
            return OrderResponseCancel(request.key, Timeout())
        absent = absent + 1 if found is not None else 0
        if absent >= _ABSENT:
            order_id = request.state.id or in_flight.order_id_of(request.key.instrument, request.key.cid) or OrderId("")
            return OrderResponseCancel(request.key, Cancelled(order_id, now()))
        _LOG.warning("order %s: it is not known whether it was cancelled", request.key.cid)
    return None


async def _find(client: ExecutionClient, in_flight: InFlight, key: OrderKey, time_sent: datetime) -> _Found:
    try:
        orders = await client.fetch_open_orders([InstrumentNameExchange(str(key.instrument))])
        trades = await client.fetch_trades(time_sent - _CLOCKS_MAY_DIFFER)
    except ENVIRONMENT_FAILURES as error:
        _LOG.warning("order %s: the venue does not tell: %s", key.cid, error)
        return None
    for order in orders:
        if order.key.cid == key.cid and order.key.instrument == key.instrument:
            return order
    return any(trade.instrument == key.instrument and _may_be_of(trade, key, in_flight) for trade in trades)


def _may_be_of(trade: Trade, key: OrderKey, in_flight: InFlight) -> bool:
    return in_flight.cid_of(trade.instrument, trade.order_id) in (None, key.cid)
