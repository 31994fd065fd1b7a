"""Whole backtests on the simulated exchange: from Python with any models, and from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.backtest.market import EXCHANGE, INSTRUMENTS, Scripted, arguments, at, quote, simulated, tick

from barter_python import (
    NO_ORDERS,
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
    EngineState,
    IndexedInstruments,
    Instrument,
    InstrumentIndex,
    InstrumentQuoteAsset,
    LimitRiskManager,
    MovingAverageCross,
    PerpetualContract,
    Side,
    StrategyError,
    SyntheticInstrument,
    SyntheticMarket,
    TimeInForce,
    TradingState,
    Underlying,
    run_backtest,
    run_backtests,
)
from barter_python.cli.main import main
from barter_python.config.execution import SimulatedExecutionConfig
from barter_python.execution.exchange.model.fee import Fees, FeeTier, PercentFees, TieredFees
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency
from barter_python.execution.exchange.model.slippage import PercentSlippage
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin, SimulatedExchangeConfig
from barter_python.execution.order.state import OpenFailed
from barter_python.execution.trade import Liquidity
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.name import InstrumentNameExchange
from barter_python.numeric import money_context
from barter_python.result.document import report_document

D = Decimal
MS = timedelta(milliseconds=1)


def once(make: Callable[[Scripted, Any], Any]) -> Scripted:
    """Sends what `make` returns as soon as a price is known."""

    def script(strategy: Scripted, state: Any, _: int) -> Any:
        instrument = state.instruments.states[0]
        if strategy.calls < 0 or instrument.data.price() is None or state.assets.asset_index(1).balance is None:
            return NO_ORDERS
        strategy.calls = -1_000_000
        return (), [make(strategy, instrument)]

    return Scripted(script)


def buy_at_market(strategy: Scripted, instrument: Any) -> Any:
    return strategy.market_order(instrument, Side.BUY, D(2), D(100))


def bid(price: str, time_in_force: TimeInForce = TimeInForce.GOOD_UNTIL_CANCELLED) -> Callable[[Scripted, Any], Any]:
    return lambda strategy, instrument: strategy.limit_order(instrument, Side.BUY, D(2), D(price), time_in_force)


def run(events: list[Any], make: Callable[[Scripted, Any], Any], execution: SimulatedExecutionConfig) -> BacktestSummary:
    return run_backtest(*arguments(events, once(make), execution))


def test_a_market_order_pays_the_ask() -> None:
    summary = run([quote(0), quote(10)], buy_at_market, simulated(fee=PercentFees(D(0), D("0.001"))))

    (trade,) = summary.record.trades
    (quality,) = summary.execution.values()
    assert (D(101), D(2), D("0.202")) == (trade.price, trade.quantity, trade.fees.fees)
    assert (D(2), D(100), D(0), D(1)) == (
        quality.slippage,
        quality.slippage_basis_points,
        quality.maker_share,
        quality.fill_ratio,
    )


def test_a_market_order_meets_the_market_of_its_arrival() -> None:
    latency = ConstantLatency(request_time=15 * MS, response_time=5 * MS)

    summary = run([quote(0), quote(10, ask="105"), quote(20, ask="109"), quote(30)], buy_at_market, simulated(latency))

    (trade,) = summary.record.trades
    (quality,) = summary.execution.values()
    assert (D(105), at(15)) == (trade.price, trade.time_exchange)
    assert quality.time_to_fill_max == 15 * MS


def test_a_limit_order_at_rest_is_a_maker() -> None:
    events = [quote(0), quote(10), tick(20, price=98.5), quote(30)]

    summary = run(events, bid("99"), simulated(fee=PercentFees(D("-0.001"), D("0.002"))))

    (trade,) = summary.record.trades
    (quality,) = summary.execution.values()
    assert (D(99), at(20), D("-0.198")) == (trade.price, trade.time_exchange, trade.fees.fees)
    assert (D(1), D(-2), 20 * MS) == (quality.maker_share, quality.slippage, quality.time_to_fill_mean)


def test_an_order_that_still_rests_at_the_end_stays_open() -> None:
    summary = run([quote(0), quote(10)], bid("98"), simulated())

    assert [D(98)] == [order.price for order in summary.orders_open]
    assert summary.record.trades == []
    assert len(report_document(summary)["orders_open"]) == 1


def test_an_order_until_the_end_of_the_day_expires_while_the_data_goes_on() -> None:
    events = [quote(0), quote(10), quote(86_400_010)]

    summary = run(events, bid("98", TimeInForce.GOOD_UNTIL_END_OF_DAY), simulated())

    assert summary.orders_open == []
    assert [type(order.state).__name__ for order in summary.record.orders] == ["Open", "Expired"]


def test_what_the_account_cannot_pay_is_refused_when_it_arrives() -> None:
    summary = run([quote(0), quote(10)], buy_at_market, simulated(usdt="100"))

    (order,) = summary.record.orders
    (quality,) = summary.execution.values()
    assert isinstance(order.state, OpenFailed)
    assert (1, D(0)) == (quality.orders, quality.fill_ratio)


def test_fees_in_the_base_asset_are_shown_in_it_and_accounted_for_in_quote() -> None:
    summary = run([quote(0), quote(10)], buy_at_market, simulated(fee=PercentFees(D(0), D("0.01"), "base")))

    (trade,) = summary.record.trades
    (quality,) = summary.execution.values()
    assert D("2.02") == trade.fees.fees
    assert {"btc": D("0.02")} == quality.fees


class CappedFees:
    """A user's own model, as in the documentation."""

    def fees(self, instrument: InstrumentDefinition, side: Side, price: Decimal, quantity: Decimal, is_maker: bool, /) -> Fees:
        fee = min(price * quantity * D("0.1"), D(1))
        return Fees(instrument.underlying.quote.name_exchange, fee)


class Worse:
    def price(self, side: Side, price: Decimal, tick_size: Decimal | None, /) -> Decimal:
        return price + 7 if side is Side.BUY else price - 7


class Slow:
    """Every request takes longer than the one before."""

    def __init__(self) -> None:
        self.sent = 0

    def request(self) -> timedelta:
        self.sent += 1
        return self.sent * 3 * MS

    def response(self) -> timedelta:
        return timedelta()

    def market_data(self) -> timedelta:
        return timedelta()


def test_models_of_a_users_own() -> None:
    execution = simulated(Slow(), fee=CappedFees(), slippage=Worse())

    summaries = [run([quote(0), quote(10)], buy_at_market, execution) for _ in range(2)]

    for summary in summaries:  # the second run starts with models as fresh as the first
        (trade,) = summary.record.trades
        assert (D(108), D(1), at(3)) == (trade.price, trade.fees.fees, trade.time_exchange)


def test_tiers_start_anew_with_each_run() -> None:
    tiers = TieredFees((FeeTier(D(0), D("0.01"), D("0.01")), FeeTier(D(100), D(0), D(0))))
    execution = simulated(fee=tiers)

    fees = [run([quote(0), quote(10)], buy_at_market, execution).record.trades[0].fees.fees for _ in range(2)]

    assert [D("2.02")] * 2 == fees
    assert D(0) == tiers.volume


def test_a_perpetual_pays_funding_when_it_is_due() -> None:
    usdt = Asset.new_from_exchange("USDT")
    perpetual: InstrumentDefinition = Instrument(
        EXCHANGE,
        "btc-perpetual",
        "BTC-SWAP",
        Underlying(Asset.new_from_exchange("BTC"), usdt),
        InstrumentQuoteAsset.UNDERLYING_QUOTE,
        PerpetualContract(D("0.5"), usdt),
    )
    instruments = IndexedInstruments.new([perpetual])
    name = InstrumentNameExchange("BTC-SWAP")
    margin = InstrumentMargin(name, D("0.1"), (FundingRate(at(15), D("0.01")), FundingRate(at(40), D("0.01"))))
    cash = AssetBalance(AssetNameExchange("USDT"), Balance(D(1000), D(1000)), at(0))
    config = SimulatedExchangeConfig(
        EXCHANGE, AccountSnapshot(EXCHANGE, [cash], []), fee=PercentFees(D(0), D(0)), margins=(margin,)
    )
    args, dynamic_ = arguments([quote(0), quote(10), quote(20), quote(30)], once(buy_at_market))
    state = (
        EngineState.builder(instruments, DefaultGlobalData(), lambda _: DefaultInstrumentMarketData())
        .time_engine_start(at(0))
        .trading_state(TradingState.ENABLED)
        .build()
    )
    execution = SimulatedExecutionConfig(config)

    summary = run_backtest(BacktestArgsConstant(instruments, [execution], args.market_data, state), dynamic_)

    (trade,) = summary.record.trades
    usdt_end = next(sheet.balance_end for key, sheet in summary.trading_summary.assets.items() if key.asset == "usdt")
    assert (D(101), D(2)) == (trade.price, trade.quantity)
    # Two contracts of half a bitcoin, long, at a mid price of 100, pay one percent once: the data ends before the second payment.
    assert usdt_end is not None
    assert (D(999), D("988.9")) == (usdt_end.total, usdt_end.free)


def constant(trades: int = 6_000, **models: Any) -> BacktestArgsConstant:
    market = SyntheticMarket(EXCHANGE, (SyntheticInstrument(InstrumentIndex(0), 60_000.0, D("0.01")),), trades, seed=3)
    strategy = MovingAverageCross(20, 100)
    state = (
        EngineState.builder(INSTRUMENTS, DefaultGlobalData(), strategy.instrument_data)
        .time_engine_start(market.time_first_event())
        .trading_state(TradingState.ENABLED)
        .build()
    )
    latency = JitteredLatency(ConstantLatency(20 * MS, 20 * MS, 5 * MS), ConstantLatency(9 * MS, 9 * MS, 9 * MS), seed=1)
    return BacktestArgsConstant(INSTRUMENTS, [simulated(latency, **models)], market, state)


def dynamic(name: str = "a", amount: str = "1000") -> BacktestArgsDynamic:
    limits = LimitRiskManager(D(2_000), D(2_000), orders_open_max=1)
    return BacktestArgsDynamic(name, D("0.01"), MovingAverageCross(20, 100, amount), limits)


def test_two_runs_are_equal_to_the_last_digit_although_latency_jitters() -> None:
    arguments_ = constant(slippage=PercentSlippage(D("0.0001")))

    first, second = (report_document(run_backtest(arguments_, dynamic())) for _ in range(2))

    assert len(first["trades"]) > 20
    assert first == second


def test_balances_reconcile_with_trades_and_fees_exactly() -> None:
    summary = run_backtest(constant(fee=PercentFees(D("0.0002"), D("0.0005"))), dynamic())

    assert {Liquidity.TAKER} == {trade.liquidity for trade in summary.record.trades}
    btc, usdt = D(0), D(10_000)
    with money_context():
        for trade in summary.record.trades:
            sign = 1 if trade.side is Side.BUY else -1
            btc += sign * trade.quantity
            usdt -= sign * trade.price * trade.quantity + trade.fees.fees
    ends = {str(key.asset): sheet.balance_end for key, sheet in summary.trading_summary.assets.items()}
    assert {"btc": btc, "usdt": usdt} == {name: balance and balance.total for name, balance in ends.items()}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_sweep_gives_what_each_backtest_gives_alone(workers: int) -> None:
    arguments_ = constant(2_000)

    sweep = run_backtests(arguments_, [dynamic(amount, amount) for amount in ("500", "1000")], workers=workers)

    alone = [run_backtest(arguments_, dynamic(amount, amount)) for amount in ("500", "1000")]
    assert [report_document(summary) for summary in alone] == [report_document(summary) for summary in sweep.summaries]


STRATEGY = "barter_python.strategy.moving_average:MovingAverageCross"
EXECUTION: dict[str, Any] = {
    "simulated_exchange": "binance_spot",
    "initial_state": {
        "exchange": "binance_spot",
        "balances": [{"asset": "usdt", "balance": {"total": 10000, "free": 10000}, "time_exchange": "2025-01-01T00:00:00Z"}],
        "instruments": [],
    },
    "latency": {"request_ms": 20, "response_ms": 20, "market_data_ms": 5, "jitter_ms": 4, "seed": 1},
    "fees": {"maker": "0.0002", "taker": "0.0005"},
    "slippage": {"ticks": 1},
    "queue": "pessimistic",
}
CONFIG: dict[str, Any] = {
    "risk_free_return": 0.05,
    "system": {
        "instruments": [
            {
                "exchange": "binance_spot",
                "name_exchange": "BTCUSDT",
                "underlying": {"base": "btc", "quote": "usdt"},
                "quote": "underlying_quote",
                "kind": "spot",
                "spec": {
                    "price": {"min": "0.01", "tick_size": "0.01"},
                    "quantity": {"unit": {"Asset": "btc"}, "min": "0.00001", "increment": "0.00001"},
                    "notional": {"min": "5"},
                },
            }
        ],
        "executions": [EXECUTION],
    },
}


def line(number: int, kind: dict[str, Any]) -> str:
    stamp = f"2025-01-01T00:{number // 60:02}:{number % 60:02}Z"
    head = {"time_exchange": stamp, "time_received": stamp, "exchange": "binance_spot", "instrument": "BTCUSDT"}
    if "OrderBookL1" in kind:
        kind["OrderBookL1"]["last_update_time"] = stamp
    return json.dumps({"Item": {**head, "kind": kind}})


def data() -> str:
    lines = []
    for number in range(300):
        price = 100 + number % 17
        book = {"best_bid": {"price": f"{price}.00", "amount": "50"}, "best_ask": {"price": f"{price}.02", "amount": "50"}}
        lines.append(line(number, {"OrderBookL1": book}))
        lines.append(line(number, {"Trade": {"id": str(number), "price": float(price), "amount": 1.0, "side": "Sell"}}))
    return "\n".join(lines) + "\n"


def command(
    folder: Path, capsys: pytest.CaptureFixture[str], execution: dict[str, Any]
) -> tuple[int, str, str, dict[str, Any] | None]:
    config = {**CONFIG, "system": {**CONFIG["system"], "executions": [execution]}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "data.jsonl").write_text(data())
    output = folder / "result.json"
    arguments_ = ["backtest", str(folder / "config.json"), "--data", str(folder / "data.jsonl"), "--output", str(output)]
    with pytest.raises(SystemExit) as exited:
        main([*arguments_, "--strategy", STRATEGY, "-p", "fast=2", "-p", "slow=5"])
    out, err = capsys.readouterr()
    assert isinstance(exited.value.code, int)
    return exited.value.code, out, err, json.loads(output.read_text()) if output.exists() else None


def test_the_command_runs_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err, result = command(tmp_path, capsys, EXECUTION)

    assert (code, err) == (0, "")
    assert result is not None
    figures = result["execution"]["binancespot-btc_usdt"]
    assert len(result["trades"]) == figures["trades"] > 10
    assert figures["maker_share"] == "0"
    assert Decimal(figures["slippage"]) > 0
    assert {"usdt"} == set(figures["fees"])
    assert 15 < Decimal(figures["time_to_fill_mean_ms"]) < 25
    for label in ("Execution", "filled", "maker", "slippage", "mean", "max", "fees paid", "usdt"):
        assert label in out


@pytest.mark.parametrize(
    ("members", "mentions"),
    [
        pytest.param({"queue": "fast"}, ["executions[0].queue", "'fast'", "optimistic, proportional, pessimistic"], id="queue"),
        pytest.param({"latency": {"request_ms": -5}}, ["executions[0].latency.request_ms", "-5", "from 0"], id="latency"),
        pytest.param({"fees": {"maker": 0, "taker": 2}}, ["executions[0].fees.taker", "found 2", "below 1"], id="fees"),
        pytest.param({"slipage": None}, ["executions[0].slipage", "not known", "'slippage'"], id="misspelt"),
        pytest.param(
            {"margins": [{"instrument": "BTCUSDT", "leverage": 2}]}, ["margins[0].instrument", "'BTCUSDT' is spot"], id="margin"
        ),
    ],
)
def test_the_command_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], members: dict[str, Any], mentions: list[str]
) -> None:
    code, _, err, result = command(tmp_path, capsys, {**EXECUTION, **members})

    assert (code, result) == (3, None)
    assert err.count("error:") == 1
    assert "Traceback" not in err
    for mention in mentions:
        assert mention in err


@pytest.mark.parametrize(
    ("repeated", "outcome"),
    [
        pytest.param(5, nullcontext(), id="as-often-as-allowed"),
        pytest.param(
            6,
            pytest.raises(StrategyError, match=r"more than 5 events at .*, expected it not to repeat .*OpenFailed"),
            id="once-more",
        ),
    ],
)
def test_a_strategy_that_repeats_what_is_refused_is_told_so_instead_of_never_ending(
    monkeypatch: pytest.MonkeyPatch, repeated: int, outcome: AbstractContextManager[object]
) -> None:
    """What was refused before, at another time, does not count."""
    monkeypatch.setattr("barter_python.backtest.kernel._EVENTS_AT_ONCE_MAX", 5)
    left = {at(0): 3, at(10): repeated}

    def script(strategy: Scripted, state: Any, _: int) -> Any:
        instrument = state.instruments.states[0]
        time = instrument.data.l1.last_update_time
        if not left.get(time):
            return NO_ORDERS
        left[time] -= 1
        return (), [strategy.market_order(instrument, Side.BUY, D(1), D(100))]

    with outcome:
        run_backtest(*arguments([quote(0), quote(10), quote(20)], Scripted(script), simulated(usdt="0")))


def test_a_market_order_may_expect_a_price_of_any_number_of_digits() -> None:
    price = D(1) / D(3) + 100
    summary = run_backtest(
        *arguments([quote(0), quote(10)], once(lambda s, i: s.market_order(i, Side.BUY, D(2), price)), simulated())
    )

    assert [D(101)] == [trade.price for trade in summary.record.trades]
