"""The live stack end to end: streams, engine, link and client of Binance spot against the venue in a box.

Over real sockets, in virtual time.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.support.live_session import LiveSession, assert_same_books, run_session
from tests.support.virtual_time import START

from barter_python import (
    NO_ORDERS,
    AccountSnapshot,
    AlgoOrders,
    AssetBalance,
    AssetNameExchange,
    Balance,
    DefaultStrategy,
    EngineState,
    ExchangeId,
    IndexedInstruments,
    Instrument,
    InstrumentIndex,
    Level,
    MarketEvent,
    OrderBookL1,
    PercentFees,
    PublicTrade,
    Side,
    SimulatedExchangeConfig,
)
from barter_python.execution.client.client import ExecutionError
from barter_python.rehearsal.binance_spot import (
    AtMessage,
    AtRequest,
    DelayMessages,
    DropConnections,
    DuplicateMessages,
    EventFeed,
    Fault,
    NoAnswers,
    RehearsalConfig,
    RehearsalLimits,
    ServerErrors,
    SkipMessages,
    VenueChannel,
)
from barter_python.system.parts import SystemFailedError

VENUE = ExchangeId.BINANCE_SPOT
LIMITS = RehearsalLimits(orders_per_ten_seconds=1_000)
WRONG_SECRET = "-".join(("some", "other", "secret"))  # in pieces, because a traceback quotes the lines of this file
INSTRUMENTS = IndexedInstruments.new([Instrument.spot(VENUE, "binance_spot-btcusdt", "BTCUSDT", ("BTC", "USDT"))])


class InAndOut(DefaultStrategy):
    """Buys when it holds nothing, and sells what it holds."""

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        (instrument,) = state.instruments
        price, position = instrument.data.price(), instrument.position.current
        if instrument.orders or price is None:
            return NO_ORDERS
        if position is None:
            return (), [self.market_order(instrument, Side.BUY, Decimal("0.01"), price)]
        return (), [self.market_order(instrument, Side.SELL, position.quantity_abs, price)]


def market(ticks: int, behind: timedelta = timedelta(0)) -> Iterator[MarketEvent]:
    """Best prices and trades from the start on, twenty in a second, by a clock that is so far behind."""
    start = START - behind
    for number in range(ticks):
        time, price = start + number * timedelta(milliseconds=50), 100 + number % 7
        best = OrderBookL1(time, Level(Decimal(price), Decimal(5)), Level(Decimal(price + 1), Decimal(5)))
        yield MarketEvent(time, time, VENUE, InstrumentIndex(0), best)
        trade = PublicTrade(str(number), float(price), 0.5, Side.SELL)
        yield MarketEvent(time, time, VENUE, InstrumentIndex(0), trade)


def config(*faults: Fault) -> RehearsalConfig:
    held = [AssetBalance(AssetNameExchange("USDT"), Balance(Decimal(1_000), Decimal(1_000)), START)]
    account = SimulatedExchangeConfig(VENUE, AccountSnapshot(VENUE, held, []), PercentFees(Decimal("0.001"), Decimal("0.001")))
    return RehearsalConfig(INSTRUMENTS, account, faults=faults, limits=LIMITS)


async def trade_on(
    *faults: Fault,
    ticks: int = 16,
    secret: str = "rehearsal-secret",
    strategy: InAndOut | None = None,
    behind: timedelta = timedelta(0),
) -> LiveSession:
    return await run_session(config(*faults), EventFeed(market(ticks, behind)), strategy or InAndOut(), secret=secret)


A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("behind", "faults"),
    [
        pytest.param(timedelta(0), (), id="nothing goes wrong"),
        pytest.param(
            timedelta(0), (DropConnections(AtMessage(9), VenueChannel.USER, is_abrupt=True),), id="the user stream is lost"
        ),
        pytest.param(
            timedelta(0), (DropConnections(AtMessage(12)), DropConnections(AtMessage(26))), id="the market streams are lost"
        ),
        pytest.param(timedelta(0), (DuplicateMessages(AtMessage(5), channel=VenueChannel.USER),), id="a message comes twice"),
        pytest.param(timedelta(0), (SkipMessages(AtMessage(2), VenueChannel.USER),), id="the event of a fill is lost"),
        pytest.param(timedelta(0), (NoAnswers(AtRequest(2), acts=True, method="POST"),), id="the answer to an order is lost"),
        pytest.param(timedelta(0), (ServerErrors(AtRequest(2), acts=True, method="POST"),), id="a server error after acting"),
        pytest.param(timedelta(0), (ServerErrors(AtRequest(2), acts=False, method="POST"),), id="a server error before acting"),
        pytest.param(
            A_MINUTE,
            (ServerErrors(AtRequest(2), acts=True, method="POST"), SkipMessages(AtMessage(4), VenueChannel.USER, count=3)),
            id="an answer and its events are lost at a venue whose clock is a minute behind",
        ),
    ],
)
async def test_the_engine_ends_with_the_books_of_the_venue(behind: timedelta, faults: tuple[Fault, ...]) -> None:
    session = await trade_on(*faults, behind=behind)

    assert_same_books(session)
    assert len(session.fills) > 4


async def test_events_that_come_later_than_answers_do_not_double_an_order() -> None:
    late = DelayMessages(AtMessage(1), timedelta(milliseconds=150), VenueChannel.USER, count=100)
    session = await trade_on(late)

    sides = [fill.side for fill in session.books.trades]
    assert len(sides) > 2
    assert [(Side.BUY, Side.SELL)[number % 2] for number in range(len(sides))] == sides
    assert [fill.id for fill in session.books.trades] == [int(fill.id) for fill in session.fills]


async def test_a_wrong_key_ends_before_anything_runs() -> None:
    with pytest.raises(ExecutionError) as failed:
        await trade_on(secret=WRONG_SECRET)

    assert "Signature for this request is not valid" in str(failed.value)
    assert WRONG_SECRET not in "".join(traceback.format_exception(failed.value))


class Raises(InAndOut):
    """Has a mistake, once it holds something."""

    def generate_algo_orders(self, state: EngineState[Any, Any], /) -> AlgoOrders:
        if next(iter(state.instruments)).position.current is not None:
            raise ZeroDivisionError("a mistake in the strategy")
        return super().generate_algo_orders(state)


async def test_a_strategy_that_raises_stops_the_system_and_says_why() -> None:
    with pytest.raises(SystemFailedError, match="a mistake in the strategy"):
        await trade_on(strategy=Raises())
