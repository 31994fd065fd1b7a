"""Systems to test with: one instrument, one exchange, a strategy and a market that do what a test tells them to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.execution.fake_client import INSTRUMENTS, VENUE, FakeClient
from tests.support.builders import request_open
from tests.support.virtual_time import START, LoopClock

from barter_python.config.execution import MockExecutionConfig
from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.builder import LiveExecution
from barter_python.execution.order.order import OrderKind
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.side import Side
from barter_python.integration.channel import Channel
from barter_python.risk.manager import DefaultRiskManager
from barter_python.strategy.close_positions import close_open_positions_with_market_orders
from barter_python.strategy.strategy import NO_ORDERS, AlgoOrders, DefaultStrategy
from barter_python.system.builder import SystemArgs, SystemBuilder

CASH = Decimal(1_000)


class Told(DefaultStrategy):
    """Calls `on_event(state)` for orders."""

    def __init__(self, on_event: Callable[[Any], AlgoOrders] = lambda _: NO_ORDERS) -> None:
        super().__init__("told")
        self.on_event = on_event
        self.disconnects: list[Any] = []

    def generate_algo_orders(self, state: Any, /) -> AlgoOrders:
        return self.on_event(state)

    def close_positions_requests(self, state: Any, filter: Any, /) -> AlgoOrders:  # noqa: A002 - barter's name
        return close_open_positions_with_market_orders(self.id, state, filter, lambda instrument: f"close-{instrument.key}")

    def on_disconnect(self, engine: Any, exchange: Any, /) -> None:
        self.disconnects.append(exchange)


def slow(state: Any) -> AlgoOrders:
    """Takes a second for each event."""
    loop: Any = asyncio.get_running_loop()
    loop.virtual_time += 1.0
    return NO_ORDERS


class Market:
    """A market stream that a test speaks through."""

    def __init__(self) -> None:
        self.channel: Channel[Any] = Channel()
        self.is_closed = False
        self.ticks = 0

    def tick(self, price: float = 100.0, instrument: int = 0) -> None:
        self.ticks += 1
        time = LoopClock().time() + timedelta(microseconds=self.ticks)
        trade = PublicTrade(str(price), price, 1.0, Side.BUY)
        self.channel.tx.send(MarketEvent(time, time, VENUE, instrument, trade))

    def end(self) -> None:
        self.channel.tx.close()

    def fail(self, error: Exception) -> None:
        self.channel.tx.send(error)

    async def stream(self) -> AsyncIterator[Any]:
        try:
            async for event in self.channel.rx:
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self.is_closed = True


def mock(latency_ms: int = 0) -> MockExecutionConfig:
    cash = AssetBalance(AssetNameExchange("usdt"), Balance(CASH, CASH), START)
    return MockExecutionConfig(VENUE, AccountSnapshot(VENUE, [cash], []), latency_ms, Decimal(0))


def buy(cid: str = "cid", price: str = "100") -> OrderRequestOpen:
    return request_open(cid, price=price, kind=OrderKind.MARKET)


def builder(
    market: Market, strategy: DefaultStrategy | None = None, execution: MockExecutionConfig | FakeClient | None = None
) -> SystemBuilder[Any, Any]:
    if isinstance(execution, FakeClient):
        execution = LiveExecution(execution, timedelta(seconds=5))  # type: ignore[assignment]
    args = SystemArgs(
        INSTRUMENTS,
        [execution or mock()],  # type: ignore[list-item]
        LoopClock(),
        strategy or Told(),
        DefaultRiskManager(),
        market.stream(),
        DefaultGlobalData(),
        lambda _: DefaultInstrumentMarketData(),
    )
    return SystemBuilder(args).trading_state(TradingState.ENABLED)


async def settle() -> None:
    """Let everything happen that does not take time."""
    await asyncio.sleep(1e-6)
