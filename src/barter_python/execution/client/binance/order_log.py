"""What this client knows of orders: whose they are, and how far they got. Pure.

The venue tells of an order twice: in the answer to a request, and on the user data stream, in no order between the two. What was
told already, or is older than what was told, must not be told again: an order that was filled would seem to be open. Nor must an
order get ahead of its fills, which come on the stream alone: a strategy would see an order that has ended, and no position.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar

from barter_python.execution.order.id import STRATEGY_UNKNOWN, ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.execution.order.state import is_active
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.numeric import ZERO, in_money_context

__all__ = ["KnownOrder", "OrderLog"]

K = TypeVar("K")
V = TypeVar("V")

_KEPT_MAX: Final = 10_000

_VenueKey: TypeAlias = tuple[str, OrderId]
"""Symbol and order id: the venue numbers the orders of each symbol on their own."""


@dataclass(slots=True, frozen=True)
class KnownOrder:
    """How far an order got.

    Attributes:
        symbol: What it trades.
        id: The venue's order id.
        cid: Its client order id.
        is_open: Whether it may still be filled.
        filled: How much of it is filled, in base units.
        quantity: All of it, in base units.
    """

    symbol: str
    id: OrderId
    cid: ClientOrderId
    is_open: bool
    filled: Decimal
    quantity: Decimal


class OrderLog:
    """The latest ten thousand orders."""

    def __init__(self) -> None:
        self._requests: OrderedDict[ClientOrderId, OrderRequestOpen] = OrderedDict()
        self._strategies: OrderedDict[ClientOrderId, StrategyId] = OrderedDict()
        self._sent_ms: OrderedDict[tuple[str, ClientOrderId], int] = OrderedDict()
        self._unanswered: OrderedDict[tuple[str, ClientOrderId], None] = OrderedDict()
        self._orders: OrderedDict[_VenueKey, KnownOrder] = OrderedDict()
        self._filled: OrderedDict[_VenueKey, Decimal] = OrderedDict()
        self._trades: OrderedDict[tuple[str, int], None] = OrderedDict()

    def requested(self, request: OrderRequestOpen, sent_ms: int = 0) -> None:
        """An order of ours is about to be sent, at this time of the venue."""
        name = (str(request.key.instrument), request.key.cid)
        _keep(self._requests, request.key.cid, request)
        _keep(self._sent_ms, name, sent_ms)
        _keep(self._unanswered, name, None)
        self.named(request.key)

    def sent_ms(self, symbol: str, cid: ClientOrderId) -> int | None:
        """When an order was sent, by the venue's clock; None where it was not sent through this client lately."""
        return self._sent_ms.get((symbol, cid))

    def answered(self, symbol: str, cid: ClientOrderId) -> None:
        """It is known what became of a request."""
        self._unanswered.pop((symbol, cid), None)

    def unanswered(self) -> list[tuple[str, ClientOrderId]]:
        """The requests of which it is not known what became of them: symbol and client order id."""
        return list(self._unanswered)

    def named(self, key: OrderKey) -> None:
        """An order of ours, and who owns it."""
        _keep(self._strategies, key.cid, key.strategy)

    def request(self, symbol: str, cid: ClientOrderId) -> OrderRequestOpen | None:
        """With what an order was opened; None where it was not opened through this client lately."""
        request = self._requests.get(cid)
        return request if request is not None and str(request.key.instrument) == symbol else None

    def key(self, symbol: str, cid: ClientOrderId) -> OrderKey:
        """What identifies an order. Its owner is unknown where it was not sent through this client."""
        strategy = self._strategies.get(cid, STRATEGY_UNKNOWN)
        return OrderKey(ExchangeId.BINANCE_SPOT, InstrumentNameExchange(symbol), strategy, cid)

    def find(self, symbol: str, order_id: OrderId) -> KnownOrder | None:
        """An order by the venue's id."""
        return self._orders.get((symbol, order_id))

    def find_by_cid(self, symbol: str, cid: ClientOrderId) -> KnownOrder | None:
        """The latest order with this client order id."""
        return next((order for order in reversed(self._orders.values()) if (order.symbol, order.cid) == (symbol, cid)), None)

    def open_orders(self) -> list[KnownOrder]:
        """The orders that were open when they were last heard of."""
        return [order for order in self._orders.values() if order.is_open]

    def advance(self, order: Order, order_id: OrderId, filled: Decimal, *, is_told_anyway: bool = False) -> bool:
        """Take in what the venue says of an order.

        Args:
            order: What it says.
            order_id: The venue's id.
            filled: How much of it is filled.
            is_told_anyway: Whether it says more than its state, for example another quantity.

        Returns:
            Whether that is news.
        """
        symbol, is_open = str(order.key.instrument), is_active(order.state)
        self.answered(symbol, order.key.cid)
        known = self.find(symbol, order_id)
        if known is not None:
            if not known.is_open or (is_open and filled < known.filled):
                return False
            if is_open and filled == known.filled and not is_told_anyway:
                return False
        key = (symbol, order_id)
        _keep(self._orders, key, KnownOrder(symbol, order_id, order.key.cid, is_open, filled, order.quantity))
        _keep(self._filled, key, max(filled, self._filled.get(key, ZERO)))
        return True

    def is_ahead(self, order: Order, order_id: OrderId, filled: Decimal) -> bool:
        """Whether what the venue says of an order contains fills that were not told yet.

        What an order of somebody else had been filled before it was first heard of counts as told.
        """
        symbol = str(order.key.instrument)
        is_ours = self.request(symbol, order.key.cid) is not None
        return filled > self._filled.get((symbol, order_id), ZERO if is_ours else filled)

    @in_money_context
    def is_new_trade(self, symbol: str, trade_id: int, order_id: OrderId, quantity: Decimal) -> bool:
        """Whether a fill was not told yet; from now on it was."""
        if (symbol, trade_id) in self._trades:
            return False
        _keep(self._trades, (symbol, trade_id), None)
        key = (symbol, order_id)
        _keep(self._filled, key, self._filled.get(key, ZERO) + quantity)
        return True


def _keep(mapping: OrderedDict[K, V], key: K, value: V) -> None:
    mapping[key] = value
    mapping.move_to_end(key)
    if len(mapping) > _KEPT_MAX:
        mapping.popitem(last=False)
