"""Runs that earn in every way there is: each names its market, its account, and what is ordered when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.backtest.market import EXCHANGE, START, Scripted

from barter_python import (
    AccountSnapshot,
    Asset,
    AssetBalance,
    AssetNameExchange,
    BacktestArgsConstant,
    BacktestArgsDynamic,
    BacktestSummary,
    Balance,
    DefaultGlobalData,
    DefaultInstrumentMarketData,
    DefaultRiskManager,
    EngineState,
    IndexedInstruments,
    Instrument,
    InstrumentIndex,
    InstrumentQuoteAsset,
    MarketDataInMemory,
    MarketEvent,
    PerpetualContract,
    PublicTrade,
    Side,
    Spot,
    TradingState,
    Underlying,
    run_backtest,
)
from barter_python.config.execution import ExecutionConfig, MockExecutionConfig, SimulatedExecutionConfig
from barter_python.execution.exchange.model.fee import PairAsset, PercentFees, ThirdAsset
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin, SimulatedExchangeConfig
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.name import InstrumentNameExchange

D = Decimal
HOURS = 24 * 45
QUOTE_FEES = PercentFees(D("-0.0001"), D("0.001"))


@dataclass(frozen=True)
class Pair:
    """An instrument; a contract where it has a size."""

    base: str
    quote: str
    price: float
    size: str | None = None
    drift: float = 0.0

    @property
    def name(self) -> str:
        return self.base + self.quote

    def definition(self) -> InstrumentDefinition:
        base, quote = Asset.new_from_exchange(self.base), Asset.new_from_exchange(self.quote)
        kind = Spot() if self.size is None else PerpetualContract(D(self.size), quote)
        return Instrument(
            EXCHANGE,
            self.name.lower(),
            self.name,
            Underlying(base, quote),
            InstrumentQuoteAsset.UNDERLYING_QUOTE,
            kind,
        )


@dataclass(frozen=True)
class Ordered:
    """An order at market: in which hour, of which pair, how much (negative: sell), by which strategy."""

    hour: int
    pair: str
    quantity: str
    strategy: str = "scripted"


@dataclass(frozen=True)
class Run:
    name: str
    pairs: tuple[Pair, ...]
    orders: tuple[Ordered, ...] = ()
    balances: tuple[tuple[str, str], ...] = (("USDT", "100000"),)
    fee: PercentFees = QUOTE_FEES
    margin_rate: str = "1"
    funding: str | None = None
    hours: int = HOURS
    mock_fee_asset: PairAsset | None = None

    def instruments(self) -> IndexedInstruments:
        return IndexedInstruments.new(pair.definition() for pair in self.pairs)


def _often(pair: str, quantity: str, strategy: str = "scripted", every: int = 50, offset: int = 0) -> tuple[Ordered, ...]:
    """In and out, in two parts each way, and the other way round each second time."""
    found = []
    for number, hour in enumerate(range(5 + offset, HOURS - 60, every)):
        sign = 1 if number % 2 == 0 else -1
        part = D(quantity) * sign
        found += [
            Ordered(hour, pair, str(part), strategy),
            Ordered(hour + 7, pair, str(part * 2), strategy),
            Ordered(hour + 20, pair, str(-part), strategy),
            Ordered(hour + 30, pair, str(-part * 2), strategy),
        ]
    return tuple(found)


def _long(pair: str, quantity: str, count: int = 12) -> tuple[Ordered, ...]:
    """Spot cannot be sold short."""
    return tuple(
        order
        for hour in range(10, 10 + 80 * count, 80)
        for order in (Ordered(hour, pair, quantity), Ordered(hour + 33, pair, f"-{quantity}"))
    )


BTC, ETH = Pair("BTC", "USDT", 60_000.0), Pair("ETH", "USDT", 3_000.0)
PERPETUAL = "BTCUSDT"
BNB_FEES = PercentFees(D("-0.0001"), D("0.001"), ThirdAsset(AssetNameExchange("BNB"), D(590)))

RUNS = (
    Run("spot", (BTC,), _long("BTCUSDT", "0.7")),
    Run(
        "two_strategies",
        (BTC, ETH),
        (
            *_long("BTCUSDT", "0.4"),
            Ordered(40, "ETHUSDT", "9", "other"),
            Ordered(300, "ETHUSDT", "-4", "other"),
            Ordered(301, "BTCUSDT", "0.3", "other"),
        ),
    ),
    Run("contract_0.001", (Pair("BTC", "USDT", 60_000.0, "0.001"),), _often(PERPETUAL, "37")),
    Run(
        "contract_1",
        (Pair("BTC", "USDT", 60_000.0, "1"),),
        (*_often(PERPETUAL, "0.3"), *_often(PERPETUAL, "0.2", "other", 70, 3)),
    ),
    Run("contract_100", (Pair("XRP", "USDT", 0.52, "100"),), _often("XRPUSDT", "333"), margin_rate="0.05"),
    Run(
        "funding",
        (Pair("BTC", "USDT", 60_000.0, "0.01"),),
        (*_often(PERPETUAL, "31"), *_often(PERPETUAL, "7", "other", 90, 11)),
        funding="0.0003",
    ),
    Run(
        "two_quote_currencies",
        (BTC, Pair("ETH", "BTC", 0.05), Pair("BTC", "EUR", 55_000.0)),
        (*_long("ETHBTC", "3"), *_long("BTCEUR", "0.2", 5), Ordered(77, "BTCUSDT", "0.5")),
        (("USDT", "50000"), ("BTC", "1.5"), ("EUR", "30000")),
    ),
    Run(
        "a_currency_without_a_value",
        (BTC, Pair("LUNA", "TRY", 7.5)),
        (*_long("BTCUSDT", "0.3"), *_long("LUNATRY", "11", 3)),
        (("USDT", "50000"), ("TRY", "9000")),
    ),
    Run(
        "fees_in_a_third_asset",
        (BTC, Pair("BNB", "USDT", 600.0), Pair("ETH", "BTC", 0.05)),
        (*_long("BTCUSDT", "0.3"), *_long("ETHBTC", "2", 4), Ordered(99, "BNBUSDT", "1.5")),
        (("USDT", "50000"), ("BNB", "40"), ("BTC", "1")),
        BNB_FEES,
    ),
    Run(
        "fees_in_base",
        (BTC,),
        (Ordered(9, "BTCUSDT", "0.7"), Ordered(99, "BTCUSDT", "-0.5"), Ordered(300, "BTCUSDT", "0.1")),
        fee=PercentFees(D(0), D("0.001"), "base"),
    ),
    Run("an_open_loser", (Pair("BTC", "USDT", 60_000.0, None, -0.001),), (Ordered(12, "BTCUSDT", "1"),)),
    Run("only_losers", (Pair("BTC", "USDT", 60_000.0, None, -0.002),), _long("BTCUSDT", "0.4")),
    Run("one_trade", (BTC,), (Ordered(1, "BTCUSDT", "1.25"),), hours=20),
    Run("none", (BTC, ETH)),
    Run(
        "wiped_out",
        (Pair("BTC", "USDT", 60_000.0, "1", -0.01),),
        (Ordered(10, PERPETUAL, "8"), Ordered(200, PERPETUAL, "-8")),
        margin_rate="0.05",
    ),
)


def market(run: Run) -> list[MarketEvent]:
    """A trade of each pair an hour: seeded walks."""
    random, events = Random(run.name), []
    index = {keyed.value.name_exchange: keyed.key for keyed in run.instruments().instruments()}
    prices = {pair.name: pair.price for pair in run.pairs}
    for hour in range(run.hours):
        for number, pair in enumerate(run.pairs):
            prices[pair.name] *= 1 + pair.drift + random.uniform(-0.01, 0.01)
            time = START + timedelta(hours=hour, seconds=number)
            price = float(f"{prices[pair.name]:.6g}")
            trade = PublicTrade(f"{hour}", price, 1_000.0, Side.BUY)
            events.append(MarketEvent(time, time, EXCHANGE, InstrumentIndex(index[InstrumentNameExchange(pair.name)]), trade))
    return events


def play(run: Run) -> BacktestSummary:
    instruments = run.instruments()
    pending = sorted(run.orders, key=lambda order: order.hour)

    def script(strategy: Scripted, state: Any, _: int) -> Any:
        opens = []
        states = {str(item.instrument.name_exchange): item for item in state.instruments.states}
        while pending and START + timedelta(hours=pending[0].hour, minutes=30) < strategy.time:  # type: ignore[attr-defined]
            order = pending.pop(0)
            instrument, quantity = states[order.pair], D(order.quantity)
            side = Side.BUY if quantity > 0 else Side.SELL
            request = strategy.market_order(instrument, side, abs(quantity), instrument.data.price())
            opens.append(replace(request, key=replace(request.key, strategy=order.strategy)))
        return (), opens

    strategy = Timed(script)
    state = (
        EngineState.builder(instruments, DefaultGlobalData(), lambda _: strategy.data())
        .time_engine_start(START)
        .trading_state(TradingState.ENABLED)
        .build()
    )
    constant = BacktestArgsConstant(instruments, [execution(run)], MarketDataInMemory(market(run)), state)
    return run_backtest(constant, BacktestArgsDynamic(run.name, D("0.03"), strategy, DefaultRiskManager()))


class Timed(Scripted):
    """Knows the time of the last market event."""

    time: datetime = START

    def data(self) -> DefaultInstrumentMarketData:
        strategy = self

        class Data(DefaultInstrumentMarketData):
            def process(self, event: Any, /) -> None:
                super().process(event)
                if isinstance(event, MarketEvent):
                    strategy.time = event.time_exchange

        return Data()


def execution(run: Run) -> ExecutionConfig:
    balances = [AssetBalance(AssetNameExchange(name), Balance(D(amount), D(amount)), START) for name, amount in run.balances]
    if run.mock_fee_asset is not None:
        return MockExecutionConfig(EXCHANGE, AccountSnapshot(EXCHANGE, balances, []), 0, run.fee.taker, run.mock_fee_asset)
    due = [START + timedelta(hours=hour, minutes=15) for hour in range(8, run.hours, 8)] if run.funding else []
    rates = tuple(FundingRate(time, D(run.funding or 0)) for time in due)
    margins = tuple(
        InstrumentMargin(InstrumentNameExchange(pair.name), D(run.margin_rate), rates)
        for pair in run.pairs
        if pair.size is not None
    )
    config = SimulatedExchangeConfig(EXCHANGE, AccountSnapshot(EXCHANGE, balances, []), fee=run.fee, margins=margins)
    return SimulatedExecutionConfig(config)
