"""What is measured: one instrument, a walk of trade ticks on the price grid, and a double moving average."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from barter_python.config.execution import MockExecutionConfig
from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.engine.clock import HistoricalClock
from barter_python.engine.engine import Engine
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.execution_tx import MultiExchangeTxMap
from barter_python.execution.request import ExecutionRequest
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentIndex
from barter_python.instrument.side import Side
from barter_python.risk.manager import DefaultRiskManager
from barter_python.strategy.moving_average import MovingAverageCross, MovingAverageData

EXCHANGE = ExchangeId.BINANCE_SPOT
FAST, SLOW = 50, 200
START = datetime(2025, 1, 1, tzinfo=UTC)
INSTRUMENTS = IndexedInstruments.new([Instrument.spot(EXCHANGE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"))])
CASH = Balance(Decimal(10_000_000), Decimal(10_000_000))
STEP = timedelta(milliseconds=100)


def ticks(count: int, seed: int = 11) -> list[MarketEvent]:
    """Trades of a seeded walk around 60,000 in steps of one tick of 0.1, with trends."""
    random = Random(seed)
    index, time, price, trend = InstrumentIndex(0), START, 600_000, 1
    events = []
    for number in range(count):
        draw = random.random()
        if draw < 0.002:
            trend = -trend
        elif draw < 0.3:
            price += trend if draw < 0.17 else -trend
        time += STEP
        side = Side.BUY if draw < 0.5 else Side.SELL
        events.append(MarketEvent(time, time, EXCHANGE, index, PublicTrade(str(number), price / 10, 0.01, side)))
    return events


def bare_loop(events: list[MarketEvent]) -> int:
    """The floor: the same indicator and the same decisions without an engine; returns the number of orders."""
    data = MovingAverageData(FAST, SLOW)
    held, orders = False, 0
    for event in events:
        data.observe(event.kind.price)
        signal = data.signal
        if signal is not None and (signal is Side.BUY) != held:
            held = not held
            orders += 1
    return orders


def strategy() -> MovingAverageCross:
    """The strategy of every measurement."""
    return MovingAverageCross(FAST, SLOW, "1000")


def state(moving_average: MovingAverageCross) -> EngineState:
    """The state before the first tick."""
    return (
        EngineState.builder(INSTRUMENTS, DefaultGlobalData(), moving_average.instrument_data)
        .time_engine_start(START)
        .trading_state(TradingState.ENABLED)
        .balances([(EXCHANGE, "usdt", CASH)])
        .build()
    )


def execution() -> MockExecutionConfig:
    """A mock exchange with a latency of 10 ms and a fee of 0.1 %."""
    cash = AssetBalance(AssetNameExchange("USDT"), CASH, START)
    return MockExecutionConfig(EXCHANGE, AccountSnapshot(EXCHANGE, [cash], []), 10, Decimal("0.001"))


class Discard:
    """Takes audits and requests, and keeps nothing."""

    def send(self, _: ExecutionRequest | object, /) -> None:
        """Drop it."""


def engine() -> Engine:
    """An engine whose orders go nowhere."""
    moving_average = strategy()
    txs = MultiExchangeTxMap([(EXCHANGE, Discard())])
    return Engine(HistoricalClock(START), state(moving_average), txs, moving_average, DefaultRiskManager())
