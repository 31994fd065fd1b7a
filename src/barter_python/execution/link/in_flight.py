"""Requests whose outcome the engine was not told yet. Rust origin: barter_execution::request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeAlias

from barter_python.execution.account import AccountEventKind, AccountSnapshot
from barter_python.execution.link.tracked_order import OrderName
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequest, OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import is_inactive

__all__ = ["InFlight", "InFlightRequest"]

_Key: TypeAlias = tuple[type[OrderRequest], OrderName]


class InFlightRequest:
    """A request under way.

    Attributes:
        request: Under the venue's names.
    """

    __slots__ = ("_told", "request")

    def __init__(self, request: OrderRequest) -> None:
        self.request = request
        self._told = asyncio.Event()

    def set_told(self) -> None:
        """The engine was told of its outcome."""
        self._told.set()

    @property
    def is_told(self) -> bool:
        """Whether the engine was told of its outcome."""
        return self._told.is_set()

    async def is_told_within(self, seconds: float) -> bool:
        """Whether the engine is told of its outcome within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._told.wait()
        except TimeoutError:
            return False
        return True


class InFlight:
    """The requests of one exchange that are under way.

    Requests about one order are handed to the client one after the other: a cancel never overtakes its open.
    """

    def __init__(self) -> None:
        self._requests: dict[_Key, list[InFlightRequest]] = {}
        self._lanes: dict[OrderName, asyncio.Lock] = {}
        self._waiting: dict[OrderName, int] = {}

    def __iter__(self) -> Iterator[InFlightRequest]:
        for requests in self._requests.values():
            yield from requests

    @contextmanager
    def waiting(self, request: OrderRequest) -> Iterator[InFlightRequest]:
        """A request is under way, until its outcome is known or does not matter any more."""
        key = (type(request), _name(request.key))
        waiting = InFlightRequest(request)
        self._requests.setdefault(key, []).append(waiting)
        try:
            yield waiting
        finally:
            self._requests[key].remove(waiting)
            if not self._requests[key]:
                del self._requests[key]

    @asynccontextmanager
    async def turn(self, key: OrderKey) -> AsyncIterator[None]:
        """Wait until every earlier request about this order was handed to the client, and its call has ended."""
        lane = _name(key)
        lock = self._lanes.setdefault(lane, asyncio.Lock())
        self._waiting[lane] = self._waiting.get(lane, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[lane] -= 1
            if not self._waiting[lane]:
                del self._waiting[lane], self._lanes[lane]

    def told(self, kind: AccountEventKind) -> None:
        """The engine was told something, under the venue's names."""
        if isinstance(kind, AccountSnapshot):
            for snapshot in kind.instruments:
                for order in snapshot.orders:
                    self.told(order)
        elif isinstance(kind, OrderResponseCancel):
            self._set_told(OrderRequestCancel, kind.key)
        elif isinstance(kind, Order):
            self._set_told(OrderRequestOpen, kind.key)
            if is_inactive(kind.state):
                self._set_told(OrderRequestCancel, kind.key)

    def _set_told(self, kind: type[OrderRequest], key: OrderKey) -> None:
        for request in self._requests.get((kind, _name(key)), ()):
            request.set_told()


def _name(key: OrderKey) -> OrderName:
    return (key.instrument, key.cid)
