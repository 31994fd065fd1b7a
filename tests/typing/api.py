"""What a user writes, as a type checker sees it. Checked by mypy and pyright, never run.

Where `assert_type` stands, an editor knows the type as well: it completes names, and says where they are misspelt.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_never, assert_type

import polars as pl

import barter_python as barter
from barter_python.codec import Codec, decode, encode
from barter_python.codec.config import load_backtest_config
from barter_python.codec.engine import audit_tick, command, engine_event
from barter_python.codec.execution import INDEXED
from barter_python.codec.scalar import decimal
from barter_python.codec.shape import option, struct
from barter_python.codec.state import engine_state, position
from barter_python.codec.statistic import trading_summary
from barter_python.config.system import BacktestConfig
from barter_python.data.event import DataKind, MarketStreamEvent
from barter_python.data.file.importer import (
    CandleStamp,
    Gap,
    ImportOptions,
    MarketDataImport,
    import_market_data,
    read_funding_rates,
)
from barter_python.data.file.time_range import TimeRange
from barter_python.data.streams.builder import Streams
from barter_python.data.subscription import Subscription
from barter_python.engine.action.output import (
    AccountDisconnect,
    ActionOutput,
    Commanded,
    EventRefused,
    GenerateAlgoOrdersOutput,
    MarketDisconnect,
    OnTradingDisabled,
    SendCancelsAndOpensOutput,
    SendRequestsOutput,
    UpdateFromAccountOutput,
    UpdateFromMarketOutput,
    UpdateTradingStateOutput,
)
from barter_python.engine.audit.audit import FeedEnded
from barter_python.engine.clock import EngineClock
from barter_python.engine.command import Command
from barter_python.engine.error import EngineError, UnrecoverableEngineError, is_unrecoverable
from barter_python.engine.run import AuditTx
from barter_python.engine.state.asset.filter import AssetExchangesFilter
from barter_python.engine.state.asset.state import AssetState
from barter_python.engine.state.connectivity import Health
from barter_python.engine.state.global_data import GlobalData
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.order.manager import Orders
from barter_python.execution.builder import LiveExecution
from barter_python.execution.client.client import ExecutionClient
from barter_python.execution.error import OrderError
from barter_python.execution.order.request import OrderRequest, to_request_cancel
from barter_python.execution.order.state import (
    ActiveOrderState,
    CancelInFlight,
    Cancelled,
    Expired,
    FullyFilled,
    InactiveOrderState,
    Open,
    OpenFailed,
    OpenInFlight,
    OrderState,
    is_active,
    is_inactive,
    open_meta,
)
from barter_python.execution.position import PositionManager
from barter_python.execution.request import ExecutionRequest, ExecutionShutdown
from barter_python.instrument.asset import AssetNameInternal, ExchangeAsset
from barter_python.instrument.instrument import IndexedInstrument, StateInstrument
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.market_data import MarketDataInstrument
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.report.tear_sheets import print_summary
from barter_python.risk.check import CheckFailHigherThan
from barter_python.risk.manager import RiskManager, RiskReview
from barter_python.statistic.metric.drawdown import MaxDrawdown
from barter_python.statistic.metric.ratio import SharpeRatio
from barter_python.statistic.summary.asset import TearSheetAsset
from barter_python.statistic.summary.instrument import TearSheet
from barter_python.strategy.engine import StrategyEngine
from barter_python.system.builder import AuditMode, SystemArgs, SystemBuilder
from barter_python.system.clock import LiveClock
from barter_python.system.system import System

START = datetime(2025, 1, 1, tzinfo=UTC)
BTC, USDT = "btc", "usdt"


# A strategy with data of its own.


class ImbalanceData(barter.DefaultInstrumentMarketData):
    """What the strategy wants to know of an instrument, besides level one and the last price."""

    def __init__(self) -> None:
        super().__init__()
        self.imbalance: Decimal | None = None
        self.fills = 0

    def process(self, event: barter.MarketEvent | barter.AccountEvent, /) -> None:
        super().process(event)
        if isinstance(event, barter.MarketEvent):
            assert_type(event.kind, DataKind)
            if isinstance(event.kind, barter.OrderBookL1):
                bid, ask = event.kind.best_bid, event.kind.best_ask
                assert_type(bid, barter.Level | None)
                if bid is not None and ask is not None:
                    self.imbalance = bid.amount / (bid.amount + ask.amount)
        elif isinstance(event.kind, barter.Trade):
            self.fills += 1


class BuyPressure(barter.DefaultStrategy):
    """Buys where most of level one is on the bid side, and gets out where it is not."""

    def __init__(self, quantity: Decimal) -> None:
        super().__init__("buy-pressure")
        self.quantity = quantity

    def instrument_data(self, instrument: Keyed[barter.InstrumentIndex, IndexedInstrument]) -> ImbalanceData:
        assert_type(instrument.value.exchange.value, barter.ExchangeId)
        return ImbalanceData()

    def generate_algo_orders(self, state: barter.EngineState[barter.DefaultGlobalData, ImbalanceData], /) -> barter.AlgoOrders:
        cancels: list[barter.OrderRequestCancel] = []
        opens: list[barter.OrderRequestOpen] = []
        for instrument in state.instruments:
            assert_type(instrument, barter.InstrumentState[ImbalanceData])
            imbalance, price = instrument.data.imbalance, instrument.data.price()
            assert_type(imbalance, Decimal | None)
            assert_type(price, Decimal | None)
            if imbalance is None or price is None:
                continue
            for order in instrument.orders:
                request = to_request_cancel(order)
                if request is not None:
                    cancels.append(request)
            held = instrument.position.current
            if held is None and imbalance > Decimal("0.8"):
                opens.append(self.limit_order(instrument, barter.Side.BUY, self.quantity, price))
            elif held is not None and imbalance < Decimal("0.2"):
                opens.append(self.market_order(instrument, held.side.opposite, held.quantity_abs, price))
        return (cancels, opens) if cancels or opens else barter.NO_ORDERS

    def on_disconnect(self, engine: StrategyEngine[Any, ImbalanceData], exchange: barter.ExchangeId, /) -> object:
        index = next(keyed for keyed in engine.state.instruments.instruments() if keyed.data.fills).instrument.exchange
        assert_type(index, barter.ExchangeIndex)
        return engine.cancel_orders(barter.ExchangesFilter((index,)))

    def on_trading_disabled(self, engine: StrategyEngine[Any, ImbalanceData], /) -> SendCancelsAndOpensOutput:
        return engine.close_positions()


class Everything:
    """A strategy from nothing: all questions, no base class."""

    def instrument_data(self, instrument: Keyed[barter.InstrumentIndex, IndexedInstrument]) -> ImbalanceData:
        return ImbalanceData()

    def global_data(self) -> barter.DefaultGlobalData:
        return barter.DefaultGlobalData()

    def begin_session(self, tag: str) -> None:
        return None

    def generate_algo_orders(self, state: barter.EngineState[Any, Any]) -> barter.AlgoOrders:
        key = barter.OrderKey(
            barter.ExchangeIndex(0), barter.InstrumentIndex(0), barter.StrategyId("mine"), barter.ClientOrderId("1")
        )
        wanted = barter.RequestOpen(
            barter.Side.SELL,
            Decimal("100"),
            Decimal("1"),
            barter.OrderKind.LIMIT,
            barter.TimeInForce.good_until_cancelled(post_only=True),
        )
        return [barter.OrderRequestCancel(key, barter.RequestCancel())], [barter.OrderRequestOpen(key, wanted)]

    def close_positions_requests(
        self,
        state: barter.EngineState[Any, Any],
        filter: barter.ExchangesFilter | barter.InstrumentsFilter | barter.UnderlyingsFilter | None,  # noqa: A002
    ) -> barter.AlgoOrders:
        cids = barter.ClientOrderIdSequence("close")
        return barter.close_open_positions_with_market_orders(barter.StrategyId("mine"), state, filter, lambda _: cids.next())

    def on_disconnect(self, engine: Any, exchange: barter.ExchangeId) -> None:
        return None

    def on_trading_disabled(self, engine: Any) -> None:
        return None


def strategies() -> list[barter.Strategy]:
    return [BuyPressure(Decimal("0.1")), Everything(), barter.DefaultStrategy(), barter.MovingAverageCross(10, 100)]


# A risk manager.


@dataclass(frozen=True)
class OneOrderAtATime:
    """Refuses an order while the instrument has another."""

    notional: barter.CheckHigherThan

    def check(
        self,
        state: barter.EngineState[Any, Any],
        cancels: Iterable[barter.OrderRequestCancel],
        opens: Iterable[barter.OrderRequestOpen],
        /,
    ) -> RiskReview:
        approved: list[barter.OrderRequestOpen] = []
        refused: list[barter.RiskRefused[barter.OrderRequestOpen]] = []
        for request in opens:
            instrument = state.instruments.instrument_index(request.key.instrument)
            failure = self.notional.check(request.state.price * request.state.quantity)
            assert_type(failure, CheckFailHigherThan | None)
            if failure is not None:
                refused.append(barter.RiskRefused(request, str(failure)))
            elif instrument.orders:
                refused.append(barter.RiskRefused(request, "there is an order already"))
            else:
                approved.append(request)
        return cancels, approved, (), refused


def risk_managers() -> list[RiskManager]:
    limits = barter.LimitRiskManager(order_notional_max=Decimal(1_000), position_notional_max=Decimal(10_000), orders_open_max=3)
    return [OneOrderAtATime(barter.CheckHigherThan(Decimal(1_000))), limits, barter.DefaultRiskManager()]


# Instruments and the state of a run.


def instruments() -> barter.IndexedInstruments:
    spec = barter.InstrumentSpec(
        barter.InstrumentSpecPrice(Decimal("0.01"), Decimal("0.01")),
        barter.InstrumentSpecQuantity(barter.Asset.new_from_exchange(BTC), Decimal("0.0001"), Decimal("0.0001")),
        barter.InstrumentSpecNotional(Decimal(5)),
    )
    spot = barter.Instrument.spot(barter.ExchangeId.BINANCE_SPOT, "binance_spot-btc_usdt", "BTCUSDT", (BTC, USDT), spec)
    assert_type(spot, barter.Instrument[barter.ExchangeId, barter.Asset])
    perpetual = barter.Instrument(
        barter.ExchangeId.BINANCE_FUTURES_USD,
        "binance_futures_usd-btc_usdt-perpetual",
        "BTCUSDT",
        barter.Underlying(barter.Asset.new(BTC, "BTC"), barter.Asset.new(USDT, "USDT")),
        barter.InstrumentQuoteAsset.UNDERLYING_QUOTE,
        barter.PerpetualContract(Decimal(1), barter.Asset.new(USDT, "USDT")),
    )
    indexed = barter.IndexedInstruments.new([spot, perpetual])
    assert_type(indexed.find_instrument_index(barter.ExchangeId.BINANCE_SPOT, "binance_spot-btc_usdt"), barter.InstrumentIndex)
    assert_type(indexed.find_asset_index(barter.ExchangeId.BINANCE_SPOT, BTC), barter.AssetIndex)
    assert_type(indexed.find_instrument(barter.InstrumentIndex(0)).underlying, barter.Underlying[barter.AssetIndex])
    return indexed


def state(strategy: BuyPressure) -> barter.EngineState[barter.DefaultGlobalData, ImbalanceData]:
    built = (
        barter.EngineState.builder(instruments(), barter.DefaultGlobalData(), strategy.instrument_data)
        .time_engine_start(START)
        .trading_state(barter.TradingState.ENABLED)
        .balances([(barter.ExchangeId.BINANCE_SPOT, USDT, barter.Balance(Decimal(1_000), Decimal(1_000)))])
        .build()
    )
    assert_type(built, barter.EngineState[barter.DefaultGlobalData, ImbalanceData])
    return built


class Counter:
    """Data across instruments."""

    def __init__(self) -> None:
        self.events = 0

    def process(self, event: barter.AccountEvent | barter.MarketEvent) -> None:
        self.events += 1


class NothingOfInterest:
    """Instrument data from nothing."""

    def process(self, event: barter.MarketEvent | barter.AccountEvent) -> None:
        pass

    def price(self) -> Decimal | None:
        return None

    def record_in_flight_open(self, request: barter.OrderRequestOpen) -> None:
        pass

    def record_in_flight_cancel(self, request: barter.OrderRequestCancel) -> None:
        pass


def data_from_nothing() -> tuple[GlobalData, InstrumentDataState]:
    return Counter(), NothingOfInterest()


def state_with_data_from_nothing() -> barter.EngineState[Counter, NothingOfInterest]:
    built = barter.EngineState.builder(instruments(), Counter(), lambda _: NothingOfInterest()).time_engine_start(START).build()
    assert_type(built.global_data.events, int)
    assert_type(built.instruments.states, list[barter.InstrumentState[NothingOfInterest]])
    return built


# A backtest.


def market_events() -> Iterator[MarketStreamEvent]:
    time, index = START + timedelta(seconds=1), barter.InstrumentIndex(0)
    trade = barter.PublicTrade("1", 100.0, 0.5, barter.Side.BUY)
    yield barter.MarketEvent(time, time, barter.ExchangeId.BINANCE_SPOT, index, trade)
    book = barter.OrderBook(1, None, [barter.Level(Decimal(99), Decimal(1))], [barter.Level(Decimal(101), Decimal(1))])
    yield barter.MarketEvent(time, time, barter.ExchangeId.BINANCE_SPOT, index, barter.OrderBookSnapshot(book))
    yield barter.MarketReconnecting(barter.ExchangeId.BINANCE_SPOT)


def run_one_backtest(files: list[Path]) -> None:
    account = barter.AccountSnapshot(
        barter.ExchangeId.BINANCE_SPOT,
        [barter.AssetBalance(barter.AssetNameExchange(USDT), barter.Balance(Decimal(1_000), Decimal(1_000)), START)],
        [],
    )
    execution = barter.MockExecutionConfig(barter.ExchangeId.BINANCE_SPOT, account, latency_ms=50, fees_percent=Decimal("0.001"))
    strategy = BuyPressure(Decimal("0.1"))
    constant = barter.BacktestArgsConstant(
        instruments(), [execution], barter.MarketDataFiles(files, instruments()), state(strategy), barter.ANNUAL_365
    )
    dynamic = barter.BacktestArgsDynamic("first", Decimal("0.05"), strategy, risk_managers()[0])
    summary = barter.run_backtest(constant, dynamic, on_progress=lambda events, time: print(events, time.isoformat()))
    assert_type(summary, barter.BacktestSummary)
    assert_type(summary.record.trades, list[barter.Trade])
    assert_type(summary.record.positions_exited, list[barter.PositionExited])
    assert_type(summary.positions_open, list[barter.Position])
    read_summary(summary.trading_summary)
    assert summary.portfolio is not None
    read_portfolio(summary.portfolio)


def read_portfolio(portfolio: barter.Portfolio) -> None:
    explanation = portfolio.explanation
    assert_type(explanation.start + explanation.earnings.net, Decimal)
    for trip in portfolio.trips:
        assert_type((trip.pnl, trip.mae), tuple[Decimal, Decimal])
    statistics = barter.portfolio_statistics(portfolio, risk_free=0.03)
    assert_type(statistics.sharpe_ratio.value, float | None)
    assert_type(statistics.sharpe_ratio.reason, str | None)
    document = barter.read_result(Path("backtest.json"))
    barter.ResultFrames(document, money="text").equity.to_pandas()


def import_market_data_of_others(csv: Path, frame: pl.DataFrame) -> barter.MarketDataFiles:
    told = ImportOptions(exchange=barter.ExchangeId.BINANCE_SPOT, instrument="BTCUSDT", stamp=CandleStamp.OPEN, timezone="UTC")
    report = import_market_data([csv, frame], Path("btcusdt.parquet"), told)
    assert_type(report.gaps, tuple[Gap, ...])
    assert_type(report.interval, timedelta | None)
    assert_type(read_funding_rates("funding.zip"), list[tuple[datetime, Decimal]])
    return barter.MarketDataFiles([csv, MarketDataImport(frame, told)], instruments(), TimeRange(START))


def run_several_backtests() -> None:
    constant = barter.BacktestArgsConstant(
        instruments(), [], barter.MarketDataInMemory(market_events()), state(BuyPressure(Decimal(1))), timedelta(days=7)
    )
    dynamics = [
        barter.BacktestArgsDynamic(str(size), Decimal(0), BuyPressure(Decimal(size)), barter.DefaultRiskManager())
        for size in (1, 2)
    ]
    result = barter.run_backtests(constant, dynamics, workers=2)
    assert_type(result, barter.MultiBacktestSummary)
    best = max(result.summaries, key=lambda summary: sum(sheet.pnl for sheet in summary.trading_summary.instruments.values()))
    assert_type(best, barter.BacktestSummary)
    assert_type(result.duration, timedelta)


def read_summary(summary: barter.TradingSummary) -> None:
    for name, sheet in summary.instruments.items():
        assert_type(name, InstrumentNameInternal)
        assert_type(sheet, TearSheet)
        assert_type(sheet.sharpe_ratio, SharpeRatio)
        assert_type(sheet.sharpe_ratio.scale(barter.DAILY).value, Decimal)
        assert_type(sheet.pnl_drawdown_max, MaxDrawdown | None)
        win_rate = sheet.win_rate
        if win_rate is not None:
            assert_type(win_rate.value, Decimal)
    for key, asset in summary.assets.items():
        assert_type(key, ExchangeAsset[AssetNameInternal])
        assert_type(asset, TearSheetAsset)
    assert_type(summary.trading_duration(), timedelta)
    print_summary(summary)


def a_wrong_argument_is_found() -> None:
    barter.MarketDataInMemory([1, 2])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    barter.DefaultStrategy().market_order("btc")  # type: ignore[call-arg, arg-type]  # pyright: ignore


# An engine by hand.


class Venue:
    """Where requests go."""

    def send(self, request: ExecutionRequest) -> None:
        match request:
            case barter.OrderRequestOpen(key=key, state=wanted):
                assert_type(key, barter.OrderKey)
                assert_type(wanted, barter.RequestOpen)
            case barter.OrderRequestCancel(state=cancel):
                assert_type(cancel.id, barter.OrderId | None)
            case ExecutionShutdown():
                pass
            case _:
                assert_never(request)


class Monitor:
    """Takes audits."""

    def send(self, audit: barter.AuditTick[barter.EngineAudit]) -> None:
        print(audit.context.sequence, audit.context.time.isoformat())


def engine_by_hand() -> barter.Engine[barter.DefaultGlobalData, ImbalanceData]:
    strategy = BuyPressure(Decimal(1))
    engine = barter.Engine(
        barter.HistoricalClock(START),
        state(strategy),
        barter.MultiExchangeTxMap([(barter.ExchangeId.BINANCE_FUTURES_USD, None), (barter.ExchangeId.BINANCE_SPOT, Venue())]),
        strategy,
        barter.DefaultRiskManager(),
    )
    assert_type(engine, barter.Engine[barter.DefaultGlobalData, ImbalanceData])
    return engine


def clocks() -> list[EngineClock]:
    return [LiveClock(), barter.HistoricalClock(START)]


def feed_the_engine(engine: barter.Engine[barter.DefaultGlobalData, ImbalanceData]) -> None:
    for event in market_events():
        read_audit(engine.process(event))
    tick = barter.process_with_audit(engine, barter.TradingStateUpdate(barter.TradingState.DISABLED))
    assert_type(tick, barter.AuditTick[barter.EngineAudit])
    snapshot = engine.audit_snapshot()
    assert_type(snapshot.event.instruments.states, list[barter.InstrumentState[ImbalanceData]])
    replica = barter.StateReplicaManager(snapshot)
    assert_type(replica, barter.StateReplicaManager[barter.DefaultGlobalData, ImbalanceData])
    listeners: list[AuditTx] = [replica, Monitor()]
    assert_type(barter.sync_run(market_events(), engine), barter.EngineAudit)
    assert_type(barter.sync_run_with_audit(market_events(), engine, listeners[0]), barter.EngineAudit)
    assert_type(replica.replica_engine_state(), barter.EngineState[barter.DefaultGlobalData, ImbalanceData])


async def feed_the_engine_from_a_stream(engine: barter.Engine[Any, Any], feed: AsyncIterator[barter.EngineEvent]) -> None:
    assert_type(await barter.async_run(feed, engine), barter.EngineAudit)
    assert_type(await barter.async_run_with_audit(feed, engine, Monitor()), barter.EngineAudit)


def one_step_at_a_time(engine: barter.Engine[barter.DefaultGlobalData, ImbalanceData]) -> None:
    balance = barter.AssetBalance(barter.AssetIndex(0), barter.Balance(Decimal(1), Decimal(1)), START)
    account = barter.AccountEvent(barter.ExchangeIndex(0), balance)
    assert_type(engine.update_from_account_stream(account), UpdateFromAccountOutput)
    assert_type(engine.update_from_market_stream(next(market_events())), UpdateFromMarketOutput)
    assert_type(engine.update_from_trading_state_update(barter.TradingState.ENABLED), UpdateTradingStateOutput)
    assert_type(engine.generate_algo_orders(), GenerateAlgoOrdersOutput)


def read_audit(audit: barter.EngineAudit) -> None:
    if isinstance(audit, FeedEnded):
        return
    assert_type(audit, barter.ProcessAudit)
    assert_type(audit.event, barter.EngineEvent)
    assert_type(audit.errors, tuple[UnrecoverableEngineError, ...])
    for output in audit.outputs:
        match output:
            case Commanded(output=action):
                assert_type(action, ActionOutput)
            case barter.PositionExited(pnl_realised=pnl):
                assert_type(pnl, Decimal)
            case GenerateAlgoOrdersOutput(opens_refused=refused):
                assert_type(refused, tuple[barter.RiskRefused[barter.OrderRequestOpen], ...])
                for refusal in refused:
                    assert_type(refusal.item, barter.OrderRequestOpen)
            case EventRefused(error=error):
                assert_type(error.message, str)
            case OnTradingDisabled() | AccountDisconnect() | MarketDisconnect():
                pass
            case _:
                assert_never(output)


# Commands and filters.


def operate(engine: barter.Engine[Any, Any], request: barter.OrderRequestOpen) -> None:
    pair = barter.Underlying(barter.AssetIndex(0), barter.AssetIndex(1))
    commands: list[Command] = [
        barter.ClosePositions(),
        barter.ClosePositions(barter.InstrumentsFilter((barter.InstrumentIndex(0),))),
        barter.CancelOrders(barter.ExchangesFilter((barter.ExchangeIndex(0), barter.ExchangeIndex(1)))),
        barter.CancelOrders(barter.UnderlyingsFilter((pair,))),
        barter.SendOpenRequests((request,)),
        barter.SendCancelRequests((barter.OrderRequestCancel(request.key, barter.RequestCancel(barter.OrderId("7"))),)),
    ]
    for given in commands:
        engine.process(given)
    assert_type(engine.action(barter.CancelOrders()), ActionOutput)
    cancelled = engine.cancel_orders(barter.InstrumentsFilter((barter.InstrumentIndex(0),)))
    assert_type(cancelled, SendRequestsOutput[barter.OrderRequestCancel])
    opened = engine.send_requests([request])
    assert_type(opened, SendRequestsOutput[barter.OrderRequestOpen])
    for failed, error in opened.errors:
        assert_type(failed, barter.OrderRequestOpen)
        assert_type(error, EngineError)
        if is_unrecoverable(error):
            assert_type(error, UnrecoverableEngineError)
    engine.process(barter.Shutdown())


# Reading the state.


def read_state(state: barter.EngineState[barter.DefaultGlobalData, ImbalanceData]) -> None:
    bitcoin = state.instruments.instrument("binance_spot-btc_usdt")
    assert_type(bitcoin, barter.InstrumentState[ImbalanceData])
    assert_type(bitcoin.instrument, StateInstrument)
    assert_type(bitcoin.data.imbalance, Decimal | None)
    current = bitcoin.position.current
    assert_type(current, barter.Position | None)
    if current is not None:
        assert_type(current.pnl_unrealised, Decimal)
        assert_type(current.fees_enter.fees, Decimal)
        assert_type(current.trades, list[barter.TradeId])
    one = barter.InstrumentsFilter((bitcoin.key,))
    assert_type(list(state.instruments.positions(one)), list[PositionManager])
    assert_type(list(state.instruments.orders()), list[Orders])
    assert_type(list(state.instruments.instrument_datas(one)), list[ImbalanceData])
    assert_type(bitcoin.orders.get(barter.ClientOrderId("1")), barter.Order | None)
    for order in bitcoin.orders:
        read_order(order)

    usdt = state.assets.asset(ExchangeAsset(barter.ExchangeId.BINANCE_SPOT, AssetNameInternal(USDT)))
    assert_type(usdt, AssetState)
    if usdt.balance is not None:
        assert_type(usdt.balance, barter.Timed[barter.Balance])
        assert_type(usdt.balance.value.used(), Decimal)
    for asset in state.assets.filtered(AssetExchangesFilter((barter.ExchangeId.BINANCE_SPOT,))):
        assert_type(asset.asset.name_internal, AssetNameInternal)

    assert_type(state.connectivity.connectivity(barter.ExchangeId.BINANCE_SPOT).market_data, Health)
    assert_type(state.to_account_snapshots(START), dict[barter.ExchangeId, barter.AccountSnapshot])


def read_order(order: barter.Order) -> None:
    assert_type(order.state, OrderState)
    if is_active(order.state):
        assert_type(order.state, ActiveOrderState)
        assert_type(open_meta(order.state), Open | None)
    if is_inactive(order.state):
        assert_type(order.state, InactiveOrderState)
    match order.state:
        case Open() as opened:
            assert_type(opened.quantity_remaining(order.quantity), Decimal)
        case CancelInFlight(order=known):
            assert_type(known, Open | None)
        case OpenFailed(error=error):
            assert_type(error, OrderError)
        case OpenInFlight() | Cancelled() | FullyFilled() | Expired():
            pass
        case _:
            assert_never(order.state)


def read_account_event(event: barter.AccountEvent) -> None:
    assert_type(event.snapshot(), barter.AccountSnapshot | None)
    kind = event.kind
    if isinstance(kind, barter.Trade):
        assert_type(kind.value_quote(), Decimal)
    elif isinstance(kind, barter.Order):
        read_order(kind)
    elif isinstance(kind, barter.AssetBalance):
        assert_type(kind.balance.free, Decimal)


# JSON.


def read_and_write_json(line: bytes, engine: barter.Engine[barter.DefaultGlobalData, ImbalanceData]) -> None:
    event = decode(line, engine_event)
    assert_type(event, barter.EngineEvent)
    assert_type(encode(event, engine_event), bytes)
    assert_type(decode(line, command), Command)
    assert_type(decode(line, position), barter.Position)
    assert_type(decode(line, INDEXED.trade), barter.Trade)
    assert_type(decode(line, trading_summary(barter.ANNUAL_252)), barter.TradingSummary)
    assert_type(decode(line, audit_tick()), barter.AuditTick[barter.EngineAudit])
    assert_type(load_backtest_config(line), BacktestConfig)
    encode(engine.state, engine_state())
    encode(engine.state, engine_state(data=imbalance_data))
    try:
        decode("{}", engine_event)
    except barter.DecodeError as error:
        assert_type(error.path, str)


def _imbalance_data(imbalance: Decimal | None) -> ImbalanceData:
    data = ImbalanceData()
    data.imbalance = imbalance
    return data


imbalance_data = struct(_imbalance_data, imbalance=option(decimal))
assert_type(imbalance_data, Codec[ImbalanceData])


def requests(audits: Iterable[OrderRequest]) -> Iterator[barter.OrderRequestOpen]:
    return (request for request in audits if isinstance(request, barter.OrderRequestOpen))


# A running system, and live market data.


async def run_a_system(market: AsyncIterator[MarketStreamEvent], client: ExecutionClient) -> None:
    strategy = BuyPressure(Decimal(1))
    args = SystemArgs(
        instruments(),
        [LiveExecution(client)],
        LiveClock(),
        strategy,
        barter.DefaultRiskManager(),
        market,
        barter.DefaultGlobalData(),
        strategy.instrument_data,
    )
    async with await SystemBuilder(args).audit_mode(AuditMode.ENABLED).build().init() as system:
        assert_type(system, System[barter.DefaultGlobalData, ImbalanceData])
        assert_type(system.engine.state.instruments.states[0].data.imbalance, Decimal | None)
        assert_type(system.conflated, int)
        assert_type(system.exchanges_traded, tuple[barter.ExchangeId, ...])
        audit = system.take_audit()
        if audit is not None:
            assert_type(audit.snapshot.event, barter.EngineState[barter.DefaultGlobalData, ImbalanceData])
            async for tick in audit.updates:
                assert_type(tick, barter.AuditTick[barter.EngineAudit])
        engine, last = await system.shutdown()
        assert_type(engine, barter.Engine[barter.DefaultGlobalData, ImbalanceData])
        assert_type(last, barter.EngineAudit)


async def read_streams(subscriptions: list[Subscription[MarketDataInstrument]]) -> None:
    async with await Streams.builder().subscribe(subscriptions).init() as streams:
        async for result in streams.select_all():
            assert_type(result, MarketStreamEvent | barter.BarterError)
        async for event in streams.select_all().with_error_handler(print):
            assert_type(event, MarketStreamEvent)
