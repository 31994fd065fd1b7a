"""A venue with one instrument that does what a test tells it to. What is in front of it gives it its habits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from tests.support.virtual_time import START

SYMBOL = "BTCUSDT"


@dataclass
class VenueOrder:
    id: int
    cid: str
    side: str
    quantity: Decimal
    price: Decimal
    time: datetime
    filled: Decimal = Decimal(0)
    status: str = "NEW"

    @property
    def is_open(self) -> bool:
        return self.status in ("NEW", "PARTIALLY_FILLED")


@dataclass
class VenueFill:
    id: int
    order_id: int
    side: str
    quantity: Decimal
    price: Decimal
    time: datetime


Change = tuple[VenueOrder, VenueFill | None]


@dataclass
class SmallVenue:
    """What it knows, and what shall go wrong.

    `answers_lost` of the next requests are acted on, but not answered. `messages_lost` of the next changes are told to nobody.
    """

    orders: list[VenueOrder] = field(default_factory=list)
    fills: list[VenueFill] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    listeners: list[Callable[[Change], None]] = field(default_factory=list)
    answers_lost: int = 0
    messages_lost: int = 0
    repeats: int = 1
    fills_at_once: bool = False
    refusal: str | None = None
    is_down: bool = False

    def now(self) -> datetime:
        return START + timedelta(microseconds=round(asyncio.get_running_loop().time() * 1e6))

    def is_answer_lost(self) -> bool:
        self.answers_lost -= 1
        return self.answers_lost >= 0

    def place(self, cid: str, side: str, quantity: Decimal, price: Decimal) -> VenueOrder:
        order = VenueOrder(100 + len(self.orders), cid, side, quantity, price, self.now())
        self.orders.append(order)
        self._changed(order)
        if self.fills_at_once:
            self.fill(cid, str(quantity))
        return order

    def find(self, cid: str | None = None, order_id: int | None = None) -> VenueOrder | None:
        return next((order for order in reversed(self.orders) if order_id == order.id or cid == order.cid), None)

    def fill(self, cid: str, quantity: str) -> None:
        order = self.find(cid)
        assert order is not None
        assert order.is_open
        order.filled += Decimal(quantity)
        order.status = "FILLED" if order.filled == order.quantity else "PARTIALLY_FILLED"
        fill = VenueFill(500 + len(self.fills), order.id, order.side, Decimal(quantity), order.price, self.now())
        self.fills.append(fill)
        self._changed(order, fill)

    def cancel(self, order: VenueOrder) -> None:
        order.status = "CANCELED"
        self._changed(order)

    def _changed(self, order: VenueOrder, fill: VenueFill | None = None) -> None:
        order.time = self.now()
        self.messages_lost -= 1
        if self.messages_lost < 0:
            for _ in range(self.repeats):
                self.changes.append((replace(order), fill))
                for listener in self.listeners:
                    listener(self.changes[-1])
