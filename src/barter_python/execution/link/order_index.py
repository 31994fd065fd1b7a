"""Orders by their names and by the venue's ids. Pure. Rust origin: none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias, TypeVar

from barter_python.execution.link.tracked_order import Fills, OrderName, TrackedOrder, TrackedPhase, venue_id
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.trade import Trade
from barter_python.instrument.instrument import InstrumentKey

__all__ = ["OrderIndex"]

K = TypeVar("K")
V = TypeVar("V")

_KEPT_MAX: Final = 10_000

_VenueKey: TypeAlias = tuple[InstrumentKey, OrderId]
"""A venue may number the orders of each instrument on their own."""


class OrderIndex:
    """All orders that may be filled, and the latest ten thousand others."""

    def __init__(self) -> None:
        self._orders: dict[OrderName, TrackedOrder] = {}
        self._by_id: dict[_VenueKey, TrackedOrder] = {}
        self._live: dict[OrderName, TrackedOrder] = {}
        self._without_id: dict[OrderName, TrackedOrder] = {}
        self._fills_of_others: dict[_VenueKey, Fills] = {}

    def add(self, order: TrackedOrder) -> TrackedOrder:
        """A new order takes its name over."""
        self._orders.pop(order.name, None)
        self._orders[order.name] = self._live[order.name] = order
        if order.request is not None:
            self._without_id[order.name] = order
        _forget_oldest(self._orders, _is_over)
        return order

    def find(self, key: OrderKey) -> TrackedOrder | None:
        """The latest order of a name, None where it was not heard of lately."""
        return self._orders.get((key.instrument, key.cid))

    def find_by_id(self, instrument: InstrumentKey, order_id: OrderId) -> TrackedOrder | None:
        """An order by the venue's id, None where it was not heard of lately."""
        return self._by_id.get((instrument, order_id))

    def live(self) -> Iterable[TrackedOrder]:
        """The orders that may be filled, as far as is known."""
        return self._live.values()

    def awaits_id(self, instrument: InstrumentKey) -> bool:
        """Whether an order was sent whose id is not known yet."""
        return any(order.instrument == instrument for order in self._without_id.values())

    def order_of(self, report: Order) -> TrackedOrder:
        """The order that a report is about: by the venue's id where that is known, else by its name; else a new one."""
        key, order_id = report.key, venue_id(report)
        if order_id is not None and (known := self.find_by_id(key.instrument, order_id)) is not None:
            return known
        order = self.find(key)
        if order is None or (order_id is not None and order.id is not None):
            order = self.add(TrackedOrder(key.instrument, key.cid, key.strategy))
        if order_id is not None:
            self.learn_id(order, order_id)
        return order

    def learn_id(self, order: TrackedOrder, order_id: OrderId) -> None:
        """The venue's id of an order, and with it the fills that were told under that id."""
        key = (order.instrument, order_id)
        order.id = order_id
        order.fills = self._fills_of_others.pop(key, order.fills)
        self._by_id[key] = order
        _forget_oldest(self._by_id, _is_over)
        self._forget(self._without_id, order)

    def add_fill(self, trade: Trade) -> bool:
        """A fill of an order of which nothing else is known; False where it is known already."""
        fills = self._fills_of_others.setdefault((trade.instrument, trade.order_id), Fills())
        _forget_oldest(self._fills_of_others, lambda _: True)
        return fills.add(trade)

    def update(self, order: TrackedOrder) -> None:
        """The phase of an order has changed."""
        self._forget(self._without_id, order)
        if _is_over(order):
            self._forget(self._live, order)
        else:
            self._live[order.name] = order

    def _forget(self, known: dict[OrderName, TrackedOrder], order: TrackedOrder) -> None:
        if known.get(order.name) is order:
            del known[order.name]


def _is_over(order: TrackedOrder) -> bool:
    return order.phase in (TrackedPhase.FAILED, TrackedPhase.ENDED)


def _forget_oldest(known: dict[K, V], may_be_forgotten: Callable[[V], bool]) -> None:
    if len(known) > _KEPT_MAX:
        oldest = next((key for key, value in known.items() if may_be_forgotten(value)), None)
        if oldest is not None:
            del known[oldest]
