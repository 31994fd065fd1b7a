"""What a strategy on bars knows of an instrument, and which event came last. Rust origin: none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from barter_python.data.bar import Bar, BarBuilder, BarSpec, TimeBars
from barter_python.data.event import Candle, MarketEvent, PublicTrade
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.execution.account import AccountEvent
from barter_python.execution.trade import Trade
from barter_python.instrument.instrument import InstrumentIndex
from barter_python.timed import EPOCH

__all__ = ["BarData", "LatestEvent"]

_NO_BARS: Sequence[Bar] = ()


class BarData(DefaultInstrumentMarketData):
    """Bars of an instrument, on top of best bid and ask and the last price. Subclass it to add indicators as attributes.

    Bars are built from trades, or from candles where those come first: of the candles, from those of the first length that fits
    into every time frame. Candles that do not tell their length are used where `candles` does.

    Two of a class whose attributes are equal are equal; what is added must be comparable, and can be copied and pickled.

    Attributes:
        bars_closed: What the latest market event has closed, in order of close; mostly nothing.

    Args:
        frames: What makes the bars: an interval of time, or a `BarSpec`.
        candles: Length of the candles to build from; None to follow what the market data has.

    Raises:
        ConfigError: There is no time frame, one is there twice, or one is not positive.
    """

    bars_closed: Sequence[Bar]

    def __init__(self, *frames: timedelta | BarSpec, candles: timedelta | None = None) -> None:
        super().__init__()
        specs = [TimeBars(frame) if isinstance(frame, timedelta) else frame for frame in frames]
        self.bars_closed = _NO_BARS
        self._builder = BarBuilder(specs, candles)
        self._has_source = candles is not None

    def process(self, event: MarketEvent | AccountEvent, /) -> None:
        """Take in an event: market data may close bars, and a fill of an own order is a fill."""
        super().process(event)
        if isinstance(event, MarketEvent):
            if not self._has_source:
                self._choose_source(event)
            self.bars_closed = self._builder.update_from_market(event)
            for bar in self.bars_closed:
                self.update_from_bar(bar)
        elif isinstance(event.kind, Trade):
            self.update_from_fill(event.kind)

    def update_from_bar(self, bar: Bar, /) -> None:
        """Take in a bar that has closed; override it to feed indicators. `bar.interval` tells the time frame."""

    def update_from_fill(self, fill: Trade, /) -> None:
        """Take in a fill of an own order; override it for what belongs to a position, such as its highest price."""

    def _choose_source(self, event: MarketEvent) -> None:
        kind = event.kind
        if type(kind) is PublicTrade:
            self._has_source = True
        elif type(kind) is Candle and kind.interval is not None:
            specs = self._builder.specs
            if all(not isinstance(spec, TimeBars) or not spec.interval % kind.interval for spec in specs):
                self._has_source = True
                self._builder = BarBuilder(specs, kind.interval)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__getstate__() == other.__getstate__()

    __hash__: ClassVar[None]

    def __repr__(self) -> str:
        attributes = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({self.l1!r}, {self.last_traded_price!r}, {attributes})"


@dataclass(slots=True)
class LatestEvent:
    """What the latest event was about: global data that lets a strategy look at what has changed, and at nothing else.

    Attributes:
        now: The greatest stamp of the market data so far, aware UTC; the epoch before the first.
        instrument: Whose market data the latest event was; None where it was of an account.
        fill: The fill of an own order that the latest event was, None where it was none.
        number: How many events there were.
    """

    now: datetime = EPOCH
    instrument: InstrumentIndex | None = None
    fill: Trade | None = None
    number: int = 0

    def process(self, event: AccountEvent | MarketEvent, /) -> None:
        """Take in an event."""
        self.number += 1
        self.fill = None
        if type(event) is MarketEvent:
            self.instrument = event.instrument
            if event.time_exchange > self.now:
                self.now = event.time_exchange
        else:
            self.instrument = None
            if isinstance(event.kind, Trade):
                self.fill = event.kind
