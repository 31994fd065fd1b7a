"""barter-python: one deterministic, audited, event-driven engine for backtest, paper and live trading.

The names here are what most strategies and backtests need. Everything else is in the packages, which are named after
the Rust crates: `instrument`, `data`, `execution`, `engine`, `strategy`, `risk`, `statistic`, `backtest`, `system`,
`codec`.
"""

from __future__ import annotations

from importlib.metadata import version

from barter_python.backtest.backtest import Backtest
from barter_python.backtest.files import MarketDataFiles
from barter_python.backtest.market_data import MarketDataInMemory
from barter_python.backtest.run import BacktestArgsConstant, BacktestArgsDynamic, run_backtest, run_backtests
from barter_python.backtest.synthetic import SyntheticInstrument, SyntheticMarket
from barter_python.config.execution import MockExecutionConfig, SimulatedExecutionConfig
from barter_python.data.book import Level, OrderBook, OrderBookSnapshot, OrderBookUpdate
from barter_python.data.event import Candle, Liquidation, MarketEvent, MarketReconnecting, OrderBookL1, PublicTrade
from barter_python.engine.audit.audit import AuditTick, EngineAudit, ProcessAudit
from barter_python.engine.audit.replica import StateReplicaManager
from barter_python.engine.clock import HistoricalClock
from barter_python.engine.command import CancelOrders, ClosePositions, SendCancelRequests, SendOpenRequests
from barter_python.engine.engine import Engine, process_with_audit
from barter_python.engine.event import EngineEvent, Shutdown, TradingStateUpdate
from barter_python.engine.run import async_run, async_run_with_audit, sync_run, sync_run_with_audit
from barter_python.engine.state.global_data import DefaultGlobalData
from barter_python.engine.state.instrument.data import DefaultInstrumentMarketData
from barter_python.engine.state.instrument.filter import ExchangesFilter, InstrumentsFilter, UnderlyingsFilter
from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.engine.state.trading import TradingState
from barter_python.errors import BarterError, ConfigError, DecodeError, MarketDataError, StrategyError
from barter_python.execution.account import AccountEvent, AccountReconnecting, AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.model.fee import FeeTier, PercentFees, TieredFees
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency
from barter_python.execution.exchange.model.slippage import NoSlippage, PercentSlippage, TickSlippage
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.execution.exchange.simulated.queue import OptimisticQueue, PessimisticQueue, ProportionalQueue
from barter_python.execution.execution_tx import MultiExchangeTxMap
from barter_python.execution.order.id import ClientOrderId, ClientOrderIdSequence, OrderId, StrategyId
from barter_python.execution.order.order import Order, OrderKey, OrderKind, TimeInForce, Trigger, TriggerKind
from barter_python.execution.order.request import OrderRequestCancel, OrderRequestOpen, RequestCancel, RequestOpen
from barter_python.execution.position import Position, PositionExited
from barter_python.execution.trade import AssetFees, Liquidity, Trade, TradeId
from barter_python.instrument.asset import Asset, AssetIndex, AssetNameExchange
from barter_python.instrument.exchange import ExchangeId, ExchangeIndex
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import Instrument, InstrumentIndex, InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import FutureContract, OptionContract, PerpetualContract, Spot
from barter_python.instrument.side import Side
from barter_python.instrument.spec import (
    InstrumentSpec,
    InstrumentSpecNotional,
    InstrumentSpecPrice,
    InstrumentSpecQuantity,
)
from barter_python.result.document import read_result
from barter_python.result.frames import ResultFrames
from barter_python.result.summary import BacktestSummary, MultiBacktestSummary
from barter_python.risk.check import CheckHigherThan
from barter_python.risk.limits import LimitRiskManager
from barter_python.risk.manager import DefaultRiskManager, RiskRefused
from barter_python.statistic.portfolio.portfolio import Portfolio
from barter_python.statistic.portfolio.statistics import PortfolioStatistics, portfolio_statistics
from barter_python.statistic.summary.trading import TradingSummary
from barter_python.statistic.time import ANNUAL_252, ANNUAL_365, DAILY
from barter_python.strategy.bar_data import BarData
from barter_python.strategy.bar_strategy import BarStrategy
from barter_python.strategy.close_positions import close_open_positions_with_market_orders
from barter_python.strategy.moving_average import MovingAverageCross, MovingAverageData
from barter_python.strategy.sizing import quantity_net
from barter_python.strategy.strategy import NO_ORDERS, AlgoOrders, DefaultStrategy, Strategy
from barter_python.strategy.trader import Trader
from barter_python.timed import Timed

__version__ = version("barter-python")

__all__ = [
    "__version__",
    "ANNUAL_252",
    "ANNUAL_365",
    "AccountEvent",
    "AccountReconnecting",
    "AccountSnapshot",
    "AlgoOrders",
    "Asset",
    "AssetBalance",
    "AssetFees",
    "AssetIndex",
    "AssetNameExchange",
    "AuditTick",
    "Backtest",
    "BacktestArgsConstant",
    "BacktestArgsDynamic",
    "BacktestSummary",
    "Balance",
    "BarData",
    "BarStrategy",
    "BarterError",
    "CancelOrders",
    "Candle",
    "CheckHigherThan",
    "ClientOrderId",
    "ClientOrderIdSequence",
    "ClosePositions",
    "ConfigError",
    "ConstantLatency",
    "DAILY",
    "DecodeError",
    "DefaultGlobalData",
    "DefaultInstrumentMarketData",
    "DefaultRiskManager",
    "DefaultStrategy",
    "Engine",
    "EngineAudit",
    "EngineEvent",
    "EngineState",
    "ExchangeId",
    "ExchangeIndex",
    "ExchangesFilter",
    "FeeTier",
    "FutureContract",
    "HistoricalClock",
    "IndexedInstruments",
    "Instrument",
    "InstrumentIndex",
    "InstrumentQuoteAsset",
    "InstrumentSpec",
    "InstrumentSpecNotional",
    "InstrumentSpecPrice",
    "InstrumentSpecQuantity",
    "InstrumentState",
    "InstrumentsFilter",
    "JitteredLatency",
    "Level",
    "LimitRiskManager",
    "Liquidation",
    "Liquidity",
    "MarketDataError",
    "MarketDataFiles",
    "MarketDataInMemory",
    "MarketEvent",
    "MarketReconnecting",
    "MockExecutionConfig",
    "MovingAverageCross",
    "MovingAverageData",
    "MultiBacktestSummary",
    "MultiExchangeTxMap",
    "NO_ORDERS",
    "NoSlippage",
    "OptimisticQueue",
    "OptionContract",
    "Order",
    "OrderBook",
    "OrderBookL1",
    "OrderBookSnapshot",
    "OrderBookUpdate",
    "OrderId",
    "OrderKey",
    "OrderKind",
    "OrderRequestCancel",
    "OrderRequestOpen",
    "PercentFees",
    "PercentSlippage",
    "PerpetualContract",
    "PessimisticQueue",
    "Portfolio",
    "PortfolioStatistics",
    "Position",
    "PositionExited",
    "ProcessAudit",
    "ProportionalQueue",
    "PublicTrade",
    "RequestCancel",
    "RequestOpen",
    "ResultFrames",
    "RiskRefused",
    "SendCancelRequests",
    "SendOpenRequests",
    "Shutdown",
    "Side",
    "SimulatedExchangeConfig",
    "SimulatedExecutionConfig",
    "Spot",
    "StateReplicaManager",
    "Strategy",
    "StrategyError",
    "StrategyId",
    "SyntheticInstrument",
    "SyntheticMarket",
    "TickSlippage",
    "TieredFees",
    "TimeInForce",
    "Timed",
    "Trade",
    "TradeId",
    "Trader",
    "TradingState",
    "TradingStateUpdate",
    "TradingSummary",
    "Trigger",
    "TriggerKind",
    "Underlying",
    "UnderlyingsFilter",
    "async_run",
    "async_run_with_audit",
    "run_backtest",
    "close_open_positions_with_market_orders",
    "portfolio_statistics",
    "process_with_audit",
    "read_result",
    "run_backtests",
    "sync_run",
    "sync_run_with_audit",
    "quantity_net",
]
