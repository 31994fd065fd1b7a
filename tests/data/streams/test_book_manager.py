"""Order books kept at home, without sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from tests.data.streams.venue import ACK, BINANCE, BYBIT, DROP, ETH, START, FakeVenue, Script, depth, level, snapshot, sub
from tests.support.virtual_time import in_virtual_time

from barter_python.data.book import OrderBook, OrderBookEvent, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import MarketEvent, MarketReconnecting, PublicTrade
from barter_python.data.streams.book_manager import OrderBookL2Manager, init_multi_order_book_l2_manager
from barter_python.data.streams.book_map import OrderBookMapMulti, OrderBookMapSingle
from barter_python.data.streams.error import CrossedBookError, SubscriptionsEmptyError, UnsupportedSubKindError
from barter_python.data.streams.status import ConnectionLost
from barter_python.data.subscription import SubKind
from barter_python.errors import BarterError, ConfigError, MarketDataError
from barter_python.instrument.side import Side
from barter_python.integration.error import TerminatedError

L2 = SubKind.ORDER_BOOKS_L2


def book(sequence: int, bid: str = "99", ask: str = "101") -> OrderBook:
    return OrderBook(sequence, None, [level(bid, "1")], [level(ask, "1")])


def event(kind: OrderBookEvent, instrument: Any = 0, exchange: Any = BINANCE) -> MarketEvent:
    return MarketEvent(START, START, exchange, instrument, kind)


class Kept:
    """A manager of the books 0 and 1 of Binance and 2 of Bybit."""

    def __init__(self) -> None:
        self.resyncs: list[tuple[Any, BarterError]] = []
        self.books = OrderBookMapMulti({number: OrderBook() for number in range(3)})
        self.manager = OrderBookL2Manager(_nothing(), self.books, lambda *resync: self.resyncs.append(resync))

    def process(self, *items: Any) -> None:
        for item in items:
            self.manager.process(item)

    def start(self) -> None:
        self.process(*(event(OrderBookSnapshot(book(1)), number, BYBIT if number == 2 else BINANCE) for number in range(3)))

    def sequences(self) -> list[int]:
        return [self.books.books[number].sequence for number in range(3)]

    def live(self) -> list[bool]:
        return [self.manager.is_live(number) for number in range(3)]


async def _nothing() -> AsyncIterator[Any]:
    for item in ():
        yield item


def test_a_book_has_no_price_before_its_snapshot() -> None:
    kept = Kept()
    kept.process(event(OrderBookUpdate(book(5))))

    assert kept.books.books[0] == OrderBook()
    assert kept.books.books[0].mid_price() is None
    assert kept.live() == [False, False, False]


def test_updates_follow_the_snapshot() -> None:
    kept = Kept()
    kept.process(event(OrderBookSnapshot(book(1))), event(OrderBookUpdate(book(2, bid="100"))))

    assert kept.books.books[0].sequence == 2
    assert [level("100", "1"), level("99", "1")] == kept.books.books[0].bids.levels


INTERRUPTIONS: dict[str, tuple[Any, list[bool]]] = {
    "of the connection of book 1": (ConnectionLost(BINANCE, (1,), TerminatedError(None)), [True, False, True]),
    "of a venue": (MarketReconnecting(BINANCE), [False, False, True]),
}


@pytest.mark.parametrize(("interruption", "live"), INTERRUPTIONS.values(), ids=INTERRUPTIONS)
def test_an_interruption_empties_the_books_it_concerns(interruption: Any, live: list[bool]) -> None:
    """U60: Rust goes on quoting the book of a dead connection."""
    kept = Kept()
    kept.start()
    held = kept.books.books[1]

    kept.process(interruption)

    assert kept.live() == live
    assert held.mid_price() is None
    kept.process(event(OrderBookUpdate(book(7)), 1), event(OrderBookSnapshot(book(8)), 1))
    assert held == book(8)


def test_a_crossed_book_is_emptied_and_asked_for_again() -> None:
    """F23."""
    kept = Kept()
    kept.start()

    kept.process(event(OrderBookUpdate(book(2, bid="101"))))

    assert kept.live() == [False, True, True]
    assert kept.resyncs == [(0, CrossedBookError("0", level("101", "1").price, level("101", "1").price))]
    assert kept.manager.crossed == 1


def test_what_is_no_book_of_ours_changes_nothing() -> None:
    kept = Kept()
    kept.start()
    trade = MarketEvent(START, START, BINANCE, 0, PublicTrade("1", 1.0, 1.0, Side.BUY))  # type: ignore[arg-type]

    kept.process(event(OrderBookSnapshot(book(9)), 17), trade, MarketDataError("unreadable"))

    assert kept.sequences() == [1, 1, 1]
    assert kept.manager.unknown == 1


def test_books_are_found_by_their_instrument() -> None:
    one, other = OrderBook(1), OrderBook(2)
    single, multi = OrderBookMapSingle("a", one), OrderBookMapMulti({"a": one})
    multi.insert("b", other)

    assert (single.find("a"), single.find("b"), list(single.keys())) == (one, None, ["a"])
    assert (multi.find("b"), multi.find("c"), list(multi.keys())) == (other, None, ["a", "b"])


async def manage(venue: FakeVenue, seconds: Sequence[float], *batches: Any) -> list[Any]:
    """The prices of all books, at these times."""
    prices: list[Any] = []
    async with await init_multi_order_book_l2_manager(batches, venue.environment()) as manager:
        running = asyncio.ensure_future(manager.run())
        for time in seconds:
            await asyncio.sleep(time - asyncio.get_running_loop().time())
            prices.append([book.mid_price() for book in manager.books.books.values()])
    await running
    assert venue.open_sockets == 0
    return prices


@in_virtual_time
async def test_a_gap_leaves_no_price_until_the_next_snapshot() -> None:
    """F21."""
    scripts: list[Script] = [[ACK, 2.0, depth(11, 12), 1.0, depth(14, 15)], [ACK]]
    venue = FakeVenue(scripts, [snapshot(10), snapshot(20, bid="199", ask="201")], snapshot_seconds=1.0)

    assert await manage(venue, [0.5, 2.5, 3.5, 9.0], [sub(L2)]) == [[None], [100], [None], [200]]


@in_virtual_time
async def test_books_of_other_connections_stay() -> None:
    """U60."""
    scripts: list[Script] = [[ACK, 2.0, DROP], [ACK], [ACK]]
    venue = FakeVenue(scripts, [snapshot(10)] * 3, snapshot_seconds=0.5)

    assert await manage(venue, [1.0, 2.3, 9.0], [sub(L2)], [sub(L2, ETH)]) == [[100, 100], [None, 100], [100, 100]]


@in_virtual_time
async def test_a_crossed_book_brings_another_connection() -> None:
    """F23."""
    scripts: list[Script] = [[ACK, 2.0, depth(11, 12, bid="102")], [ACK]]
    venue = FakeVenue(scripts, [snapshot(10), snapshot(20)], snapshot_seconds=1.0)

    assert await manage(venue, [1.5, 2.5, 9.0], [sub(L2)]) == [[100], [None], [100]]
    assert len(venue.connected_at) == 2


IMPOSSIBLE: dict[str, tuple[Any, type[Exception], str]] = {
    "nothing": ([], SubscriptionsEmptyError, "subscriptions are empty"),
    "no book": ([[sub()]], UnsupportedSubKindError, "kind is PublicTrades"),
    "one key for two books": ([[sub(L2), sub(L2, exchange=BYBIT)]], ConfigError, "is of binance_spot and bybit_spot"),
}


@pytest.mark.parametrize(("batches", "error", "said"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
@in_virtual_time
async def test_impossible_subscriptions_never_connect(batches: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        await init_multi_order_book_l2_manager(batches, FakeVenue([]).environment())
