"""A backtest in five lines: market data, a strategy, and defaults for everything else. Rust origin: none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from rich.console import Console

from barter_python.backtest.execution_defaults import Amount, amount_of, default_execution
from barter_python.backtest.files import MarketDataFiles
from barter_python.backtest.given_data import BacktestData, GivenData, open_given
from barter_python.backtest.instrument_defaults import default_instrument, default_spec, first_prices
from barter_python.backtest.run import BacktestArgsConstant, BacktestArgsDynamic, run_backtest
from barter_python.codec.config import load_backtest_config
from barter_python.config.execution import ExecutionConfig
from barter_python.config.system import BacktestConfig, InstrumentConfig, validate
from barter_python.data.file.import_options import ImportOptions
from barter_python.data.file.time_range import TimeRange
from barter_python.engine.run import AuditTx
from barter_python.errors import ConfigError
from barter_python.execution.exchange.model.fee import FeeModel
from barter_python.execution.exchange.model.latency import LatencyModel
from barter_python.execution.exchange.model.slippage import SlippageModel
from barter_python.instrument.asset import AssetNameInternal
from barter_python.instrument.index import IndexedInstruments
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.kind import Spot
from barter_python.instrument.name import InstrumentNameInternal
from barter_python.instrument.spec import ContractUnits
from barter_python.numeric import ZERO
from barter_python.report.progress import events_progress
from barter_python.result.summary import BacktestSummary
from barter_python.risk.manager import DefaultRiskManager, RiskManager
from barter_python.strategy.initial_state import initial_state
from barter_python.strategy.strategy import Strategy

__all__ = ["Backtest"]

Instruments: TypeAlias = IndexedInstruments | Iterable[InstrumentDefinition | InstrumentConfig]


class Backtest:
    """Runs a strategy on market data of any origin.

        summary = Backtest(data="btcusdt-1h.csv", strategy=SmaCross(), cash={"usdt": 10_000}, fees="0.001").run()

    What is not given has a default; `assumptions` tells which, and `print(backtest)` shows it.

    Args:
        data: Path of a market data file, of a file of any other program, or of a catalog; a frame; several paths; paths or frames
            by name of instrument; market events; or a source such as `MarketDataFiles`.
        strategy: Decides on orders. Each run works on a copy, so that it can be repeated.
        cash: What the account has at the start, by name of asset; one amount is of the quote asset. Default: 10,000 of that.
        fees: A fraction of the value of each fill, or a model. Default: 0.001.
        instruments: What is traded. Default: what the data has, with assets told by its name, and ticks and lots as fine as its
            prices. Events of other instruments are left out.
        latency: How long messages travel. Default: 100 ms for an order and its answer.
        slippage: How much worse a taker's price is: a fraction, or a model. Default: none.
        risk: Reviews the orders. Default: approves all.
        executions: The simulated exchanges, in place of cash, fees, latency and slippage.
        config: A configuration or the path of one, in place of instruments, cash, fees, latency, slippage and executions.
        start: From when on, aware UTC.
        end: Before when, aware UTC.
        import_options: What a file of another program does not tell.
        risk_free_return: Return of a riskless investment over the period of the data, as a fraction. Default: that of the
            configuration, or 0.
        valuation: Asset in which the portfolio is valued. Default: the quote asset that most instruments share.
        benchmark: Internal name of the instrument with which the portfolio is compared. Default: the first one.
        id: Name of the run.

    Attributes:
        assumptions: What was taken for granted, in sentences.
        instruments: What is traded.
        executions: The simulated exchanges.
        market_data: The source that the run reads.

    Raises:
        ConfigError: What is given contradicts itself, or cannot be run.
        MarketDataError: The data cannot be read.
    """

    def __init__(
        self,
        data: BacktestData,
        strategy: Strategy,
        *,
        cash: Mapping[str, Amount] | Amount | None = None,
        fees: Amount | FeeModel | None = None,
        instruments: Instruments | None = None,
        latency: LatencyModel | None = None,
        slippage: Amount | SlippageModel | None = None,
        risk: RiskManager | None = None,
        executions: Sequence[ExecutionConfig] | None = None,
        config: BacktestConfig | str | Path | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        import_options: ImportOptions | None = None,
        risk_free_return: Amount | None = None,
        valuation: str | None = None,
        benchmark: str | None = None,
        id: str = "backtest",  # noqa: A002 - barter's name
    ) -> None:
        self.assumptions: list[str] = []
        self._strategy = strategy
        self._risk: RiskManager = DefaultRiskManager() if risk is None else risk
        self._id = id
        simulation = {"cash": cash, "fees": fees, "latency": latency, "slippage": slippage}
        if executions is not None:
            _require_none(simulation, "executions")
        if config is not None:
            _require_none(simulation | {"executions": executions, "instruments": instruments}, "config")
            config = config if isinstance(config, BacktestConfig) else _read_config(Path(config))
            instruments, executions = config.system.instruments, config.system.executions
            risk_free_return = config.risk_free_return if risk_free_return is None else risk_free_return
            valuation = config.system.valuation if valuation is None else valuation
        self._risk_free_return = amount_of("risk_free_return", ZERO if risk_free_return is None else risk_free_return)
        self._valuation = None if valuation is None else AssetNameInternal(valuation)
        self._benchmark = None if benchmark is None else InstrumentNameInternal(benchmark)
        quotes = tuple(cash) if isinstance(cash, Mapping) else ()
        given, time_range = open_given(data, import_options, quotes), TimeRange(start, end)
        self.assumptions += given.notes
        if instruments is None:
            instruments = self._default_instruments(given, time_range, quotes)
        self.instruments: IndexedInstruments = _indexed(instruments)
        self.market_data = given.indexed(self.instruments, time_range)
        self._time_start = self.market_data.time_first_event()
        if isinstance(self.market_data, MarketDataFiles) and (missing := self.market_data.missing()):
            self.assumptions.append(missing)
        if executions is None:
            execution, notes = default_execution(self.instruments, self._time_start, cash, fees, latency, slippage)
            executions = [execution]
            self.assumptions += notes
        self.executions: Sequence[ExecutionConfig] = executions

    def run(self, *, audit_tx: AuditTx | None = None, quiet: bool = False) -> BacktestSummary:
        """Run the strategy; the same again gives the same, to the last digit.

        On a terminal and in a notebook it tells its assumptions and its progress, elsewhere nothing.

        Args:
            audit_tx: Receives an audit of every event; without it none is built.
            quiet: Whether to tell nothing there either.

        Raises:
            MarketDataError: The data is unusable.
        """
        strategy = deepcopy(self._strategy)
        balances = [
            (execution.mocked_exchange, str(held.asset), held.balance)
            for execution in self.executions
            for held in execution.initial_state.balances
        ]
        constant = BacktestArgsConstant(
            self.instruments,
            self.executions,
            self.market_data,
            initial_state(self.instruments, self._time_start, balances, strategy),
            valuation=self._valuation,
            benchmark=self._benchmark,
        )
        dynamic = BacktestArgsDynamic(self._id, self._risk_free_return, strategy, self._risk)
        if quiet:
            return run_backtest(constant, dynamic, audit_tx=audit_tx)
        console = Console(stderr=True)
        if console.is_terminal or console.is_jupyter:
            console.print(str(self), markup=False, highlight=False)
        total = self.market_data.count() if isinstance(self.market_data, MarketDataFiles) else None
        with events_progress("Backtesting", total) as progress:
            return run_backtest(constant, dynamic, audit_tx=audit_tx, on_progress=progress)

    def _default_instruments(self, given: GivenData, time_range: TimeRange, quotes: Sequence[str]) -> IndexedInstruments:
        if not given.markets:
            raise ConfigError("instruments are not given, and the data does not name them, expected the instruments")
        bare = [default_instrument(exchange, name, quotes) for exchange, name in given.markets]
        indexed = _indexed(bare)
        prices = first_prices(given.indexed(indexed, time_range).stream(), len(bare))
        definitions = []
        for config in bare:
            index = indexed.find_instrument_index(config.exchange, config.name_internal())
            unit = config.underlying.base if isinstance(config.kind, Spot) else ContractUnits.CONTRACT
            definitions.append(replace(config, spec=default_spec(prices.get(index, ()), unit)).to_instrument())
        self.assumptions += map(_told, definitions)
        return _indexed(definitions)

    def __str__(self) -> str:
        names = ", ".join(str(keyed.value.name_exchange) for keyed in self.instruments.instruments())
        lines = [f"{self._id}: {type(self._strategy).__name__} on {names} from {self._time_start:%Y-%m-%d %H:%M} UTC"]
        return "\n".join([*lines, *(f"  {assumption}" for assumption in self.assumptions)])


def _indexed(instruments: Instruments) -> IndexedInstruments:
    if isinstance(instruments, IndexedInstruments):
        return instruments
    return IndexedInstruments.new(item.to_instrument() if isinstance(item, InstrumentConfig) else item for item in instruments)


def _told(definition: InstrumentDefinition) -> str:
    base, quote, spec = definition.underlying.base, definition.underlying.quote, definition.spec
    kind = type(definition.kind).__name__.removesuffix("Contract").lower()
    limits = "no limits" if spec is None else f"ticks of {spec.price.tick_size:f}, lots of {spec.quantity.increment:f}"
    return f"{definition.name_exchange} is {kind}, {base.name_internal} priced in {quote.name_internal}, {limits}"


def _require_none(given: Mapping[str, object], by: str) -> None:
    for name, value in given.items():
        if value is not None:
            raise ConfigError(f"{name} and {by} are both given, expected one of them: {by} has it")


def _read_config(path: Path) -> BacktestConfig:
    try:
        config = load_backtest_config(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    validate(config)
    return config
