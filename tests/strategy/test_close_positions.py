"""Closing positions with market orders. Rust origin: barter::strategy::close_positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from tests.support.builders import TIME_MIN, D, open_state, order, trade
from tests.support.engine import (
    VENUE,
    RecordingTx,
    account_balance,
    account_trade,
    build_engine,
    build_state,
    cid_of,
    market_trade,
)

from barter_python.engine.command import ClosePositions
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.filter import (
    ExchangesFilter,
    InstrumentFilter,
    InstrumentsFilter,
    UnderlyingsFilter,
)
from barter_python.engine.state.state import EngineState
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.id import StrategyId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.execution.order.state import OPEN_IN_FLIGHT, CancelInFlight, OrderState
from barter_python.execution.position import Position
from barter_python.instrument.asset import Asset
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import PerpetualContract
from barter_python.instrument.side import Side
from barter_python.strategy.close_positions import (
    build_ioc_market_order_to_close_position,
    close_open_positions_with_market_orders,
)
from barter_python.strategy.strategy import NO_ORDERS, DefaultStrategy

BUY, SELL = Side.BUY, Side.SELL


def close(instrument: int, side: Side, price: str, quantity: str, cid: str) -> OrderRequestOpen:
    return OrderRequestOpen(
        OrderKey(0, instrument, "mine", cid),
        RequestOpen(side, D(price), D(quantity), OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL),
    )


def long_and_short() -> EngineState[Any, Any]:
    """Two btc bought and three eth sold; both have a price."""
    state = build_state()
    state.update_from_account(account_trade(1, 0, BUY, "100", "2"))
    state.update_from_account(account_trade(1, 1, SELL, "5", "3"))
    state.update_from_market(market_trade(2, 0, 110.0))
    state.update_from_market(market_trade(2, 1, 4.0))
    return state


CLOSE_BTC = close(0, SELL, "110", "2", cid_of(0))
CLOSE_ETH = close(1, BUY, "4", "3", cid_of(1))


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        pytest.param(None, [CLOSE_BTC, CLOSE_ETH], id="all"),
        pytest.param(InstrumentsFilter((1,)), [CLOSE_ETH], id="one-instrument"),
        pytest.param(InstrumentsFilter(()), [], id="no-instrument"),
        pytest.param(ExchangesFilter((0,)), [CLOSE_BTC, CLOSE_ETH], id="exchange"),
        pytest.param(ExchangesFilter((1,)), [], id="other-exchange"),
        pytest.param(UnderlyingsFilter((Underlying(0, 2),)), [CLOSE_BTC], id="underlying"),
        pytest.param(UnderlyingsFilter((Underlying(2, 0),)), [], id="underlying-the-other-way-round"),
    ],
)
def test_every_selected_position_is_closed(selected: InstrumentFilter, expected: list[OrderRequestOpen]) -> None:
    cancels, opens = close_open_positions_with_market_orders(
        "mine", long_and_short(), selected, lambda instrument: cid_of(instrument.key)
    )
    assert ([], expected) == (list(cancels), list(opens))


def test_position_without_a_price_is_left_out() -> None:
    state = build_state()
    state.update_from_account(account_trade(1, 0, BUY, "100"))
    assert close_open_positions_with_market_orders("mine", state, None, lambda _: "cid") == ([], [])


@pytest.mark.parametrize(
    ("side", "expected"), [pytest.param(BUY, SELL, id="long-is-sold"), pytest.param(SELL, BUY, id="short-is-bought")]
)
def test_order_is_for_the_whole_position_on_the_other_side(side: Side, expected: Side) -> None:
    position = Position.from_trade(trade(side, "100", "2"))
    assert close(0, expected, "9", "2", "cid") == build_ioc_market_order_to_close_position(
        0, position, "mine", D(9), lambda: "cid"
    )


def test_default_strategy_wants_nothing_by_itself() -> None:
    strategy = DefaultStrategy()
    engine = build_engine(strategy=strategy)
    assert strategy.generate_algo_orders(long_and_short()) == NO_ORDERS
    assert strategy.on_disconnect(engine, VENUE) is None
    assert strategy.on_trading_disabled(engine) is None


def test_default_strategy_numbers_the_orders_that_close_positions() -> None:
    strategy = DefaultStrategy("mine")
    state = long_and_short()
    state.update_from_account(account_balance(2, 0, "2"))
    expected = [close(0, SELL, "110", "2", "mine-1"), close(1, BUY, "4", "3", "mine-2")]
    assert expected == list(strategy.close_positions_requests(state, None)[1])


def long_of(quantity: str, *, free: str | None = None, orders: Iterable[Order] = ()) -> EngineState[Any, Any]:
    """Some btc bought, with a price of 110. The lot is 0.00001, the least notional 5."""
    state = build_state()
    state.update_from_account(account_trade(1, 0, BUY, "100", quantity))
    state.update_from_account(account_balance(1, 0, "100", free or "100"))
    for item in orders:
        state.update_from_account(AccountEvent(0, item))
    state.update_from_market(market_trade(2, 0, 110.0))
    return state


def own(cid: str, state: OrderState, quantity: str, side: Side = SELL, strategy: str = "mine") -> Order:
    tracked = order(state, cid, side=side, quantity=quantity)
    return replace(tracked, key=replace(tracked.key, strategy=StrategyId(strategy)))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(long_of("2"), "2", id="whole"),
        pytest.param(long_of("2", orders=[own("a", OPEN_IN_FLIGHT, "2")]), None, id="being-closed"),
        pytest.param(long_of("2", orders=[own("a", OPEN_IN_FLIGHT, "0.5")]), "1.5", id="partly-being-closed"),
        pytest.param(long_of("2", orders=[own("a", open_state(filled="1"), "2")]), "1", id="what-is-filled-is-closed-already"),
        pytest.param(long_of("2", orders=[own("a", CancelInFlight(open_state(filled="1.5")), "2")]), "1.5", id="being-cancelled"),
        pytest.param(long_of("2", orders=[own("a", OPEN_IN_FLIGHT, "3")]), None, id="more-than-closed"),
        pytest.param(long_of("2", orders=[own("a", OPEN_IN_FLIGHT, "2", BUY)]), "2", id="order-that-increases"),
        pytest.param(long_of("2", orders=[own("a", OPEN_IN_FLIGHT, "2", strategy="other")]), "2", id="order-of-another"),
        pytest.param(
            long_of("2", orders=[replace(own("a", open_state(), "2"), trigger=Trigger(D(90), TriggerKind.STOP))]), "2", id="stop"
        ),
        pytest.param(long_of("1", free="0.999"), "0.999", id="no-more-than-is-free"),
        pytest.param(long_of("1", free="0.9990099"), "0.999", id="whole-lots"),
        pytest.param(long_of("0.1000099"), "0.1", id="position-in-whole-lots"),
        pytest.param(long_of("0.01"), None, id="dust-by-value"),
        pytest.param(long_of("0.000009"), None, id="dust-by-quantity"),
    ],
)
def test_default_strategy_closes_what_is_not_being_closed(state: EngineState[Any, Any], expected: str | None) -> None:
    _, opens = DefaultStrategy("mine").close_positions_requests(state, None)
    assert ([] if expected is None else [close(0, SELL, "110", expected, "mine-1")]) == list(opens)


def test_closing_twice_before_the_fill_orders_once() -> None:
    tx = RecordingTx()
    engine = build_engine(strategy=DefaultStrategy("mine"), txs=[tx], cids_unique=True)
    engine.process(account_trade(1, 0, BUY, "100", "2"))
    engine.process(account_balance(1, 0, "2"))
    engine.process(market_trade(2, 0, 110.0))
    for _ in range(2):
        engine.process(ClosePositions())
    assert [close(0, SELL, "110", "2", "mine-1")] == tx.requests


def test_orders_that_close_contracts_only_reduce() -> None:
    contract = Instrument(
        VENUE,
        "perpetual",
        "PERP",
        Underlying(Asset("btc", "btc"), Asset("usdt", "usdt")),
        InstrumentQuoteAsset.UNDERLYING_QUOTE,
        PerpetualContract(D(10), Asset("usdt", "usdt")),
    )
    state = (
        EngineState.builder(IndexedInstruments.new([contract]), DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
        .time_engine_start(TIME_MIN)
        .build()
    )
    state.update_from_account(account_trade(1, 0, SELL, "100", "3"))
    state.update_from_market(market_trade(2, 0, 110.0))
    (request,) = DefaultStrategy("mine").close_positions_requests(state, None)[1]
    assert (BUY, D(3), True) == (request.state.side, request.state.quantity, request.state.reduce_only)
