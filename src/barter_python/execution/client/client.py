"""What a client of an exchange has to offer. Rust origin: barter_execution::client.

A client speaks the venue's names; `execution.manager` translates. It belongs to one event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

from barter_python.errors import BarterError
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.error import ClientError, ExchangeOffline, RateLimit, Socket, Timeout
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

__all__ = ["ExecutionClient", "ExecutionError", "FindsOrders"]

T = TypeVar("T")


class ExecutionError(BarterError):
    """A client could not do what it was asked for. Rust: `ExecutionError::Client`.

    Attributes:
        error: Why.
        reason: The same in words.
    """

    def __init__(self, message: str, error: ClientError, reason: str | None = None) -> None:
        self.error = error
        self.reason = str(error) if reason is None else reason
        super().__init__(f"{message}: {self.reason}")

    @property
    def is_terminal(self) -> bool:
        """Whether there is no point in trying again: the venue understood, and refused."""
        return not isinstance(self.error, ExchangeOffline | Timeout | Socket | RateLimit)


class ExecutionClient(Protocol):
    """Orders and account of one exchange. Inherit from it to get `cancel_orders` and `open_orders`.

    What fails is raised as an `ExecutionError` or a `SocketError`, except for orders: there the failure is the answer. It must
    say what is known: `ExchangeOffline` where the request has not left, `Timeout` or `Socket` where the venue may have acted on
    it, anything else where the venue refused.

    An order must not be told to have ended before its fills were: a strategy that sees neither order nor position orders again.
    Where an answer is ahead of the account stream, the answer is None, and the stream tells.
    """

    EXCHANGE: ClassVar[ExchangeId]
    """The venue; MOCK or SIMULATED for a client that stands in for any of them."""

    async def account_snapshot(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AccountSnapshot:
        """Balances, and at least the open orders."""
        ...

    async def account_stream(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AsyncIterator[AccountEvent]:
        """What happens to the account from now on, also what happens before the first item is asked for.

        The stream ends, or raises, when its connection is lost. Its `aclose`, if it has one, is called when it is not needed any
        more.
        """
        ...

    async def cancel_order(self, request: OrderRequestCancel, /) -> OrderResponseCancel | None:
        """Cancel an order; None where the answer will come on the account stream."""
        ...

    async def open_order(self, request: OrderRequestOpen, /) -> Order | None:
        """Open an order; None where the answer will come on the account stream.

        The order is `Open`, or `OpenFailed`, or final already.
        """
        ...

    async def fetch_balances(self, assets: Sequence[AssetNameExchange], /) -> list[AssetBalance]:
        """Balances of the given assets."""
        ...

    async def fetch_open_orders(self, instruments: Sequence[InstrumentNameExchange], /) -> list[Order]:
        """The open orders of the given instruments."""
        ...

    async def fetch_trades(self, time_since: datetime, /) -> list[Trade]:
        """Our fills since a time of the venue."""
        ...

    def cancel_orders(self, requests: Iterable[OrderRequestCancel], /) -> AsyncIterator[OrderResponseCancel | None]:
        """Cancel orders at once; the answers in the order in which they come."""
        return _as_completed([self.cancel_order(request) for request in requests])

    def open_orders(self, requests: Iterable[OrderRequestOpen], /) -> AsyncIterator[Order | None]:
        """Open orders at once; the answers in the order in which they come."""
        return _as_completed([self.open_order(request) for request in requests])


@runtime_checkable
class FindsOrders(Protocol):
    """What a client may offer besides: it finds an order by its name. Rust has none.

    A link then knows for certain what became of a request whose answer was lost, see `execution.link.unknown`. What fails is
    raised as an `ExecutionError` or a `SocketError`: it says nothing about the order.
    """

    async def find_order(self, instrument: InstrumentNameExchange, cid: ClientOrderId, /) -> Order | None:
        """An order in whatever state, the latest of that name; None where the venue does not know it."""
        ...

    async def fetch_order_trades(self, instrument: InstrumentNameExchange, cid: ClientOrderId, /) -> list[Trade]:
        """All fills of that order, oldest first."""
        ...


async def _as_completed(calls: Sequence[Coroutine[Any, Any, T]]) -> AsyncIterator[T]:
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        for next_answer in asyncio.as_completed(tasks):
            yield await next_answer
    finally:
        unfinished = [task for task in tasks if not task.done()]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
