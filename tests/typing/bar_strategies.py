"""What a user writes on bars, as type checkers see it. Checked by mypy and pyright, never run."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import assert_type

import polars as pl

import barter_python as barter
from barter_python.data.bar import Bar, TickBars
from barter_python.data.indicator import Cross, Crossing, Sma
from barter_python.instrument.instrument import IndexedInstrument
from barter_python.instrument.keyed import Keyed


class CrossData(barter.BarData):
    def __init__(self, fast: int, slow: int) -> None:
        super().__init__(timedelta(minutes=5), TickBars(100))
        self.fast, self.slow, self.crossing = Sma(fast), Sma(slow), Crossing()
        self.highest = 0.0

    def update_from_bar(self, bar: Bar) -> None:
        self.crossing.update(self.fast.update(bar.close), self.slow.update(bar.close))
        self.highest = max(self.highest, bar.high)

    def update_from_fill(self, fill: barter.Trade) -> None:
        assert_type(fill.price, Decimal)
        self.highest = 0.0


class SmaCross(barter.BarStrategy[CrossData]):
    def instrument_data(self, instrument: Keyed[barter.InstrumentIndex, IndexedInstrument]) -> CrossData:
        return CrossData(10, 30)

    def on_bar(self, bar: Bar, instrument: barter.InstrumentState[CrossData], trader: barter.Trader) -> None:
        assert_type(bar.interval, timedelta | None)
        assert_type(instrument.data.crossing.value, Cross | None)
        assert_type(trader.now, datetime)
        if instrument.data.crossing.value is Cross.UP:
            assert_type(trader.quantity_for_risk(instrument, 100, bar.low), Decimal)
            assert_type(trader.buy(instrument, 0.5), barter.OrderRequestOpen | None)
            trader.stop(instrument, barter.Side.SELL, Decimal("0.5"), bar.low, limit=0.99 * bar.low)

    def on_fill(self, fill: barter.Trade, instrument: barter.InstrumentState[CrossData], trader: barter.Trader) -> None:
        assert_type(trader.cancel_all(instrument), list[barter.OrderRequestCancel])


class EveryHour(barter.BarStrategy[barter.BarData]):
    frames = (timedelta(hours=1),)


def strategies() -> list[barter.Strategy]:
    return [SmaCross(), EveryHour("hourly")]


def backtests(frame: pl.DataFrame, events: list[barter.MarketEvent], indexed: barter.IndexedInstruments) -> list[barter.Backtest]:
    by_path = barter.Backtest(data="btcusdt-1h.csv", strategy=SmaCross(), cash={"usdt": 10_000}, fees="0.001")
    assert_type(by_path.run(), barter.BacktestSummary)
    assert_type(by_path.assumptions, list[str])
    by_name = barter.Backtest({"BTCUSDT": frame, "ETHUSDT": frame}, SmaCross(), cash=1_000, slippage=0.0001)
    in_memory = barter.Backtest(events, SmaCross(), instruments=indexed, risk=barter.DefaultRiskManager())
    configured = barter.Backtest(barter.MarketDataFiles([Path("a.parquet")], indexed), SmaCross(), config="config.json")
    return [by_path, by_name, in_memory, configured, barter.Backtest(frame, SmaCross())]
