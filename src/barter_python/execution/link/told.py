"""What the engine was told already, so that a fill is told once, and an order that has ended stays ended. Rust origin: none.

A venue tells of a fill on its stream, again after the stream was opened anew, and again where it is asked. A question may be
answered from a copy that is behind the stream, so that an order which was filled seems to be open. Rust passes both on: the
position doubles, and the order is open for ever.

An order that was never opened has not ended: it may yet come to light.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar

from barter_python.execution.account import AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import Cancelled, Expired, FullyFilled, Open, OpenFailed, is_active
from barter_python.execution.trade import Trade, TradeId
from barter_python.instrument.instrument import InstrumentKey
from barter_python.numeric import ZERO, in_money_context

__all__ = ["OrderName", "Told"]

K = TypeVar("K")

_KEPT_MAX: Final = 10_000

_TradeKey: TypeAlias = tuple[InstrumentKey, TradeId, OrderId]
"""With the order: a venue may give both sides of a trade one number, and both may be ours."""
OrderName: TypeAlias = tuple[InstrumentKey, ClientOrderId]
"""What an order is known by, under the venue's names."""


class Told:
    """The latest ten thousand fills and ends of orders, under the venue's names.

    Attributes:
        open_orders: How much is filled of each order that was told to be open, as it was told last, in base units.
    """

    __slots__ = ("_before", "_ended", "_trades", "open_orders")

    def __init__(self) -> None:
        self._trades: OrderedDict[_TradeKey, None] = OrderedDict()
        self._ended: OrderedDict[OrderName, None] = OrderedDict()
        self._before: dict[OrderName, Decimal] = {}
        self.open_orders: dict[OrderName, Decimal] = {}

    def news(self, kind: AccountEventKind) -> AccountEventKind | None:
        """What of it is to be told, None where that is nothing. From now on it was told."""
        if isinstance(kind, Trade):
            key = (kind.instrument, kind.id, kind.order_id)
            return kind if _is_added(self._trades, key) else None
        if isinstance(kind, Order):
            return kind if self._is_news(kind) else None
        if isinstance(kind, OrderResponseCancel) and isinstance(kind.state, Cancelled):
            self._end(kind.key)
        elif isinstance(kind, AccountSnapshot):
            return replace(kind, instruments=[self._snapshot_news(found) for found in kind.instruments])
        return kind

    def has_ended(self, key: OrderKey) -> bool:
        """Whether the engine was told that an order has come to its end."""
        return _name(key) in self._ended

    def opening(self, key: OrderKey) -> None:
        """An order is about to be opened under this name."""
        self._ended.pop(_name(key), None)
        self._before[_name(key)] = ZERO

    @in_money_context
    def fills_since_first_heard(self, name: OrderName, trades: Iterable[Trade]) -> list[Trade]:
        """Of all fills of an order, oldest first, those that the engine has to know, whether they were told or not.

        What an order of an earlier session was filled before its first snapshot is no business of this one.
        """
        before, filled, since = self._before.get(name), ZERO, list[Trade]()
        for trade in trades:
            filled += abs(trade.quantity)
            if before is not None and filled > before:
                since.append(trade)
        return since

    def _snapshot_news(self, found: InstrumentAccountSnapshot) -> InstrumentAccountSnapshot:
        for order in found.orders:
            if isinstance(order.state, Open) and not self.has_ended(order.key):
                self._before.setdefault(_name(order.key), order.state.filled_quantity)
        return InstrumentAccountSnapshot(found.instrument, [order for order in found.orders if self._is_news(order)])

    def _is_news(self, order: Order) -> bool:
        if isinstance(order.state, FullyFilled | Cancelled | Expired):
            self._end(order.key)
        elif is_active(order.state) and self.has_ended(order.key):
            return False
        elif isinstance(order.state, Open):
            self._before.setdefault(_name(order.key), ZERO)
            self.open_orders[_name(order.key)] = order.state.filled_quantity
        elif isinstance(order.state, OpenFailed):
            self._before.pop(_name(order.key), None)
        return True

    def _end(self, key: OrderKey) -> None:
        self.open_orders.pop(_name(key), None)
        self._before.pop(_name(key), None)
        _is_added(self._ended, _name(key))


def _name(key: OrderKey) -> OrderName:
    return (key.instrument, key.cid)


def _is_added(known: OrderedDict[K, None], key: K) -> bool:
    """Whether it was not known yet. The oldest is forgotten where there are too many."""
    if key in known:
        return False
    known[key] = None
    if len(known) > _KEPT_MAX:
        known.popitem(last=False)
    return True
