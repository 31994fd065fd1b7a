"""Asking one venue about orders. Rust origin: none.

Rust reports an order whose answer was lost as failed, although it may be live: the strategy orders again, and holds twice what it
wanted. Here nothing is reported until the venue has told: unknown is not failed.

A client that `FindsOrders` is asked for the order by its name, and then for all its fills. Any other client is asked for open
orders and fills:

| what the venue shows | of an open | of a cancel |
|---|---|---|
| the order is open | it is open | it did not happen |
| the order has ended | that is its end | that is its end |
| the order is not known, or not open, and was not filled | it failed (not at once) | the order is gone (not at once) |
| not open, and there are fills that nobody accounts for | still unknown | the order is gone (not at once) |
| nothing, because it does not answer | still unknown | still unknown |

"Not at once": a venue may show an order late. What is absent must have been absent twice, and, for an open, until `settle` after
it was sent.

Since when fills are asked for must not depend on our clock, which may differ from the venue's by any time: it is the latest stamp
of the venue that the link had heard when the request was sent, a little earlier because stamps need not be in order. By the
venue's own clock a fill of the request is later. Where nothing was heard for a day, or at all, it is a day before our clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from logging import getLogger
from typing import Final

from barter_python.execution.client.client import CLIENT_FAILURES, ExecutionClient, FindsOrders
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.link.intake import AccountIntake
from barter_python.execution.link.tracked_order import TrackedOrder, venue_id
from barter_python.execution.order.order import Order
from barter_python.execution.order.state import OpenInFlight
from barter_python.execution.trade import Trade
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["STAMPS_MAY_DIFFER", "Absence", "Lookup"]

_LOG: Final = getLogger(__name__)

STAMPS_MAY_DIFFER: Final = timedelta(seconds=10)
_CLOCKS_MAY_DIFFER: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)


class Absence(Enum):
    """Why an order was not found.

    ABSENT: The venue does not know it, or it is not open and was not filled.
    UNCLEAR: It is not open, and may have been filled, or the venue may yet refuse it.
    SILENT: The venue does not tell.
    """

    ABSENT = "absent"
    UNCLEAR = "unclear"
    SILENT = "silent"


class Lookup:
    """Asks one exchange what became of orders. What it says is taken in, fills first.

    Args:
        client: The exchange.
        intake: Takes what it says.
        now: Our time, aware UTC.
    """

    def __init__(self, client: ExecutionClient, intake: AccountIntake, now: Callable[[], datetime]) -> None:
        self._client = client
        self._finder = client if isinstance(client, FindsOrders) else None
        self._intake = intake
        self._now = now

    async def look(self, order: TrackedOrder) -> Order | Absence:
        """Ask what became of an order."""
        try:
            found = await (self._among_all(order) if self._finder is None else self._by_name(self._finder, order))
        except CLIENT_FAILURES as error:
            _LOG.warning("order %s: the venue does not tell: %s", order.cid, error)
            return Absence.SILENT
        order.is_due = order.held is not None
        return found

    async def _by_name(self, finder: FindsOrders, order: TrackedOrder) -> Order | Absence:
        instrument = InstrumentNameExchange(str(order.instrument))
        found = await finder.find_order(instrument, order.cid, order.id)
        if found is None or self._is_another(finder, order, found):
            return Absence.ABSENT
        if isinstance(found.state, OpenInFlight):
            self._intake.take(found)
            return Absence.UNCLEAR
        if order.is_known and found.filled > order.filled:
            self._take_fills(order, await finder.fetch_order_trades(instrument, found.id))
        self._intake.take(found)
        return found

    def _is_another(self, finder: FindsOrders, order: TrackedOrder, found: OrderReport) -> bool:
        """Whether an order is older than our request of that name. The venue's clock tells: it dates them both."""
        venue_time = finder.venue_time()
        if order.id is not None or order.time_sent is None or venue_time is None:
            return False
        return found.time_exchange < venue_time - (self._now() - order.time_sent) - _CLOCKS_MAY_DIFFER

    async def _among_all(self, order: TrackedOrder) -> Order | Absence:
        orders = await self._client.fetch_open_orders([InstrumentNameExchange(str(order.instrument))])
        trades = await self._client.fetch_trades(self._time_since(order))
        trades = [trade for trade in trades if trade.instrument == order.instrument]
        found = next((found for found in orders if (found.key.instrument, found.key.cid) == order.name), None)
        order_id = order.id if found is None else venue_id(found)
        self._take_fills(order, [trade for trade in trades if trade.order_id == order_id])
        if found is not None:
            self._intake.take(found)
            return found
        return Absence.UNCLEAR if any(self._may_be_of(trade, order) for trade in trades) else Absence.ABSENT

    def _take_fills(self, order: TrackedOrder, trades: Sequence[Trade]) -> None:
        self._intake.tell(self._intake.orders.take_fills(order, trades))

    def _may_be_of(self, trade: Trade, order: TrackedOrder) -> bool:
        owner = self._intake.orders.find_by_id(trade.instrument, trade.order_id)
        return owner is None or owner is order

    def _time_since(self, order: TrackedOrder) -> datetime:
        """Since when fills may be those of an order, by the venue's clock."""
        time_sent = order.time_sent or self._now()
        earliest = time_sent - _DAY
        if order.time_heard_before is None:
            return earliest
        return max(earliest, min(order.time_heard_before, time_sent) - STAMPS_MAY_DIFFER)
