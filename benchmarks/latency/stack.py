"""The same with this project: market streams, engine, and the link to an exchange, as a session puts them together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from time import perf_counter_ns
from typing import Any

from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.data.exchange.binance.connector import BINANCE_SPOT
from barter_python.data.streams.environment import StreamEnvironment
from barter_python.data.streams.indexed import init_indexed_multi_exchange_market_stream
from barter_python.data.subscription import SubKind
from barter_python.engine.engine import Engine
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.state import EngineState, EngineStateBuilder
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.builder import ExecutionBuilder
from barter_python.execution.client.binance.client import BinanceSpot
from barter_python.execution.client.binance.config import BinanceSpotConfig
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.exchange.model.latency import ConstantLatency
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.exchange import SimulatedExchange
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequest, OrderRequestOpen, RequestOpen
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.side import Side
from barter_python.integration.secret import Secret
from barter_python.integration.transport import Transport
from barter_python.integration.websocket import WebSocket
from barter_python.risk.manager import DefaultRiskManager
from barter_python.strategy.strategy import NO_ORDERS, AlgoOrders, DefaultStrategy
from barter_python.system.builder import AuditMode, SystemBuild, SystemOptions
from barter_python.system.clock import LiveClock
from benchmarks.latency.notes import Notes
from benchmarks.workload import EXCHANGE, INSTRUMENTS

_QUANTITY = Decimal("0.001")
_KINDS = (SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1)


class LatestTrade(DefaultInstrumentMarketData):
    """Remembers the latest trade."""

    __slots__ = ("trade",)

    def __init__(self) -> None:
        super().__init__()
        self.trade: PublicTrade | None = None

    def process(self, event: MarketEvent | AccountEvent, /) -> None:
        """Remember it."""
        super().process(event)
        if type(event.kind) is PublicTrade:
            self.trade = event.kind


class OrderForEachTrade(DefaultStrategy):
    """Orders on every trade: buys what it does not hold, and sells what it holds. The order has the trade's number for its id."""

    _seen = ""

    def generate_algo_orders(self, state: EngineState[Any, LatestTrade], /) -> AlgoOrders:
        """An order for a trade that was not seen before."""
        (instrument,) = state.instruments
        trade, price = instrument.data.trade, instrument.data.price()
        if trade is None or price is None or trade.id == self._seen:
            return NO_ORDERS
        self._seen = trade.id
        side = Side.BUY if instrument.position.current is None else Side.SELL
        key = OrderKey(instrument.instrument.exchange, instrument.key, self.id, ClientOrderId(trade.id))
        return (), [OrderRequestOpen(key, RequestOpen(side, price, _QUANTITY, OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL))]


class WatchedExchange(SimulatedExchange):
    """A simulated exchange that notes when orders arrive."""

    def __init__(self, config: SimulatedExchangeConfig, notes: Notes) -> None:
        super().__init__(config, INSTRUMENTS)
        self._arrived = notes.arrived

    def on_request(self, request: OrderRequest, time: datetime) -> list[AccountEvent]:
        """Note it, and go on."""
        self._arrived[request.key.cid] = perf_counter_ns()
        return super().on_request(request, time)


class WatchedWebSocket:
    """A websocket that notes when it hands trades over."""

    def __init__(self, socket: WebSocket, notes: Notes) -> None:
        self._handed_over = notes.handed_over
        self._receive = socket.receive
        self.send, self.close = socket.send, socket.close

    async def receive(self) -> bytes:
        """Note it, and go on."""
        message = await self._receive()
        now = perf_counter_ns()
        if message.startswith(b'{"e":"trade"'):
            self._handed_over[message.partition(b'"t":')[2].partition(b",")[0].decode()] = now
        return message


async def live(address: str, ready: asyncio.Event, notes: Notes, audits: AuditMode = AuditMode.DISABLED) -> None:
    """Answer every trade with an order over HTTP, as in live trading, until cancelled."""
    keys = (Secret("latency-key"), Secret("latency-secret"))
    config = BinanceSpotConfig(*keys, f"http://{address}", f"ws://{address}/ws-api/v3")
    async with Transport() as transport, BinanceSpot(config, transport=transport) as client:
        executions = ExecutionBuilder(INSTRUMENTS).add_live(client, config.request_timeout)
        await _run(address, transport, executions, LiveClock(), ready, notes, audits)


async def live_audited(address: str, ready: asyncio.Event, notes: Notes) -> None:
    """The same with an audit of each event."""
    await live(address, ready, notes, AuditMode.ENABLED)


async def paper(address: str, ready: asyncio.Event, notes: Notes, audits: AuditMode = AuditMode.DISABLED) -> None:
    """Answer every trade with an order to the simulated exchange, which is no way away, until cancelled."""
    held, clock = Balance(Decimal(10**7), Decimal(10**7)), LiveClock()
    account = AccountSnapshot(EXCHANGE, [AssetBalance(AssetNameExchange("USDT"), held, clock.time())], [])
    config = SimulatedExchangeConfig(EXCHANGE, account, PercentFees(Decimal("0.001"), Decimal("0.001")))
    executions = ExecutionBuilder(INSTRUMENTS)
    executions.add_exchange(EXCHANGE, WatchedExchange(config, notes), ConstantLatency(), clock)
    async with Transport() as transport:
        await _run(address, transport, executions, clock, ready, notes, audits)


async def paper_audited(address: str, ready: asyncio.Event, notes: Notes) -> None:
    """The same with an audit of each event."""
    await paper(address, ready, notes, AuditMode.ENABLED)


async def _run(
    address: str,
    transport: Transport,
    executions: ExecutionBuilder,
    clock: LiveClock,
    ready: asyncio.Event,
    notes: Notes,
    audits: AuditMode,
) -> None:
    """Run a system. Its audits are read as they come."""
    execution = executions.build()
    state = EngineStateBuilder(INSTRUMENTS, DefaultGlobalData(), lambda _: LatestTrade())
    state.time_engine_start(clock.time()).trading_state(TradingState.ENABLED)
    engine = Engine(clock, state.build(), execution.execution_tx_map, OrderForEachTrade(), DefaultRiskManager())
    environment = StreamEnvironment.live(transport, lambda _: replace(BINANCE_SPOT, url=f"ws://{address}/ws"))

    async def connect(url: str, headers: Mapping[str, str]) -> WebSocket:
        return WatchedWebSocket(await environment.connect(url, headers), notes)

    watched = replace(environment, connect=connect)
    async with await init_indexed_multi_exchange_market_stream(INSTRUMENTS, _KINDS, watched) as stream:
        build = SystemBuild(engine, stream, execution, SystemOptions(audit_mode=audits))
        async with await build.init() as system:
            audit = system.take_audit()
            ready.set()
            if audit is not None:
                async for _ in audit.updates:
                    pass
            await system.wait()
