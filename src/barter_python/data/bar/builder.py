"""Builds the bars of an instrument from its trades, or longer ones from shorter ones: in files, in instrument data and live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from barter_python.data.bar.bar import Bar, bar_from_candle
from barter_python.data.bar.spec import BarSpec, TimeBars
from barter_python.data.bar.threshold_bars import ThresholdBarBuilder
from barter_python.data.bar.time_bars import NO_BARS, TimeBarBuilder
from barter_python.data.event import Candle, DataKind, PublicTrade
from barter_python.errors import ConfigError, MarketDataError
from barter_python.timed import EPOCH

__all__ = ["BarBuilder", "Stamped"]

_INFINITY = float("inf")


class Stamped(Protocol):
    """A `MarketEvent` or a `NamedMarketEvent`."""

    @property
    def time_exchange(self) -> datetime:
        """The venue's stamp, aware UTC."""
        ...

    @property
    def kind(self) -> DataKind:
        """What happened."""
        ...


@dataclass(slots=True)
class BarBuilder:
    """Builds bars of one instrument, of several kinds at once. A bar is told when it has closed, never before.

    The clock is the greatest time it was told: that of a trade or of a finer bar, or one given to `advance`. A bar of time closes
    when the clock reaches its end. What is stamped before the interval of the clock is late: it is left out of bars of time,
    which do not change once they are told. Within an interval order of arrival counts: the close is the price that came last.

    Two builders that were fed the same are equal; they can be copied and pickled, and may be part of instrument data.

    Attributes:
        specs: What makes the bars, no two the same.
        candles: Length of the candles to build from; None builds from trades. Candles that know their length and have another are
            left out.
    """

    specs: Sequence[BarSpec]
    candles: timedelta | None = None
    _clock: datetime = field(default=EPOCH, init=False, repr=False)
    _time: list[TimeBarBuilder] = field(init=False, repr=False)
    _threshold: list[ThresholdBarBuilder] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.specs = tuple(self.specs)
        if not self.specs or len(set(self.specs)) < len(self.specs):
            raise ConfigError(f"specs is {self.specs!r:.200}, expected at least one, and no two the same")
        if self.candles is not None and not self.candles > timedelta():
            raise ConfigError(f"candles is {self.candles!r:.200}, expected a positive timedelta or None")
        self._time = [TimeBarBuilder(spec) for spec in self.specs if isinstance(spec, TimeBars)]
        self._threshold = [ThresholdBarBuilder(spec) for spec in self.specs if not isinstance(spec, TimeBars)]

    @property
    def late(self) -> int:
        """How often a trade or a finer bar came too late for a bar of time, counted for each length."""
        return sum(builder.late for builder in self._time)

    def update_from_market(self, event: Stamped) -> Sequence[Bar]:
        """Take in market data, and return the bars that it closes, in order of their close.

        Only the data that bars are built from moves the clock: other data of the same instrument may be ahead of a trade that is
        still on its way.
        """
        kind = event.kind
        if self.candles is None:
            if type(kind) is PublicTrade:
                return self.update_from_trade(event.time_exchange, kind.price, kind.amount)
        elif type(kind) is Candle and kind.interval in (None, self.candles):
            return self.update_from_bar(bar_from_candle(kind, self.candles))
        return NO_BARS

    def update_from_trade(self, time: datetime, price: float, amount: float) -> Sequence[Bar]:
        """Take in a trade, and return the bars that it closes, in order of their close.

        Raises:
            MarketDataError: The price is not positive, or the amount is negative.
        """
        if not 0.0 < price < _INFINITY:
            raise MarketDataError(f"price is {price}, expected a positive number")
        if not 0.0 <= amount < _INFINITY:
            raise MarketDataError(f"amount is {amount}, expected zero or a positive number")
        value = price * amount
        if value == _INFINITY:
            raise MarketDataError(f"price is {price} and amount is {amount}, expected numbers whose product is one")
        if time > self._clock:
            self._clock = time
        closed: list[Bar] = []
        for builder in self._time:
            closed += builder.update_from_trade(time, price, amount, value)
        for threshold_builder in self._threshold:
            closed += threshold_builder.update_from_trade(self._clock, price, amount, value)
        return _by_close(closed) if closed else NO_BARS

    def update_from_bar(self, bar: Bar) -> Sequence[Bar]:
        """Take in a finer bar that has closed, and return the bars that it closes, in order of their close.

        Raises:
            MarketDataError: Its prices or its volume are impossible, it is part of two bars of time, or its value is not known.
        """
        if not (0.0 < bar.low <= bar.open <= bar.high < _INFINITY and bar.low <= bar.close <= bar.high):
            prices = f"open is {bar.open}, high is {bar.high}, low is {bar.low}, close is {bar.close}"
            raise MarketDataError(f"{prices}, expected positive numbers, none above high or below low")
        if not 0.0 <= bar.volume < _INFINITY:
            raise MarketDataError(f"volume is {bar.volume}, expected zero or a positive number")
        for builder in self._time:
            builder.check(bar)
        for threshold_builder in self._threshold:
            threshold_builder.check(bar)
        if bar.close_time > self._clock:
            self._clock = bar.close_time
        closed = [longer for builder in self._time for longer in builder.update_from_bar(bar)]
        for threshold_builder in self._threshold:
            closed += threshold_builder.update_from_bar(bar, self._clock)
        return _by_close(closed)

    def advance(self, time: datetime) -> Sequence[Bar]:
        """Move the clock on, as timers do, and return the bars of time that have closed, in order of their close.

        A trade stamped before this time that arrives after it may be late: give the wall clock less what trades take to arrive.
        """
        if time <= self._clock:
            return NO_BARS
        self._clock = time
        return _by_close([bar for builder in self._time for bar in builder.advance(time)])


def _by_close(bars: list[Bar]) -> Sequence[Bar]:
    if len(bars) > 1:
        bars.sort(key=lambda bar: bar.close_time)
    return bars
