"""A recorded session and its replay: the same events at the same moments lead to the same audits, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.support.engine import RecordingAuditTx
from tests.support.virtual_time import START, LoopClock, in_virtual_time

import barter_python as barter
from barter_python import (
    AccountSnapshot,
    AlgoOrders,
    AssetBalance,
    AssetNameExchange,
    Balance,
    BarData,
    BarStrategy,
    DefaultRiskManager,
    DefaultStrategy,
    EngineState,
    ExchangeId,
    IndexedInstruments,
    Instrument,
    InstrumentIndex,
    InstrumentState,
    Level,
    MarketEvent,
    MockExecutionConfig,
    OrderBookL1,
    PercentFees,
    PublicTrade,
    Side,
    SimulatedExchangeConfig,
    TradingState,
)
from barter_python.backtest.replay import Replay, ReplayArgs, replay
from barter_python.codec.engine import audit_tick
from barter_python.codec.json import encode
from barter_python.config.execution import ExecutionConfig, SimulatedExecutionConfig
from barter_python.data.bar import Bar
from barter_python.data.event import MarketReconnecting, MarketStreamEvent
from barter_python.engine.audit.audit import AuditTick, EngineAudit
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency, LatencyModel
from barter_python.execution.order.request import to_request_cancel
from barter_python.recording.recorder import SessionRecorder
from barter_python.recording.recording import Recording
from barter_python.system.builder import AuditMode, MarketMode, SystemArgs, SystemBuilder
from barter_python.system.system import System

EXCHANGE = ExchangeId.BINANCE_SPOT
WATCHED = ExchangeId.KRAKEN
INSTRUMENTS = IndexedInstruments.new(
    [
        *(Instrument.spot(EXCHANGE, f"{base}usdt", f"{base}USDT", (base, "USDT")) for base in ("BTC", "ETH")),
        Instrument.spot(WATCHED, "kraken-btcusdt", "BTCUSDT", ("BTC", "USDT")),
    ]
)
CASH = Decimal(10_000)


class Trader(DefaultStrategy):
    """Quotes on one instrument and follows the market, takes on the other; only watches a second venue."""

    def __init__(self, quantity: str = "0.01") -> None:
        super().__init__("trader")
        self._quantity = Decimal(quantity)
        self._price: Decimal | None = None

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        quoted, taken, _ = state.instruments
        cancels, opens = [], []
        if (price := quoted.data.price()) is not None:
            orders = list(quoted.orders)
            cancels = [cancel for order in orders if abs(order.price - price) > 3 and (cancel := to_request_cancel(order))]
            if not orders:
                side, edge = (Side.BUY, -1) if quoted.position.current is None else (Side.SELL, 1)
                opens.append(self.limit_order(quoted, side, self._quantity, price + edge))
        if (price := taken.data.price()) not in (None, self._price) and not list(taken.orders):
            self._price = price
            side = Side.BUY if taken.position.current is None else Side.SELL
            opens.append(self.market_order(taken, side, self._quantity, price))
        return cancels, opens


def account(venue: ExchangeId = EXCHANGE) -> AccountSnapshot:
    return AccountSnapshot(venue, [AssetBalance(AssetNameExchange("USDT"), Balance(CASH, CASH), START)], [])


def simulated(latency: LatencyModel, venue: ExchangeId = EXCHANGE) -> ExecutionConfig:
    fees = PercentFees(Decimal("0.0005"), Decimal("0.00075"))
    return SimulatedExecutionConfig(SimulatedExchangeConfig(venue, account(venue), fees), latency)


def jittered() -> LatencyModel:
    milliseconds = [timedelta(milliseconds=number) for number in (4, 6)]
    return JitteredLatency(ConstantLatency(*milliseconds), ConstantLatency(*milliseconds), seed=1)


async def market() -> AsyncIterator[MarketStreamEvent]:
    """Best prices and trades of three instruments, in bursts, with a lost connection."""
    random, price = Random(5), 100.0
    for number in range(400):
        price = round(price + random.choice([-1, -0.5, 0, 0.5, 1]), 1)
        stamp = LoopClock().time() - timedelta(milliseconds=random.randrange(60))
        for index, venue in enumerate((EXCHANGE, EXCHANGE, WATCHED)):
            bid, ask = (Level(Decimal(str(price + side)), Decimal(2)) for side in (-0.5, 0.5))
            yield MarketEvent(stamp, stamp, venue, InstrumentIndex(index), OrderBookL1(stamp, bid, ask))
            trade = PublicTrade(str(number), price, 1.0, random.choice([Side.BUY, Side.SELL]))
            yield MarketEvent(stamp, stamp, venue, InstrumentIndex(index), trade)
        if number == 200:
            yield MarketReconnecting(EXCHANGE)
        if random.random() < 0.8:
            await asyncio.sleep(random.choice([0.0005, 0.003, 0.02]))
    await asyncio.sleep(1)


async def give_commands(system: System[Any, Any]) -> None:
    """What an operator does meanwhile."""
    await asyncio.sleep(0.5)
    system.trading_state(TradingState.DISABLED)
    system.cancel_orders()
    await asyncio.sleep(0.1)
    system.close_positions()
    await asyncio.sleep(0.1)
    system.trading_state(TradingState.ENABLED)


def text(tick: AuditTick[EngineAudit]) -> bytes:
    """An audit without its number: that of a session's first one is 1, because the snapshot for its readers is 0."""
    return encode(AuditTick(tick.event, replace(tick.context, sequence=0)), audit_tick())


async def record_session(
    path: Path, execution: ExecutionConfig, capacity: int, strategy: DefaultStrategy | None = None
) -> tuple[list[bytes], Any, System[Any, Any]]:
    """The audits of a session, the state that it ended with, and the system."""
    strategy = strategy or Trader()
    args = SystemArgs(
        INSTRUMENTS,
        [execution],
        LoopClock(),
        strategy,
        DefaultRiskManager(),
        market(),
        strategy.global_data(),
        strategy.instrument_data,
    )
    with path.open("wb") as file:
        recorder = SessionRecorder(file.write, {"strategy": "Trader"})
        builder = SystemBuilder(args).audit_mode(AuditMode.ENABLED).trading_state(TradingState.ENABLED)
        system = await builder.market_mode(MarketMode.LIVE, capacity).recorder(recorder).build().init()
        audit = system.take_audit()
        assert audit is not None
        await give_commands(system)
        engine, _ = await system.shutdown_after_backtest()
        recorder.close()
    return [text(tick) async for tick in audit.updates], engine.state, system


def replayed(
    path: Path, *executions: ExecutionConfig, strategy: DefaultStrategy | None = None
) -> tuple[list[bytes], Any, Replay]:
    recording = Recording(path)
    strategy = strategy or Trader()
    state = (
        EngineState.builder(INSTRUMENTS, strategy.global_data(), strategy.instrument_data)
        .time_engine_start(recording.header.time)
        .trading_state(TradingState.ENABLED)
        .build()
    )
    audits = RecordingAuditTx()
    found = replay(recording, ReplayArgs(INSTRUMENTS, executions, state, strategy, DefaultRiskManager()), audit_tx=audits)
    return [text(tick) for tick in audits.ticks], state, found


@pytest.mark.parametrize(
    ("execution", "capacity"),
    [
        pytest.param(lambda: simulated(ConstantLatency()), 8_192, id="at_once"),
        pytest.param(lambda: simulated(jittered()), 8_192, id="latency"),
        pytest.param(lambda: simulated(jittered()), 5, id="too_slow"),
        pytest.param(lambda: MockExecutionConfig(EXCHANGE, account(), 5, Decimal("0.001")), 8_192, id="mock"),
    ],
)
def test_a_replay_repeats_the_session(execution: Callable[[], ExecutionConfig], capacity: int, tmp_path: Path) -> None:
    path, sessions = tmp_path / "session.jsonl", []

    @in_virtual_time
    async def session() -> None:
        sessions.append(await record_session(path, execution(), capacity))

    session()
    (audits, state, system) = sessions[0]
    audits_again, state_again, found = replayed(path, execution())

    assert found.differences == []
    assert audits == audits_again
    assert state == state_again
    assert found.session.is_complete
    assert len(found.summary.record.trades) > 50
    assert (system.conflated > 0) is (capacity == 5)


class BarFollower(BarStrategy[BarData]):
    """Follows bars of 50 ms, and remembers them."""

    frames = (timedelta(milliseconds=50),)

    def __init__(self) -> None:
        super().__init__("follower")
        self.bars: list[tuple[InstrumentIndex, Bar]] = []

    def on_bar(self, bar: Bar, instrument: InstrumentState[BarData], orders: barter.Trader, /) -> None:
        self.bars.append((instrument.key, bar))
        if instrument.instrument.exchange == 0:
            orders.order_to(instrument, Decimal("0.01") if bar.close > bar.open else 0)


def test_a_strategy_on_bars_sees_in_the_replay_what_it_saw_in_the_session(tmp_path: Path) -> None:
    path, sessions, strategy, again = tmp_path / "session.jsonl", [], BarFollower(), BarFollower()

    @in_virtual_time
    async def session() -> None:
        sessions.append(await record_session(path, simulated(jittered()), 8_192, strategy))

    session()
    (audits, state, _) = sessions[0]
    audits_again, state_again, found = replayed(path, simulated(jittered()), strategy=again)

    assert found.differences == []
    assert len(strategy.bars) > 50
    assert strategy.bars == again.bars
    assert audits == audits_again
    assert state == state_again
    assert len(found.summary.record.trades) > 10
