"""What is written is read back equal, whatever the values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.properties import PROPERTY

from barter_python.codec import Codec, decode, encode
from barter_python.codec.data import market_stream_event
from barter_python.codec.engine import audit_tick, engine_event
from barter_python.codec.execution import INDEXED, UNINDEXED
from barter_python.codec.instrument import indexed_instruments, instrument
from barter_python.codec.state import engine_state, instrument_filter, orders, position, position_exited
from barter_python.codec.statistic import tear_sheet, tear_sheet_generator, trading_summary_generator
from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, Liquidation, MarketEvent, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.engine.action.output import (
    AccountDisconnect,
    CancelOrdersOutput,
    Commanded,
    EventRefused,
    GenerateAlgoOrdersOutput,
    OpenOrdersOutput,
    SendCancelsAndOpensOutput,
    SendRequestsOutput,
)
from barter_python.engine.audit.audit import AuditTick, EngineContext, FeedEnded, ProcessAudit
from barter_python.engine.command import CancelOrders, ClosePositions, SendCancelRequests, SendOpenRequests
from barter_python.engine.error import Custom, ExecutionChannelTerminated, ExecutionChannelUnhealthy
from barter_python.engine.event import Shutdown, TradingStateUpdate
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.filter import ExchangesFilter, InstrumentsFilter, UnderlyingsFilter
from barter_python.engine.state.order.manager import Orders
from barter_python.engine.state.state import EngineState, InvalidEventError
from barter_python.engine.state.trading import TradingState
from barter_python.errors import AssetIndexError, ExchangeIndexError, InstrumentIndexError
from barter_python.execution.account import AccountEvent, AccountReconnecting, AccountSnapshot, InstrumentAccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import (
    AssetInvalid,
    BalanceInsufficient,
    ExchangeOffline,
    InstrumentInvalid,
    OrderAlreadyCancelled,
    OrderAlreadyFullyFilled,
    OrderRejected,
    RateLimit,
    Socket,
    Timeout,
)
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import (
    OrderRequestCancel,
    OrderRequestOpen,
    OrderResponseCancel,
    RequestCancel,
    RequestOpen,
)
from barter_python.execution.order.state import (
    CancelInFlight,
    Cancelled,
    Expired,
    FullyFilled,
    Open,
    OpenFailed,
    OpenInFlight,
)
from barter_python.execution.position import Position, PositionExited
from barter_python.execution.trade import AssetFees, Trade
from barter_python.instrument.asset import QUOTE_ASSET, Asset
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import (
    FutureContract,
    OptionContract,
    OptionExercise,
    OptionKind,
    PerpetualContract,
    Spot,
)
from barter_python.instrument.side import Side
from barter_python.instrument.spec import (
    ContractUnits,
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
    QuoteUnits,
)
from barter_python.risk.manager import RiskRefused
from barter_python.statistic.summary.trading import TradingSummaryGenerator
from barter_python.statistic.time import ANNUAL_365
from barter_python.timed import EPOCH

_DECIMALS = st.builds(lambda digits, scale: Decimal(digits).scaleb(-scale), st.integers(-(10**18), 10**18), st.integers(0, 28))
_FLOATS = st.floats(allow_nan=False, allow_infinity=False)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_INDEXES = st.integers(0, 2**32)
_COUNTS = st.integers(0, 2**64 - 1)
_TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(lambda time: time.replace(tzinfo=UTC))  # noqa: DTZ001
_EXPIRIES = _TIMES.map(lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000))
_EXCHANGES = st.sampled_from(ExchangeId)
_SIDES = st.sampled_from(Side)


def tuples(item: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(item, max_size=3).map(tuple)


_ASSETS = st.builds(Asset.new, _TEXTS, _TEXTS)
_CONTRACTS = {"contract_size": _DECIMALS, "settlement_asset": _ASSETS}
_KINDS = st.one_of(
    st.just(Spot()),
    st.builds(PerpetualContract, **_CONTRACTS),
    st.builds(FutureContract, **_CONTRACTS, expiry=_EXPIRIES),
    st.builds(
        OptionContract,
        **_CONTRACTS,
        kind=st.sampled_from(OptionKind),
        exercise=st.sampled_from(OptionExercise),
        expiry=_EXPIRIES,
        strike=_DECIMALS,
    ),
)
_SPECS = st.builds(
    InstrumentSpec,
    st.builds(InstrumentSpecPrice, _DECIMALS, _DECIMALS),
    st.builds(InstrumentSpecQuantity, st.one_of(_ASSETS, st.sampled_from([*ContractUnits, *QuoteUnits])), _DECIMALS, _DECIMALS),
    st.builds(InstrumentSpecNotional, _DECIMALS),
)
_INSTRUMENTS = st.builds(
    Instrument,
    _EXCHANGES,
    _TEXTS,
    _TEXTS,
    st.builds(Underlying, _ASSETS, _ASSETS),
    st.sampled_from(InstrumentQuoteAsset),
    _KINDS,
    st.none() | _SPECS,
)
_INDEXED = st.lists(_INSTRUMENTS, max_size=3, unique_by=lambda item: item.name_internal).map(IndexedInstruments.new)

_LEVELS = st.lists(st.builds(Level, _DECIMALS, _DECIMALS), max_size=3)
_BOOKS = st.builds(OrderBook, _COUNTS, st.none() | _TIMES)
_LEVEL = st.none() | st.builds(Level, _DECIMALS, _DECIMALS)
_DATA = st.one_of(
    st.builds(PublicTrade, _TEXTS, _FLOATS, _FLOATS, _SIDES),
    st.builds(OrderBookL1, _TIMES, _LEVEL, _LEVEL),
    st.builds(OrderBookSnapshot, _BOOKS),
    st.builds(OrderBookUpdate, _BOOKS),
    st.builds(Candle, _TIMES, _FLOATS, _FLOATS, _FLOATS, _FLOATS, _FLOATS, _COUNTS),
    st.builds(Liquidation, _SIDES, _FLOATS, _FLOATS, _TIMES),
)
_MARKET = st.one_of(
    st.builds(MarketEvent, _TIMES, _TIMES, _EXCHANGES, _INDEXES, _DATA), st.builds(MarketReconnecting, _EXCHANGES)
)

_REQUESTS_OPEN = st.builds(RequestOpen, _SIDES, _DECIMALS, _DECIMALS, st.sampled_from(OrderKind), st.sampled_from(TimeInForce))
_OPEN = st.builds(Open, _TEXTS, _TIMES, _DECIMALS)
_CANCELLED = st.builds(Cancelled, _TEXTS, _TIMES)
_ACTIVE = st.one_of(st.just(OpenInFlight()), _OPEN, st.builds(CancelInFlight, st.none() | _OPEN))
_FEES = st.builds(AssetFees, st.just(QUOTE_ASSET), _DECIMALS)
_BALANCES = st.builds(Balance, _DECIMALS, _DECIMALS)


class Execution:
    """Strategies for one form of keys."""

    def __init__(self, exchange: st.SearchStrategy[Any], asset: st.SearchStrategy[Any], instrument: st.SearchStrategy[Any]):
        self.key = st.builds(OrderKey, exchange, instrument, _TEXTS, _TEXTS)
        self.error = st.one_of(
            st.builds(ExchangeOffline, _EXCHANGES),
            st.sampled_from([Timeout(), RateLimit(), OrderAlreadyCancelled(), OrderAlreadyFullyFilled()]),
            st.builds(Socket, _TEXTS),
            st.builds(AssetInvalid, asset, _TEXTS),
            st.builds(InstrumentInvalid, instrument, _TEXTS),
            st.builds(BalanceInsufficient, asset, _TEXTS),
            st.builds(OrderRejected, _TEXTS),
        )
        states = st.one_of(_ACTIVE, _CANCELLED, st.just(FullyFilled()), st.just(Expired()), st.builds(OpenFailed, self.error))
        self.order = self.order_in(states)
        self.open = st.builds(OrderRequestOpen, self.key, _REQUESTS_OPEN)
        self.cancel = st.builds(OrderRequestCancel, self.key, st.builds(RequestCancel, st.none() | _TEXTS))
        self.trade = st.builds(Trade, _TEXTS, _TEXTS, instrument, _TEXTS, _TIMES, _SIDES, _DECIMALS, _DECIMALS, _FEES)
        balance = st.builds(AssetBalance, asset, _BALANCES, _TIMES)
        snapshot = st.builds(
            AccountSnapshot,
            exchange,
            st.lists(balance, max_size=2),
            st.lists(st.builds(InstrumentAccountSnapshot, instrument, st.lists(self.order, max_size=2)), max_size=2),
        )
        response = st.builds(OrderResponseCancel, self.key, st.one_of(_CANCELLED, self.error))
        event = st.builds(AccountEvent, exchange, st.one_of(snapshot, balance, self.order, response, self.trade))
        self.account = st.one_of(event, st.builds(AccountReconnecting, _EXCHANGES))

    def order_in(self, states: st.SearchStrategy[Any]) -> st.SearchStrategy[Order]:
        return st.builds(
            Order,
            self.key,
            _SIDES,
            _DECIMALS,
            _DECIMALS,
            st.sampled_from(OrderKind),
            st.sampled_from(TimeInForce),
            states,
        )


_INSIDE = Execution(_INDEXES, _INDEXES, _INDEXES)
_OUTSIDE = Execution(_EXCHANGES, _TEXTS, _TEXTS)

_FILTERS = st.one_of(
    st.none(),
    st.builds(ExchangesFilter, tuples(_INDEXES)),
    st.builds(InstrumentsFilter, tuples(_INDEXES)),
    st.builds(UnderlyingsFilter, tuples(st.builds(Underlying, _INDEXES, _INDEXES))),
)
_EVENTS = st.one_of(
    st.just(Shutdown()),
    st.builds(TradingStateUpdate, st.sampled_from(TradingState)),
    st.builds(SendOpenRequests, tuples(_INSIDE.open)),
    st.builds(SendCancelRequests, tuples(_INSIDE.cancel)),
    st.builds(ClosePositions, _FILTERS),
    st.builds(CancelOrders, _FILTERS),
    _INSIDE.account,
    _MARKET,
)

_TERMINAL = st.one_of(
    st.builds(ExchangeIndexError, _TEXTS),
    st.builds(AssetIndexError, _TEXTS),
    st.builds(InstrumentIndexError, _TEXTS),
    st.builds(ExecutionChannelTerminated, _TEXTS),
    st.builds(Custom, _TEXTS),
)
_ERRORS = st.one_of(st.builds(ExecutionChannelUnhealthy, _TEXTS), _TERMINAL)
_CANCELS = st.builds(SendRequestsOutput, tuples(_INSIDE.cancel), tuples(st.tuples(_INSIDE.cancel, _ERRORS)))
_OPENS = st.builds(SendRequestsOutput, tuples(_INSIDE.open), tuples(st.tuples(_INSIDE.open, _ERRORS)))
_BOTH = st.builds(SendCancelsAndOpensOutput, _CANCELS, _OPENS)
_ALGO = st.builds(
    GenerateAlgoOrdersOutput,
    _BOTH,
    tuples(st.builds(RiskRefused, _INSIDE.cancel, _TEXTS)),
    tuples(st.builds(RiskRefused, _INSIDE.open, _TEXTS)),
)
_EXITED = st.builds(
    PositionExited,
    _INDEXES,
    _SIDES,
    _DECIMALS,
    _DECIMALS,
    _DECIMALS,
    _FEES,
    _FEES,
    _TIMES,
    _TIMES,
    st.lists(_TEXTS, max_size=3),
)
_OUTPUTS = st.one_of(
    st.builds(Commanded, st.one_of(_ALGO, st.builds(CancelOrdersOutput, _CANCELS), st.builds(OpenOrdersOutput, _OPENS), _BOTH)),
    st.just(AccountDisconnect()),
    _EXITED,
    _ALGO,
    st.builds(EventRefused, st.one_of(st.builds(AssetIndexError, _TEXTS), st.builds(InvalidEventError, _TEXTS))),
)
_AUDITS = st.one_of(st.just(FeedEnded()), st.builds(ProcessAudit, _EVENTS, tuples(_OUTPUTS), tuples(_TERMINAL)))
_TICKS = st.builds(AuditTick, _AUDITS, st.builds(EngineContext, _COUNTS, _TIMES))
_POSITIONS = st.builds(
    Position,
    _INDEXES,
    _SIDES,
    _DECIMALS,
    _DECIMALS,
    _DECIMALS,
    _DECIMALS,
    _DECIMALS,
    _FEES,
    _FEES,
    _TIMES,
    _TIMES,
    st.lists(_TEXTS, max_size=3),
)
_ORDERS = st.lists(_INSIDE.order_in(_ACTIVE), max_size=3, unique_by=lambda order: order.key.cid).map(
    lambda tracked: Orders({order.key.cid: order for order in tracked})
)


@pytest.mark.parametrize(
    ("values", "codec"),
    [
        pytest.param(_INSTRUMENTS, instrument, id="Instrument"),
        pytest.param(_INDEXED, indexed_instruments, id="IndexedInstruments"),
        pytest.param(_MARKET, market_stream_event, id="MarketStreamEvent"),
        pytest.param(_INSIDE.account, INDEXED.account_stream_event, id="AccountStreamEvent"),
        pytest.param(_OUTSIDE.account, UNINDEXED.account_stream_event, id="UnindexedAccountStreamEvent"),
        pytest.param(st.one_of(_INSIDE.open, _INSIDE.cancel), INDEXED.execution_request, id="ExecutionRequest"),
        pytest.param(_FILTERS, instrument_filter, id="InstrumentFilter"),
        pytest.param(_EVENTS, engine_event, id="EngineEvent"),
        pytest.param(_TICKS, audit_tick(), id="AuditTick"),
        pytest.param(_POSITIONS, position, id="Position"),
        pytest.param(_EXITED, position_exited, id="PositionExited"),
        pytest.param(_ORDERS, orders, id="Orders"),
    ],
)
def test_round_trip(values: st.SearchStrategy[Any], codec: Codec[Any]) -> None:
    @PROPERTY
    @given(values)
    def check(value: Any) -> None:
        written = encode(value, codec)
        restored = decode(written, codec)
        assert value == restored
        assert written == encode(restored, codec)

    check()


def _state() -> EngineState[Any, Any]:
    """A state in which something happened everywhere."""
    instruments = IndexedInstruments.new([Instrument.spot(ExchangeId.OKX, "okx-btc_usdt", "BTC-USDT", ("BTC", "USDT"))])
    state = (
        EngineState.builder(instruments, DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
        .time_engine_start(EPOCH)
        .balances([(ExchangeId.OKX, "usdt", Balance(Decimal(10), Decimal(5)))])
        .build()
    )
    for side, price in ((Side.BUY, 100), (Side.SELL, 110), (Side.SELL, 105)):
        fill = Trade("t", "o", 0, "s", EPOCH, side, Decimal(price), Decimal(1), AssetFees.quote_fees(Decimal("0.1")))  # type: ignore[arg-type]
        state.update_from_account(AccountEvent(0, fill))  # type: ignore[arg-type]
    state.update_from_market(MarketEvent(EPOCH, EPOCH, ExchangeId.OKX, 0, PublicTrade("1", 99.5, 1.0, Side.BUY)))  # type: ignore[arg-type]
    return state


def test_engine_state_and_its_statistics() -> None:
    state = _state()
    assert state == decode(encode(state, engine_state()), engine_state())
    sheet = next(iter(state.instruments)).tear_sheet
    assert sheet == decode(encode(sheet, tear_sheet_generator), tear_sheet_generator)
    made = sheet.generate(Decimal("0.05"), ANNUAL_365)
    assert made == decode(encode(made, tear_sheet()), tear_sheet())
    sheets = {state.instrument.name_internal: state.tear_sheet for state in state.instruments}
    summary = TradingSummaryGenerator.init(
        Decimal("0.05"), EPOCH, EPOCH, sheets, {key: asset.statistics for key, asset in state.assets.items()}
    )
    assert summary == decode(encode(summary, trading_summary_generator), trading_summary_generator)
