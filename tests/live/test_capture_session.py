"""Ten minutes of a recorded market at twenty times its speed, with faults: the books of both sides agree.

Over real sockets, in virtual time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.captures import SPOT, SPOT_CONTINUED, needs_captures
from tests.support.live_session import assert_same_books, run_session

from barter_python import (
    AccountSnapshot,
    AlgoOrders,
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
    MarketEvent,
    MarketReconnecting,
    PercentFees,
    Side,
    SimulatedExchangeConfig,
    Trade,
    TradingState,
)
from barter_python.backtest.replay import Replay, ReplayArgs, replay
from barter_python.config.execution import ExecutionConfig, SimulatedExecutionConfig
from barter_python.data.subscription import SubKind
from barter_python.execution.account import AccountEvent, AccountReconnecting
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency
from barter_python.execution.exchange.simulated.exchange import SimulatedExchange
from barter_python.execution.order.id import ClientOrderId
from barter_python.execution.order.request import OrderRequest, OrderRequestOpen, to_request_cancel
from barter_python.recording.entry import Market, Processed
from barter_python.recording.recorder import SessionRecorder
from barter_python.recording.recording import Recording
from barter_python.rehearsal.binance_spot import (
    AtMessage,
    AtRequest,
    Books,
    CaptureFeed,
    DropConnections,
    DuplicateMessages,
    NoAnswers,
    RehearsalConfig,
    RehearsalLimits,
    ServerErrors,
    SkipMessages,
    VenueChannel,
    ledger,
)
from barter_python.statistic.time import ANNUAL_365

VENUE = ExchangeId.BINANCE_SPOT
SPEED = 20
KINDS = (SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1, SubKind.ORDER_BOOKS_L2)
INSTRUMENTS = IndexedInstruments.new([Instrument.spot(VENUE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"))])
FAULTS = (
    DropConnections(AtMessage(5_000)),
    DropConnections(AtMessage(30_000), is_abrupt=True),
    DropConnections(AtMessage(60_000)),
    DropConnections(AtMessage(40), VenueChannel.USER, is_abrupt=True),
    DropConnections(AtMessage(200), VenueChannel.USER),
    DuplicateMessages(AtMessage(100), channel=VenueChannel.USER, count=5),
    SkipMessages(AtMessage(150), stream="depth"),
    NoAnswers(AtRequest(20), acts=True, method="POST"),
    ServerErrors(AtRequest(30), acts=True, method="POST"),
    ServerErrors(AtRequest(40), acts=False, method="POST"),
    NoAnswers(AtRequest(10), acts=True, method="DELETE"),
)


class QuotesAndTakes(DefaultStrategy):
    """Quotes at the best price and follows it; every fifth time it takes at once."""

    def __init__(self) -> None:
        super().__init__("quoter")
        self._rounds = 0

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        (instrument,) = state.instruments
        side = Side.BUY if instrument.position.current is None else Side.SELL
        best = instrument.data.l1.best_bid if side is Side.BUY else instrument.data.l1.best_ask
        if best is None:
            return (), ()
        orders = list(instrument.orders)
        if orders:
            return [cancel for order in orders if abs(order.price - best.price) > 5 and (cancel := to_request_cancel(order))], ()
        self._rounds += 1
        position = instrument.position.current
        quantity = Decimal("0.005") if position is None else position.quantity_abs
        if self._rounds % 5:
            return (), [self.limit_order(instrument, side, quantity, best.price)]
        return (), [self.market_order(instrument, side, quantity, best.price)]


def account() -> SimulatedExchangeConfig:
    cash = AssetBalance(AssetNameExchange("USDT"), Balance(Decimal(10_000), Decimal(10_000)), datetime(2024, 8, 8, tzinfo=UTC))
    return SimulatedExchangeConfig(VENUE, AccountSnapshot(VENUE, [cash], []), PercentFees(Decimal("0.001"), Decimal("0.001")))


def config() -> RehearsalConfig:
    limits = RehearsalLimits(weight_per_minute=1_000_000, orders_per_ten_seconds=100_000)
    return RehearsalConfig(INSTRUMENTS, account(), faults=FAULTS, limits=limits, checks_timestamps=False)


Call = tuple[str, Any, datetime]
"""A call of the venue's exchange: `market` with an event, `request` with a request, or `time`."""


class WatchedExchange(SimulatedExchange):
    """The venue's exchange; keeps what came to it, and when."""

    calls: list[Call]

    def on_market(self, event: MarketEvent) -> Sequence[AccountEvent]:
        self.calls.append(("market", event, event.time_exchange))
        return super().on_market(event)

    def on_request(self, request: OrderRequest, time: datetime) -> list[AccountEvent]:
        self.calls.append(("request", request, time))
        return super().on_request(request, time)

    def on_time(self, time: datetime) -> list[AccountEvent]:
        self.calls.append(("time", None, time))
        return super().on_time(time)


def fills_of(calls: Iterable[Call], requests: Sequence[OrderRequest], books: Books) -> list[Trade]:
    """What a fresh exchange fills of these requests, where each arrives when its namesake arrived at the venue."""
    exchange = SimulatedExchange(account(), INSTRUMENTS)
    wanted = {request.key.cid: request.state for request in requests if isinstance(request, OrderRequestOpen)}
    names = {str(order.id): ClientOrderId(order.client_id) for order in books.orders}
    events: list[AccountEvent] = []
    for name, what, time in calls:
        if name == "market":
            events += exchange.on_market(what)
        elif name == "time":
            events += exchange.on_time(time)
        else:
            state = wanted.pop(names[what.key.cid]) if isinstance(what, OrderRequestOpen) else what.state
            events += exchange.on_request(replace(what, state=state), time)
    return [event.kind for event in events if isinstance(event.kind, Trade)]


def replayed(path: Path, *executions: ExecutionConfig) -> Replay:
    recording = Recording(path)
    state = (
        EngineState.builder(INSTRUMENTS, DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
        .time_engine_start(recording.header.time)
        .trading_state(TradingState.ENABLED)
        .build()
    )
    return replay(recording, ReplayArgs(INSTRUMENTS, executions, state, QuotesAndTakes(), DefaultRiskManager()))


@pytest.mark.long
@needs_captures(SPOT, SPOT_CONTINUED)
async def test_ten_minutes_at_twenty_times_the_speed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, calls = tmp_path / "session.jsonl", list[Call]()
    monkeypatch.setattr(WatchedExchange, "calls", calls, raising=False)
    monkeypatch.setattr(ledger, "SimulatedExchange", WatchedExchange)
    feed = CaptureFeed([SPOT, SPOT_CONTINUED], "BTCUSDT")
    with path.open("wb") as file:
        recorder = SessionRecorder(file.write)
        session = await run_session(config(), feed, QuotesAndTakes(), speed=SPEED, kinds=KINDS, recorder=recorder)

    assert_same_books(session)
    assert len(session.fills) > 100
    reconnected = [type(entry.event) for entry in Recording(path).entries() if isinstance(entry, Processed | Market)]
    assert 3 * len(KINDS) + 1 == reconnected.count(MarketReconnecting)
    assert 2 <= reconnected.count(AccountReconnecting)  # and once more for each thing that the stream has missed

    again = replayed(path)
    requests = [request for _, request in again.summary.record.requests]
    assert again.differences == []
    assert session.fills == again.summary.record.trades
    assert session.engine.trading_summary_generator(Decimal(0)).generate(ANNUAL_365) == again.summary.trading_summary
    filled = [(fill.side, fill.price, fill.quantity) for fill in fills_of(calls, requests, session.books)]
    assert [(fill.side, fill.price, fill.quantity) for fill in session.fills] == filled


@pytest.mark.long
@needs_captures(SPOT, SPOT_CONTINUED)
async def test_the_same_on_paper_is_a_backtest(tmp_path: Path) -> None:
    path, feed = tmp_path / "session.jsonl", CaptureFeed([SPOT, SPOT_CONTINUED], "BTCUSDT")
    trips = ConstantLatency(timedelta(milliseconds=3), timedelta(milliseconds=5))
    execution = SimulatedExecutionConfig(account(), JitteredLatency(trips, ConstantLatency(*[timedelta(milliseconds=2)] * 2), 1))
    with path.open("wb") as file:
        recorder = SessionRecorder(file.write)
        session = await run_session(
            config(), feed, QuotesAndTakes(), speed=SPEED, kinds=KINDS, recorder=recorder, paper=execution
        )
    again = replayed(path, execution)

    assert len(session.fills) > 100
    assert again.differences == []
    assert session.fills == again.summary.record.trades
    assert session.engine.trading_summary_generator(Decimal(0)).generate(ANNUAL_365) == again.summary.trading_summary
