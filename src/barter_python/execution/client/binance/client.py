"""A client of Binance spot. Rust origin: barter_execution::client::binance, which is empty.

What happens to orders and balances is told by the user data stream; the answer to a request is passed on where the stream has
not told as much already, and where no fill is part of it that the stream has yet to tell of. After the stream was lost, the next
one begins with the fills that were missed, and the orders that were filled with them; the next snapshot contains the other orders
that came to their end meanwhile.

Source: https://github.com/binance/binance-spot-api-docs; docs/reference/venues/binance-execution.md has the evidence.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from logging import getLogger
from random import random as random_number
from time import monotonic as monotonic_clock
from typing import ClassVar, Final, Protocol, TypeVar
from urllib.parse import urlsplit

from barter_python.data.exchange.venue_message import time_from_milliseconds
from barter_python.errors import ConfigError, DecodeError
from barter_python.execution.account import AccountEvent, AccountEventKind, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance
from barter_python.execution.client.binance import request as ask
from barter_python.execution.client.binance.account import (
    VenueOrder,
    account_events,
    balances,
    execution_events,
    position_balances,
    to_order,
    to_trade,
)
from barter_python.execution.client.binance.config import BinanceSpotConfig
from barter_python.execution.client.binance.error import (
    CANCEL_REJECTED,
    INVALID_TIMESTAMP,
    NO_SUCH_ORDER,
    ORDER_ARCHIVED,
    BinanceFailure,
    Outcome,
    failure_of,
    held_back,
    to_client_error,
    to_order_error,
)
from barter_python.execution.client.binance.fee_prices import FeePrices
from barter_python.execution.client.binance.message import (
    AccountPosition,
    Answer,
    BinanceOrder,
    BinanceTrade,
    ExecutionReport,
    TickerPrice,
)
from barter_python.execution.client.binance.order_log import KnownOrder, OrderLog
from barter_python.execution.client.binance.rate_limit import Cost
from barter_python.execution.client.binance.request import Call, Parameters
from barter_python.execution.client.binance.rest import BinanceRest
from barter_python.execution.client.binance.signature import masked, signed_parameters
from barter_python.execution.client.binance.trade_history import trades_since
from barter_python.execution.client.binance.user_stream import METHOD, UserStream
from barter_python.execution.client.binance.user_stream import ask as ask_socket
from barter_python.execution.client.client import ExecutionClient, ExecutionError
from barter_python.execution.error import (
    AccountSnapshotError,
    AccountStreamError,
    ClientError,
    InstrumentInvalid,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderError,
    OrderRejected,
    RateLimit,
    Socket,
)
from barter_python.execution.order.id import STRATEGY_UNKNOWN, ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, OrderResponseCancel
from barter_python.execution.order.state import Cancelled, Expired, FullyFilled, OpenFailed
from barter_python.execution.trade import Trade
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.instrument.side import Side
from barter_python.integration.error import DeserialiseError
from barter_python.integration.metric import Metric
from barter_python.integration.rest_client import HttpTransport
from barter_python.integration.transport import Transport
from barter_python.integration.websocket import WebSocket
from barter_python.timed import EPOCH

__all__ = ["AccountRights", "BinanceSpot", "BinanceTransport"]

T = TypeVar("T")

_LOG: Final = getLogger(__name__)
_MILLISECOND: Final = timedelta(milliseconds=1)
_OVERLAP_MS: Final = 10_000
"""How far before the last event a search for missed fills begins."""
_CLOCKS_DIFFER_MS: Final = 1_000
_SETTLED_MS: Final = 60_000
"""After which an order that the venue does not know was never opened."""
_PRICE_TIMEOUT: Final = timedelta(seconds=1)
_STREAM_COST: Final = Cost(4)
"""Connecting costs 2, subscribing 2."""
_FIRST: Final = 1
_SECOND: Final = 2


class BinanceTransport(HttpTransport, Protocol):
    """Carries requests and opens websockets; `integration.transport.Transport` is one."""

    async def connect(self, url: str) -> WebSocket:
        """Open a websocket."""
        ...


@dataclass(slots=True, frozen=True)
class AccountRights:
    """Which account the keys belong to, and what it may do. What the key itself may do is not told here.

    Attributes:
        uid: The account's number, as its pages at the venue show it.
        can_trade: Whether it may order.
        can_withdraw: Whether it may send money away.
    """

    uid: int
    can_trade: bool
    can_withdraw: bool


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
        own_transport = Transport(hosts=_hosts(config))
        self._own_transport = own_transport if transport is None else None
        self._transport = own_transport if transport is None else transport
        self._rest = BinanceRest(
            config,
            transport=self._transport,
            now=now,
            monotonic=monotonic,
            sleep=sleep,
            random=random,
            on_metric=on_metric,
        )
        self._log = OrderLog()
        self._fee_prices = FeePrices(self._latest_price, monotonic)
        self._instruments = dict.fromkeys(instruments)
        self._heard_ms: int | None = None
        self._streams: set[UserStream] = set()
        self._is_streamed = False
        self._ahead: list[VenueOrder] = []

    async def __aenter__(self) -> BinanceSpot:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the streams, and the transport unless it is yours; may be called again."""
        for stream in [*self._streams]:
            await stream.aclose()
        if self._own_transport is not None:
            await self._own_transport.close()

    async def account_snapshot(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AccountSnapshot:
        """Balances, and the open orders.

        Besides, orders that came to their end since they were last heard of, and what became of requests whose answer was lost.
        Orders with fills that the account stream has not told of yet follow on that stream. An asset that the account does not
        hold is zero. Without assets, all that it holds.
        """
        held = await self.fetch_balances(assets)
        orders = await self._open_orders(instruments)
        self._instruments.update(dict.fromkeys(instruments))
        orders += await self._ended_orders(instruments, orders)
        orders += await self._unanswered_orders(instruments, orders)
        ahead = [found for found in orders if self._is_ahead(found)]
        self._ahead += ahead
        told = [found for found in orders if found not in ahead]
        for found in told:
            self._log.advance(found.order, found.id, found.filled)
        return AccountSnapshot(
            self.EXCHANGE,
            held,
            [
                InstrumentAccountSnapshot(name, [found.order for found in told if found.order.key.instrument == name])
                for name in instruments
            ],
        )

    async def account_stream(
        self, assets: Sequence[AssetNameExchange], instruments: Sequence[InstrumentNameExchange], /
    ) -> AsyncIterator[AccountEvent]:
        """What happens to the account, of whatever asset and instrument.

        After an earlier stream it begins with the fills since then that were not told, and with the orders that they filled.
        """
        try:
            await self._rest.load(instruments)
            socket, early = await self._subscribe()
        except BinanceFailure as failure:
            raise self._error("account stream", failure, instruments, AccountStreamError) from None
        self._instruments.update(dict.fromkeys(instruments))
        try:
            opened_ms = self._rest.time.now_ms()
            recent = [] if self._heard_ms is None else await self._trades(self._heard_ms - _OVERLAP_MS)
        except BaseException:
            await socket.close()
            raise
        begin = partial(self._missed_events, recent, opened_ms)
        stream = UserStream(socket, early, begin, self._translate, self._streams.discard)
        self._streams.add(stream)
        self._is_streamed = True
        return stream

    async def fetch_account_rights(self) -> AccountRights:
        """Whose keys these are.

        Raises:
            ExecutionError: The venue does not tell.
        """
        told = await self._get("rights of the account", ask.rights(self._timeout))
        return AccountRights(told.uid, told.can_trade, told.can_withdraw)

    async def fetch_balances(self, assets: Sequence[AssetNameExchange], /) -> list[AssetBalance]:
        """Balances of the given assets; zero where the account does not hold one. Without assets, all that it holds."""
        account = await self._get("balances", ask.account(self._timeout))
        return self._decoded("balances", lambda: balances(account, assets))

    async def fetch_open_orders(self, instruments: Sequence[InstrumentNameExchange], /) -> list[Order]:
        """The open orders of the given instruments."""
        return [found.order for found in await self._open_orders(instruments)]

    async def fetch_trades(self, time_since: datetime, /) -> list[Trade]:
        """Our fills since a time of the venue, oldest first, of every instrument that was named to this client.

        Raises:
            ConfigError: None was named.
            ExecutionError: The venue does not tell.
        """
        if not self._instruments:
            raise ConfigError("instruments is empty, expected at least one: Binance tells fills by symbol")
        since_ms = max(0, (time_since - EPOCH) // _MILLISECOND)
        return [trade for _, trade in await self._trades(since_ms)]

    async def open_order(self, request: OrderRequestOpen, /) -> Order | None:
        """Open an order; None where the account stream has told of it already, or has yet to tell of its fills.

        It is sent once. `Timeout` and `Socket` mean that it may be open: `find_order` tells.
        """
        instrument = InstrumentNameExchange(str(request.key.instrument))
        reason = ask.refusal(request)
        if reason is not None:
            return _failed(request, OrderRejected(reason))
        try:
            await self._rest.load([instrument])
            await self._rest.synchronise(is_urgent=True)
        except BinanceFailure as failure:
            return _failed(request, to_order_error(failure.before_sending(), instrument))
        self._instruments[instrument] = None
        call = ask.new_order(ask.order_parameters(request), self._timeout)
        try:
            answer = await self._rest.send(call, lambda: self._log.requested(request, self._rest.time.now_ms()))
            opened = to_order(answer, self._log)
        except BinanceFailure as failure:
            if failure.outcome is not Outcome.UNKNOWN:
                self._log.answered(instrument, request.key.cid)
            return _failed(request, to_order_error(failure, instrument, self._asset_spent(request)))
        except DecodeError as error:  # it was sent, and answered
            return _failed(request, Socket(f"the answer to opening an order cannot be read: {error.problem}"))
        if self._is_ahead(opened):
            return None
        return opened.order if self._log.advance(opened.order, opened.id, opened.filled) else None

    async def cancel_order(self, request: OrderRequestCancel, /) -> OrderResponseCancel | None:
        """Cancel an order, by the venue's id where it is known; None where the account stream has yet to tell of its fills."""
        key, symbol = request.key, str(request.key.instrument)
        if key.strategy != STRATEGY_UNKNOWN:
            self._log.named(key)
        order_id = request.state.id
        if order_id is None:
            known = self._log.find_by_cid(symbol, key.cid)
            order_id = None if known is None else known.id
        if order_id is not None and not (order_id.isascii() and order_id.isdigit()):
            return OrderResponseCancel(key, OrderRejected(f"id is {order_id!r}, expected a number"))
        try:
            answer = await self._rest.send(ask.cancel_order(symbol, order_id, key.cid, self._timeout))
            cancelled = to_order(answer, self._log)
        except BinanceFailure as failure:
            return OrderResponseCancel(key, await self._cancel_error(failure, request, order_id))
        except DecodeError as error:
            return OrderResponseCancel(key, Socket(f"the answer to cancelling an order cannot be read: {error.problem}"))
        if self._is_ahead(cancelled):
            return None
        self._log.advance(cancelled.order, cancelled.id, cancelled.filled)
        return OrderResponseCancel(key, Cancelled(cancelled.id, time_from_milliseconds(answer.time)))

    async def find_order(self, instrument: InstrumentNameExchange, cid: ClientOrderId, /) -> Order | None:
        """An order in whatever state, by its client order id; None where the venue does not know it, or not yet.

        For what became of a request whose answer was lost. Where an id was used again, it is the latest order, and none where
        that is older than the request which this client has sent.

        Raises:
            ExecutionError: The venue does not tell.
        """
        found = await self._find_by_cid(instrument, cid)
        return None if found is None else found.order

    async def fetch_order_trades(self, instrument: InstrumentNameExchange, cid: ClientOrderId, /) -> list[Trade]:
        """All fills of the order that `find_order` finds, oldest first.

        Raises:
            ExecutionError: The venue does not tell.
        """
        found = await self._find_by_cid(instrument, cid)
        return [] if found is None else [trade for _, trade in await self._order_trades(found)]

    async def _order_trades(self, found: VenueOrder) -> list[tuple[BinanceTrade, Trade]]:
        instrument, strategy = InstrumentNameExchange(str(found.order.key.instrument)), found.order.key.strategy
        messages: list[BinanceTrade] = []
        try:
            await self._rest.load([instrument])
            is_complete = False
            while not is_complete:
                from_id = messages[-1].id + 1 if messages else 0
                page = await self._rest.get(ask.order_trades(instrument, found.id, from_id, self._timeout))
                messages += page
                is_complete = len(page) < ask.TRADES_MAX
        except BinanceFailure as failure:
            raise self._error("trades", failure, (instrument,)) from None
        return [(message, await self._to_trade(message, strategy)) for message in messages]

    async def _find_by_cid(self, instrument: InstrumentNameExchange, cid: ClientOrderId) -> VenueOrder | None:
        found = await self._find(instrument, None, cid)
        sent_ms = self._log.sent_ms(instrument, cid)
        is_another = found is not None and sent_ms is not None and found.time_ms < sent_ms - _CLOCKS_DIFFER_MS
        return None if is_another else found

    def _is_ahead(self, found: VenueOrder) -> bool:
        return self._is_streamed and self._log.is_ahead(found.order, found.id, found.filled)

    async def _cancel_error(self, failure: BinanceFailure, request: OrderRequestCancel, order_id: OrderId | None) -> OrderError:
        """Why a cancel failed. Where the order is not open any more, what became of it."""
        instrument = InstrumentNameExchange(str(request.key.instrument))
        if failure.code == CANCEL_REJECTED and failure.outcome is Outcome.REFUSED:
            try:
                found = await self._find(instrument, order_id, request.key.cid)
            except ExecutionError:
                found = None  # the refusal is known, only its reason is not
            if found is not None and isinstance(found.order.state, FullyFilled):
                return OrderAlreadyFullyFilled()
            if found is not None and isinstance(found.order.state, Cancelled | Expired):
                return OrderAlreadyCancelled()
        return to_order_error(failure, instrument)

    def _asset_spent(self, request: OrderRequestOpen) -> AssetNameExchange | None:
        symbol = self._rest.symbols.get(str(request.key.instrument))
        if symbol is None:
            return None
        return AssetNameExchange(symbol.quote_asset if request.state.side is Side.BUY else symbol.base_asset)

    @property
    def _timeout(self) -> timedelta:
        return self.config.request_timeout

    async def _open_orders(self, instruments: Sequence[InstrumentNameExchange]) -> list[VenueOrder]:
        found: list[VenueOrder] = []
        wanted = frozenset(instruments)
        for call, symbol in ask.open_orders(instruments, self._timeout):
            named = () if symbol is None else (InstrumentNameExchange(symbol),)
            messages = [message for message in await self._get("open orders", call, named) if message.symbol in wanted]
            found += self._decoded("open orders", partial(self._to_orders, messages))
        return found

    def _to_orders(self, messages: Sequence[BinanceOrder]) -> list[VenueOrder]:
        return [to_order(message, self._log) for message in messages]

    async def _ended_orders(
        self, instruments: Sequence[InstrumentNameExchange], open_orders: Sequence[VenueOrder]
    ) -> list[VenueOrder]:
        """The orders that were open when they were last heard of, and are not any more, as they are now."""
        still_open = {(str(found.order.key.instrument), found.id) for found in open_orders}
        ended = []
        for known in self._log.open_orders():
            if known.symbol in instruments and (known.symbol, known.id) not in still_open:
                found = await self._find_known(known)
                if found is not None:
                    ended.append(found)
        return ended

    async def _unanswered_orders(
        self, instruments: Sequence[InstrumentNameExchange], told: Sequence[VenueOrder]
    ) -> list[VenueOrder]:
        """What became of requests whose answer was lost."""
        known = {(str(found.order.key.instrument), found.order.key.cid) for found in told}
        orders = []
        for symbol, cid in self._log.unanswered():
            if symbol not in instruments or (symbol, cid) in known:
                continue
            found = await self._find_by_cid(InstrumentNameExchange(symbol), cid)
            if found is not None:
                orders.append(found)
            elif self._rest.time.now_ms() - (self._log.sent_ms(symbol, cid) or 0) > _SETTLED_MS:
                self._log.answered(symbol, cid)
        return orders

    async def _find_known(self, known: KnownOrder) -> VenueOrder | None:
        return await self._find(InstrumentNameExchange(known.symbol), known.id, known.cid)

    async def _find(self, instrument: InstrumentNameExchange, order_id: OrderId | None, cid: ClientOrderId) -> VenueOrder | None:
        try:
            message = await self._rest.get(ask.query_order(instrument, order_id, cid, self._timeout))
        except BinanceFailure as failure:
            if failure.code in (NO_SUCH_ORDER, ORDER_ARCHIVED):
                return None
            raise self._error(f"order {cid}", failure, (instrument,)) from None
        return self._decoded(f"order {cid}", lambda: to_order(message, self._log))

    async def _trades(self, since_ms: int) -> list[tuple[BinanceTrade, Trade]]:
        found: list[tuple[BinanceTrade, Trade]] = []
        try:
            await self._rest.load([*self._instruments])
            await self._rest.synchronise()
            for instrument in self._instruments:
                found += await self._trades_of(instrument, since_ms)
        except BinanceFailure as failure:
            raise self._error("trades", failure, [*self._instruments]) from None
        return sorted(found, key=lambda pair: pair[0].time)

    async def _trades_of(self, symbol: str, since_ms: int) -> list[tuple[BinanceTrade, Trade]]:
        async def page(window: Parameters) -> list[BinanceTrade]:
            return await self._rest.get(ask.my_trades(symbol, window, self._timeout))

        messages = await trades_since(page, since_ms, self._rest.time.now_ms())
        return [(message, await self._to_trade(message, self._owner(message))) for message in messages]

    async def _to_trade(self, message: BinanceTrade, strategy: StrategyId) -> Trade:
        info = self._rest.symbols.get(message.symbol)
        await self._fee_prices.learn(message.commission_asset, info)
        return self._decoded("trades", lambda: to_trade(message, strategy, info, self._fee_prices.prices))

    def _owner(self, trade: BinanceTrade) -> StrategyId:
        known = self._log.find(trade.symbol, OrderId(str(trade.order_id)))
        return STRATEGY_UNKNOWN if known is None else self._log.key(trade.symbol, known.cid).strategy

    async def _latest_price(self, symbol: str) -> TickerPrice:
        """Asked once and briefly: the fill whose fee it values waits for it."""
        return await self._rest.send(ask.latest_price(symbol, min(self._timeout, _PRICE_TIMEOUT)))

    async def _get(
        self,
        what: str,
        call: Call[T],
        instruments: Sequence[InstrumentNameExchange] = (),
    ) -> T:
        try:
            return await self._rest.get(call)
        except BinanceFailure as failure:
            raise self._error(what, failure, instruments) from None

    def _error(
        self,
        what: str,
        failure: BinanceFailure,
        instruments: Sequence[InstrumentNameExchange],
        otherwise: Callable[[str], ClientError] = AccountSnapshotError,
    ) -> ExecutionError:
        named = InstrumentNameExchange(", ".join(instruments)) if instruments else None
        error = to_client_error(failure, named, otherwise)
        reason = str(error) if isinstance(error, InstrumentInvalid | RateLimit) else failure.message
        return ExecutionError(f"{self.EXCHANGE.value}: {what}", error, reason)

    def _decoded(self, what: str, decode: Callable[[], T]) -> T:
        try:
            return decode()
        except DecodeError as error:
            raise ExecutionError(f"{self.EXCHANGE.value}: {what}", Socket(error.problem)) from None

    async def _subscribe(self) -> tuple[WebSocket, list[bytes]]:
        reading = await self._rest.synchronise()
        if self._rest.limits.pause(_STREAM_COST) > 0.0:
            raise held_back()
        self._rest.limits.begin(_STREAM_COST)
        try:
            socket = await self._transport.connect(self.config.websocket_url)
        finally:
            self._rest.limits.end(_STREAM_COST, None)
        try:
            answer, early = await self._ask_for_events(socket, _FIRST)
            if answer.error is not None and answer.error.code == INVALID_TIMESTAMP:
                await self._rest.synchronise(than=reading)
                answer, more = await self._ask_for_events(socket, _SECOND)
                early += more
            if answer.error is not None or answer.status != 200:
                raise self._refused_stream(answer)
        except BaseException:
            await socket.close()
            raise
        return socket, early

    async def _ask_for_events(self, socket: WebSocket, id: int) -> tuple[Answer, list[bytes]]:  # noqa: A002 - the venue's name
        config = self.config
        parameters = {"recvWindow": config.recv_window_ms, "timestamp": self._rest.time.now_ms()}
        signed = signed_parameters(parameters, config.api_key, config.api_secret)
        secrets = (str(signed["apiKey"]), str(signed["signature"]))  # something on the way may echo what we sent
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                answer, early = await ask_socket(socket, id, METHOD, signed)
        except TimeoutError:
            raise BinanceFailure(f"{METHOD}: no answer in time", Outcome.UNKNOWN, is_timeout=True) from None
        except DeserialiseError as error:
            unreadable = DeserialiseError(error.problem, masked(error.payload, *secrets))
        else:
            if answer.error is not None:
                answer.error.msg = masked(answer.error.msg.encode(), *secrets).decode()
            return answer, early
        raise unreadable  # not from within: it would drag along what was received

    def _refused_stream(self, answer: Answer) -> BinanceFailure:
        code, reason = (None, "no reason given") if answer.error is None else (answer.error.code, answer.error.msg)
        failure = failure_of(answer.status, code, reason)
        if failure.is_rate_limit:
            until = {} if answer.error is None else answer.error.data
            until_ms = until.get("retryAfter")
            wait = (until_ms - self._rest.time.now_ms()) * _MILLISECOND if isinstance(until_ms, int) else None
            self._rest.limits.block(answer.status, wait if wait is None or wait > timedelta() else None, orders_only=False)
        return failure

    async def _translate(self, message: ExecutionReport | AccountPosition) -> list[AccountEvent]:
        self._heard_ms = max(self._heard_ms or 0, message.event_time)
        if isinstance(message, AccountPosition):
            return position_balances(message)
        if message.commission_asset is not None:
            await self._fee_prices.learn(message.commission_asset, self._rest.symbols.get(message.symbol))
        return execution_events(message, self._log, self._rest.symbols, self._fee_prices.prices)

    async def _missed_events(self, recent: Sequence[tuple[BinanceTrade, Trade]], opened_ms: int) -> list[AccountEvent]:
        """The fills that no stream has told of, then the orders whose fills they are. They count as told from here on."""
        missed: list[tuple[BinanceTrade, Trade]] = []
        heard_ms = self._heard_ms or opened_ms
        for found in self._ahead:  # as the snapshot shows it, which is later than the recent fills
            key = found.order.key
            is_ours = self._log.request(str(key.instrument), key.cid) is not None  # else some fills may be from before the start
            missed += [pair for pair in await self._order_trades(found) if is_ours or pair[0].time >= heard_ms]
        kinds: list[AccountEventKind] = []
        for message, trade in sorted([*missed, *recent], key=lambda pair: pair[0].time):
            if self._log.is_new_trade(message.symbol, message.id, trade.order_id, trade.quantity):
                kinds.append(trade if trade.strategy != STRATEGY_UNKNOWN else replace(trade, strategy=self._owner(message)))
        for found in self._ahead:
            if self._is_ahead(found):
                _LOG.warning("order %s: not all its fills are known yet", found.order.key.cid)
            elif self._log.advance(found.order, found.id, found.filled):
                kinds.append(found.order)
        self._ahead.clear()
        self._heard_ms = max(self._heard_ms or 0, opened_ms)
        return account_events(kinds)


def _hosts(config: BinanceSpotConfig) -> list[str]:
    return [urlsplit(url).hostname or "" for url in (config.rest_url, config.websocket_url)]


def _failed(request: OrderRequestOpen, error: OrderError) -> Order:
    return request.to_order().with_state(OpenFailed(error))
