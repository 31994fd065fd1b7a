"""Building a system. Rust origin: barter::system::builder.

args = SystemArgs(instruments, executions, clock, strategy, risk, market_stream, global_data, instrument_data_init)
system = await SystemBuilder(args).audit_mode(AuditMode.ENABLED).trading_state(TradingState.ENABLED).build().init()
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

from barter_python.config.execution import ExecutionConfig
from barter_python.data.event import MarketStreamEvent
from barter_python.engine.clock import EngineClock, HistoricalClock
from barter_python.engine.engine import Engine
from barter_python.engine.state.global_data import GlobalData
from barter_python.engine.state.instrument.data import InstrumentDataState
from barter_python.engine.state.state import EngineStateBuilder
from barter_python.engine.state.trading import TradingState
from barter_python.errors import ConfigError
from barter_python.execution.balance import Balance
from barter_python.execution.builder import ExecutionBuild, ExecutionBuilder, LiveExecution
from barter_python.instrument.asset import AssetNameInternal
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import IndexedInstrument, InstrumentIndex
from barter_python.instrument.keyed import Keyed
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.recording.recorder import SessionRecorder
from barter_python.risk.manager import RiskManager
from barter_python.statistic.portfolio.tracker import PortfolioTracker
from barter_python.strategy.strategy import Strategy
from barter_python.system.audit import AUDIT_CAPACITY, SnapUpdates, audit_channel
from barter_python.system.feed import MARKET_CAPACITY, EngineFeed, IdleMonitor
from barter_python.system.market_task import MarketMode, MarketTask
from barter_python.system.parts import EngineFeedMode, OnFailure, SystemParts
from barter_python.system.system import System

__all__ = ["AuditMode", "EngineFeedMode", "Executions", "SystemArgs", "SystemBuild", "SystemBuilder", "SystemOptions"]

GlobalT = TypeVar("GlobalT", bound=GlobalData)
DataT = TypeVar("DataT", bound=InstrumentDataState)

Executions: TypeAlias = Sequence[ExecutionConfig | LiveExecution]
"""How orders are executed, at most one for each exchange; an exchange without one is only watched."""


class AuditMode(Enum):
    """Whether an audit of each event is sent to whoever calls `System.take_audit`."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"


@dataclass(slots=True)
class SystemArgs(Generic[GlobalT, DataT]):
    """What a system is built from.

    Attributes:
        instruments: What is watched and traded.
        executions: How orders are executed.
        clock: Tells the time: a `LiveClock`, or for a replay a `HistoricalClock`.
        strategy: Decides on orders.
        risk: Reviews them.
        market_stream: Market data of all exchanges. It is closed with the system.
        global_data: Data of your own.
        instrument_data_init: Makes the data of an instrument.
        valuation: Asset in which the portfolio is valued, None for the quote asset that most instruments share.
        benchmark: Instrument with which the portfolio is compared, None for the first one.
    """

    instruments: IndexedInstruments
    executions: Executions
    clock: EngineClock
    strategy: Strategy
    risk: RiskManager
    market_stream: AsyncIterator[MarketStreamEvent]
    global_data: GlobalT
    instrument_data_init: Callable[[Keyed[InstrumentIndex, IndexedInstrument]], DataT]
    valuation: AssetNameInternal | None = None
    benchmark: InstrumentNameInternal | None = None


@dataclass(slots=True)
class SystemOptions:
    """What a system can do differently.

    Attributes:
        engine_feed_mode: Where the engine runs.
        audit_mode: Whether audits are sent.
        market_mode: What happens to market data that comes too fast.
        on_failure: What happens to resting orders when a task dies.
        drain_timeout: For how long a shutdown waits for what is under way.
        market_capacity: How many market events may wait before they are conflated.
        audit_capacity: How many audits may wait for their reader.
        recorder: Takes down the session; None for nobody.
    """

    engine_feed_mode: EngineFeedMode = EngineFeedMode.STREAM
    audit_mode: AuditMode = AuditMode.DISABLED
    market_mode: MarketMode = MarketMode.LIVE
    on_failure: OnFailure = OnFailure.CANCEL_ORDERS
    drain_timeout: timedelta = timedelta(seconds=10)
    market_capacity: int = MARKET_CAPACITY
    audit_capacity: int = AUDIT_CAPACITY
    recorder: SessionRecorder | None = None


@dataclass(slots=True)
class SystemBuild(Generic[GlobalT, DataT]):
    """A system that waits to be started.

    Attributes:
        engine: The engine.
        market_stream: Market data of all exchanges.
        execution: Links to exchanges.
        options: What it does differently.
    """

    engine: Engine[GlobalT, DataT]
    market_stream: AsyncIterator[MarketStreamEvent]
    execution: ExecutionBuild
    options: SystemOptions = field(default_factory=SystemOptions)

    async def init(self) -> System[GlobalT, DataT]:
        """Start it in the running event loop; returns once every account is connected.

        Raises:
            ExecutionError: An account could not be connected; or whatever else its client raises. Nothing runs then.
        """
        options, execution, engine = self.options, self.execution, self.engine
        feed = EngineFeed(execution.account_channel.rx, options.market_capacity)
        quiet = IdleMonitor(feed, execution.pending)
        exchanges = engine.state.connectivity.exchange_ids()
        market = MarketTask(
            self.market_stream, feed, quiet, execution.market_taps, options.market_mode, exchanges, options.recorder
        )
        parts = SystemParts(
            engine,
            feed,
            quiet,
            market,
            execution.futures,
            options.engine_feed_mode,
            options.on_failure,
            options.drain_timeout,
            recorder=options.recorder,
        )
        if options.audit_mode is AuditMode.ENABLED:
            parts.audit_tx, updates = audit_channel(options.audit_capacity)
            parts.audit = SnapUpdates(engine.audit_snapshot(), updates)
        system = System(parts)
        await system.start()
        return system


class SystemBuilder(Generic[GlobalT, DataT]):
    """Builds a system.

    Args:
        config: What it is built from.
    """

    def __init__(self, config: SystemArgs[GlobalT, DataT]) -> None:
        self._args = config
        is_replay = isinstance(config.clock, HistoricalClock)
        self._options = SystemOptions(market_mode=MarketMode.REPLAY if is_replay else MarketMode.LIVE)
        self._trading_state = TradingState.DISABLED
        self._balances: list[tuple[ExchangeId, str, Balance]] = []

    def engine_feed_mode(self, value: EngineFeedMode) -> SystemBuilder[GlobalT, DataT]:
        """Choose where the engine runs: in the event loop (STREAM) where nothing is chosen."""
        self._options.engine_feed_mode = value
        return self

    def audit_mode(self, value: AuditMode, capacity: int = AUDIT_CAPACITY) -> SystemBuilder[GlobalT, DataT]:
        """Choose whether audits are sent, and how many may wait for their reader: disabled where nothing is chosen."""
        self._options.audit_mode = value
        self._options.audit_capacity = capacity
        return self

    def market_mode(self, value: MarketMode, capacity: int = MARKET_CAPACITY) -> SystemBuilder[GlobalT, DataT]:
        """Choose what happens to market data that comes too fast.

        Where nothing is chosen, a system with a `HistoricalClock` is a replay, any other is live.
        """
        self._options.market_mode = value
        self._options.market_capacity = capacity
        return self

    def trading_state(self, value: TradingState) -> SystemBuilder[GlobalT, DataT]:
        """Choose whether trading is enabled at the start: disabled where nothing is chosen."""
        self._trading_state = value
        return self

    def balances(self, balances: Iterable[tuple[ExchangeId, str, Balance]]) -> SystemBuilder[GlobalT, DataT]:
        """Add initial balances as (exchange, asset name, balance); a later one replaces an earlier one."""
        self._balances.extend(balances)
        return self

    def on_failure(self, value: OnFailure) -> SystemBuilder[GlobalT, DataT]:
        """Choose what happens to resting orders when a task dies: they are cancelled where nothing is chosen."""
        self._options.on_failure = value
        return self

    def drain_timeout(self, value: timedelta) -> SystemBuilder[GlobalT, DataT]:
        """Choose for how long a shutdown waits for what is under way: ten seconds where nothing is chosen."""
        self._options.drain_timeout = value
        return self

    def recorder(self, value: SessionRecorder) -> SystemBuilder[GlobalT, DataT]:
        """Take the session down, so that `backtest.replay` can repeat it. For a live system whose engine runs in STREAM mode.

        Close the recorder once the system has stopped.
        """
        self._options.recorder = value
        return self

    def build(self) -> SystemBuild[GlobalT, DataT]:
        """Put everything together, and start nothing.

        Raises:
            ConfigError: An execution cannot be run, an exchange has two, the portfolio cannot be valued as asked, or the session
                cannot be recorded.
            IndexLookupError: An execution is of an exchange, or a balance of an asset, that no instrument has.
        """
        args, recorder, clock = self._args, self._options.recorder, self._args.clock
        if recorder is not None:
            self._check_recordable()
            clock = recorder.start(clock, [_venue(execution) for execution in args.executions])
        builder = ExecutionBuilder(args.instruments, recorder)
        for execution in args.executions:
            _add(builder, execution, args.clock)
        build = builder.build()
        state = (
            EngineStateBuilder(args.instruments, args.global_data, args.instrument_data_init)
            .time_engine_start(clock.time())
            .trading_state(self._trading_state)
            .balances(self._balances)
            .build()
        )
        engine = Engine(clock, state, build.execution_tx_map, args.strategy, args.risk)
        engine.track(PortfolioTracker(args.instruments, args.valuation, args.benchmark))
        return SystemBuild(engine, args.market_stream, build, self._options)

    def _check_recordable(self) -> None:
        options = self._options
        if options.engine_feed_mode is not EngineFeedMode.STREAM:
            raise ConfigError(f"recorder: engine_feed_mode is {options.engine_feed_mode}, expected {EngineFeedMode.STREAM}")
        if options.market_mode is not MarketMode.LIVE:
            raise ConfigError(
                f"recorder: market_mode is {options.market_mode}, expected {MarketMode.LIVE}: a replay repeats itself"
            )


def _venue(execution: ExecutionConfig | LiveExecution) -> ExchangeId:
    return execution.client.EXCHANGE if isinstance(execution, LiveExecution) else execution.mocked_exchange


def _add(builder: ExecutionBuilder, execution: ExecutionConfig | LiveExecution, clock: EngineClock) -> None:
    if isinstance(execution, LiveExecution):
        builder.add_live(execution.client, execution.request_timeout, execution.policy)
    else:
        venue = execution.new_venue(builder.instruments)
        builder.add_exchange(execution.mocked_exchange, venue, execution.new_latency(), clock)
