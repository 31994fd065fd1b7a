"""A small market and a scripted strategy for tests of backtests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from barter_python import (
    AccountSnapshot,
    AlgoOrders,
    AssetBalance,
    AssetNameExchange,
    BacktestArgsConstant,
    BacktestArgsDynamic,
    Balance,
    DefaultGlobalData,
    DefaultInstrumentMarketData,
    DefaultRiskManager,
    DefaultStrategy,
    EngineState,
    ExchangeId,
    IndexedInstruments,
    Instrument,
    InstrumentIndex,
    Level,
    MarketDataInMemory,
    MarketEvent,
    MockExecutionConfig,
    OrderBookL1,
    PublicTrade,
    Side,
    TradingState,
)
from barter_python.config.execution import ExecutionConfig, SimulatedExecutionConfig
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.exchange.model.latency import ConstantLatency, LatencyModel
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig

EXCHANGE = ExchangeId.BINANCE_SPOT
START = datetime(2025, 1, 1, tzinfo=UTC)
INSTRUMENTS = IndexedInstruments.new([Instrument.spot(EXCHANGE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"))])


def at(milliseconds: int) -> datetime:
    return START + timedelta(milliseconds=milliseconds)


def tick(milliseconds: int, price: float = 100.0, instrument: int = 0) -> MarketEvent:
    time = at(milliseconds)
    trade = PublicTrade(str(milliseconds), price, 1.0, Side.BUY)
    return MarketEvent(time, time, EXCHANGE, InstrumentIndex(instrument), trade)


class Scripted(DefaultStrategy):
    """Calls a function with the state and the number of the call, and remembers the prices that it saw."""

    def __init__(self, script: Callable[[Scripted, Any, int], AlgoOrders]) -> None:
        super().__init__("scripted")
        self.script = script
        self.calls = 0

    def generate_algo_orders(self, state: Any, /) -> AlgoOrders:
        self.calls += 1
        return self.script(self, state, self.calls)


def mock(latency_ms: int = 10, fees: str = "0.001", usdt: str = "10000", btc: str = "0") -> MockExecutionConfig:
    balances = [
        AssetBalance(AssetNameExchange(name), Balance(Decimal(amount), Decimal(amount)), START)
        for name, amount in (("USDT", usdt), ("BTC", btc))
    ]
    return MockExecutionConfig(EXCHANGE, AccountSnapshot(EXCHANGE, balances, []), latency_ms, Decimal(fees))


def quote(milliseconds: int, bid: str = "99", ask: str = "101", amount: str = "10") -> MarketEvent:
    time = at(milliseconds)
    l1 = OrderBookL1(time, Level(Decimal(bid), Decimal(amount)), Level(Decimal(ask), Decimal(amount)))
    return MarketEvent(time, time, EXCHANGE, InstrumentIndex(0), l1)


def simulated(
    latency: LatencyModel | None = None, usdt: str = "10000", btc: str = "0", **models: Any
) -> SimulatedExecutionConfig:
    config = SimulatedExchangeConfig(
        EXCHANGE, mock(usdt=usdt, btc=btc).initial_state, **{"fee": PercentFees(Decimal(0), Decimal(0)), **models}
    )
    return SimulatedExecutionConfig(config, latency or ConstantLatency())


def arguments(
    events: Sequence[Any], strategy: DefaultStrategy, execution: ExecutionConfig | None = None
) -> tuple[BacktestArgsConstant, BacktestArgsDynamic]:
    state = (
        EngineState.builder(INSTRUMENTS, DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
        .time_engine_start(START)
        .trading_state(TradingState.ENABLED)
        .build()
    )
    constant = BacktestArgsConstant(INSTRUMENTS, [execution or mock()], MarketDataInMemory(events), state)
    return constant, BacktestArgsDynamic("test", Decimal(0), strategy, DefaultRiskManager())
