"""Random sessions and their replays: whatever happens, the same again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.backtest.test_replay import text
from tests.support.engine import RecordingAuditTx
from tests.support.virtual_time import START, LoopClock, in_virtual_time

from barter_python import (
    AccountSnapshot,
    AlgoOrders,
    Asset,
    AssetBalance,
    AssetNameExchange,
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
    InstrumentQuoteAsset,
    Level,
    MarketEvent,
    MarketReconnecting,
    MockExecutionConfig,
    OrderBookL1,
    PercentFees,
    PerpetualContract,
    PublicTrade,
    Side,
    SimulatedExchangeConfig,
    TradingState,
    Underlying,
)
from barter_python.backtest.replay import Replay, ReplayArgs, replay
from barter_python.config.execution import ExecutionConfig, SimulatedExecutionConfig
from barter_python.data.book import OrderBook, OrderBookSide, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketStreamEvent
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency, LatencyModel
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin
from barter_python.execution.order.order import TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import OrderRequestOpen, to_request_cancel
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.recording.recorder import SessionRecorder
from barter_python.recording.recording import Recording
from barter_python.system.builder import AuditMode, MarketMode, SystemArgs, SystemBuilder
from barter_python.system.parts import SystemStoppedError
from barter_python.system.system import System

SPOT, PERPETUAL, MOCK, WATCHED = ExchangeId.BINANCE_SPOT, ExchangeId.BINANCE_FUTURES_USD, ExchangeId.OKX, ExchangeId.KRAKEN
USDT = Asset.new_from_exchange("USDT")
INSTRUMENTS = IndexedInstruments.new(
    [
        Instrument.spot(SPOT, "btc", "BTCUSDT", ("BTC", "USDT")),
        Instrument.spot(SPOT, "eth", "ETHUSDT", ("ETH", "USDT")),
        Instrument(
            PERPETUAL,
            "btc_perpetual",
            "BTCUSDT",
            Underlying(Asset.new_from_exchange("BTC"), USDT),
            InstrumentQuoteAsset.UNDERLYING_QUOTE,
            PerpetualContract(Decimal(1), USDT),
        ),
        Instrument.spot(MOCK, "mock", "BTC-USDT", ("BTC", "USDT")),
        Instrument.spot(WATCHED, "watched", "XBTUSDT", ("XBT", "USDT")),
    ]
)
VENUES = [keyed.value.exchange.value for keyed in INSTRUMENTS.instruments()]
CASH = (("USDT", 5_000), ("BTC", 2))
STARTS = (START, START + timedelta(days=1, milliseconds=-500))


class Gambler(DefaultStrategy):
    """Does something at random whenever it is asked; of the same seed always the same."""

    def __init__(self, seed: int, venues: Collection[ExchangeId], name: str = "gambler") -> None:
        super().__init__(name)
        self._random = Random(seed)
        self._instruments = [index for index, venue in enumerate(VENUES) if venue in venues]
        self._turns = 0
        self._appetite = self._random.choice([0.02, 0.1, 0.4])

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        random = self._random
        cancels, opens = [], []
        self._turns += 1
        if self._turns > 3_000:  # without latency a refusal leads to the next order at once
            return (), ()
        for instrument in self.gambled(state):
            if random.random() > self._appetite:
                continue
            orders = list(instrument.orders)
            cancels += [cancel for order in orders if random.random() < 0.3 and (cancel := to_request_cancel(order))]
            if len(orders) < 5 and (price := instrument.data.price()) is not None:
                opens.append(self.gamble(instrument, price))
        return cancels, opens

    def gambled(self, state: EngineState[Any, Any]) -> list[Any]:
        """What can be traded."""
        return [instrument for index, instrument in enumerate(state.instruments) if index in self._instruments]

    def gamble(self, instrument: Any, price: Decimal) -> OrderRequestOpen:
        """An order of whatever sort."""
        random = self._random
        side = random.choice([Side.BUY, Side.SELL])
        quantity = Decimal(random.choice(["0.01", "0.5", "3", "1000"]))
        if random.random() < 0.3:
            request = self.market_order(instrument, side, quantity, price)
        else:
            limit = price + Decimal(str(random.choice([-2, -1, -0.5, 0, 0.5, 1, 2])))
            request = self.limit_order(instrument, side, quantity, limit, random.choice([*TimeInForce]))
        trigger = Trigger(price + random.choice([-1, 1]), random.choice([*TriggerKind])) if random.random() < 0.2 else None
        request.state = replace(request.state, reduce_only=random.random() < 0.2, trigger=trigger)
        return request


class ShiftedClock(LoopClock):
    """The virtual time, from another start."""

    def __init__(self, start: datetime) -> None:
        self._shift = start - START

    def time(self) -> datetime:
        return super().time() + self._shift


def account(venue: ExchangeId) -> AccountSnapshot:
    cash = [AssetBalance(AssetNameExchange(name), Balance(Decimal(amount), Decimal(amount)), START) for name, amount in CASH]
    return AccountSnapshot(venue, cash[:1] if venue is PERPETUAL else cash, [])


def latency(random: Random) -> LatencyModel:
    def times(*choices: int) -> ConstantLatency:
        return ConstantLatency(*(timedelta(microseconds=random.choice(choices)) for _ in range(2)))

    kind = random.randrange(3)
    if kind == 0:
        return ConstantLatency()
    if kind == 1:
        return times(0, 1, 500, 20_000, 700_000)
    return JitteredLatency(times(500, 3_000, 40_000), times(500, 3_000, 40_000), random.randrange(100))


def executions(random: Random, start: datetime) -> list[ExecutionConfig]:
    fees = PercentFees(Decimal("0.0005"), Decimal("0.00075"))
    funding = tuple(FundingRate(start + timedelta(milliseconds=300 * number), Decimal("0.0003")) for number in range(1, 9))
    margin = InstrumentMargin(InstrumentNameExchange("BTCUSDT"), Decimal("0.1"), funding)
    all_of_them: list[ExecutionConfig] = [
        SimulatedExecutionConfig(SimulatedExchangeConfig(SPOT, account(SPOT), fees), latency(random)),
        SimulatedExecutionConfig(
            SimulatedExchangeConfig(PERPETUAL, account(PERPETUAL), fees, margins=(margin,)), latency(random)
        ),
        MockExecutionConfig(MOCK, account(MOCK), random.choice([0, 1, 7, 300]), Decimal("0.001")),
    ]
    return random.sample(all_of_them, random.choice([1, 2, 3, 3]))


def book(random: Random, price: float, number: int, stamp: datetime) -> OrderBookSnapshot | OrderBookUpdate:
    def side(which: Side, away: float) -> OrderBookSide:
        levels = [Level(Decimal(str(price + away * step)), Decimal(random.choice([1, 2, 5]))) for step in (1, 2, 3)]
        return OrderBookSide.as_received(which, levels)

    event = OrderBook(number, stamp)
    event.bids, event.asks = side(Side.BUY, -0.5), side(Side.SELL, 0.5)
    return OrderBookSnapshot(event) if number < 2 or random.random() < 0.2 else OrderBookUpdate(event)


async def market(random: Random, clock: ShiftedClock) -> AsyncIterator[MarketStreamEvent]:
    """Trades, best prices and books, in bursts, with lost connections and late stamps."""
    prices, pauses = [100.0] * len(VENUES), random.choice([(0.0005, 0.003, 0.02), (0, 0.0001), (0.05, 0.2)])
    for number in range(random.choice([20, 100, 300])):
        for index, venue in enumerate(VENUES):
            prices[index] = round(prices[index] + random.choice([-1, -0.5, 0, 0, 0.5, 1]), 1)
            price = prices[index]
            stamp = clock.time() - timedelta(milliseconds=random.choice([0, 0, 1, 60, -3]))
            bid, ask = (Level(Decimal(str(price + side)), Decimal(2)) for side in (-0.5, 0.5))
            kinds: list[Any] = [
                OrderBookL1(stamp, bid, ask),
                PublicTrade(str(number), price, random.choice([0.1, 1.0, 20.0]), random.choice([Side.BUY, Side.SELL])),
                book(random, price, number, stamp),
            ]
            for kind in kinds:
                if random.random() < 0.6:
                    yield MarketEvent(stamp, stamp, venue, InstrumentIndex(index), kind)
        if random.random() < 0.01:
            yield MarketReconnecting(random.choice(VENUES))
        if random.random() < 0.8:
            await asyncio.sleep(random.choice(pauses))
    if random.random() < 0.5:
        await asyncio.sleep(random.choice([0, 0.01, 1.5]))


async def give_commands(system: System[Any, Any], random: Random, gambler: Gambler) -> None:
    """What an operator does meanwhile."""
    for _ in range(random.choice([0, 3, 10])):
        await asyncio.sleep(random.choice([0, 0.0007, 0.01, 0.1, 0.3]))
        command = random.randrange(6)
        if command == 0:
            system.trading_state(TradingState.DISABLED)
        elif command == 1:
            system.trading_state(TradingState.ENABLED)
        elif command == 2:
            system.cancel_orders()
        elif command == 3:
            system.close_positions()
        elif command == 4:
            system.send_open_requests(
                gambler.gamble(instrument, Decimal(100)) for instrument in gambler.gambled(system.engine.state)
            )
        else:
            await asyncio.sleep(0.001)


async def record(path: Path, seed: int) -> tuple[list[bytes], Any]:
    """The audits of a session, and the state that it ended with."""
    random = Random(seed)
    start = random.choice(STARTS)
    clock, simulated = ShiftedClock(start), executions(random, start)
    venues = [execution.mocked_exchange for execution in simulated]
    args = SystemArgs(
        INSTRUMENTS,
        simulated,
        clock,
        Gambler(seed, venues),
        DefaultRiskManager(),
        market(Random(seed), clock),
        DefaultGlobalData(),
        lambda _: DefaultInstrumentMarketData(),
    )
    with path.open("wb") as file:
        recorder = SessionRecorder(file.write)
        builder = SystemBuilder(args).audit_mode(AuditMode.ENABLED, 1_000_000).trading_state(TradingState.ENABLED)
        system = await builder.market_mode(MarketMode.LIVE, random.choice([3, 20, 8_192])).recorder(recorder).build().init()
        audit = system.take_audit()
        assert audit is not None
        operator = Gambler(seed + 1, venues, "operator")
        with suppress(SystemStoppedError):
            await give_commands(system, random, operator)
        ending = random.choice([System.shutdown_after_backtest, System.shutdown_after_backtest, System.shutdown, System.abort])
        engine, _ = await ending(system)
        recorder.close()
    return [text(tick) async for tick in audit.updates], engine.state


def replayed(path: Path, seed: int) -> tuple[list[bytes], Any, Replay]:
    random = Random(seed)
    simulated = executions(random, random.choice(STARTS))
    recording = Recording(path)
    state = (
        EngineState.builder(INSTRUMENTS, DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
        .time_engine_start(recording.header.time)
        .trading_state(TradingState.ENABLED)
        .build()
    )
    audits = RecordingAuditTx()
    strategy = Gambler(seed, [execution.mocked_exchange for execution in simulated])
    args = ReplayArgs(INSTRUMENTS, simulated, state, strategy, DefaultRiskManager())
    found = replay(recording, args, audit_tx=audits)
    return [text(tick) for tick in audits.ticks], state, found


# Among them: an expiry at midnight (0), news after the end (7, 20), requests that never arrive (8, 20), merged data (0, 1, 12).
@pytest.mark.parametrize("seed", [0, 1, 7, 8, 9, 12, 13, 20])
def test_a_replay_repeats_a_random_session(seed: int, tmp_path: Path) -> None:
    path, sessions = tmp_path / "session.jsonl", []

    @in_virtual_time
    async def run() -> None:
        sessions.append(await record(path, seed))

    run()
    audits, state = sessions[0]
    audits_again, state_again, found = replayed(path, seed)

    assert found.differences == []
    assert audits == audits_again
    assert state == state_again
