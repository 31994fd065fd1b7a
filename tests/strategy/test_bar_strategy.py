"""A strategy on bars is asked for what has changed, and for nothing else."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pickle import dumps, loads
from typing import Any

import pytest
from tests.strategy.bars import EXCHANGE, HOUR, MINUTE, START, candle_at, candles, instruments, state_of, trade_at
from tests.support.builders import trade
from tests.support.engine import RecordingTx

from barter_python import (
    AccountEvent,
    BarData,
    BarStrategy,
    DefaultRiskManager,
    Engine,
    ExchangeIndex,
    HistoricalClock,
    InstrumentState,
    MarketEvent,
    MultiExchangeTxMap,
    Side,
    StateReplicaManager,
    StrategyError,
    Trade,
    Trader,
    TradingState,
    TradingStateUpdate,
)
from barter_python.data.bar import Bar, TickBars
from barter_python.data.indicator import Sma
from barter_python.engine.command import CancelOrders

INSTRUMENTS = instruments("BTCUSDT", "ETHUSDT")


class AverageData(BarData):
    """An average of closes, and the price of the last fill."""

    def __init__(self) -> None:
        super().__init__(MINUTE, 5 * MINUTE)
        self.average = Sma(2)
        self.filled: str | None = None

    def update_from_bar(self, bar: Bar, /) -> None:
        if bar.interval == MINUTE:
            self.average.update(bar.close)

    def update_from_fill(self, fill: Trade, /) -> None:
        self.filled = str(fill.price)


class Watcher(BarStrategy[AverageData]):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__("watcher")
        self.bars: list[tuple[str, int, float, float | None]] = []
        self.fills: list[tuple[str, str]] = []
        self.times: list[timedelta] = []

    def instrument_data(self, instrument: Any, /) -> AverageData:
        return AverageData()

    def on_bar(self, bar: Bar, instrument: InstrumentState[AverageData], trader: Trader, /) -> None:
        assert bar.interval is not None
        name = str(instrument.instrument.name_exchange)
        self.bars.append((name, bar.interval // MINUTE, bar.close, instrument.data.average.value))
        self.times.append(trader.now - START)

    def on_fill(self, fill: Trade, instrument: InstrumentState[AverageData], trader: Trader, /) -> None:
        assert instrument.data.filled is not None
        self.fills.append((str(instrument.instrument.name_exchange), instrument.data.filled))


def engine_of(strategy: BarStrategy[Any]) -> Engine[Any, Any]:
    txs = MultiExchangeTxMap([(EXCHANGE, RecordingTx())])
    return Engine(HistoricalClock(START), state_of(strategy, INSTRUMENTS), txs, strategy, DefaultRiskManager())


def fill(number: int, side: Side, price: str, instrument: int = 0) -> AccountEvent:
    return AccountEvent(ExchangeIndex(0), trade(side, price, "1", instrument=instrument, id=str(number)))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([trade_at(0, 10.0), trade_at(59, 12.0)], [], id="no-bar-before-its-close"),
        pytest.param(
            [trade_at(0, 10.0), trade_at(60, 12.0), trade_at(61, 13.0)], [("BTCUSDT", 1, 10.0, None)], id="one-from-trades"
        ),
        pytest.param(candles([10.0, 12.0]), [("BTCUSDT", 1, 10.0, None), ("BTCUSDT", 1, 12.0, 11.0)], id="from-candles"),
        pytest.param(
            [trade_at(0, 10.0), trade_at(1, 5.0, instrument=1), trade_at(62, 12.0), trade_at(63, 6.0, instrument=1)],
            [("BTCUSDT", 1, 10.0, None), ("ETHUSDT", 1, 5.0, None)],
            id="of-the-instrument-of-the-event",
        ),
        pytest.param(
            candles([1.0, 2.0, 3.0, 4.0, 5.0])[3:],
            [("BTCUSDT", 1, 4.0, None), ("BTCUSDT", 1, 5.0, 4.5), ("BTCUSDT", 5, 5.0, 4.5)],
            id="two-time-frames",
        ),
        pytest.param(
            [candle_at(1, 10.0, None), trade_at(61, 3.0), trade_at(120, 4.0)], [("BTCUSDT", 1, 3.0, None)], id="no-length"
        ),
        pytest.param(
            [candle_at(2, 10.0, 2 * MINUTE), candle_at(3, 11.0)], [("BTCUSDT", 1, 11.0, None)], id="candles-that-do-not-fit"
        ),
        pytest.param([candle_at(1, 10.0), trade_at(61, 3.0), trade_at(121, 4.0)], [("BTCUSDT", 1, 10.0, None)], id="one-source"),
    ],
)
def test_on_bar_is_called_for_each_bar_that_the_event_closes(
    events: list[MarketEvent], expected: list[tuple[str, int, float, float | None]]
) -> None:
    strategy = Watcher()
    engine = engine_of(strategy)

    for event in events:
        engine.process(event)

    assert expected == strategy.bars


def test_a_bar_is_told_once_whatever_else_happens() -> None:
    strategy = Watcher()
    engine = engine_of(strategy)

    for event in [*candles([10.0]), CancelOrders(None), TradingStateUpdate(TradingState.ENABLED), fill(1, Side.BUY, "10")]:
        engine.process(event)

    assert [("BTCUSDT", 1, 10.0, None)] == strategy.bars
    assert [("BTCUSDT", "10")] == strategy.fills


def test_another_run_with_the_same_strategy_begins_anew() -> None:
    strategy = Watcher()

    for _ in range(2):
        engine = engine_of(strategy)
        for event in candles([10.0]):
            engine.process(event)

    assert 2 * [("BTCUSDT", 1, 10.0, None)] == strategy.bars


def test_bars_that_close_while_trading_is_disabled_are_taken_in_and_not_told() -> None:
    strategy = Watcher()
    engine = engine_of(strategy)

    engine.process(TradingStateUpdate(TradingState.DISABLED))
    engine.process(candle_at(1, 10.0))
    engine.process(trade_at(61, 10.0))
    engine.process(TradingStateUpdate(TradingState.ENABLED))
    engine.process(candle_at(2, 12.0))

    assert [("BTCUSDT", 1, 12.0, 11.0)] == strategy.bars


def test_now_is_the_greatest_stamp_of_the_market() -> None:
    strategy = Watcher()
    engine = engine_of(strategy)

    for event in [trade_at(0, 1.0), trade_at(90, 2.0, instrument=1), trade_at(61, 1.0)]:
        engine.process(event)

    assert [timedelta(seconds=90)] == strategy.times


def test_a_replica_has_the_same_bars_and_indicators() -> None:
    engine = engine_of(Watcher())
    replica = StateReplicaManager(engine.audit_snapshot())

    for event in [*candles([10.0, 12.0]), fill(1, Side.BUY, "12"), *candles([10.0, 12.0, 13.0])[2:]]:
        replica.send(engine.audit(engine.process(event)))

    assert engine.state == replica.replica_engine_state()
    assert 12.5 == replica.replica_engine_state().instruments.states[0].data.average.value


@pytest.mark.parametrize("copied", [deepcopy, lambda data: loads(dumps(data))], ids=["deepcopy", "pickle"])
def test_data_is_equal_to_its_copy_until_one_takes_in_more(copied: Any) -> None:
    data = AverageData()
    for event in candles([10.0, 12.0]):
        data.process(event)

    copy = copied(data)

    assert data == copy
    copy.process(candle_at(3, 12.0))
    assert data != copy
    assert data != BarData(MINUTE, 5 * MINUTE)


def test_frames_of_a_strategy_without_data_of_its_own() -> None:
    class Hourly(BarStrategy[BarData]):
        frames = (HOUR, TickBars(2))

    data = Hourly().instrument_data(INSTRUMENTS.instruments()[0])
    data.process(trade_at(0, 1.0))
    data.process(trade_at(1, 2.0))

    assert [TickBars(2)] == [bar.spec for bar in data.bars_closed]


def test_a_strategy_that_keeps_other_data_is_told_what_to_keep() -> None:
    class Wrong(Watcher):
        def global_data(self) -> Any:
            return None

    strategy = Wrong()
    state = state_of(Watcher(), INSTRUMENTS)
    state.global_data = None

    with pytest.raises(StrategyError, match="global_data is None, expected a LatestEvent"):
        strategy.generate_algo_orders(state)


def test_a_late_event_of_the_market_does_not_move_now_back() -> None:
    state = state_of(Watcher(), INSTRUMENTS)
    late = replace(trade_at(5, 1.0))

    state.update_from_market(trade_at(9, 1.0))
    state.update_from_market(late)

    assert START + timedelta(seconds=9) == state.global_data.now
