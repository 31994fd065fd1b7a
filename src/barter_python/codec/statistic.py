"""Codecs of statistics. Rust origin: barter::statistic.

The wire does not say to which interval a ratio is scaled (Rust writes its marker type as null), so a reader has to be told.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from barter_python.codec.execution import balance
from barter_python.codec.instrument import asset_name_internal, exchange_asset, instrument_name_internal
from barter_python.codec.scalar import boolean, decimal, instant, marker, signed, unsigned
from barter_python.codec.shape import Codec, convert, mapping, member, option, pair, sequence, struct
from barter_python.statistic.metric.drawdown import (
    Drawdown,
    DrawdownGenerator,
    MaxDrawdownGenerator,
    MeanDrawdown,
    MeanDrawdownGenerator,
)
from barter_python.statistic.metric.ratio import CalmarRatio, RateOfReturn, SharpeRatio, SortinoRatio
from barter_python.statistic.metric.win_rate import ProfitFactor, WinRate
from barter_python.statistic.summary.asset import TearSheetAsset, TearSheetAssetGenerator
from barter_python.statistic.summary.dataset import DataSetSummary, Dispersion, Range
from barter_python.statistic.summary.instrument import TearSheet, TearSheetGenerator
from barter_python.statistic.summary.pnl import PnLReturns
from barter_python.statistic.summary.trading import TradingSummary, TradingSummaryGenerator
from barter_python.statistic.time import ANNUAL_365, TimeInterval
from barter_python.timed import Timed

__all__ = [
    "calmar_ratio",
    "data_set_summary",
    "drawdown",
    "drawdown_generator",
    "max_drawdown_generator",
    "mean_drawdown",
    "mean_drawdown_generator",
    "pnl_returns",
    "profit_factor",
    "rate_of_return",
    "sharpe_ratio",
    "sortino_ratio",
    "tear_sheet",
    "tear_sheet_asset",
    "tear_sheet_asset_generator",
    "tear_sheet_generator",
    "timed",
    "trading_summary",
    "trading_summary_generator",
    "win_rate",
]

RatioT = TypeVar("RatioT", RateOfReturn, SharpeRatio, SortinoRatio, CalmarRatio)


def timed(value: Codec[Any]) -> Codec[Timed[Any]]:
    """A value and its time."""
    return struct(Timed, value=value, time=instant)


drawdown: Final = struct(Drawdown, value=decimal, time_start=instant, time_end=instant)
drawdown_generator: Final = struct(
    DrawdownGenerator, peak=option(decimal), drawdown_max=decimal, time_peak=option(instant), time_now=instant
)
max_drawdown_generator: Final = struct(MaxDrawdownGenerator, max=option(drawdown))
mean_drawdown: Final = struct(MeanDrawdown, mean_drawdown=decimal, mean_drawdown_ms=signed)
mean_drawdown_generator: Final = struct(MeanDrawdownGenerator, count=unsigned, mean_drawdown=option(mean_drawdown))

win_rate: Final = struct(WinRate, value=decimal)
profit_factor: Final = struct(ProfitFactor, value=decimal)


def _ratio(kind: type[RatioT], interval: TimeInterval) -> Codec[RatioT]:
    return struct(kind, value=decimal, interval=marker(interval))


def rate_of_return(interval: TimeInterval = ANNUAL_365) -> Codec[RateOfReturn]:
    """A return; `interval` is what a reader takes it to be scaled to."""
    return _ratio(RateOfReturn, interval)


def sharpe_ratio(interval: TimeInterval = ANNUAL_365) -> Codec[SharpeRatio]:
    """A Sharpe ratio; `interval` is what a reader takes it to be scaled to."""
    return _ratio(SharpeRatio, interval)


def sortino_ratio(interval: TimeInterval = ANNUAL_365) -> Codec[SortinoRatio]:
    """A Sortino ratio; `interval` is what a reader takes it to be scaled to."""
    return _ratio(SortinoRatio, interval)


def calmar_ratio(interval: TimeInterval = ANNUAL_365) -> Codec[CalmarRatio]:
    """A Calmar ratio; `interval` is what a reader takes it to be scaled to."""
    return _ratio(CalmarRatio, interval)


def tear_sheet(interval: TimeInterval = ANNUAL_365) -> Codec[TearSheet]:
    """The tear sheet of an instrument; `interval` is what a reader takes its ratios to be scaled to."""
    return struct(
        TearSheet,
        pnl=decimal,
        pnl_return=rate_of_return(interval),
        sharpe_ratio=sharpe_ratio(interval),
        sortino_ratio=sortino_ratio(interval),
        calmar_ratio=calmar_ratio(interval),
        pnl_drawdown=option(drawdown),
        pnl_drawdown_mean=option(mean_drawdown),
        pnl_drawdown_max=option(drawdown),
        win_rate=option(win_rate),
        profit_factor=option(profit_factor),
    )


_dispersion: Final = struct(
    Dispersion,
    range=struct(Range, activated=boolean, high=decimal, low=decimal),
    recurrence_relation_m=decimal,
    variance=decimal,
    std_dev=decimal,
)
data_set_summary: Final = struct(DataSetSummary, count=decimal, sum=decimal, mean=decimal, dispersion=_dispersion)
pnl_returns: Final = struct(PnLReturns, pnl_raw=decimal, total=data_set_summary, losses=data_set_summary)


def _tear_sheet_generator(
    time_engine_start: datetime,
    time_engine_now: datetime,
    returns: PnLReturns,
    generator: DrawdownGenerator,
    mean: MeanDrawdownGenerator,
    deepest: MaxDrawdownGenerator,
    wins: int | None,
    profit_gross: Decimal,
    loss_gross: Decimal,
) -> TearSheetGenerator:
    if wins is None:
        wins = max(0, int(returns.total.count - returns.losses.count))
    return TearSheetGenerator(
        time_engine_start, time_engine_now, returns, generator, mean, deepest, wins, profit_gross, loss_gross
    )


tear_sheet_generator: Final = struct(
    _tear_sheet_generator,
    time_engine_start=instant,
    time_engine_now=instant,
    pnl_returns=pnl_returns,
    pnl_drawdown=drawdown_generator,
    pnl_drawdown_mean=mean_drawdown_generator,
    pnl_drawdown_max=max_drawdown_generator,
    wins=option(unsigned),
    profit_gross=member(decimal, absent="0"),
    loss_gross=member(decimal, absent="0"),
)
"""Members that Rust does not have are optional: without `wins` every position not lost counts as won, gross sums are zero."""

tear_sheet_asset: Final = struct(
    TearSheetAsset,
    balance_end=option(balance),
    drawdown=option(drawdown),
    drawdown_mean=option(mean_drawdown),
    drawdown_max=option(drawdown),
)
tear_sheet_asset_generator: Final = struct(
    TearSheetAssetGenerator,
    balance_now=option(balance),
    drawdown=drawdown_generator,
    drawdown_mean=mean_drawdown_generator,
    drawdown_max=max_drawdown_generator,
)


def _by_asset(value: Codec[Any]) -> Codec[dict[Any, Any]]:
    """Values by exchange and asset, as pairs: the form of asset states. Rust cannot write this map at all."""
    return convert(sequence(pair(exchange_asset(asset_name_internal), value)), dict, lambda entries: list(entries.items()))


def trading_summary(interval: TimeInterval = ANNUAL_365) -> Codec[TradingSummary]:
    """The summary of a session; `interval` is what a reader takes its ratios to be scaled to."""
    return struct(
        TradingSummary,
        time_engine_start=instant,
        time_engine_end=instant,
        instruments=mapping(instrument_name_internal, tear_sheet(interval)),
        assets=_by_asset(tear_sheet_asset),
    )


trading_summary_generator: Final = struct(
    TradingSummaryGenerator,
    risk_free_return=decimal,
    time_engine_start=instant,
    time_engine_now=instant,
    instruments=mapping(instrument_name_internal, tear_sheet_generator),
    assets=_by_asset(tear_sheet_asset_generator),
)
