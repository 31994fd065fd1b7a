"""The engine's time in a backtest. Rust origin: barter::engine::clock (tests)."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.support.builders import TIME_MAX, TIME_MIN, D, open_state, order, order_key, plus_seconds, trade

from barter_python.data.event import MarketEvent, MarketReconnecting, PublicTrade
from barter_python.engine.clock import HistoricalClock
from barter_python.engine.command import CancelOrders
from barter_python.engine.event import EngineEvent, Shutdown, TradingStateUpdate
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent, AccountEventKind, AccountReconnecting, AccountSnapshot
from barter_python.execution.account import InstrumentAccountSnapshot as Instrument
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.error import Timeout
from barter_python.execution.order.id import OrderId
from barter_python.execution.order.request import OrderResponseCancel
from barter_python.execution.order.state import EXPIRED, FULLY_FILLED, OPEN_IN_FLIGHT, CancelInFlight, Cancelled, OpenFailed
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.side import Side

VENUE = ExchangeId.BINANCE_SPOT


def market(second: float, *, received: datetime = TIME_MIN) -> MarketEvent:
    return MarketEvent(plus_seconds(second), received, VENUE, 0, PublicTrade("1", 1.0, 1.0, Side.BUY))


def account(kind: AccountEventKind) -> AccountEvent:
    return AccountEvent(0, kind)


def balance(second: float) -> AssetBalance:
    return AssetBalance(0, Balance(D(1), D(1)), plus_seconds(second))


@pytest.mark.parametrize(
    ("start", "events", "expected"),
    [
        pytest.param(0, [market(1)], 1, id="one-event"),
        pytest.param(1, [market(0.5)], 1, id="earlier-than-the-start"),
        pytest.param(1, [market(1)], 1, id="equal"),
        pytest.param(0, [market(1), market(2), market(3)], 3, id="in-order"),
        pytest.param(0, [market(3), market(1), market(2)], 3, id="out-of-order"),
        pytest.param(1, [MarketReconnecting(VENUE)], 1, id="without-time"),
        pytest.param(0, [market(1), MarketReconnecting(VENUE), market(2)], 2, id="with-and-without-time"),
        pytest.param(0, [market(1, received=TIME_MAX)], 1, id="time-received-does-not-count"),
        pytest.param(0, [account(trade(Side.BUY, "1", "1", time=plus_seconds(4)))], 4, id="fill"),
        pytest.param(0, [account(balance(4))], 4, id="balance"),
        pytest.param(0, [account(order(open_state(plus_seconds(4))))], 4, id="open-order"),
        pytest.param(0, [account(order(CancelInFlight(open_state(plus_seconds(4)))))], 4, id="cancel-in-flight"),
        pytest.param(0, [account(order(Cancelled(OrderId("1"), plus_seconds(4))))], 4, id="cancelled-order"),
        pytest.param(0, [account(OrderResponseCancel(order_key(), Cancelled(OrderId("1"), plus_seconds(4))))], 4, id="cancelled"),
        pytest.param(
            0,
            [
                account(
                    AccountSnapshot(
                        0,
                        [balance(2), balance(5), balance(3)],
                        [Instrument(0, [order(open_state(plus_seconds(4)))])],
                    )
                )
            ],
            5,
            id="snapshot-by-its-latest-balance",
        ),
        pytest.param(
            0,
            [
                account(
                    AccountSnapshot(0, [balance(2)], [Instrument(0, [order(FULLY_FILLED), order(open_state(plus_seconds(4)))])])
                )
            ],
            4,
            id="snapshot-by-its-latest-order",
        ),
    ],
)
def test_historical_clock_keeps_the_latest_exchange_time(start: float, events: list[EngineEvent], expected: float) -> None:
    clock = HistoricalClock(plus_seconds(start))
    for event in events:
        clock.process(event)
    assert plus_seconds(expected) == clock.time()


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(Shutdown(), id="shutdown"),
        pytest.param(CancelOrders(), id="command"),
        pytest.param(TradingStateUpdate(TradingState.ENABLED), id="trading-state"),
        pytest.param(AccountReconnecting(VENUE), id="account-reconnecting"),
        pytest.param(MarketReconnecting(VENUE), id="market-reconnecting"),
        pytest.param(account(order(OPEN_IN_FLIGHT)), id="open-in-flight"),
        pytest.param(account(order(CancelInFlight(None))), id="cancel-in-flight-of-unseen"),
        pytest.param(account(order(FULLY_FILLED)), id="filled-order"),
        pytest.param(account(order(EXPIRED)), id="expired-order"),
        pytest.param(account(order(OpenFailed(Timeout()))), id="failed-order"),
        pytest.param(account(OrderResponseCancel(order_key(), Timeout())), id="failed-cancel"),
        pytest.param(account(AccountSnapshot(0, [], [Instrument(0, [order(FULLY_FILLED)])])), id="snapshot-without-times"),
    ],
)
def test_event_without_exchange_time_leaves_the_clock_alone(event: EngineEvent) -> None:
    clock = HistoricalClock(plus_seconds(1))
    clock.process(event)
    assert plus_seconds(1) == clock.time()


@pytest.mark.parametrize("start", [pytest.param(plus_seconds(1), id="divergence-1-adds-no-wall-time")])
def test_historical_clock_stands_still_between_events(start: datetime) -> None:
    """Rust adds the wall time that has passed since the last event, here two readings are the same."""
    clock = HistoricalClock(start)
    assert [start] * 1000 == [clock.time() for _ in range(1000)]
