"""Order books. Rust origin: barter_data::books (tests)."""

from __future__ import annotations

import pytest
from tests.support.builders import TIME_MIN, D, plus_days

from barter_python.data.book import Level, OrderBook, OrderBookSide, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import OrderBookL1
from barter_python.instrument.side import Side
from barter_python.timed import EPOCH


def level(text: str) -> Level:
    """`price@amount`."""
    price, amount = text.split("@")
    return Level(D(price), D(amount))


def levels(text: str) -> list[Level]:
    return [level(item) for item in text.split()]


def book(bids: str, asks: str, sequence: int = 0) -> OrderBook:
    return OrderBook(sequence, None, levels(bids), levels(asks))


def top(bid: str | None, ask: str | None) -> OrderBookL1:
    return OrderBookL1(EPOCH, None if bid is None else level(bid), None if ask is None else level(ask))


@pytest.mark.parametrize(
    ("l1", "expected"),
    [
        pytest.param(top("100@999999", "200@1"), "150", id="amounts-do-not-matter"),
        pytest.param(top("50@1", "250@999999"), "150", id="other-amounts"),
        pytest.param(top("10@999999", "250@999999"), "130", id="equal-amounts"),
        pytest.param(top("10@999999", None), None, id="no-ask"),
        pytest.param(top(None, "250@999999"), None, id="no-bid"),
        pytest.param(top(None, None), None, id="neither"),
    ],
)
def test_l1_mid_price(l1: OrderBookL1, expected: str | None) -> None:
    assert (None if expected is None else D(expected)) == l1.mid_price()


@pytest.mark.parametrize(
    ("l1", "expected"),
    [
        pytest.param(top("100@100", "200@100"), "150", id="equal-amounts"),
        pytest.param(top("100@600", "200@1000"), "137.5", id="towards-the-smaller-amount"),
        pytest.param(top("1000@999999", "1000@999999"), "1000", id="equal-prices"),
        pytest.param(top("1000@999999", None), None, id="no-ask"),
        pytest.param(top(None, "1000@999999"), None, id="no-bid"),
        pytest.param(top("100@0", "200@0"), None, id="divergence-8-no-amounts"),
        pytest.param(top("100@0", "200@1"), "100", id="amount-on-one-side-only"),
    ],
)
def test_l1_volume_weighted_mid_price(l1: OrderBookL1, expected: str | None) -> None:
    assert (None if expected is None else D(expected)) == l1.volume_weighed_mid_price()


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(book("", ""), None, id="empty"),
        pytest.param(book("100@100 50@100", ""), "100", id="only-bids"),
        pytest.param(book("", "50@100 100@100"), "50", id="only-asks"),
        pytest.param(book("100@100 50@100", "200@100 300@100"), "150", id="both"),
    ],
)
def test_book_mid_price(actual: OrderBook, expected: str | None) -> None:
    assert (None if expected is None else D(expected)) == actual.mid_price()


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(book("", ""), None, id="empty"),
        pytest.param(book("100@100 50@100", ""), "100", id="only-bids"),
        pytest.param(book("", "50@100 100@100"), "50", id="only-asks"),
        pytest.param(book("100@100 50@100", "200@100 300@100"), "150", id="equal-amounts"),
        pytest.param(book("100@3000 50@100", "200@1000 300@100"), "175", id="towards-the-smaller-amount"),
        pytest.param(book("100@0", "200@0"), None, id="divergence-8-no-amounts"),
    ],
)
def test_book_volume_weighted_mid_price(actual: OrderBook, expected: str | None) -> None:
    assert (None if expected is None else D(expected)) == actual.volume_weighed_mid_price()


@pytest.mark.parametrize(
    ("side", "before", "update", "expected"),
    [
        pytest.param(Side.BUY, "80@1 90@1 100@1", "100@0", "90@1 80@1", id="removed"),
        pytest.param(Side.BUY, "80@1 90@1 100@1", "100@10", "100@10 90@1 80@1", id="replaced"),
        pytest.param(Side.BUY, "80@1 90@1 100@1", "110@1", "110@1 100@1 90@1 80@1", id="inserted-first"),
        pytest.param(Side.BUY, "80@1 90@1 100@1", "110@0", "100@1 90@1 80@1", id="removal-of-an-unknown-level"),
        pytest.param(Side.BUY, "80@1 100@1", "90@1", "100@1 90@1 80@1", id="inserted-between"),
        pytest.param(Side.BUY, "80@1 100@1", "70@1", "100@1 80@1 70@1", id="inserted-last"),
        pytest.param(Side.SELL, "100@1 90@1 80@1", "85@1", "80@1 85@1 90@1 100@1", id="ask-inserted-between"),
        pytest.param(Side.SELL, "100@1 90@1 80@1", "90@0", "80@1 100@1", id="ask-removed"),
        pytest.param(Side.SELL, "100@1 90@1 80@1", "90.0@5", "80@1 90@5 100@1", id="ask-replaced-under-another-spelling"),
    ],
)
def test_upsert(side: Side, before: str, update: str, expected: str) -> None:
    actual = OrderBookSide(side, levels(before))
    actual.upsert(levels(update))
    assert levels(expected) == actual.levels


@pytest.mark.parametrize(
    ("side", "expected"),
    [pytest.param(Side.BUY, "3@1 2@1 1@1", id="bids-fall"), pytest.param(Side.SELL, "1@1 2@1 3@1", id="asks-rise")],
)
def test_levels_are_sorted_best_first(side: Side, expected: str) -> None:
    assert levels(expected) == OrderBookSide(side, levels("2@1 3@1 1@1")).levels


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param(OrderBookSnapshot(book("5@1", "6@1", 9)), book("5@1", "6@1", 9), id="snapshot-replaces"),
        pytest.param(OrderBookUpdate(book("2@0 3@4", "8@1", 9)), book("3@4 1@1", "7@1 8@1", 9), id="update-changes-some-levels"),
        pytest.param(OrderBookUpdate(book("", "", 9)), book("2@1 1@1", "7@1", 9), id="empty-update-changes-the-sequence"),
    ],
)
def test_book_update(event: OrderBookSnapshot | OrderBookUpdate, expected: OrderBook) -> None:
    actual = book("2@1 1@1", "7@1", 3)
    actual.update(event)
    assert expected == actual


def test_update_takes_the_time_of_the_engine() -> None:
    actual = OrderBook(1, TIME_MIN)
    actual.update(OrderBookUpdate(OrderBook(2, plus_days(1))))
    assert (2, plus_days(1)) == (actual.sequence, actual.time_engine)


def test_book_does_not_share_its_levels_with_the_snapshot() -> None:
    source, actual = book("2@1", "7@1"), book("", "")
    actual.update(OrderBookSnapshot(source))
    actual.update(OrderBookUpdate(book("2@0", "")))
    assert book("2@1", "7@1") == source


def test_snapshot_keeps_the_best_levels_of_each_side() -> None:
    assert book("3@1 2@1", "4@1 5@1", 7) == book("3@1 2@1 1@1", "4@1 5@1 6@1", 7).snapshot(2)
