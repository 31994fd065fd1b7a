"""State and market data of instruments. Rust origin: barter::engine::state::instrument."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.support.builders import TIME_MIN, D, open_state, order, plus_days, request_open, trade
from tests.support.engine import VENUE, account_trade, build_state, instruments, market_trade

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, DataKind, Liquidation, MarketEvent, OrderBookL1, PublicTrade
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.filter import (
    ExchangesFilter,
    InstrumentFilter,
    InstrumentsFilter,
    UnderlyingsFilter,
)
from barter_python.engine.state.state import EngineState
from barter_python.errors import InstrumentIndexError
from barter_python.execution.account import AccountEvent, InstrumentAccountSnapshot
from barter_python.execution.order.order import Order
from barter_python.execution.order.state import OPEN_IN_FLIGHT, CancelInFlight
from barter_python.instrument.instrument import Underlying
from barter_python.instrument.side import Side
from barter_python.timed import Timed


def market(kind: DataKind, day: int = 1) -> MarketEvent:
    return MarketEvent(plus_days(day), plus_days(day), VENUE, 0, kind)


def tick(price: float) -> PublicTrade:
    return PublicTrade("1", price, 1.0, Side.BUY)


def book(bid: str | None, ask: str | None, time: datetime = TIME_MIN) -> OrderBookL1:
    """Level one with an amount of one on each side."""
    levels = [None if price is None else Level(D(price), D(1)) for price in (bid, ask)]
    return OrderBookL1(time, *levels)


def candle(close: float) -> Candle:
    return Candle(plus_days(1), 1.0, 2.0, 0.5, close, 10.0, 3)


SNAPSHOT, UPDATE = OrderBookSnapshot, OrderBookUpdate


def depth(kind: type[OrderBookSnapshot | OrderBookUpdate], bid: str, ask: str) -> OrderBookSnapshot | OrderBookUpdate:
    """A book with an amount of one on each side."""
    return kind(OrderBook.as_received(1, None, [Level(D(bid), D(1))], [Level(D(ask), D(1))]))


EMPTY_BOOK = OrderBookL1(TIME_MIN)
"""Older than every event of these tests, unlike the default, which is of 1970."""


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param([market(tick(5.0))], "5", id="trade"),
        pytest.param([market(tick(5.0), 1), market(tick(6.0), 2)], "6", id="later-trade"),
        pytest.param([market(tick(5.0), 2), market(tick(6.0), 1)], "5", id="earlier-trade-is-ignored"),
        pytest.param([market(tick(5.0), 1), market(tick(6.0), 1)], "6", id="divergence-17-trade-of-equal-time"),
        pytest.param([market(book("1", "3"))], "2", id="level-one"),
        pytest.param([market(tick(5.0)), market(book("1", "3"))], "2", id="level-one-before-trade"),
        pytest.param([market(book("1", "3")), market(tick(5.0), 2)], "2", id="level-one-before-later-trade"),
        pytest.param([market(tick(5.0)), market(book("1", None))], "5", id="half-a-level-one-has-no-price"),
        pytest.param([market(book("1", "3", plus_days(5))), market(book("7", "9"), 4)], "2", id="earlier-level-one-is-ignored"),
        pytest.param(
            [market(book("1", "3", plus_days(5))), market(book("7", "9"), 5)], "8", id="divergence-17-level-one-of-equal-time"
        ),
        pytest.param([market(book("1", "3", plus_days(5))), market(book("7", "9"), 6)], "8", id="level-one-later"),
        pytest.param([market(tick(float("nan")))], None, id="trade-at-nan"),
        pytest.param([market(candle(1.5))], "1.5", id="divergence-18-close-of-a-candle"),
        pytest.param([market(tick(5.0)), market(candle(1.5))], "1.5", id="divergence-18-candle-of-equal-time"),
        pytest.param([market(tick(5.0), 2), market(candle(1.5))], "5", id="earlier-candle-is-ignored"),
        pytest.param([market(depth(SNAPSHOT, "1", "3"))], "2", id="divergence-18-book"),
        pytest.param([market(depth(SNAPSHOT, "1", "3")), market(depth(UPDATE, "2", "3"))], "2.5", id="divergence-18-book-change"),
        pytest.param([market(depth(SNAPSHOT, "1", "3")), market(depth(SNAPSHOT, "5", "7"))], "6", id="divergence-18-new-book"),
        pytest.param([market(depth(UPDATE, "2", "3"))], None, id="change-of-an-unknown-book"),
        pytest.param([market(depth(SNAPSHOT, "1", "3")), market(book("7", "9"))], "8", id="level-one-replaces-the-book"),
        pytest.param([market(book("7", "9")), market(depth(SNAPSHOT, "1", "3"), 2)], "8", id="book-beside-level-one-is-ignored"),
        pytest.param([market(Liquidation(Side.BUY, 1.0, 1.0, plus_days(1)))], None, id="liquidation"),
        pytest.param([AccountEvent(0, trade(Side.BUY, "5", "1"))], None, id="own-fill"),
    ],
)
def test_default_market_data_price(events: list[MarketEvent], expected: str | None) -> None:
    data = DefaultInstrumentMarketData(EMPTY_BOOK)
    for event in events:
        data.process(event)
    assert (None if expected is None else D(expected)) == data.price()


def test_default_market_data_keeps_the_time_of_the_trade() -> None:
    data = DefaultInstrumentMarketData()
    data.process(market(tick(5.0), 3))
    assert Timed(D(5), plus_days(3)) == data.last_traded_price


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        pytest.param(110.0, "18", id="divergence-3-up"),
        pytest.param(90.0, "-22", id="divergence-3-down"),
        pytest.param(float("nan"), "0", id="divergence-3-no-price"),
    ],
)
def test_market_revalues_the_position(price: float, expected: str) -> None:
    """Two units at 100 for a fee of 2."""
    state = build_state()
    state.update_from_account(account_trade(1, 0, Side.BUY, "100", "2", "2"))
    state.update_from_market(market_trade(2, 0, price))
    position = state.instruments.instrument_index(0).position.current
    assert position is not None
    assert D(expected) == position.pnl_unrealised


def test_market_without_position_opens_none() -> None:
    state = build_state()
    state.update_from_market(market_trade(2, 0, 110.0))
    assert state.instruments.instrument_index(0).position.current is None


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        pytest.param(None, [0, 1], id="all"),
        pytest.param(InstrumentsFilter((1,)), [1], id="instruments"),
        pytest.param(InstrumentsFilter((1, 0)), [0, 1], id="instruments-in-index-order"),
        pytest.param(ExchangesFilter((0,)), [0, 1], id="exchanges"),
        pytest.param(ExchangesFilter((1,)), [], id="other-exchanges"),
        pytest.param(UnderlyingsFilter((Underlying(1, 0),)), [1], id="underlyings"),
    ],
)
def test_filter(selected: InstrumentFilter, expected: list[int]) -> None:
    instruments = build_state().instruments
    states = [instruments.instrument_index(index) for index in expected]
    assert expected == [state.key for state in instruments.instruments(selected)]
    assert [state.position for state in states] == list(instruments.positions(selected))
    assert [state.orders for state in states] == list(instruments.orders(selected))
    assert [state.data for state in states] == list(instruments.instrument_datas(selected))
    assert [state.tear_sheet for state in states] == list(instruments.tear_sheets(selected))


def test_instrument_is_found_by_index_and_by_name() -> None:
    instruments = build_state().instruments
    assert instruments.instrument_index(1) is instruments.instrument("binance_spot_ETH_BTC")
    assert [instruments.instrument_index(key) for key in range(len(instruments))] == list(instruments)


@pytest.mark.parametrize("key", [pytest.param(2, id="too-large"), pytest.param(-1, id="negative"), pytest.param("x", id="name")])
def test_unknown_index_is_an_error(key: int) -> None:
    with pytest.raises(InstrumentIndexError):
        build_state().instruments.instrument_index(key)


def test_unknown_name_is_an_error() -> None:
    with pytest.raises(InstrumentIndexError, match="'x' is not tracked, expected one of: binance_spot_btc_usdt, "):
        build_state().instruments.instrument("x")


def test_account_is_exported_with_its_open_orders_under_the_names_of_the_exchange() -> None:
    state = build_state()
    for resting in (
        order(open_state(), "open"),
        order(CancelInFlight(open_state()), "cancelling"),
        order(OPEN_IN_FLIGHT, "sent"),
    ):
        state.update_from_account(AccountEvent(0, resting))
    exported = order(open_state(), "open", exchange=VENUE, instrument="BTCUSDT")
    expected = [InstrumentAccountSnapshot("BTCUSDT", [exported]), InstrumentAccountSnapshot("ETHBTC", [])]
    assert expected == state.to_account_snapshots(TIME_MIN)[VENUE].instruments


def test_closed_position_enters_the_statistics() -> None:
    state = build_state()
    state.update_from_account(account_trade(1, 0, Side.BUY, "100"))
    exited = state.update_from_account(account_trade(2, 0, Side.SELL, "130"))
    assert exited is not None
    sheet = state.instruments.instrument_index(0).tear_sheet
    assert (D(30), 1, plus_days(2)) == (sheet.pnl_returns.pnl_raw, sheet.wins, sheet.time_engine_now)


class RecordingData(DefaultInstrumentMarketData):
    """Remembers the requests that were sent."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[object] = []

    def record_in_flight_open(self, request: object, /) -> None:
        self.requests.append(request)


def test_data_is_told_of_requests() -> None:
    state = build_state()
    data = RecordingData()
    state.instruments.instrument_index(0).data = data
    state.record_in_flight_opens([request_open("a")])
    tracked: Order | None = state.instruments.instrument_index(0).orders.get("a")
    assert [request_open("a")] == data.requests
    assert tracked is not None
    assert tracked.state == OPEN_IN_FLIGHT


def test_divergence_33_a_state_is_not_built_without_the_time_of_its_start() -> None:
    builder = EngineState.builder(instruments(), DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
    with pytest.raises(ValueError, match="time_engine_start is not set"):
        builder.build()
