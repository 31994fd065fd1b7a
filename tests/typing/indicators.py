"""Bars and indicators as a user writes them. Checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import assert_type

import barter_python as barter
from barter_python.data.bar import Bar, BarBuilder, EmptyInterval, TickBars, TimeBars, bar_from_candle, candle_events
from barter_python.data.indicator import (
    Atr,
    Chain,
    ChannelValue,
    Cross,
    Crossing,
    DonchianChannel,
    Ema,
    HeikinAshi,
    Indicator,
    Macd,
    MacdValue,
    Ohlcv,
    Rsi,
    Sma,
    Vwap,
)


class Bars(barter.DefaultInstrumentMarketData):
    def __init__(self) -> None:
        super().__init__()
        self.bars = BarBuilder([TimeBars(timedelta(minutes=1), EmptyInterval.FLAT), TickBars(500)])
        self.averages = (Ema(10), Sma(50))
        self.crossing = Crossing()

    def process(self, event: barter.MarketEvent | barter.AccountEvent, /) -> None:
        super().process(event)
        if isinstance(event, barter.MarketEvent):
            for bar in self.bars.update_from_market(event):
                assert_type(bar, Bar)
                fast, slow = self.averages
                assert_type(self.crossing.update(fast.update(bar.close), slow.update(bar.close)), Cross | None)
                assert_type(fast.value, float | None)
                assert_type(fast.ready, bool)


def indicators(candle: barter.Candle, bar: Bar, trade: barter.PublicTrade) -> None:
    by_bars: list[Indicator[Ohlcv, float]] = [Atr(14)]
    by_numbers: list[Indicator[float, float]] = [Sma(20), Rsi(14), Chain(Rsi(14), Sma(3))]
    assert_type(by_numbers[0].update(trade.price), float | None)
    for indicator in by_bars:
        indicator.update(candle)
        indicator.update(bar)
    smooth = HeikinAshi().update(bar)
    if smooth is not None:
        assert_type(DonchianChannel(20).update(smooth), ChannelValue | None)
    assert_type(Macd().update(candle.close), MacdValue | None)
    assert_type(Vwap().update(trade.price, trade.amount), float | None)
    assert_type(Chain(Atr(14), Sma(10)).update(bar), float | None)
    assert_type(bar_from_candle(candle, timedelta(minutes=1)).vwap, float | None)


def candles(chunks: Iterable[list[barter.MarketEvent | barter.MarketReconnecting]]) -> None:
    for chunk in candle_events(chunks, [TimeBars(timedelta(hours=1))]):
        assert_type(chunk, list[barter.MarketEvent | barter.MarketReconnecting])
