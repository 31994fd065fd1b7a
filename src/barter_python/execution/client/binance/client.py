"""A client of Binance spot. Rust origin: barter_execution::client::binance, which is empty.

It decodes and requests; what was told before, and in which order to tell it, is known to `execution.link`.

Source: https://github.com/binance/binance-spot-api-docs; docs/reference/venues/binance-execution.md has the evidence.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import random as random_number
from time import monotonic as monotonic_clock
from typing import ClassVar, Final, TypeVar
from urllib.parse import urlsplit

from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.errors import ConfigError, DecodeError
from barter_python.execution.account import AccountEvent, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.client.binance import request as ask
from barter_python.execution.client.binance.account import balances
from barter_python.execution.client.binance.config import BinanceSpotConfig
from barter_python.execution.client.binance.error import (
    NO_SUCH_ORDER,
    ORDER_ARCHIVED,
    BinanceFailure,
    execution_errors,
    to_order_error,
)
from barter_python.execution.client.binance.fills import BinanceFills
from barter_python.execution.client.binance.message import AccountRights
from barter_python.execution.client.binance.order import to_order
from barter_python.execution.client.binance.request import BinanceCall
from barter_python.execution.client.binance.rest import BinanceRest
from barter_python.execution.client.binance.rules import BinanceRules
from barter_python.execution.client.binance.subscription import BinanceTransport, subscribe
from barter_python.execution.client.binance.user_stream import UserStream
from barter_python.execution.client.client import ExecutionClient
from barter_python.execution.client.order_report import OrderReport
from barter_python.execution.error import AccountStreamError, OrderError, OrderRejected, Socket
from barter_python.execution.order.id import ClientOrderId, OrderId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import OpenFailed
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.spec import InstrumentSpec
from barter_python.integration.metric import Metric
from barter_python.integration.transport import Transport
from barter_python.timed import EPOCH

__all__ = ["BinanceSpot"]

T = TypeVar("T")

_MILLISECOND: Final = timedelta(milliseconds=1)


class BinanceSpot(ExecutionClient):
    """Orders and account of Binance spot. Use it within one event loop, and close it.

    Args:
        config: Where the venue is, and the keys.
        transport: Carries everything; it stays yours to close. None for one of its own, which connects to these two hosts only.
        instruments: For which `fetch_trades` asks, besides those that the other calls have named.
        now: The time, aware UTC; for measurements only. Timestamps follow the venue's clock.
        monotonic: Seconds from a clock that never goes back.
        sleep: Waits for so many seconds.
        random: A number from 0 to 1, spreads repetitions.
        on_metric: Told about every request.
    """

    EXCHANGE: ClassVar[ExchangeId] = ExchangeId.BINANCE_SPOT

    def __init__(
        self,
        config: BinanceSpotConfig,
        *,
        transport: BinanceTransport | None = None,
        instruments: Sequence[InstrumentNameExchange] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = monotonic_clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random_number,
        on_metric: Callable[[Metric], None] = lambda metric: None,
    ) -> None:
        self.config = config
        own_transport = Transport(hosts=[urlsplit(url).hostname or "" for url in (config.rest_url, config.websocket_url)])
        self._own_transport = own_transport if transport is None else None
        self._transport = own_transport if transport is None else transport
        self._rest = BinanceRest(
            config, transport=self._transport, now=now, monotonic=monotonic, sleep=sleep, random=random, on_metric=on_metric
        )
        self._rules = BinanceRules(self._rest, self._timeout, monotonic)
        self._fills = BinanceFills(self._rest, self._timeout, monotonic)
        self._instruments = dict.fromkeys(instruments)
        self._streams: set[UserStream] = set()

    async def __aenter__(self) -> BinanceSpot:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the streams, and the transport unless it is yours; may be called again."""
        await self._rules.averages.aclose()
        for stream in [*self._streams]:
            await stream.aclose()
        if self._own_transport is not None:
            await self._own_transport.close()

    async def account_snapshot(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AccountSnapshot:
        """Balances, and the open orders. An asset that the account does not hold is zero. Without assets, all that it holds."""
        held, orders = await self.fetch_balances(assets), await self.fetch_open_orders(instruments)
        of_each = [[order for order in orders if order.key.instrument == name] for name in instruments]
        return AccountSnapshot(self.EXCHANGE, held, [*map(InstrumentAccountSnapshot, instruments, of_each)])

    async def account_stream(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AsyncIterator[AccountEvent]:
        """What happens to the account, of whatever asset and instrument. The rules of the instruments are learned before it."""
        with execution_errors("account stream", instruments, AccountStreamError):
            await self._load(instruments, is_anew=True)
            socket, early = await subscribe(self.config, self._rest, self._transport)
        stream = UserStream(socket, early, self._fills.events, self._streams.discard)
        self._streams.add(stream)
        return stream

    async def fetch_balances(self, assets: Sequence[AssetNameExchange], /) -> list[AssetBalance]:
        """Balances of the given assets; zero where the account does not hold one. Without assets, all that it holds."""
        with execution_errors("balances"):
            return balances(await self._get(ask.account), assets)

    async def fetch_open_orders(self, instruments: Sequence[InstrumentNameExchange], /) -> list[Order]:
        """The open orders of the given instruments."""
        found: list[Order] = []
        for call, symbol in ask.open_orders(instruments, self._timeout()):
            with execution_errors("open orders", () if symbol is None else (symbol,)):
                messages = await self._rest.get(call)
                found += [to_order(message) for message in messages if message.symbol in instruments]
        return found

    async def fetch_trades(self, time_since: datetime, /) -> list[Trade]:
        """Our fills since a time of the venue, oldest first, of every instrument that was named to this client.

        Raises:
            ConfigError: None was named.
        """
        if not self._instruments:
            raise ConfigError("instruments is empty, expected at least one: Binance tells fills by symbol")
        with execution_errors("trades", [*self._instruments]):
            await self._load(self._instruments)
            return await self._fills.since(self._instruments, max(0, (time_since - EPOCH) // _MILLISECOND))

    async def open_order(self, request: OrderRequestOpen, /) -> Order | None:
        """Open an order. It is sent once. `Timeout` and `Socket` mean that it may be open: `find_order` tells."""
        instrument = InstrumentNameExchange(str(request.key.instrument))
        try:
            if (refused := self.refusal(request)) is None:
                await self._load([instrument])
                await self._rest.synchronise(is_urgent=True)
                refused = self.refusal(request)
        except BinanceFailure as failure:
            return _failed(request, to_order_error(failure.before_sending(), instrument))
        if refused is not None:
            return _failed(request, refused)
        try:
            return to_order(await self._send(ask.new_order, ask.order_parameters(request)))
        except BinanceFailure as failure:
            return _failed(request, to_order_error(failure, instrument, self._rules.asset_spent(request)))
        except DecodeError as error:  # it was sent, and answered
            return _failed(request, Socket(f"the answer to opening an order cannot be read: {error.problem}"))
        finally:
            self._rules.averages.refresh(instrument)

    async def cancel_order(self, request: OrderRequestCancel, /) -> OrderResponseCancel | Order | None:
        """Cancel an order, by the venue's id where it is known."""
        key, order_id = request.key, request.state.id
        if order_id is not None and not (order_id.isascii() and order_id.isdigit()):
            return OrderResponseCancel(key, OrderRejected(f"id is {order_id!r}, expected a number"))
        try:
            return to_order(await self._send(ask.cancel_order, str(key.instrument), order_id, key.cid))
        except BinanceFailure as failure:
            return OrderResponseCancel(key, to_order_error(failure, InstrumentNameExchange(str(key.instrument))))
        except DecodeError as error:
            return OrderResponseCancel(key, Socket(f"the answer to cancelling an order cannot be read: {error.problem}"))

    def refusal(self, request: OrderRequestOpen, open_orders: int = 0, /) -> OrderError | None:
        """Why the venue would refuse an order, in its words, with so many of its instrument open; None for no known reason."""
        reason = ask.refusal(request)
        return self._rules.refusal(request, open_orders) if reason is None else OrderRejected(reason)

    async def fetch_specs(self, instruments: Sequence[InstrumentNameExchange], /) -> dict[InstrumentNameExchange, InstrumentSpec]:
        """What the venue accepts of the given instruments, where it limits that."""
        with execution_errors("rules", instruments):
            await self._load(instruments)
        return self._rules.specs()

    async def fetch_account_rights(self) -> AccountRights:
        """Whose keys these are."""
        with execution_errors("rights of the account"):
            return await self._get(ask.rights)

    async def find_order(
        self, instrument: InstrumentNameExchange, cid: ClientOrderId, order_id: OrderId | None, /
    ) -> OrderReport | None:
        """An order in whatever state; None where the venue does not know it, or not yet."""
        with execution_errors(f"order {cid}", (instrument,)):
            try:
                return to_order(await self._get(ask.query_order, instrument, order_id, cid))
            except BinanceFailure as failure:
                if failure.code not in (NO_SUCH_ORDER, ORDER_ARCHIVED):
                    raise
        return None

    async def fetch_order_trades(self, instrument: InstrumentNameExchange, order_id: OrderId, /) -> list[Trade]:
        """All fills of an order, oldest first."""
        with execution_errors("trades", (instrument,)):
            await self._load([instrument])
            return await self._fills.of_order(instrument, order_id)

    def venue_time(self) -> datetime | None:
        """The venue's clock, None before it was read."""
        return time_from_milliseconds(self._rest.time.now_ms()) if self._rest.time.reading else None

    async def _load(self, instruments: Iterable[InstrumentNameExchange], *, is_anew: bool = False) -> None:
        named = dict.fromkeys(instruments)
        self._instruments.update(named)
        await self._rules.load([*named], is_anew=is_anew)

    def _timeout(self) -> timedelta:
        return self.config.request_timeout

    async def _get(self, call: Callable[..., BinanceCall[T]], *arguments: object) -> T:
        return await self._rest.get(call(*arguments, self._timeout()))

    async def _send(self, call: Callable[..., BinanceCall[T]], *arguments: object) -> T:
        return await self._rest.send(call(*arguments, self._timeout()))


def _failed(request: OrderRequestOpen, error: OrderError) -> Order:
    return request.to_order().with_state(OpenFailed(error))
