"""Indicators: incremental, of floats, constant in memory.

    rsi = Rsi(14)
    for bar in bars:
        if (strength := rsi.update(bar.close)) is not None:
            ...

`docs/reference/indicators.md` has all of them with formula and source.
"""

from barter_python.data.indicator.average import Ema, Rma, Sma, Wma
from barter_python.data.indicator.channel import BollingerBands, ChannelValue, DonchianChannel, KeltnerChannel
from barter_python.data.indicator.crossing import Cross, Crossing
from barter_python.data.indicator.direction import Adx, AdxValue, Aroon, AroonValue
from barter_python.data.indicator.indicator import Chain, Indicator, Ohlcv
from barter_python.data.indicator.momentum import Cci, Macd, MacdValue, Momentum, Roc, Rsi
from barter_python.data.indicator.pair import Beta, Correlation
from barter_python.data.indicator.pattern import HeikinAshi, HeikinAshiValue, PivotHigh, PivotLow
from barter_python.data.indicator.price import median_price, typical_price
from barter_python.data.indicator.reduced_lag import Dema, Hma, Kama, Tema
from barter_python.data.indicator.returns import RealisedVolatility, Returns
from barter_python.data.indicator.statistic import LinearRegression, LinearRegressionValue, StandardDeviation, ZScore
from barter_python.data.indicator.stochastic import Stochastic, StochasticValue, StochRsi, WilliamsR
from barter_python.data.indicator.trend import Ichimoku, IchimokuValue, ParabolicSar, Supertrend, TrendValue
from barter_python.data.indicator.volatility import Atr, Natr, TrueRange
from barter_python.data.indicator.volume import (
    AccumulationDistribution,
    ChaikinMoneyFlow,
    ChaikinOscillator,
    Mfi,
    Obv,
    Vwap,
    Vwma,
)

__all__ = [
    "Sma",
    "Ema",
    "Rma",
    "Wma",
    "Dema",
    "Tema",
    "Hma",
    "Kama",
    "Vwap",
    "Vwma",
    "Momentum",
    "Roc",
    "Rsi",
    "Macd",
    "Cci",
    "Stochastic",
    "StochRsi",
    "WilliamsR",
    "Adx",
    "Aroon",
    "ParabolicSar",
    "Supertrend",
    "Ichimoku",
    "TrueRange",
    "Atr",
    "Natr",
    "BollingerBands",
    "KeltnerChannel",
    "DonchianChannel",
    "StandardDeviation",
    "ZScore",
    "LinearRegression",
    "Returns",
    "RealisedVolatility",
    "Correlation",
    "Beta",
    "Obv",
    "Mfi",
    "AccumulationDistribution",
    "ChaikinOscillator",
    "ChaikinMoneyFlow",
    "HeikinAshi",
    "PivotHigh",
    "PivotLow",
    "Crossing",
    "AdxValue",
    "AroonValue",
    "ChannelValue",
    "Cross",
    "HeikinAshiValue",
    "IchimokuValue",
    "LinearRegressionValue",
    "MacdValue",
    "StochasticValue",
    "TrendValue",
    "Chain",
    "Indicator",
    "Ohlcv",
    "median_price",
    "typical_price",
]
