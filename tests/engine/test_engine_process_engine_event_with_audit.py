"""One session of 27 events, audit by audit. Rust origin: barter/tests/test_engine_process_engine_event_with_audit.rs.

The engine buys one unit of btc_usdt and of eth_btc, sells the first by a command to close positions and the second by
a commanded limit order, at fees of ten percent. Beside it runs a replica that sees nothing but the audits.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal

import pytest
from tests.support.builders import TIME_MIN, D, plus_days
from tests.support.engine import (
    STRATEGY,
    VENUE,
    RecordingTx,
    account_balance,
    account_order_open,
    account_trade,
    build_engine,
    cid_of,
    market_trade,
)

from barter_python.data.event import MarketReconnecting
from barter_python.engine.action.output import (
    Commanded,
    EngineOutput,
    GenerateAlgoOrdersOutput,
    MarketDisconnect,
    OnTradingDisabled,
    OpenOrdersOutput,
    SendCancelsAndOpensOutput,
    SendRequestsOutput,
)
from barter_python.engine.audit.audit import AuditTick, EngineAudit, EngineContext, ProcessAudit
from barter_python.engine.audit.replica import StateReplicaManager
from barter_python.engine.command import ClosePositions, SendOpenRequests
from barter_python.engine.engine import process_with_audit
from barter_python.engine.event import EngineEvent, TradingStateUpdate
from barter_python.engine.state.connectivity import ConnectivityState, Health
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.filter import InstrumentsFilter
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent, AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.execution.order.state import FULLY_FILLED, OPEN_IN_FLIGHT, ActiveOrderState, Open
from barter_python.execution.position import PositionExited
from barter_python.execution.request import ExecutionRequest
from barter_python.execution.trade import AssetFees
from barter_python.instrument.asset import AssetNameInternal, ExchangeAsset
from barter_python.instrument.side import Side
from barter_python.numeric import DECIMAL_MAX, DECIMAL_MIN
from barter_python.statistic.metric.drawdown import Drawdown
from barter_python.statistic.metric.ratio import RateOfReturn
from barter_python.statistic.metric.win_rate import ProfitFactor, WinRate
from barter_python.statistic.summary.trading import TradingSummaryGenerator
from barter_python.statistic.time import DAILY
from barter_python.timed import Timed

State = EngineState[DefaultGlobalData, DefaultInstrumentMarketData]
BTC_USDT, ETH_BTC = 0, 1
BTC, ETH, USDT = 0, 1, 2
BUY, SELL = Side.BUY, Side.SELL
HEALTHY, RECONNECTING = Health.HEALTHY, Health.RECONNECTING
RISK_FREE_RETURN = D("0.05")


def request(instrument: int, side: Side, price: str, *, limit: bool = False) -> OrderRequestOpen:
    """One unit, at the market at once, or as a limit that must not take liquidity."""
    kind, time_in_force = OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL
    if limit:
        kind, time_in_force = OrderKind.LIMIT, TimeInForce.good_until_cancelled(post_only=True)
    key = OrderKey(0, instrument, STRATEGY, cid_of(instrument))
    return OrderRequestOpen(key, RequestOpen(side, D(price), D(1), kind, time_in_force))


def tracked(request: OrderRequestOpen, state: ActiveOrderState) -> Order:
    wanted = request.state
    return Order(request.key, wanted.side, wanted.price, wanted.quantity, wanted.kind, wanted.time_in_force, state)


def opens_sent(*requests: OrderRequestOpen) -> SendCancelsAndOpensOutput:
    return SendCancelsAndOpensOutput(opens=SendRequestsOutput(requests))


def position_exited(instrument: int, entry: str, pnl: str, fees_enter: str, fees_exit: str, day_exit: int) -> PositionExited:
    """A long of one unit since day 2."""
    return PositionExited(
        instrument,
        BUY,
        D(entry),
        D(1),
        D(pnl),
        AssetFees.quote_fees(D(fees_enter)),
        AssetFees.quote_fees(D(fees_exit)),
        plus_days(2),
        plus_days(day_exit),
        [cid_of(instrument), cid_of(instrument)],
    )


BUY_BTC, BUY_ETH = request(BTC_USDT, BUY, "10000"), request(ETH_BTC, BUY, "0.1")
SELL_BTC, SELL_ETH = request(BTC_USDT, SELL, "20000"), request(ETH_BTC, SELL, "0.05", limit=True)
SELL_ETH_OPEN = tracked(SELL_ETH, Open(OrderId(cid_of(ETH_BTC)), plus_days(4), D(0)))


@dataclass
class Step:
    """An event, and what it leads to."""

    name: str
    event: EngineEvent
    day: int
    """Day of the engine's clock afterwards."""
    outputs: tuple[EngineOutput, ...] = ()
    requests: tuple[ExecutionRequest, ...] = ()


def balances_at_the_start() -> AccountEvent:
    balances = [AssetBalance(asset, Balance(D(total), D(total)), TIME_MIN) for asset, total in enumerate(["1", "10", "40000"])]
    return AccountEvent(0, AccountSnapshot(0, balances, []))


STEPS = [
    Step("account-snapshot", balances_at_the_start(), 0),
    Step("market-btc-10000", market_trade(1, BTC_USDT, 10_000.0), 1),
    Step("market-eth-0.1", market_trade(1, ETH_BTC, 0.1), 1),
    Step(
        "trading-enabled",
        TradingStateUpdate(TradingState.ENABLED),
        1,
        (GenerateAlgoOrdersOutput(opens_sent(BUY_BTC, BUY_ETH)),),
        (BUY_BTC, BUY_ETH),
    ),
    Step("trading-disabled", TradingStateUpdate(TradingState.DISABLED), 1, (OnTradingDisabled("trading disabled"),)),
    Step("btc-buy-open-and-filled", account_order_open(2, BTC_USDT, BUY, "10000", "1"), 2),
    Step("btc-buy-trade", account_trade(2, BTC_USDT, BUY, "10000", fees="1000"), 2),
    Step("usdt-balance-9000", account_balance(2, USDT, "9000"), 2),
    Step("btc-balance-2", account_balance(2, BTC, "2"), 2),
    Step("eth-buy-open-and-filled", account_order_open(2, ETH_BTC, BUY, "0.1", "1"), 2),
    Step("eth-buy-trade", account_trade(2, ETH_BTC, BUY, "0.1", fees="0.01"), 2),
    Step("btc-balance-0.99", account_balance(2, BTC, "0.99"), 2),
    Step("eth-balance-11", account_balance(2, ETH, "11"), 2),
    Step("market-btc-20000", market_trade(2, BTC_USDT, 20_000.0), 2),
    Step("market-eth-0.05", market_trade(2, ETH_BTC, 0.05), 2),
    Step(
        "command-close-btc",
        ClosePositions(InstrumentsFilter((BTC_USDT,))),
        2,
        (Commanded(opens_sent(SELL_BTC)),),
        (SELL_BTC,),
    ),
    Step("btc-sell-open-and-filled", account_order_open(3, BTC_USDT, SELL, "20000", "1"), 3),
    Step("usdt-balance-27000", account_balance(3, USDT, "27000"), 3),
    Step("btc-balance-1", account_balance(3, BTC, "1"), 3),
    Step(
        "btc-sell-trade",
        account_trade(3, BTC_USDT, SELL, "20000", fees="2000"),
        3,
        (position_exited(BTC_USDT, "10000", "7000", "1000", "2000", 3),),
    ),
    Step("market-reconnecting", MarketReconnecting(VENUE), 3, (MarketDisconnect("disconnected binance_spot"),)),
    Step(
        "command-sell-eth",
        SendOpenRequests((SELL_ETH,)),
        3,
        (Commanded(OpenOrdersOutput(SendRequestsOutput((SELL_ETH,)))),),
        (SELL_ETH,),
    ),
    Step("eth-sell-open", account_order_open(4, ETH_BTC, SELL, "0.05", "0"), 4),
    Step("eth-balance-10-free", account_balance(4, ETH, "11", "10"), 4),
    Step("eth-sell-filled", AccountEvent(0, tracked(SELL_ETH, OPEN_IN_FLIGHT).with_state(FULLY_FILLED)), 4),
    Step(
        "eth-sell-trade",
        account_trade(5, ETH_BTC, SELL, "0.05", fees="0.005"),
        5,
        (position_exited(ETH_BTC, "0.1", "-0.065", "0.01", "0.005", 5),),
    ),
    Step("eth-balance-10", account_balance(5, ETH, "10"), 5),
]
NAMES = [step.name for step in STEPS]


@dataclass
class Outcome:
    """What was seen after a step."""

    audit: AuditTick[EngineAudit]
    requests: list[ExecutionRequest]
    state: State
    replica: AuditTick[State]


class Session:
    """The session, run once; every outcome is a copy."""

    def __init__(self) -> None:
        tx = RecordingTx()
        engine = build_engine(txs=[tx])
        self.start = deepcopy(engine.state)
        self.sequence_start = engine.meta.sequence.value
        replica = StateReplicaManager(AuditTick(deepcopy(engine.state), EngineContext(-1, TIME_MIN)))
        self.outcomes: dict[str, Outcome] = {}
        for step in STEPS:
            audit = process_with_audit(engine, deepcopy(step.event))
            replica.send(audit)
            self.outcomes[step.name] = Outcome(audit, tx.take(), deepcopy(engine.state), deepcopy(replica.state_replica))
        self.summary: TradingSummaryGenerator = engine.trading_summary_generator(RISK_FREE_RETURN)

    def after(self, name: str) -> State:
        return self.outcomes[name].state


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


def test_session_starts_disabled_and_disconnected(session: Session) -> None:
    assert (
        session.sequence_start,
        session.start.trading,
        session.start.connectivity.global_health,
    ) == (0, TradingState.DISABLED, RECONNECTING)


def test_account_before_the_first_event_holds_the_initial_balances(session: Session) -> None:
    accounts = session.start.to_account_snapshots(TIME_MIN)
    assert list(accounts) == [VENUE]
    assert [("btc", D(1)), ("eth", D(10)), ("usdt", D(40_000))] == [
        (balance.asset, balance.balance.total) for balance in accounts[VENUE].balances
    ]


def test_there_are_27_events() -> None:
    assert len(set(NAMES)) == len(STEPS) == 27


@pytest.mark.parametrize(("number", "step"), list(enumerate(STEPS)), ids=NAMES)
def test_audit(session: Session, number: int, step: Step) -> None:
    expected = AuditTick(ProcessAudit(step.event, step.outputs), EngineContext(number, plus_days(step.day)))
    assert expected == session.outcomes[step.name].audit


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_requests_to_the_execution(session: Session, step: Step) -> None:
    assert list(step.requests) == session.outcomes[step.name].requests


@pytest.mark.parametrize("name", [pytest.param(name, id=f"divergence-6-{name}") for name in NAMES])
def test_replica_equals_the_engine(session: Session, name: str) -> None:
    outcome = session.outcomes[name]
    assert outcome.state == outcome.replica.event
    assert outcome.audit.context == outcome.replica.context


@pytest.mark.parametrize(
    ("name", "expected_global", "expected"),
    [
        pytest.param("account-snapshot", RECONNECTING, ConnectivityState(RECONNECTING, HEALTHY), id="account-only"),
        pytest.param("market-btc-10000", HEALTHY, ConnectivityState(HEALTHY, HEALTHY), id="account-and-market"),
        pytest.param("btc-sell-trade", HEALTHY, ConnectivityState(HEALTHY, HEALTHY), id="still"),
        pytest.param("market-reconnecting", RECONNECTING, ConnectivityState(RECONNECTING, HEALTHY), id="market-lost"),
        pytest.param("eth-balance-10", RECONNECTING, ConnectivityState(RECONNECTING, HEALTHY), id="no-market-since"),
    ],
)
def test_connectivity(session: Session, name: str, expected_global: Health, expected: ConnectivityState) -> None:
    connectivity = session.after(name).connectivity
    assert (expected_global, expected) == (connectivity.global_health, connectivity.connectivity(VENUE))


@pytest.mark.parametrize(
    ("name", "instrument", "expected"),
    [
        pytest.param("market-eth-0.1", BTC_USDT, None, id="none-while-disabled"),
        pytest.param("trading-enabled", BTC_USDT, tracked(BUY_BTC, OPEN_IN_FLIGHT), id="btc-buy-in-flight"),
        pytest.param("trading-enabled", ETH_BTC, tracked(BUY_ETH, OPEN_IN_FLIGHT), id="eth-buy-in-flight"),
        pytest.param("btc-buy-open-and-filled", BTC_USDT, None, id="btc-buy-filled"),
        pytest.param("btc-buy-open-and-filled", ETH_BTC, tracked(BUY_ETH, OPEN_IN_FLIGHT), id="eth-buy-still-in-flight"),
        pytest.param("eth-buy-open-and-filled", ETH_BTC, None, id="eth-buy-filled"),
        pytest.param("command-close-btc", BTC_USDT, tracked(SELL_BTC, OPEN_IN_FLIGHT), id="btc-sell-in-flight"),
        pytest.param("btc-sell-open-and-filled", BTC_USDT, None, id="btc-sell-filled"),
        pytest.param("command-sell-eth", ETH_BTC, tracked(SELL_ETH, OPEN_IN_FLIGHT), id="eth-sell-in-flight"),
        pytest.param("eth-sell-open", ETH_BTC, SELL_ETH_OPEN, id="eth-sell-open-as-it-was-requested"),
        pytest.param("eth-balance-10-free", ETH_BTC, SELL_ETH_OPEN, id="eth-sell-still-open"),
        pytest.param("eth-sell-filled", ETH_BTC, None, id="eth-sell-filled"),
    ],
)
def test_order(session: Session, name: str, instrument: int, expected: Order | None) -> None:
    orders = session.after(name).instruments.instrument_index(instrument).orders
    assert ([] if expected is None else [expected]) == orders.orders()


@pytest.mark.parametrize(
    ("name", "asset", "total", "free", "day"),
    [
        pytest.param("account-snapshot", USDT, "40000", "40000", 0, id="usdt-start"),
        pytest.param("usdt-balance-9000", USDT, "9000", "9000", 2, id="usdt-after-buying-btc"),
        pytest.param("btc-balance-2", BTC, "2", "2", 2, id="btc-after-buying-btc"),
        pytest.param("btc-balance-0.99", BTC, "0.99", "0.99", 2, id="btc-after-buying-eth"),
        pytest.param("eth-balance-11", ETH, "11", "11", 2, id="eth-after-buying-eth"),
        pytest.param("usdt-balance-27000", USDT, "27000", "27000", 3, id="usdt-after-selling-btc"),
        pytest.param("btc-balance-1", BTC, "1", "1", 3, id="btc-after-selling-btc"),
        pytest.param("eth-balance-10-free", ETH, "11", "10", 4, id="eth-while-selling"),
        pytest.param("eth-balance-10", ETH, "10", "10", 5, id="eth-after-selling"),
    ],
)
def test_balance(session: Session, name: str, asset: int, total: str, free: str, day: int) -> None:
    expected = Timed(Balance(D(total), D(free)), plus_days(day))
    assert expected == session.after(name).assets.asset_index(asset).balance


@pytest.mark.parametrize(
    ("name", "instrument", "quantity", "pnl_unrealised", "pnl_realised"),
    [
        pytest.param("btc-buy-trade", BTC_USDT, "1", "0", "-1000", id="btc-bought"),
        pytest.param("eth-buy-trade", ETH_BTC, "1", "0", "-0.01", id="eth-bought"),
        pytest.param("market-btc-20000", BTC_USDT, "1", "9000", "-1000", id="divergence-3-btc-revalued"),
        pytest.param("market-btc-20000", ETH_BTC, "1", "0", "-0.01", id="divergence-3-eth-not-revalued-by-btc"),
        pytest.param("market-eth-0.05", ETH_BTC, "1", "-0.06", "-0.01", id="divergence-3-eth-revalued"),
    ],
)
def test_position(session: Session, name: str, instrument: int, quantity: str, pnl_unrealised: str, pnl_realised: str) -> None:
    position = session.after(name).instruments.instrument_index(instrument).position.current
    assert position is not None
    assert (BUY, D(quantity), D(pnl_unrealised), D(pnl_realised)) == (
        position.side,
        position.quantity_abs,
        position.pnl_unrealised,
        position.pnl_realised,
    )


@pytest.mark.parametrize(
    ("name", "instrument"),
    [
        pytest.param("trading-enabled", BTC_USDT, id="btc-only-ordered"),
        pytest.param("btc-sell-trade", BTC_USDT, id="btc-sold"),
        pytest.param("eth-sell-trade", ETH_BTC, id="eth-sold"),
    ],
)
def test_flat(session: Session, name: str, instrument: int) -> None:
    assert session.after(name).instruments.instrument_index(instrument).position.current is None


def test_summary_is_about_the_session(session: Session) -> None:
    session.summary.update_time_now(plus_days(5))
    assert (RISK_FREE_RETURN, TIME_MIN, plus_days(5)) == (
        session.summary.risk_free_return,
        session.summary.time_engine_start,
        session.summary.time_engine_now,
    )


@pytest.mark.parametrize(
    ("instrument", "pnl", "pnl_return_daily", "win_rate", "profit_factor"),
    [
        pytest.param(
            "binance_spot_btc_usdt",
            D(7000),
            "0.2333333333333333333333333333",  # 0.7 over three days
            D(1),
            DECIMAL_MAX,
            id="divergence-4-btc",
        ),
        pytest.param("binance_spot_eth_btc", D("-0.065"), "-0.13", D(0), DECIMAL_MIN, id="divergence-4-eth"),
    ],
)
def test_summary_of_an_instrument(
    session: Session, instrument: str, pnl: Decimal, pnl_return_daily: str, win_rate: Decimal, profit_factor: Decimal
) -> None:
    assert pnl == session.summary.instrument(instrument).pnl_returns.pnl_raw
    sheet = session.summary.generate(DAILY).instruments[instrument]
    assert pnl == sheet.pnl
    assert RateOfReturn(D(pnl_return_daily), DAILY) == RateOfReturn(round(sheet.pnl_return.value, 28), DAILY)
    assert (WinRate(win_rate), ProfitFactor(profit_factor)) == (sheet.win_rate, sheet.profit_factor)


@pytest.mark.parametrize(
    ("asset", "balance_end", "drawdown", "day_peak", "day_now"),
    [
        pytest.param("usdt", "27000", "0.775", 0, 3, id="usdt"),
        pytest.param("btc", "1", "0.505", 2, 3, id="btc"),
        pytest.param("eth", "10", "0.0909090909090909090909090909", 2, 5, id="eth"),
    ],
)
def test_summary_of_an_asset(session: Session, asset: str, balance_end: str, drawdown: str, day_peak: int, day_now: int) -> None:
    sheet = session.summary.generate(DAILY).assets[ExchangeAsset(VENUE, AssetNameInternal(asset))]
    assert Balance(D(balance_end), D(balance_end)) == sheet.balance_end
    assert Drawdown(D(drawdown), plus_days(day_peak), plus_days(day_now)) == sheet.drawdown
