"""Orders by intent: what is asked of the exchange for what a strategy wants."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.strategy.bars import EXCHANGE, instruments, perpetuals, state_of, trade_at
from tests.support.builders import open_state, order, trade

from barter_python import (
    AccountEvent,
    BarData,
    BarStrategy,
    EngineState,
    ExchangeIndex,
    IndexedInstruments,
    InstrumentState,
    OrderKind,
    RequestOpen,
    Side,
    StrategyError,
    TimeInForce,
    Trader,
    Trigger,
    TriggerKind,
)
from barter_python.errors import AssetIndexError, InstrumentIndexError
from barter_python.execution.order.state import CancelInFlight, OpenInFlight
from barter_python.numeric import money_context

BUY, SELL = Side.BUY, Side.SELL
MARKET, LIMIT = OrderKind.MARKET, OrderKind.LIMIT
NOW, REST = TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.GOOD_UNTIL_CANCELLED
D = Decimal
SPOT, PERPETUAL = instruments("BTCUSDT", "ETHUSDT"), perpetuals()
Intent = Callable[[Trader, InstrumentState[Any]], object]


def state(
    indexed: IndexedInstruments = SPOT, price: float | None = 100.0, held: str | None = None, btc: str = "0", usdt: str = "10000"
) -> EngineState[Any, Any]:
    """Of an account that holds so much, bought or, where it is negative, sold."""
    strategy: BarStrategy[BarData] = BarStrategy()
    made = state_of(strategy, indexed, usdt, btc)
    if held is not None:
        side = BUY if D(held) > 0 else SELL
        made.update_from_account(AccountEvent(ExchangeIndex(0), trade(side, "100", str(abs(D(held))))))
    if price is not None:
        made.update_from_market(trade_at(1, price))
    return made


def asked(made: EngineState[Any, Any], intent: Intent) -> list[RequestOpen]:
    trader = Trader(BarStrategy("mine"), made)
    answer = intent(trader, made.instruments.states[0])
    if not trader.opens:
        assert answer is None
    return [request.state for request in trader.opens]


def market(side: Side, quantity: str, *, price: str = "100", reduce_only: bool = False) -> RequestOpen:
    return RequestOpen(side, D(price), D(quantity), MARKET, NOW, reduce_only)


def triggered(
    side: Side, kind: TriggerKind, price: str, quantity: str, limit: str | None = None, reduce_only: bool = False
) -> RequestOpen:
    order_kind = MARKET if limit is None else LIMIT
    return RequestOpen(side, D(limit or price), D(quantity), order_kind, REST, reduce_only, Trigger(D(price), kind))


STOP, TAKE_PROFIT = TriggerKind.STOP, TriggerKind.TAKE_PROFIT


@pytest.mark.parametrize(
    ("expected", "made", "intent"),
    [
        pytest.param([market(BUY, "1")], state(), lambda t, i: t.buy(i, 1), id="buy"),
        pytest.param([market(SELL, "1.234")], state(), lambda t, i: t.sell(i, D("1.2349")), id="sell-in-lots"),
        pytest.param([market(BUY, "0.3")], state(), lambda t, i: t.buy(i, 0.1 + 0.2), id="float-converted-once"),
        pytest.param([], state(), lambda t, i: t.buy(i, D("0.0009")), id="below-a-lot"),
        pytest.param([], state(), lambda t, i: t.buy(i, D("0.049")), id="below-the-notional"),
        pytest.param([], state(price=None), lambda t, i: t.buy(i, 1), id="no-price"),
        pytest.param([], state(), lambda t, i: t.buy(i, 0), id="nothing"),
        pytest.param(
            [market(BUY, "0.12345678")],
            state(instruments("BTCUSDT", spec=None)),
            lambda t, i: t.buy(i, D("0.123456789")),
            id="no-spec",
        ),
        pytest.param(
            [RequestOpen(BUY, D("99.98"), D(1), LIMIT, REST)],
            state(),
            lambda t, i: t.limit(i, BUY, 1, 99.989),
            id="bid-pays-no-more",
        ),
        pytest.param(
            [RequestOpen(SELL, D("99.99"), D(1), LIMIT, REST)],
            state(),
            lambda t, i: t.limit(i, SELL, 1, 99.981),
            id="ask-gets-no-less",
        ),
        pytest.param([], state(), lambda t, i: t.limit(i, BUY, D("0.5"), 9.99), id="limit-below-the-notional"),
        pytest.param([triggered(SELL, STOP, "95.01", "1")], state(), lambda t, i: t.stop(i, SELL, 1, 95.007), id="stop"),
        pytest.param(
            [triggered(SELL, STOP, "95", "1", "94.9")],
            state(),
            lambda t, i: t.stop(i, SELL, 1, 95, limit=94.899),
            id="stop-limit",
        ),
        pytest.param(
            [triggered(BUY, TAKE_PROFIT, "90", "5", reduce_only=True)],
            state(PERPETUAL, held="-5"),
            lambda t, i: t.take_profit(i, BUY, 5, 90),
            id="take-profit-of-a-contract-only-reduces",
        ),
        pytest.param([market(SELL, "2")], state(held="2", btc="2"), lambda t, i: t.close(i), id="close"),
        pytest.param([market(SELL, "1.998")], state(held="2", btc="1.9985"), lambda t, i: t.close(i), id="close-what-is-free"),
        pytest.param([], state(held="0.0005", btc="0.0005"), lambda t, i: t.close(i), id="dust-stays"),
        pytest.param([], state(), lambda t, i: t.close(i), id="close-nothing"),
        pytest.param(
            [market(BUY, "2", reduce_only=True)], state(PERPETUAL, held="-2"), lambda t, i: t.close(i), id="close-a-short"
        ),
        pytest.param(
            [market(SELL, "0.001", reduce_only=True)],
            state(PERPETUAL, held="0.001"),
            lambda t, i: t.close(i),
            id="no-least-notional-for-what-reduces",
        ),
        pytest.param([market(BUY, "2")], state(held="1", btc="1"), lambda t, i: t.order_to(i, 3), id="order-to-more"),
        pytest.param(
            [market(SELL, "3")], state(PERPETUAL, held="1"), lambda t, i: t.order_to(i, -2), id="order-to-the-other-side"
        ),
        pytest.param([], state(held="1", btc="1"), lambda t, i: t.order_to(i, D("1.0004")), id="order-to-what-is-held"),
        # 5,050 of 10,100 are half, 100 of which are there
        pytest.param([market(BUY, "49.5")], state(held="1", btc="1"), lambda t, i: t.order_to_weight(i, 0.5), id="order-to-half"),
        pytest.param([market(BUY, "99.5")], state(), lambda t, i: t.order_to_weight(i, 1), id="all-leaves-a-reserve"),
        pytest.param([market(SELL, "1")], state(held="1", btc="1"), lambda t, i: t.order_to_weight(i, 0), id="order-to-none"),
        pytest.param([market(SELL, "1000")], state(PERPETUAL), lambda t, i: t.order_to_weight(i, -1), id="short-by-all"),
        pytest.param([], state(price=None), lambda t, i: t.order_to_weight(i, 1), id="weight-without-a-price"),
    ],
)
def test_an_intent_becomes_the_order_that_the_venue_takes(
    expected: list[RequestOpen], made: EngineState[Any, Any], intent: Intent
) -> None:
    assert expected == asked(made, intent)


@pytest.mark.parametrize("in_state", [OpenInFlight(), open_state(filled="1")], ids=["in-flight", "partly-filled"])
def test_nothing_is_ordered_to_a_position_while_a_market_order_is_on_its_way(in_state: Any) -> None:
    made = state(held="1", btc="1")
    made.instruments.states[0].orders.update_from_order_snapshot(order(in_state, quantity="2", kind=MARKET))

    assert [] == asked(made, lambda t, i: t.order_to(i, 3))


def test_a_second_order_to_a_position_waits_for_the_first() -> None:
    assert [market(BUY, "3")] == asked(state(), lambda t, i: (t.order_to(i, 3), t.order_to(i, 3)))


@pytest.mark.parametrize(
    ("expected", "made", "quantity"),
    [
        pytest.param("2.5", state(), lambda t, i: t.quantity_for_cash(i, 250), id="cash"),
        pytest.param("25", state(PERPETUAL), lambda t, i: t.quantity_for_cash(i, 250), id="cash-of-contracts"),
        pytest.param("0", state(), lambda t, i: t.quantity_for_cash(i, D("4.99")), id="cash-below-the-notional"),
        pytest.param("0", state(price=None), lambda t, i: t.quantity_for_cash(i, 250), id="cash-without-a-price"),
        pytest.param("0", state(), lambda t, i: t.quantity_for_cash(i, -1), id="no-cash"),
        pytest.param("10.1", state(held="1", btc="1"), lambda t, i: t.quantity_for_equity(i, 0.1), id="equity"),
        pytest.param("20", state(), lambda t, i: t.quantity_for_risk(i, 100, 95.0), id="risk-of-a-long"),
        pytest.param("200", state(PERPETUAL), lambda t, i: t.quantity_for_risk(i, 100, 105.0), id="risk-of-short-contracts"),
        pytest.param("0", state(), lambda t, i: t.quantity_for_risk(i, 100, 100), id="no-distance-no-quantity"),
    ],
)
def test_amounts_of_money_become_quantities(
    expected: str, made: EngineState[Any, Any], quantity: Callable[[Trader, InstrumentState[Any]], Decimal]
) -> None:
    assert D(expected) == quantity(Trader(BarStrategy(), made), made.instruments.states[0])


@pytest.mark.parametrize(
    ("expected", "made"),
    [
        pytest.param("10000", state(price=None, btc="1"), id="without-a-price"),
        pytest.param("10200", state(btc="2"), id="spot-at-its-price"),
        pytest.param("10004", state(PERPETUAL, price=120.0, held="2"), id="what-contracts-have-not-realised"),
    ],
)
def test_equity_is_the_worth_of_the_account_in_quote_currency(expected: str, made: EngineState[Any, Any]) -> None:
    assert D(expected) == Trader(BarStrategy(), made).equity(made.instruments.states[0])


def test_cancel_all_of_a_side_leaves_what_is_being_cancelled_and_the_other_side() -> None:
    made = state()
    orders = made.instruments.states[0].orders
    orders.update_from_order_snapshots(
        [
            order(open_state(), "bid"),
            order(open_state(), "ask", side=SELL),
            order(CancelInFlight(open_state()), "cancelled bid"),
        ]
    )
    trader = Trader(BarStrategy(), made)

    cancelled = trader.cancel_all(made.instruments.states[0], BUY)

    assert ["bid"] == [request.key.cid for request in cancelled]
    assert (cancelled, []) == trader.requests()


def test_balances_and_instruments_are_found_by_name() -> None:
    made = state(usdt="123")
    trader = Trader(BarStrategy(), made)

    assert D(123) == trader.free("USDT")
    assert made.instruments.states[1] is trader.instrument("ETHUSDT")
    with pytest.raises(AssetIndexError, match="'doge' is not tracked, expected one of: btc, eth, usdt"):
        trader.free("doge")
    with pytest.raises(InstrumentIndexError, match="'DOGEUSDT' is not part of the run, expected one of: BTCUSDT, ETHUSDT"):
        trader.instrument("DOGEUSDT")


@pytest.mark.parametrize(
    ("expected", "intent"),
    [
        pytest.param("quantity is -1", lambda t, i: t.buy(i, -1), id="negative"),
        pytest.param("quantity is nan, expected a finite number", lambda t, i: t.buy(i, float("nan")), id="nan"),
        pytest.param("price is 0.00", lambda t, i: t.limit(i, BUY, 1, 0.001), id="price-below-a-tick"),
        pytest.param("cash is inf", lambda t, i: t.quantity_for_cash(i, float("inf")), id="infinite-cash"),
    ],
)
def test_what_cannot_be_ordered_is_an_error_of_the_strategy(expected: str, intent: Intent) -> None:
    with pytest.raises(StrategyError, match=expected):
        asked(state(), intent)


def test_amounts_are_computed_in_the_context_of_money_whoever_asks() -> None:
    made = state(price=3.0)

    outside = Trader(BarStrategy(), made).quantity_for_equity(made.instruments.states[0], 0.1)
    with money_context():
        inside = Trader(BarStrategy(), made).quantity_for_equity(made.instruments.states[0], 0.1)

    assert D("333.333") == inside == outside


def test_orders_are_named_by_the_strategy() -> None:
    made = state()
    strategy: BarStrategy[BarData] = BarStrategy("mine")
    trader = Trader(strategy, made)

    first, second = (trader.buy(made.instruments.states[0], 1) for _ in range(2))

    assert first is not None
    assert second is not None
    assert first.key.strategy == "mine"
    assert first.key.cid != second.key.cid
    assert EXCHANGE is made.connectivity.exchange_ids()[first.key.exchange]
