"""An engine over two spot instruments, and what it can be fed with.

Instruments: 0 is btc_usdt, 1 is eth_btc. Assets: 0 is btc, 1 is eth, 2 is usdt. One exchange, index 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.support.builders import TIME_MIN, plus_days

from barter_python.data.event import MarketEvent, PublicTrade
from barter_python.engine.audit.audit import AuditTick, EngineAudit
from barter_python.engine.clock import HistoricalClock
from barter_python.engine.engine import Engine
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.filter import InstrumentFilter
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.execution_tx import ExecutionTx, MultiExchangeTxMap, TxError
from barter_python.execution.order.id import ClientOrderId, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestOpen
from barter_python.execution.order.state import Open
from barter_python.execution.request import ExecutionRequest
from barter_python.execution.trade import AssetFees, Trade, TradeId
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument
from barter_python.instrument.side import Side
from barter_python.instrument.spec import (
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
    QuoteUnits,
)
from barter_python.risk.manager import DefaultRiskManager, RiskManager
from barter_python.strategy.close_positions import close_open_positions_with_market_orders
from barter_python.strategy.strategy import AlgoOrders, DefaultStrategy, Strategy

VENUE = ExchangeId.BINANCE_SPOT
STRATEGY = StrategyId("TestBuyAndHoldStrategy")
BALANCES = (
    (VENUE, "usdt", Balance(Decimal(40_000), Decimal(40_000))),
    (VENUE, "btc", Balance(Decimal(1), Decimal(1))),
    (VENUE, "eth", Balance(Decimal(10), Decimal(10))),
)


class RecordingTx:
    """An execution that only remembers what it was sent."""

    def __init__(self) -> None:
        self.requests: list[ExecutionRequest] = []

    def send(self, request: ExecutionRequest, /) -> None:
        self.requests.append(request)

    def take(self) -> list[ExecutionRequest]:
        """What was sent since the last call."""
        taken, self.requests = self.requests, []
        return taken


class FailingTx:
    """An execution that cannot be reached from its `sends`-th request on."""

    def __init__(self, *, is_unrecoverable: bool, sends: int = 0) -> None:
        self.is_unrecoverable = is_unrecoverable
        self.sends_left = sends
        self.requests: list[ExecutionRequest] = []

    def send(self, request: ExecutionRequest, /) -> None:
        if not self.sends_left:
            raise TxError("channel down", is_unrecoverable=self.is_unrecoverable)
        self.sends_left -= 1
        self.requests.append(request)


class RecordingAuditTx:
    """A listener that only remembers the audits."""

    def __init__(self) -> None:
        self.ticks: list[AuditTick[EngineAudit]] = []

    def send(self, audit: AuditTick[EngineAudit], /) -> None:
        self.ticks.append(audit)

    def sequences(self) -> list[int]:
        return [tick.context.sequence for tick in self.ticks]


class BuyAndHoldStrategy(DefaultStrategy):
    """Buys one unit of every instrument that has a price, no position and no order. Names orders by instrument."""

    def __init__(self) -> None:
        super().__init__(STRATEGY)

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        opens = []
        for instrument in state.instruments.instruments():
            price = instrument.data.price()
            if instrument.position.current is None and not len(instrument.orders) and price is not None:
                key = OrderKey(instrument.instrument.exchange, instrument.key, self.id, cid_of(instrument.key))
                opens.append(
                    OrderRequestOpen(
                        key, RequestOpen(Side.BUY, price, Decimal(1), OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL)
                    )
                )
        return [], opens

    def close_positions_requests(self, state: EngineState[Any, Any], filter: InstrumentFilter, /) -> AlgoOrders:  # noqa: A002
        return close_open_positions_with_market_orders(self.id, state, filter, lambda instrument: cid_of(instrument.key))

    def on_disconnect(self, engine: Any, exchange: ExchangeId, /) -> object:
        return f"disconnected {exchange.value}"

    def on_trading_disabled(self, engine: Any, /) -> object:
        return "trading disabled"


class ScriptedStrategy(DefaultStrategy):
    """Wants the given orders once, at the first event at which it is asked."""

    def __init__(self, cancels: Iterable[OrderRequestCancel] = (), opens: Iterable[OrderRequestOpen] = ()) -> None:
        super().__init__("scripted")
        self.script: list[AlgoOrders] = [(tuple(cancels), tuple(opens))]

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        return self.script.pop() if self.script else ((), ())


def cid_of(instrument: int) -> ClientOrderId:
    return ClientOrderId(f"InstrumentIndex({instrument})")


def instruments() -> IndexedInstruments:
    return IndexedInstruments.new(
        [
            Instrument.spot(VENUE, "binance_spot_btc_usdt", "BTCUSDT", ("btc", "usdt"), _spec("0.01", "0.00001", "5")),
            Instrument.spot(VENUE, "binance_spot_eth_btc", "ETHBTC", ("eth", "btc"), _spec("0.00001", "0.0001", "0.0001")),
        ]
    )


def _spec(tick_size: str, increment: str, notional_min: str) -> InstrumentSpec:
    return InstrumentSpec(
        InstrumentSpecPrice(Decimal(tick_size), Decimal(tick_size)),
        InstrumentSpecQuantity(QuoteUnits.QUOTE, Decimal(increment), Decimal(increment)),
        InstrumentSpecNotional(Decimal(notional_min)),
    )


def build_state(
    trading: TradingState = TradingState.DISABLED, start: datetime = TIME_MIN
) -> EngineState[DefaultGlobalData, DefaultInstrumentMarketData]:
    return (
        EngineState.builder(instruments(), DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
        .time_engine_start(start)
        .trading_state(trading)
        .balances(BALANCES)
        .build()
    )


def build_engine(
    *,
    trading: TradingState = TradingState.DISABLED,
    strategy: Strategy | None = None,
    risk: RiskManager | None = None,
    txs: Iterable[ExecutionTx | None] = (),
    start: datetime = TIME_MIN,
    cids_unique: bool = False,
) -> Engine[DefaultGlobalData, DefaultInstrumentMarketData]:
    """An engine whose requests go to `txs`, or else to a `RecordingTx` of its own. As in Rust, an id may be used again."""
    return Engine(
        HistoricalClock(start),
        build_state(trading, start),
        MultiExchangeTxMap(zip([VENUE], [*txs] or [RecordingTx()], strict=True)),
        BuyAndHoldStrategy() if strategy is None else strategy,
        DefaultRiskManager() if risk is None else risk,
        cids_unique=cids_unique,
    )


def market_trade(day: int, instrument: int, price: float, *, exchange: ExchangeId = VENUE) -> MarketEvent:
    time = plus_days(day)
    return MarketEvent(time, time, exchange, instrument, PublicTrade(str(day), price, 1.0, Side.BUY))


def account_balance(day: int, asset: int, total: str, free: str | None = None) -> AccountEvent:
    balance = Balance(Decimal(total), Decimal(total if free is None else free))
    return AccountEvent(0, AssetBalance(asset, balance, plus_days(day)))


def account_trade(day: int, instrument: int, side: Side, price: str, quantity: str = "1", fees: str = "0") -> AccountEvent:
    return AccountEvent(
        0,
        Trade(
            TradeId(cid_of(instrument)),
            OrderId(cid_of(instrument)),
            instrument,
            STRATEGY,
            plus_days(day),
            side,
            Decimal(price),
            Decimal(quantity),
            AssetFees.quote_fees(Decimal(fees)),
        ),
    )


def account_order_open(day: int, instrument: int, side: Side, price: str, filled: str) -> AccountEvent:
    """The exchange shows an order of one unit as open."""
    return AccountEvent(
        0,
        Order(
            OrderKey(0, instrument, STRATEGY, cid_of(instrument)),
            side,
            Decimal(price),
            Decimal(1),
            OrderKind.MARKET,
            TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY,
            Open(OrderId(cid_of(instrument)), plus_days(day), Decimal(filled)),
        ),
    )
