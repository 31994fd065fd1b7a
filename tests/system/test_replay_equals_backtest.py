"""A system that replays market data does what a backtest on the same data does, event by event."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.support.engine import RecordingAuditTx
from tests.support.virtual_time import in_virtual_time

from barter_python import (
    AccountSnapshot,
    AlgoOrders,
    AssetBalance,
    AssetNameExchange,
    BacktestArgsConstant,
    BacktestArgsDynamic,
    Balance,
    ClientOrderIdSequence,
    DefaultGlobalData,
    DefaultInstrumentMarketData,
    DefaultStrategy,
    EngineState,
    ExchangeId,
    HistoricalClock,
    IndexedInstruments,
    Instrument,
    InstrumentIndex,
    LimitRiskManager,
    MarketDataInMemory,
    MarketEvent,
    MockExecutionConfig,
    MovingAverageCross,
    OrderKey,
    OrderKind,
    OrderRequestOpen,
    PublicTrade,
    RequestOpen,
    Side,
    TimeInForce,
    Trade,
    TradingState,
    run_backtest,
)
from barter_python.config.execution import ExecutionConfig, SimulatedExecutionConfig
from barter_python.data.event import MarketStreamEvent
from barter_python.execution.exchange.model.fee import PercentFees
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.system.builder import AuditMode, EngineFeedMode, SystemArgs, SystemBuilder

EXCHANGE = ExchangeId.BINANCE_SPOT
CASH = Decimal(10_000)
INSTRUMENTS = IndexedInstruments.new(
    Instrument.spot(EXCHANGE, f"binance_spot-{base}usdt", f"{base}USDT", (base, "USDT")) for base in ("BTC", "ETH")
)
START = datetime(2025, 1, 1, tzinfo=UTC)


def market() -> MarketDataInMemory:
    """Trades of two instruments, some of them at the same time."""
    random, prices, events = Random(3), [60_000.0, 2_500.0], []
    for number in range(2_000):
        time, index = START + timedelta(milliseconds=number // 3), number % 2
        prices[index] = round(prices[index] * (1 + random.uniform(-0.0005, 0.0005)), 2)
        trade = PublicTrade(str(number), prices[index], 1.0, random.choice([Side.BUY, Side.SELL]))
        events.append(MarketEvent(time, time, EXCHANGE, InstrumentIndex(index), trade))
    return MarketDataInMemory(events)


MARKET = market()


def account() -> AccountSnapshot:
    return AccountSnapshot(
        EXCHANGE, [AssetBalance(AssetNameExchange("USDT"), Balance(CASH, CASH), MARKET.time_first_event())], []
    )


def mock() -> ExecutionConfig:
    return MockExecutionConfig(EXCHANGE, account(), 0, Decimal("0.00075"))


def simulated() -> ExecutionConfig:
    return SimulatedExecutionConfig(
        SimulatedExchangeConfig(EXCHANGE, account(), PercentFees(Decimal("0.0005"), Decimal("0.00075")))
    )


def taker() -> MovingAverageCross:
    return MovingAverageCross(10, 40)


class Quoter(DefaultStrategy):
    """Rests a buy order a little below the market, or a sell order a little above it where it holds something."""

    def __init__(self) -> None:
        super().__init__("quoter")
        self._cids = ClientOrderIdSequence("quoter")

    def instrument_data(self, _: Any) -> DefaultInstrumentMarketData:
        return DefaultInstrumentMarketData()

    def generate_algo_orders(self, state: Any, /) -> AlgoOrders:
        opens = []
        for instrument in state.instruments.states:
            price, position = instrument.data.price(), instrument.position.current
            if price is None or len(instrument.orders):
                continue
            side, factor = (Side.BUY, "0.9998") if position is None else (Side.SELL, "1.0002")
            limit = (price * Decimal(factor)).quantize(Decimal("0.01"))
            key = OrderKey(instrument.instrument.exchange, instrument.key, self.id, self._cids.next())
            request = RequestOpen(side, limit, Decimal("0.01"), OrderKind.LIMIT, TimeInForce.GOOD_UNTIL_CANCELLED)
            opens.append(OrderRequestOpen(key, request))
        return [], opens


def risk() -> LimitRiskManager:
    return LimitRiskManager(Decimal(2_000), Decimal(2_000), orders_open_max=1)


def backtest_audits(execution: ExecutionConfig, strategy: Any) -> list[Any]:
    state = (
        EngineState.builder(INSTRUMENTS, DefaultGlobalData(), strategy().instrument_data)
        .time_engine_start(MARKET.time_first_event())
        .trading_state(TradingState.ENABLED)
        .build()
    )
    audits = RecordingAuditTx()
    run_backtest(
        BacktestArgsConstant(INSTRUMENTS, [execution], MARKET, state),
        BacktestArgsDynamic("expected", Decimal(0), strategy(), risk()),
        audit_tx=audits,
    )
    return audits.ticks


async def stream(chunks: Iterable[list[MarketStreamEvent]]) -> AsyncIterator[MarketStreamEvent]:
    for chunk in chunks:
        for event in chunk:
            yield event


async def run_system(execution: ExecutionConfig, strategy: Any, mode: EngineFeedMode) -> tuple[list[Any], Any]:
    wanted = strategy()
    args = SystemArgs(
        INSTRUMENTS,
        [execution],
        HistoricalClock(MARKET.time_first_event()),
        wanted,
        risk(),
        stream(MARKET.stream()),
        DefaultGlobalData(),
        wanted.instrument_data,
    )
    builder = SystemBuilder(args).engine_feed_mode(mode).audit_mode(AuditMode.ENABLED).trading_state(TradingState.ENABLED)
    system = await builder.build().init()
    audit = system.take_audit()
    assert audit is not None
    engine, _ = await system.shutdown_after_backtest()
    return [tick async for tick in audit.updates], engine


CASES = [
    pytest.param(mock, taker, id="mock"),
    pytest.param(simulated, taker, id="simulated-taker"),
    pytest.param(simulated, Quoter, id="simulated-maker"),
]


@pytest.mark.parametrize(("execution", "strategy"), CASES)
@in_virtual_time
async def test_every_audit_is_the_same(execution: Any, strategy: Any) -> None:
    expected = backtest_audits(execution(), strategy)
    audits, _ = await run_system(execution(), strategy, EngineFeedMode.STREAM)

    assert sum(isinstance(getattr(tick.event.event, "kind", None), Trade) for tick in expected) > 20
    assert [tick.event for tick in expected] == [tick.event for tick in audits]
    assert [tick.context.time for tick in expected] == [tick.context.time for tick in audits]


@pytest.mark.parametrize(("execution", "strategy"), CASES)
async def test_an_engine_in_a_thread_gives_the_same(execution: Any, strategy: Any) -> None:
    expected = backtest_audits(execution(), strategy)
    audits, _ = await run_system(execution(), strategy, EngineFeedMode.ITERATOR)

    assert [tick.event for tick in expected] == [tick.event for tick in audits]
