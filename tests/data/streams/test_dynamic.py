"""Streams by kind of data and venue, without sockets."""

from __future__ import annotations

from typing import Any

import pytest
from tests.data.streams.venue import (
    ACK,
    BINANCE,
    BYBIT,
    BYBIT_ACK,
    ETH,
    FakeVenue,
    bybit_trade,
    depth,
    read,
    snapshot,
    sub,
    trade,
    trade_ids,
)
from tests.support.virtual_time import in_virtual_time

from barter_python.data.book import OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import OrderBookL1
from barter_python.data.streams.dynamic import DynamicStreams, validate_batches, validate_subscriptions
from barter_python.data.streams.error import SubscriptionsEmptyError
from barter_python.data.subscription import SubKind, UnsupportedSubscriptionError

TICKER = b'{"u":1,"s":"BTCUSDT","b":"99","B":"1","a":"101","A":"1"}'
TRADES, L1, L2 = SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1, SubKind.ORDER_BOOKS_L2


async def three_kinds() -> tuple[FakeVenue, DynamicStreams]:
    scripts: list[Any] = [
        [ACK, 1.0, trade(1)],
        [ACK, 2.0, TICKER],
        [ACK, 3.0, depth(11, 12)],
        [BYBIT_ACK, 4.0, bybit_trade("2")],
    ]
    venue = FakeVenue(scripts, [snapshot(10)], snapshot_seconds=3.5)
    streams = await DynamicStreams.init([[sub(L2), sub(L1), sub(TRADES), sub(exchange=BYBIT)]], venue.environment())
    return venue, streams


@in_virtual_time
async def test_each_kind_of_each_venue_has_its_connection() -> None:
    venue, streams = await three_kinds()
    async with streams:
        assert (streams.trades, streams.l1s, streams.l2s, streams.liquidations) == ((BINANCE, BYBIT), (BINANCE,), (BINANCE,), ())
        assert len(streams.connections) == 4
        assert trade_ids(await read(streams.select_trades(BINANCE), 1)) == ["1"]
        [event] = await read(streams.select_l1s(BINANCE), 1)
        assert isinstance(event.kind, OrderBookL1)
        books = await read(streams.select_l2s(BINANCE), 2)
        assert [OrderBookSnapshot, OrderBookUpdate] == [type(event.kind) for event in books]
        assert streams.select_liquidations(BINANCE) is None
        assert streams.select_trades(BINANCE) is None
    assert venue.open_sockets == 0


@in_virtual_time
async def test_kinds_can_be_merged() -> None:
    _, streams = await three_kinds()
    async with streams:
        assert trade_ids(await read(streams.select_all_trades(), 2)) == ["1", "2"]
        assert len(await read(streams.select_all_l1s(), 1)) == 1
        assert len(await read(streams.select_all_l2s(), 2)) == 2
        nothing = streams.select_all_liquidations()
    assert await nothing.next_batch() == []


@in_virtual_time
async def test_all_can_be_merged() -> None:
    _, streams = await three_kinds()
    async with streams:
        kinds = [type(event.kind).__name__ for event in await read(streams.select_all(), 5)]
    assert kinds == ["PublicTrade", "OrderBookL1", "OrderBookSnapshot", "OrderBookUpdate", "PublicTrade"]


@in_virtual_time
async def test_nothing_to_stream_is_an_error() -> None:
    with pytest.raises(SubscriptionsEmptyError):
        await DynamicStreams.init([[], []], FakeVenue([]).environment())


def test_a_batch_is_sorted_and_each_subscription_there_once() -> None:
    batch = [sub(exchange=BYBIT), sub(L1), sub(instrument=ETH), sub(L1), sub()]

    assert [sub(instrument=ETH), sub(), sub(L1), sub(exchange=BYBIT)] == validate_subscriptions(batch)
    assert [[sub()], []] == validate_batches([[sub()], []])


def test_what_cannot_be_streamed_is_refused() -> None:
    with pytest.raises(UnsupportedSubscriptionError, match="binance_spot cannot stream Candles of spot"):
        validate_batches([[sub(SubKind.CANDLES)]])
