"""Closing positions with market orders. Rust origin: barter::strategy::close_positions."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.builders import D, trade
from tests.support.engine import VENUE, account_trade, build_engine, build_state, cid_of, market_trade

from barter_python.engine.state.instrument.filter import (
    ExchangesFilter,
    InstrumentFilter,
    InstrumentsFilter,
    UnderlyingsFilter,
)
from barter_python.engine.state.state import EngineState
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestOpen, RequestOpen
from barter_python.execution.position import Position
from barter_python.instrument.instrument import Underlying
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
    expected = [close(0, SELL, "110", "2", "mine-1"), close(1, BUY, "4", "3", "mine-2")]
    assert expected == list(strategy.close_positions_requests(long_and_short(), None)[1])
