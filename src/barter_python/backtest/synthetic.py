"""A seeded synthetic market: trades and level one of several instruments.

The model, per instrument: the logarithm of the mid price is a random walk whose drift switches between up and down at
random times, which gives trends that last. Trades arrive as a Poisson process, each at the bid or the ask, with
exponential amounts; after about every third trade a new level one is published. All prices lie on the tick grid. The
same seed gives the same market everywhere: only the generator's uniform numbers are used, whose sequence Python
guarantees.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from barter_python.data.book import Level
from barter_python.data.event import MarketEvent, MarketStreamEvent, OrderBookL1, PublicTrade
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.instrument.side import Side

__all__ = ["SyntheticInstrument", "SyntheticMarket"]

_CHUNK_LENGTH: Final = 8_192
_TIME_START: Final = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(slots=True, frozen=True)
class SyntheticInstrument:
    """How one instrument moves.

    Attributes:
        index: Its index.
        price: Mid price at the start, in quote currency.
        tick_size: Distance between two prices.
        volatility: Standard deviation of the mid price per trade, as a fraction of it.
        drift: Drift of the mid price per trade while it trends, as a fraction of it.
        trend_length: Mean number of trades in a trend.
    """

    index: InstrumentIndex
    price: float
    tick_size: Decimal
    volatility: float = 0.00008
    drift: float = 0.000004
    trend_length: int = 4_000


class SyntheticMarket:
    """A source of market data for backtests, the same each time it is read.

    Args:
        exchange: The venue of every instrument.
        instruments: How each instrument moves.
        trades: Number of trades of all instruments together.
        seed: Start of the random numbers.
        trades_per_second: Mean rate of trades of all instruments together.
        time_start: When it begins, aware UTC.
    """

    def __init__(
        self,
        exchange: ExchangeId,
        instruments: tuple[SyntheticInstrument, ...],
        trades: int,
        seed: int,
        trades_per_second: float = 2.0,
        time_start: datetime = _TIME_START,
    ) -> None:
        self._exchange = exchange
        self._instruments = instruments
        self._trades = trades
        self._seed = seed
        self._trades_per_second = trades_per_second
        self._time_start = time_start

    def time_first_event(self) -> datetime:
        """The venue stamp of the first event."""
        return self._time_start

    def stream(self) -> Iterator[list[MarketStreamEvent]]:
        """All events in order, in chunks."""
        random, start = Random(self._seed), self._time_start
        walks = [_Walk(instrument, random) for instrument in self._instruments]
        chunk: list[MarketStreamEvent] = [
            MarketEvent(start, start, self._exchange, walk.instrument.index, walk.level_one(start)) for walk in walks
        ]
        elapsed = 0.0
        for number in range(1, self._trades + 1):
            elapsed += _exponential(random) / self._trades_per_second
            time = start + timedelta(microseconds=int(elapsed * 1e6))
            walk = walks[int(random.random() * len(walks))]
            index = walk.instrument.index
            chunk.append(MarketEvent(time, time, self._exchange, index, walk.trade(str(number))))
            if random.random() < 1 / 3:
                chunk.append(MarketEvent(time, time, self._exchange, index, walk.level_one(time)))
            if len(chunk) >= _CHUNK_LENGTH:
                yield chunk
                chunk = []
        if chunk:
            yield chunk


class _Walk:
    """The random walk of one instrument."""

    __slots__ = ("_direction", "_log_price", "_random", "_tick", "instrument")

    def __init__(self, instrument: SyntheticInstrument, random: Random) -> None:
        self.instrument = instrument
        self._random = random
        self._log_price = math.log(instrument.price)
        self._direction = 1.0 if random.random() < 0.5 else -1.0
        self._tick = float(instrument.tick_size)

    def trade(self, id: str) -> PublicTrade:  # noqa: A002 - the event's name
        """Move the mid price, and trade at the bid or the ask."""
        random, instrument = self._random, self.instrument
        if random.random() * instrument.trend_length < 1:
            self._direction = -self._direction
        self._log_price += self._direction * instrument.drift + instrument.volatility * _normal(random)
        side = Side.BUY if random.random() < 0.5 else Side.SELL
        ticks = self._bid_ticks() + (side is Side.BUY)
        amount = round(0.0001 + _exponential(random) * 500.0 / instrument.price, 5)
        return PublicTrade(id, float(ticks * instrument.tick_size), amount, side)

    def level_one(self, time: datetime) -> OrderBookL1:
        """Bid and ask, one tick apart, around the mid price."""
        ticks, tick = self._bid_ticks(), self.instrument.tick_size
        return OrderBookL1(time, Level(ticks * tick, self._amount()), Level((ticks + 1) * tick, self._amount()))

    def _bid_ticks(self) -> int:
        return max(1, math.floor(math.exp(self._log_price) / self._tick))

    def _amount(self) -> Decimal:
        return Decimal(1 + int(_exponential(self._random) * 2_000_000 / self.instrument.price)).scaleb(-3)


def _exponential(random: Random) -> float:
    return -math.log(1.0 - random.random())


def _normal(random: Random) -> float:
    """A sum of twelve uniform numbers: close to normal, and free of the platform's trigonometry."""
    draw = random.random
    return draw() + draw() + draw() + draw() + draw() + draw() + draw() + draw() + draw() + draw() + draw() + draw() - 6.0
