"""How the first difference between a replay and its session reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from barter_python.backtest.replay import Difference
from barter_python.cli.difference import describe
from barter_python.execution.order.id import ClientOrderId, StrategyId
from barter_python.execution.order.order import OrderKey, OrderKind, TimeInForce
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen
from barter_python.instrument.exchange import ExchangeIndex
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.side import Side

TIME = datetime(2025, 1, 1, tzinfo=UTC)
KEY: Any = OrderKey(ExchangeIndex(0), InstrumentIndex(0), StrategyId("sma"), ClientOrderId("sma-1"))
BUY = RequestOpen(Side.BUY, Decimal(100), Decimal(1), OrderKind.MARKET, TimeInForce.IMMEDIATE_OR_CANCEL)
OPEN = OrderRequestOpen(KEY, BUY)
MORE = OrderRequestOpen(KEY, replace(BUY, quantity=Decimal(2)))
CANCEL = OrderRequestCancel(KEY, RequestCancel(None))
CANCEL_TEXT = (
    '{"time":"2025-01-01T00:00:00Z","request":{"Cancel":{"key":{"exchange":0,"instrument":0,"strategy":"sma","cid":"sma-1"},'
    '"state":{"id":null}}}}'
)
OPEN_TEXT = (
    '{"time":"2025-01-01T00:00:00Z","request":{"Open":{"key":{"exchange":0,"instrument":0,"strategy":"sma","cid":"sma-1"},'
    '"state":{"side":"Buy","price":"100","quantity":"1","kind":"Market","time_in_force":"ImmediateOrCancel"}}}}'
)


@pytest.mark.parametrize(
    ("text", "session", "again"),
    [
        pytest.param('request.Open.state.quantity "2", expected "1"', (TIME, OPEN), (TIME, MORE), id="one-member"),
        pytest.param(f"none, expected {CANCEL_TEXT}", (TIME, CANCEL), None, id="the-session-had-more"),
        pytest.param(f"{CANCEL_TEXT}, expected none", None, (TIME, CANCEL), id="the-replay-has-more"),
        pytest.param(f"{OPEN_TEXT}, expected {CANCEL_TEXT}", (TIME, CANCEL), (TIME, OPEN), id="another-request"),
    ],
)
def test_what_differs_is_named(text: str, session: object, again: object) -> None:
    assert f"request 3: {text}" == describe(Difference("request", 2, session, again))


def test_a_member_of_the_result_is_named_with_what_lies_in_it() -> None:
    session, again = {"BTC": {"orders": 1, "trades": 2}}, {"BTC": {"orders": 1, "trades": 3}}

    assert "execution: BTC.trades 3, expected 2" == describe(Difference("execution", None, session, again))
