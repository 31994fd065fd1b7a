"""Captures of real markets, event by event, through the decoder, the sequencer and the order book of live trading.

The venue pushes every change of its best prices as a `bookTicker` with the number of the update that made it. So it holds until
the number of the next one, and a local book that stands at a number in between has to show it. Most `bookTicker` have no such
book: depth is pushed every 100 ms (spot) or 50 ms (USD-M), over many of them.

A snapshot has 1,000 levels of each side, and the venue warns that what lies beyond is unknown until it changes. So the best price
of a local book is defined as long as the venue's is better than that, or than one of the venue's best prices since: nothing was
better then, and what came later was told. Elsewhere it can only be said that the local one must not be better than the venue's.

Source: "Individual Symbol Book Ticker Streams" and "How to manage a local order book correctly" of each venue's documentation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from tests.support.captures import SPOT, SPOT_CONTINUED, USDM, needs_captures

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot
from barter_python.data.event import MarketEvent, OrderBookL1, PublicTrade
from barter_python.data.exchange.binance.connector import BINANCE_FUTURES_USD, BINANCE_SPOT
from barter_python.data.exchange.connector import Connector
from barter_python.data.exchange.named import NamedMarketEvent
from barter_python.data.exchange.sequence import InvalidSequenceError
from barter_python.data.file.capture_lines import CaptureLine, read_capture_lines
from barter_python.data.streams.book_manager import OrderBookL2Manager
from barter_python.data.streams.book_map import OrderBookMapSingle

SYMBOL = "BTCUSDT"
UNBOUNDED = Decimal("Infinity")


class BestPrices(NamedTuple):
    """Of the local book, or of the venue, as of an update."""

    number: int
    bid: Level | None
    ask: Level | None


@dataclass
class Replay:
    """What a client makes of a capture.

    Attributes:
        lines: How many it has.
        unknown: Lines that gave no event, and are no updates that wait for the snapshot.
        trade_ids: In order.
        local: After each change of the local book.
        venue: Each `bookTicker`.
        bid_known: Worst bid of the snapshot; without one all bids are unknown.
        ask_known: Worst ask of the snapshot.
    """

    connector: Connector
    lines: int = 0
    unknown: list[CaptureLine] = field(default_factory=list)
    trade_ids: list[int] = field(default_factory=list)
    local: list[BestPrices] = field(default_factory=list)
    venue: list[BestPrices] = field(default_factory=list)
    bid_known: Decimal = UNBOUNDED
    ask_known: Decimal = -UNBOUNDED

    def __post_init__(self) -> None:
        self.book = OrderBook()
        self.manager = OrderBookL2Manager(_nothing(), OrderBookMapSingle(0, self.book))
        self._transformer = self.connector.transformer()

    def run(self, lines: Iterable[CaptureLine], *, from_first_update: bool = False) -> Replay:
        """Take in a capture. One without a snapshot starts with an empty book right before its first update."""
        for line in lines:
            self.lines += 1
            if line.message.startswith(b'{"lastUpdateId"'):
                self._take(self._transformer.on_snapshot(line.message, line.time_received, SYMBOL))
                continue
            data = msgspec.json.decode(line.message)["data"]
            is_update = data.get("e") == "depthUpdate"
            if from_first_update and is_update:
                from_first_update = False
                empty = {"lastUpdateId": data["U"] - 1, "bids": [], "asks": []}
                self._take(self._transformer.on_snapshot(msgspec.json.encode(empty), line.time_received, SYMBOL))
            events = self._transformer.transform(line.message, line.time_received)
            if not events and not (is_update and not self.manager.is_live(0)):
                self.unknown.append(line)
            self._take(events, data.get("u", 0))
        return self

    def _take(self, events: list[NamedMarketEvent], number: int = 0) -> None:
        for event in events:
            kind = event.kind
            self.manager.process(MarketEvent(event.time_exchange, event.time_received, event.exchange, 0, kind))
            if isinstance(kind, PublicTrade):
                self.trade_ids.append(int(kind.id))
            elif isinstance(kind, OrderBookL1):
                self.venue.append(BestPrices(number, kind.best_bid, kind.best_ask))
            else:
                self.local.append(BestPrices(self.book.sequence, self.book.bids.best(), self.book.asks.best()))
                if isinstance(kind, OrderBookSnapshot) and kind.book.bids.levels:
                    self.bid_known, self.ask_known = kind.book.bids.levels[-1].price, kind.book.asks.levels[-1].price


async def _nothing() -> AsyncIterator[Any]:
    for item in ():
        yield item


@dataclass
class Comparison:
    """Best prices of the local book beside those of the venue.

    Attributes:
        equal: Defined, and the same in price and amount.
        different: Defined, and not the same; or better than the venue's.
        undefined: Beyond what the local book has to know.
    """

    equal: int = 0
    undefined: int = 0
    different: list[tuple[BestPrices, BestPrices]] = field(default_factory=list)


def compare(replay: Replay) -> Comparison:
    """Each state of the local book for which the venue told both its best prices and the next ones, each side."""
    venue = [prices for prices in replay.venue if prices.number >= replay.local[0].number]
    numbers = [prices.number for prices in venue]
    found = Comparison()
    for side, sign, known in (("bid", 1, replay.bid_known), ("ask", -1, replay.ask_known)):
        keys = [sign * getattr(prices, side).price for prices in venue]  # the greater the better
        limits = list(accumulate(keys, min, initial=sign * known))  # each without the key at its place
        for prices in replay.local:
            place = bisect_right(numbers, prices.number) - 1
            if not 0 <= place < len(venue) - 1:
                continue
            local = getattr(prices, side)
            if keys[place] > limits[place]:
                is_right = local == getattr(venue[place], side)
                found.equal += is_right
            else:
                is_right = local is None or sign * local.price <= keys[place]
                found.undefined += is_right
            if not is_right:
                found.different.append((prices, venue[place]))
    return found


CASES = {
    "spot": (BINANCE_SPOT, [SPOT], False, 41_249, 6_000),
    "spot, cut into two files": (BINANCE_SPOT, [SPOT, SPOT_CONTINUED], False, 99_574, 12_000),
    "spot, without a snapshot": (BINANCE_SPOT, [SPOT_CONTINUED], True, 58_325, 5_000),
    "USD-M futures": (BINANCE_FUTURES_USD, [USDM], False, 93_954, 12_000),
}


@pytest.mark.long
@needs_captures(SPOT, SPOT_CONTINUED, USDM)
@pytest.mark.parametrize(("connector", "paths", "from_first_update", "lines", "equal_min"), CASES.values(), ids=CASES)
def test_the_local_book_has_the_best_prices_of_the_venue(
    connector: Connector, paths: list[Path], from_first_update: bool, lines: int, equal_min: int
) -> None:
    replay = Replay(connector).run(read_capture_lines(paths), from_first_update=from_first_update)  # a gap would raise
    found = compare(replay)

    assert (lines, []) == (replay.lines, replay.unknown)
    assert all(after == before + 1 for before, after in pairwise(replay.trade_ids))
    assert (0, []) == (replay.manager.crossed, found.different)
    assert found.equal > equal_min
    assert found.undefined < found.equal / 20


@needs_captures(SPOT)
def test_a_lost_update_is_a_gap() -> None:
    updates = [line for line in islice(read_capture_lines([SPOT]), 5_000) if b'"depthUpdate"' in line.message]

    with pytest.raises(InvalidSequenceError):
        Replay(BINANCE_SPOT).run(updates[:200] + updates[201:], from_first_update=True)


@needs_captures(SPOT)
def test_a_lost_change_shows_in_the_best_prices() -> None:
    lines = list(islice(read_capture_lines([SPOT]), 5_000))
    update = [line for line in lines if b'"depthUpdate"' in line.message][-44]  # changes the best bid
    update.message = re.sub(rb'"b":\[\[.*?]]', b'"b":[]', update.message)
    replay = Replay(BINANCE_SPOT).run(lines)

    assert replay.manager.crossed == 0
    assert compare(replay).different
