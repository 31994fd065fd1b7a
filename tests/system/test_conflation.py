"""What may be left out of market data."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.support.virtual_time import START

from barter_python.data.book import Level, OrderBook, OrderBookSide, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, MarketEvent, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.engine.event import TradingStateUpdate
from barter_python.engine.state.trading import TradingState
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.side import Side
from barter_python.system.conflation import conflate

VENUE = ExchangeId.BINANCE_SPOT


def at(second: int, kind: Any, instrument: int = 0) -> MarketEvent:
    time = START + timedelta(seconds=second)
    return MarketEvent(time, time, VENUE, instrument, kind)


def trade(number: int) -> PublicTrade:
    return PublicTrade(str(number), float(number), 1.0, Side.BUY)


def book(kind: type, sequence: int, bids: dict[int, int], asks: dict[int, int]) -> Any:
    received = OrderBook(sequence, START)
    received.bids = OrderBookSide.as_received(Side.BUY, levels(bids))
    received.asks = OrderBookSide.as_received(Side.SELL, levels(asks))
    return kind(received)


def levels(amounts: dict[int, int]) -> list[Level]:
    return [Level(Decimal(price), Decimal(amount)) for price, amount in amounts.items()]


CANDLE = Candle(START, 1.0, 1.0, 1.0, 1.0, 1.0, 1)
DISABLE = TradingStateUpdate(TradingState.DISABLED)
UPDATE_1 = book(OrderBookUpdate, 1, {10: 1, 9: 2}, {11: 1})
UPDATE_2 = book(OrderBookUpdate, 2, {10: 0}, {11: 3, 12: 4})
SNAPSHOT = book(OrderBookSnapshot, 5, {10: 1}, {11: 1})


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([at(1, trade(1)), at(2, trade(2))], [at(2, trade(2))], id="last-trade"),
        pytest.param(
            [at(1, trade(1)), at(2, trade(2), 1), at(3, trade(3))],
            [at(2, trade(2), 1), at(3, trade(3))],
            id="of-each-instrument-in-order",
        ),
        pytest.param(
            [at(1, trade(1)), at(2, OrderBookL1()), at(3, CANDLE)],
            [at(1, trade(1)), at(2, OrderBookL1()), at(3, CANDLE)],
            id="of-each-kind",
        ),
        pytest.param([at(1, UPDATE_1), at(2, SNAPSHOT)], [at(2, SNAPSHOT)], id="a-snapshot-makes-updates-obsolete"),
        pytest.param(
            [at(1, SNAPSHOT), at(2, UPDATE_1), at(3, UPDATE_2)],
            [at(1, SNAPSHOT), at(3, book(OrderBookUpdate, 2, {10: 0, 9: 2}, {11: 3, 12: 4}))],
            id="updates-are-merged",
        ),
        pytest.param(
            [MarketReconnecting(VENUE), at(1, trade(1)), MarketReconnecting(VENUE)],
            [at(1, trade(1)), MarketReconnecting(VENUE)],
            id="last-lost-connection",
        ),
        pytest.param([at(1, trade(1)), DISABLE, at(2, trade(2))], [DISABLE, at(2, trade(2))], id="a-command-is-kept"),
    ],
)
def test_conflate(events: list[Any], expected: list[Any]) -> None:
    assert expected == conflate(events)


def test_a_book_is_the_same_after_conflation() -> None:
    events = [at(1, SNAPSHOT), at(2, UPDATE_1), at(3, UPDATE_2), at(4, UPDATE_1)]
    books = []
    for some in (events, conflate(events)):
        applied = OrderBook()
        for event in some:
            applied.update(event.kind)  # type: ignore[union-attr]
        books.append(applied)
    assert books[0] == books[1]
