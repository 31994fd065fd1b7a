"""What a client of an exchange has to offer. Rust origin: barter_execution::client.

A client decodes what the venue says, and requests what is wanted, under the venue's names; `execution.link` remembers, compares
and translates. It belongs to one event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, Protocol, TypeVar, runtime_checkable

from barter_python.errors import BarterError
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.error import ClientError, OrderError
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.spec import InstrumentSpec
from barter_python.integration.channel import ChannelClosed
from barter_python.integration.error import SocketError

__all__ = ["CLIENT_FAILURES", "ChecksOrders", "ExecutionClient", "ExecutionError", "FindsOrders"]

T = TypeVar("T")


class ExecutionError(BarterError):
    """A client could not do what it was asked for. Rust: `ExecutionError::Client`.

    Attributes:
        error: Why.
        reason: The same in words.
    """

    def __init__(self, message: str, error: ClientError, reason: str | None = None) -> None:
        self.error = error
        self.retry = error.retry
        self.reason = str(error) if reason is None else reason
        super().__init__(f"{message}: {self.reason}")


CLIENT_FAILURES: Final = (ExecutionError, SocketError, ChannelClosed, OSError, TimeoutError, EOFError)
"""What a client may raise without being wrong. Anything else is a mistake in the client, and stops its link."""


class ExecutionClient(Protocol):
    """Orders and account of one exchange. Inherit from it to get `cancel_orders` and `open_orders`.

    What fails is raised as an `ExecutionError` or a `SocketError`, except for orders: there the failure is the answer. It must
    say what is known: `ExchangeOffline` where the request has not left, `Timeout` or `Socket` where the venue may have acted on
    it, anything else where the venue refused.

    Where the venue says how much of an order was ever filled, tell an `OrderReport`: the engine is then not told that an order
    has ended before its fills, whichever come first. Owners may be `STRATEGY_UNKNOWN`; anything may be told more than once.
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

    async def cancel_order(self, request: OrderRequestCancel, /) -> OrderResponseCancel | Order | None:
        """Cancel an order; None where the answer will come on the account stream.

        The answer is the order after it, where the venue shows that, or only whether it was cancelled.
        """
        ...

    async def open_order(self, request: OrderRequestOpen, /) -> Order | None:
        """Open an order; None where the answer will come on the account stream.

        The order is `Open`, or `OpenFailed`, or final already; an `OrderReport` in state `OpenInFlight` where the venue has only
        acknowledged the request.
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

    def cancel_orders(self, requests: Iterable[OrderRequestCancel], /) -> AsyncIterator[OrderResponseCancel | Order | None]:
        """Cancel orders at once; the answers in the order in which they come."""
        return _as_completed([self.cancel_order(request) for request in requests])

    def open_orders(self, requests: Iterable[OrderRequestOpen], /) -> AsyncIterator[Order | None]:
        """Open orders at once; the answers in the order in which they come."""
        return _as_completed([self.open_order(request) for request in requests])


@runtime_checkable
class FindsOrders(Protocol):
    """What a client may offer besides: it finds an order by its name. Rust has none.

    A link then knows for certain what became of a request whose answer was lost, see `execution.link.lookup`. What fails is
    raised as an `ExecutionError` or a `SocketError`: it says nothing about the order.
    """

    async def find_order(
        self, instrument: InstrumentNameExchange, cid: ClientOrderId, order_id: OrderId | None, /
    ) -> OrderReport | None:
        """An order in whatever state: by the venue's id where that is given, else the latest of that name.

        None where the venue does not know it.
        """
        ...

    async def fetch_order_trades(self, instrument: InstrumentNameExchange, order_id: OrderId, /) -> list[Trade]:
        """All fills of an order, oldest first."""
        ...

    def venue_time(self) -> datetime | None:
        """The venue's clock now, as it stamps orders; None where that is not known."""
        ...


@runtime_checkable
class ChecksOrders(Protocol):
    """What a client may offer besides: it knows what its venue accepts. Rust has none."""

    async def fetch_specs(self, instruments: Sequence[InstrumentNameExchange], /) -> dict[InstrumentNameExchange, InstrumentSpec]:
        """What the venue accepts of the given instruments, where it limits that."""
        ...

    def refusal(self, request: OrderRequestOpen, open_orders: int, /) -> OrderError | None:
        """Why the venue would refuse an order of which so many of that instrument are open; None where nothing is known."""
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
