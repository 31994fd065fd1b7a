"""Random but possible markets, from a seed: a book around a wandering price, trades that consume it, quotes, candles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, DataKind, MarketEvent, OrderBookL1, PublicTrade
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.side import Side

KINDS = ("book", "l1", "trade", "candle")
STEP = timedelta(milliseconds=250)


class RandomMarket:
    """Draws market data on a grid of ticks of 0.1; the middle starts at 100."""

    def __init__(self, random: Random, kinds: tuple[str, ...], start: datetime, exchange: ExchangeId, index: int = 0) -> None:
        self.time = start
        self._random = random
        self._kinds = kinds
        self._exchange = exchange
        self._index = InstrumentIndex(index)
        self.mid_ticks = 1000
        self._has_book = False

    def events(self, count: int) -> Iterator[MarketEvent]:
        """The next events."""
        for _ in range(count):
            self.time += STEP
            self.mid_ticks = max(50, self.mid_ticks + self._random.choice((-2, -1, -1, 0, 0, 0, 1, 1, 2)))
            kind = self._kind(self._random.choice(self._kinds))
            yield MarketEvent(self.time, self.time, self._exchange, self._index, kind)

    def _kind(self, name: str) -> DataKind:
        random = self._random
        if name == "trade":
            return PublicTrade(
                "t", (self.mid_ticks + random.randint(-3, 3)) / 10, random.randint(1, 40) / 8, random.choice(tuple(Side))
            )
        if name == "candle":
            prices = [(self.mid_ticks + random.randint(-6, 6)) / 10 for _ in range(4)]
            return Candle(self.time, prices[0], max(prices), min(prices), prices[1], 5.0, 4)
        if name == "l1":
            spread = random.randint(1, 3)
            return OrderBookL1(self.time, self._level(self.mid_ticks - spread), self._level(self.mid_ticks + spread))
        if self._has_book and random.random() < 0.9:
            return OrderBookUpdate(OrderBook(0, None, self._some(-1), self._some(1)))
        self._has_book = True
        offsets = range(1, 9)
        bids = [self._level(self.mid_ticks - offset) for offset in offsets]
        return OrderBookSnapshot(OrderBook(0, None, bids, [self._level(self.mid_ticks + offset) for offset in offsets]))

    def _some(self, sign: int) -> list[Level]:
        levels = [
            self._level(self.mid_ticks + sign * offset, self._random.random() < 0.2)
            for offset in self._random.sample(range(1, 9), 3)
        ]
        # What the price has wandered over is gone.
        return levels + [self._level(self.mid_ticks - sign * offset, True) for offset in range(6)]

    def _level(self, ticks: int, is_gone: bool = False) -> Level:
        return Level(Decimal(ticks) / 10, Decimal(0 if is_gone else self._random.randint(1, 64)) / 8)
