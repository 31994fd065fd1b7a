"""Which order book updates continue a snapshot. Rust origin: barter_data::exchange::binance::{spot::l2, futures::l2} (tests)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from barter_python.data.exchange.binance.book_sync import BinanceOrderBookSync
from barter_python.data.exchange.binance.message import BinanceOrderBookL2Snapshot, BinanceOrderBookL2Update
from barter_python.data.exchange.binance.sequencer import (
    BinanceFuturesUsdOrderBookL2Sequencer,
    BinanceSpotOrderBookL2Sequencer,
    InvalidSequenceError,
    new_sequencer,
)
from barter_python.instrument.exchange import ExchangeId

Spot, Futures = BinanceSpotOrderBookL2Sequencer, BinanceFuturesUsdOrderBookL2Sequencer
SPOT, FUTURES = ExchangeId.BINANCE_SPOT, ExchangeId.BINANCE_FUTURES_USD


def update(first: int, last: int, prev: int | None = None) -> BinanceOrderBookL2Update:
    return BinanceOrderBookL2Update("BTCUSDT", 0, first, last, [], [], None, prev)


def snapshot(last: int) -> BinanceOrderBookL2Snapshot:
    return BinanceOrderBookL2Snapshot(last, [], [])


@pytest.mark.parametrize("sequencer", [Spot, Futures])
def test_is_first_update(sequencer: Callable[[int, int], Any]) -> None:
    assert sequencer(10, 0).is_first_update()
    assert not sequencer(100, 10).is_first_update()


FIRST = {
    "spot: U <= last + 1 <= u": (Spot, update(100, 110), True),
    "spot: U > last + 1": (Spot, update(102, 90), False),
    "spot: u < last + 1": (Spot, update(110, 90), False),
    "futures: U <= last <= u": (Futures, update(100, 110, 90), True),
    "futures: u < last": (Futures, update(100, 90, 90), False),
    "futures: U > last": (Futures, update(110, 120, 90), False),
    "futures: pu == last": (Futures, update(250, 270, 100), True),
    "futures: pu != last, U > last": (Futures, update(250, 270, 101), False),
    "futures: both": (Futures, update(110, 90, 90), False),
}


@pytest.mark.parametrize(("sequencer", "first", "valid"), FIRST.values(), ids=FIRST)
def test_validate_first_update(sequencer: Callable[[int], Any], first: BinanceOrderBookL2Update, valid: bool) -> None:
    _check(sequencer(100).validate_first_update, first, valid)


NEXT = {
    "spot: U == last + 1": (Spot, update(101, 110), True),
    "spot: gap": (Spot, update(120, 130), False),
    "futures: pu == last": (Futures, update(101, 110, 100), True),
    "futures: gap": (Futures, update(100, 90, 90), False),
}


@pytest.mark.parametrize(("sequencer", "following", "valid"), NEXT.values(), ids=NEXT)
def test_validate_next_update(sequencer: Callable[[int, int], Any], following: BinanceOrderBookL2Update, valid: bool) -> None:
    _check(sequencer(100, 100).validate_next_update, following, valid)


def _check(validate: Callable[[BinanceOrderBookL2Update], None], item: BinanceOrderBookL2Update, valid: bool) -> None:
    if valid:
        validate(item)
        return
    with pytest.raises(InvalidSequenceError) as raised:
        validate(item)
    assert (100, item.first_update_id) == (raised.value.prev_last_update_id, raised.value.first_update_id)


SEQUENCES = {
    "spot drops u <= last": (SPOT, 100, [update(90, 100)], [False]),
    "spot bridges, then continues": (SPOT, 100, [update(95, 99), update(99, 103), update(104, 104)], [False, True, True]),
    "spot may start right behind": (SPOT, 100, [update(101, 103)], [True]),
    "futures drops u < last": (FUTURES, 100, [update(90, 99, 89)], [False]),
    "futures takes u == last": (FUTURES, 100, [update(90, 100, 89), update(103, 105, 100)], [True, True]),
}


@pytest.mark.parametrize(("exchange", "start", "updates", "expected"), SEQUENCES.values(), ids=SEQUENCES)
def test_validate_sequence(
    exchange: ExchangeId, start: int, updates: list[BinanceOrderBookL2Update], expected: list[bool]
) -> None:
    sequencer = new_sequencer(exchange, start)

    assert expected == [sequencer.validate_sequence(item) for item in updates]


class TestSync:
    """Updates follow the snapshot, whenever it comes."""

    def test_updates_wait_for_the_snapshot_and_bridge_it(self) -> None:
        sync = BinanceOrderBookSync(SPOT)
        early = [update(90, 95), update(96, 101), update(102, 104)]

        assert [sync.on_update(item) for item in early] == [False, False, False]
        assert early[1:] == sync.on_snapshot(snapshot(100))
        assert (sync.waiting, sync.dropped) == (0, 0)
        assert sync.on_update(update(105, 105))

    def test_updates_lost_before_the_snapshot_are_an_error(self) -> None:
        sync = BinanceOrderBookSync(SPOT)
        sync.on_update(update(105, 110))

        with pytest.raises(InvalidSequenceError):
            sync.on_snapshot(snapshot(100))

    def test_updates_lost_after_the_snapshot_are_an_error(self) -> None:
        sync = BinanceOrderBookSync(FUTURES)
        sync.on_snapshot(snapshot(100))
        sync.on_update(update(99, 101, 98))

        with pytest.raises(InvalidSequenceError, match="first update id is 105, expected the one that follows 101"):
            sync.on_update(update(105, 110, 104))

    def test_a_snapshot_no_newer_than_the_book_is_useless(self) -> None:
        sync = BinanceOrderBookSync(SPOT)
        sync.on_snapshot(snapshot(100))
        sync.on_update(update(101, 110))

        assert sync.on_snapshot(snapshot(110)) is None
        assert sync.on_update(update(111, 111))

    def test_a_newer_snapshot_restarts_the_book(self) -> None:
        sync = BinanceOrderBookSync(SPOT)
        sync.on_snapshot(snapshot(100))

        assert sync.on_snapshot(snapshot(200)) == []
        assert [sync.on_update(update(190, 200)), sync.on_update(update(199, 201))] == [False, True]

    def test_what_waits_too_long_is_dropped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("barter_python.data.exchange.binance.book_sync._WAITING_MAX", 2)
        sync = BinanceOrderBookSync(SPOT)
        for number in (1, 2, 3):
            sync.on_update(update(number, number))

        assert (sync.waiting, sync.dropped) == (2, 1)
