"""Requests whose outcome is not known yet, and what the account stream says of them. Rust origin: barter::execution::request."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final, Generic, TypeAlias, TypeVar

from barter_python.execution.account import AccountEventKind, AccountSnapshot
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import Order, OrderKey
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import (
    CancelInFlight,
    Cancelled,
    Expired,
    FullyFilled,
    Open,
    OpenInFlight,
    is_inactive,
    open_meta,
    time_exchange,
)
from barter_python.instrument.instrument import InstrumentKey

__all__ = ["InFlight", "InFlightRequest"]

RequestT = TypeVar("RequestT", OrderRequestOpen, OrderRequestCancel)

_Key: TypeAlias = tuple[type[OrderRequestOpen] | type[OrderRequestCancel], InstrumentKey, ClientOrderId]
_IDS_MAX: Final = 10_000


class InFlightRequest(Generic[RequestT]):
    """A request under way.

    Attributes:
        request: Under the venue's names.
        time_sent: When it was sent, by our clock, aware UTC.
        time_heard: The latest stamp of the venue that was heard until then, None where there was none.
        answered: Set once the account stream has told its outcome.
        last: What the account stream said about it last, None where it said nothing.
    """

    __slots__ = ("answered", "last", "request", "time_heard", "time_sent")

    def __init__(self, request: RequestT, time_sent: datetime, time_heard: datetime | None = None) -> None:
        self.request: RequestT = request
        self.time_sent = time_sent
        self.time_heard = time_heard
        self.answered = asyncio.Event()
        self.last: Order | OrderResponseCancel | None = None

    def tell(self, kind: Order | OrderResponseCancel) -> None:
        """The account stream tells its outcome."""
        self.last = kind
        self.answered.set()

    def knows(self, answer: Order | OrderResponseCancel) -> bool:
        """Whether the account stream has told as much as this answer says, or more."""
        last = self.last
        if isinstance(last, Order) and isinstance(answer, Order) and isinstance(answer.state, Open):
            has_ended = isinstance(last.state, FullyFilled | Cancelled | Expired)
            return has_ended or (isinstance(last.state, Open) and answer.state.filled_quantity <= last.state.filled_quantity)
        return last == answer

    async def is_answered_within(self, seconds: float) -> bool:
        """Whether the account stream tells its outcome within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self.answered.wait()
        except TimeoutError:
            return False
        return True


class InFlight:
    """The requests of one exchange that are under way.

    Requests about one order are handed to the client one after the other: a cancel never overtakes its open.

    Attributes:
        time_heard: The latest stamp of the venue, None before there is any.
    """

    def __init__(self) -> None:
        self._requests: dict[_Key, list[InFlightRequest[OrderRequestOpen] | InFlightRequest[OrderRequestCancel]]] = {}
        self._lanes: dict[tuple[InstrumentKey, ClientOrderId], asyncio.Lock] = {}
        self._waiting: dict[tuple[InstrumentKey, ClientOrderId], int] = {}
        self._order_ids: OrderedDict[tuple[InstrumentKey, OrderId], ClientOrderId] = OrderedDict()
        self.time_heard: datetime | None = None

    def __len__(self) -> int:
        return sum(map(len, self._requests.values()))

    def __iter__(self) -> Iterator[InFlightRequest[OrderRequestOpen] | InFlightRequest[OrderRequestCancel]]:
        for requests in self._requests.values():
            yield from requests

    def add(self, request: InFlightRequest[OrderRequestOpen] | InFlightRequest[OrderRequestCancel]) -> None:
        """A request was sent."""
        self._requests.setdefault(_key(request.request), []).append(request)

    def remove(self, request: InFlightRequest[OrderRequestOpen] | InFlightRequest[OrderRequestCancel]) -> None:
        """Its outcome is known, or does not matter any more."""
        key = _key(request.request)
        self._requests[key].remove(request)
        if not self._requests[key]:
            del self._requests[key]

    @asynccontextmanager
    async def turn(self, key: OrderKey) -> AsyncIterator[None]:
        """Wait until every earlier request about this order was handed to the client, and its call has ended."""
        lane = (key.instrument, key.cid)
        lock = self._lanes.setdefault(lane, asyncio.Lock())
        self._waiting[lane] = self._waiting.get(lane, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[lane] -= 1
            if not self._waiting[lane]:
                del self._waiting[lane], self._lanes[lane]

    def observe(self, kind: AccountEventKind) -> None:
        """Take in what the account stream says, under the venue's names."""
        self._hear(_time_exchange(kind))
        if isinstance(kind, AccountSnapshot):
            for snapshot in kind.instruments:
                for order in snapshot.orders:
                    self.observe(order)
        elif isinstance(kind, OrderResponseCancel):
            for request in self._find(OrderRequestCancel, kind.key):
                request.tell(kind)
        elif isinstance(kind, Order):
            self._observe_order(kind)

    def _hear(self, time: datetime | None) -> None:
        if time is not None and (self.time_heard is None or time > self.time_heard):
            self.time_heard = time

    def _observe_order(self, order: Order) -> None:
        self._remember_id(order)
        if not isinstance(order.state, OpenInFlight):
            for request in self._find(OrderRequestOpen, order.key):
                request.tell(order)
        if is_inactive(order.state):
            for request in self._find(OrderRequestCancel, order.key):
                request.tell(order)

    def _find(
        self, kind: type[OrderRequestOpen] | type[OrderRequestCancel], key: OrderKey
    ) -> list[InFlightRequest[OrderRequestOpen] | InFlightRequest[OrderRequestCancel]]:
        return self._requests.get((kind, key.instrument, key.cid), [])

    def _remember_id(self, order: Order) -> None:
        state = order.state
        known = open_meta(state) if isinstance(state, Open | CancelInFlight) else state if isinstance(state, Cancelled) else None
        if known is not None:
            self._order_ids[order.key.instrument, known.id] = order.key.cid
            if len(self._order_ids) > _IDS_MAX:
                self._order_ids.popitem(last=False)

    def cid_of(self, instrument: InstrumentKey, order_id: OrderId) -> ClientOrderId | None:
        """Our name of an order, None where the account stream did not mention it lately."""
        return self._order_ids.get((instrument, order_id))

    def order_id_of(self, instrument: InstrumentKey, cid: ClientOrderId) -> OrderId | None:
        """The venue's name of an order, the latest one of that name; None where the account stream did not mention it lately."""
        known = reversed(self._order_ids.items())
        return next((order_id for (place, order_id), name in known if (place, name) == (instrument, cid)), None)


def _key(request: OrderRequestOpen | OrderRequestCancel) -> _Key:
    return (type(request), request.key.instrument, request.key.cid)


def _time_exchange(kind: AccountEventKind) -> datetime | None:
    match kind:
        case AccountSnapshot():
            return kind.time_most_recent()
        case Order():
            return time_exchange(kind.state)
        case OrderResponseCancel():
            return kind.state.time_exchange if isinstance(kind.state, Cancelled) else None
        case _:
            return kind.time_exchange
