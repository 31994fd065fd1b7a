"""The limit risk manager. No Rust origin."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.builders import TIME_MIN, D, open_state, order, request_cancel, request_open, trade
from tests.support.engine import VENUE, ScriptedStrategy, build_engine, build_state, market_trade

from barter_python.engine.audit.audit import ProcessAudit
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.execution.account import AccountEvent
from barter_python.execution.order.request import OrderRequestOpen
from barter_python.instrument.asset import Asset
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import PerpetualContract
from barter_python.instrument.side import Side
from barter_python.risk.limits import LimitRiskManager

BUY, SELL = Side.BUY, Side.SELL
LIMITS = LimitRiskManager(order_notional_max=D(500), position_notional_max=D(1000), orders_open_max=3)


def buy(quantity: str, cid: str = "new", *, price: str = "100", side: Side = BUY, instrument: int = 0) -> OrderRequestOpen:
    return request_open(cid, side=side, price=price, quantity=quantity, instrument=instrument)


def state(
    *,
    position: tuple[Side, str] | None = None,
    orders: list[tuple[Side, str] | tuple[Side, str, str]] | None = None,
    market: float | None = None,
) -> EngineState[Any, Any]:
    """A state with a position entered at 100 and with resting orders (and what is filled of them) at 100, all in btc_usdt."""
    built = build_state()
    if position is not None:
        built.update_from_account(AccountEvent(0, trade(position[0], "100", position[1])))
    for number, (side, quantity, *filled) in enumerate(orders or []):
        resting = order(open_state(filled=filled[0] if filled else "0"), f"r-{number}", side=side, price="100", quantity=quantity)
        built.update_from_account(AccountEvent(0, resting))
    if market is not None:
        built.update_from_market(market_trade(1, 0, market))
    return built


@pytest.mark.parametrize(
    ("given", "request_", "passes"),
    [
        pytest.param(state(), buy("5"), True, id="order-at-the-limit"),
        pytest.param(state(), buy("5.01"), False, id="order-above-the-limit"),
        pytest.param(state(), buy("1e27", price="1e5"), False, id="order-beyond-all-numbers"),
        pytest.param(state(position=(BUY, "5")), buy("5"), True, id="position-at-the-limit"),
        pytest.param(state(position=(BUY, "5.01")), buy("5"), False, id="position-above-the-limit"),
        pytest.param(state(position=(SELL, "5.01")), buy("5", side=SELL), False, id="short-above-the-limit"),
        pytest.param(state(orders=[(BUY, "3"), (BUY, "2")]), buy("5"), True, id="pending-at-the-limit"),
        pytest.param(state(orders=[(BUY, "3"), (BUY, "3")]), buy("5"), False, id="pending-above-the-limit"),
        pytest.param(state(orders=[(SELL, "3"), (SELL, "3")]), buy("5"), True, id="pending-on-the-other-side"),
        pytest.param(state(orders=[(BUY, "1"), (BUY, "1"), (BUY, "1")]), buy("1"), False, id="too-many-orders"),
        pytest.param(state(position=(BUY, "20")), buy("5", side=SELL), True, id="reduces-a-large-position"),
        pytest.param(state(position=(BUY, "20")), buy("20", side=SELL), True, id="closes-a-large-position"),
        pytest.param(
            state(position=(BUY, "5"), orders=[(BUY, "1"), (BUY, "1"), (BUY, "1")]),
            buy("5", side=SELL),
            True,
            id="reduces-while-there-are-many-orders",
        ),
        pytest.param(state(position=(BUY, "20")), buy("1", instrument=1), True, id="other-instrument"),
        pytest.param(state(market=100.0), buy("1000", price="0.01", side=SELL), False, id="sell-limit-far-below-the-market"),
        pytest.param(state(market=100.0), buy("5.01", price="1"), False, id="buy-limit-below-the-market"),
        pytest.param(state(market=100.0), buy("5", price="1"), True, id="at-the-limit-by-the-market"),
        pytest.param(state(market=1.0), buy("5.01"), False, id="above-the-market"),
        pytest.param(state(position=(BUY, "3"), orders=[(BUY, "7", "3")]), buy("1"), True, id="what-is-filled-counts-once"),
        pytest.param(state(position=(BUY, "3"), orders=[(BUY, "7", "3")]), buy("3.01"), False, id="what-remains-counts"),
        pytest.param(state(orders=[(BUY, "9e28")]), buy("9e28"), False, id="position-beyond-all-numbers"),
    ],
)
def test_open_is_approved_within_the_limits(given: EngineState[Any, Any], request_: OrderRequestOpen, passes: bool) -> None:
    expected = ([request_], []) if passes else ([], [request_])
    _, approved, _, refused = LIMITS.check(given, [], [request_])
    assert expected == (list(approved), [item.item for item in refused])


def test_orders_of_one_answer_count_together() -> None:
    requests = [buy("4", "a"), buy("4", "b"), buy("4", "c"), buy("2", "d")]
    _, approved, _, refused = LIMITS.check(state(), [], requests)
    assert (
        [item.key.cid for item in approved],
        [item.item.key.cid for item in refused],
    ) == (["a", "b", "d"], ["c"])


def test_cancels_pass() -> None:
    cancels = [request_cancel("a")]
    assert cancels == list(LIMITS.check(state(), cancels, [buy("99")])[0])


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(buy("6"), "order notional 600, at most 500 allowed", id="order"),
        pytest.param(buy("5"), "position notional 1100, at most 1000 allowed", id="position"),
    ],
)
def test_reason_names_the_value_and_the_limit(request_: OrderRequestOpen, expected: str) -> None:
    _, _, _, refused = LIMITS.check(state(position=(BUY, "6")), [], [request_])
    assert [expected] == [item.reason for item in refused]


def test_divergence_8_order_for_an_unknown_instrument_does_not_crash_the_engine() -> None:
    engine = build_engine(
        trading=TradingState.ENABLED, strategy=ScriptedStrategy(opens=[request_open(instrument=9)]), risk=LIMITS
    )
    audit = engine.process(market_trade(1, 0, 100.0))
    assert isinstance(audit, ProcessAudit)
    assert audit.outputs or audit.errors


@pytest.mark.parametrize(("quantity", "passes"), [("5", True), ("5.01", False)])
def test_value_counts_the_contract_size(quantity: str, passes: bool) -> None:
    contract = Instrument(
        VENUE,
        "perpetual",
        "PERP",
        Underlying(Asset("btc", "btc"), Asset("usdt", "usdt")),
        InstrumentQuoteAsset.UNDERLYING_QUOTE,
        PerpetualContract(D(10), Asset("usdt", "usdt")),
    )
    given = (
        EngineState.builder(IndexedInstruments.new([contract]), DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
        .time_engine_start(TIME_MIN)
        .build()
    )
    _, approved, _, _ = LIMITS.check(given, [], [buy(quantity, price="10")])
    assert passes is bool(list(approved))
