"""The configuration of a simulated exchange: what is read, what is written, and what is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from barter_python.codec.config import execution_config, load_backtest_config, system_config
from barter_python.config.execution import MockExecutionConfig, SimulatedExecutionConfig
from barter_python.config.system import validate
from barter_python.errors import ConfigError, DecodeError
from barter_python.execution.exchange.model.fee import FeeTier, PercentFees, ThirdAsset, TieredFees
from barter_python.execution.exchange.model.latency import ConstantLatency, JitteredLatency
from barter_python.execution.exchange.model.slippage import NoSlippage, PercentSlippage, TickSlippage
from barter_python.execution.exchange.simulated.config import FundingRate, InstrumentMargin, MarginMode
from barter_python.execution.exchange.simulated.queue import OptimisticQueue, PessimisticQueue, ProportionalQueue
from barter_python.execution.exchange.simulated.self_trade import SelfTradePrevention
from barter_python.instrument.asset import AssetNameExchange
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.name import InstrumentNameExchange

D = Decimal
MS = timedelta(milliseconds=1)

_STATE = {
    "exchange": "okx",
    "balances": [{"asset": "usdt", "balance": {"total": 10000, "free": 10000}, "time_exchange": "2025-03-24T21:30:00Z"}],
    "instruments": [],
}
_SPEC = {
    "price": {"min": "0.1", "tick_size": "0.1"},
    "quantity": {"unit": {"Asset": "btc"}, "min": "0.001", "increment": "0.001"},
    "notional": {"min": "5"},
}


def _instrument(name: str, kind: object, spec: object = None) -> dict[str, Any]:
    underlying = {"base": "btc", "quote": "usdt"}
    instrument = {"exchange": "okx", "name_exchange": name, "underlying": underlying, "quote": "underlying_quote", "kind": kind}
    return instrument if spec is None else {**instrument, "spec": spec}


_CONTRACT = {"contract_size": "0.01", "settlement_asset": "usdt"}
_FUTURE = {**_CONTRACT, "expiry": 1_800_000_000_000}
_OPTION = {**_FUTURE, "kind": "call", "exercise": "european", "strike": 1}
_SIMULATED = {"simulated_exchange": "okx", "initial_state": _STATE, "fees": {"maker": 0, "taker": 0}}
_SYSTEM: dict[str, Any] = {
    "instruments": [
        _instrument("BTC-USDT", "spot", _SPEC),
        _instrument("BTC-SWAP", {"perpetual": _CONTRACT}, _SPEC),
        _instrument("BTC-FUTURE", {"future": _FUTURE}, _SPEC),
    ],
    "executions": [_SIMULATED],
}


def read(**members: object) -> SimulatedExecutionConfig:
    config = execution_config.read({**_SIMULATED, **members})
    assert isinstance(config, SimulatedExecutionConfig)
    return config


def test_the_member_with_the_venue_tells_the_kinds_of_execution_apart() -> None:
    mock = execution_config.read({"mocked_exchange": "okx", "initial_state": _STATE, "latency_ms": 1, "fees_percent": 0})

    assert isinstance(mock, MockExecutionConfig)
    assert ExchangeId.OKX is read().mocked_exchange is mock.mocked_exchange
    assert read().initial_state == mock.initial_state


def test_everything_but_venue_account_and_fees_has_a_default() -> None:
    config = read()

    assert ConstantLatency() == config.latency
    assert (NoSlippage(), ProportionalQueue(), ()) == (
        config.exchange.slippage,
        config.exchange.queue,
        config.exchange.margins,
    )


LATENCIES = [
    pytest.param({"request_ms": 10, "response_ms": "2.5"}, ConstantLatency(10 * MS, 2.5 * MS), id="constant"),
    pytest.param(
        {"market_data_ms": 3, "jitter_ms": 2, "seed": 9},
        JitteredLatency(ConstantLatency(market_data_time=3 * MS), ConstantLatency(2 * MS, 2 * MS, 2 * MS), 9),
        id="jitter",
    ),
    pytest.param(
        {"request_ms": 3, "jitter_ms": {"request_ms": 1}},
        JitteredLatency(ConstantLatency(3 * MS), ConstantLatency(1 * MS), 0),
        id="jitter-of-one-direction",
    ),
]
BNB = {"name": "bnb", "price": 600}
FEES = [
    pytest.param({"maker": "-0.0001", "taker": "0.0005"}, PercentFees(D("-0.0001"), D("0.0005")), id="quote"),
    pytest.param({"maker": 0, "taker": 0, "asset": "base"}, PercentFees(D(0), D(0), "base"), id="base"),
    pytest.param({"maker": 0, "taker": 0, "asset": "received"}, PercentFees(D(0), D(0), "received"), id="received"),
    pytest.param(
        {"maker": 0, "taker": 0, "asset": BNB}, PercentFees(D(0), D(0), ThirdAsset(AssetNameExchange("bnb"), D(600))), id="third"
    ),
    pytest.param(
        {"tiers": [{"volume": 0, "maker": "0.1", "taker": "0.2"}, {"volume": 100, "maker": 0, "taker": "0.1"}]},
        TieredFees((FeeTier(D(0), D("0.1"), D("0.2")), FeeTier(D(100), D(0), D("0.1")))),
        id="tiers",
    ),
]
SLIPPAGES = [
    pytest.param(None, NoSlippage(), id="none"),
    pytest.param({"ticks": 2}, TickSlippage(2), id="ticks"),
    pytest.param({"percent": "0.0001"}, PercentSlippage(D("0.0001")), id="percent"),
]
QUEUES = [
    pytest.param("optimistic", OptimisticQueue(), id="optimistic"),
    pytest.param("proportional", ProportionalQueue(), id="proportional"),
    pytest.param("pessimistic", PessimisticQueue(), id="pessimistic"),
]


@pytest.mark.parametrize(("document", "expected"), LATENCIES)
def test_latency(document: object, expected: object) -> None:
    assert_read_and_written("latency", document, expected, lambda config: config.latency)


@pytest.mark.parametrize(("document", "expected"), FEES)
def test_fees(document: object, expected: object) -> None:
    assert_read_and_written("fees", document, expected, lambda config: config.exchange.fee)


@pytest.mark.parametrize(("document", "expected"), SLIPPAGES)
def test_slippage(document: object, expected: object) -> None:
    assert_read_and_written("slippage", document, expected, lambda config: config.exchange.slippage)


@pytest.mark.parametrize(("document", "expected"), QUEUES)
def test_queue(document: object, expected: object) -> None:
    assert_read_and_written("queue", document, expected, lambda config: config.exchange.queue)


def test_margins() -> None:
    document = [
        {"instrument": "BTC-SWAP", "leverage": 8, "funding": [{"time": "2025-01-01T08:00:00Z", "rate": "0.0001"}]},
        {
            "instrument": "BTC-FUTURE",
            "initial_margin_rate": "0.3",
            "mode": "isolated",
            "maintenance_margin_rate": "0.1",
            "liquidation_fee_rate": "0.01",
        },
    ]
    funding = (FundingRate(datetime(2025, 1, 1, 8, tzinfo=UTC), D("0.0001")),)
    expected = (
        InstrumentMargin(InstrumentNameExchange("BTC-SWAP"), D("0.125"), funding),
        InstrumentMargin(InstrumentNameExchange("BTC-FUTURE"), D("0.3"), (), MarginMode.ISOLATED, D("0.1"), D("0.01")),
    )
    assert_read_and_written("margins", document, expected, lambda config: config.exchange.margins)


def assert_read_and_written(
    name: str, document: object, expected: object, take: Callable[[SimulatedExecutionConfig], object]
) -> None:
    config = read(**{name: document})

    assert expected == take(config)
    assert config == execution_config.read(execution_config.write(config))


@pytest.mark.parametrize("mode", SelfTradePrevention)
def test_self_trade_prevention(mode: SelfTradePrevention) -> None:
    assert_read_and_written("self_trade_prevention", mode.value, mode, lambda config: config.exchange.self_trade_prevention)


def test_share_of_a_candle() -> None:
    assert_read_and_written("candle_volume_share", "0.1", D("0.1"), lambda config: config.exchange.candle_volume_share)


class OwnFees:
    pass


def test_a_model_of_a_users_own_has_no_name_in_a_configuration() -> None:
    config = read()
    own = SimulatedExecutionConfig(type(config.exchange)(ExchangeId.OKX, config.initial_state, fee=OwnFees()))  # type: ignore[arg-type]

    with pytest.raises(TypeError, match="cannot write OwnFees, expected TieredFees or PercentFees"):
        execution_config.write(own)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({"latancy": {}}, r"\$\.latancy: is not known, expected one of: .*; is 'latency' meant\?", id="misspelt"),
        pytest.param(
            {"latency": {"request": 1}}, r"\.latency\.request: is not known, .* is 'request_ms' meant", id="misspelt-inside"
        ),
        pytest.param(
            {"latency": {"request_ms": -1}}, r"\.latency\.request_ms: found the number -1, expected milliseconds", id="negative"
        ),
        pytest.param({"latency": {"request_ms": "0.0001"}}, r"at most three decimals", id="below-a-microsecond"),
        pytest.param({"latency": {"jitter_ms": "x"}}, r"\.latency\.jitter_ms: found 'x'", id="jitter"),
        pytest.param({"latency": {"seed": -1}}, r"\.latency\.seed: found the number -1, expected an integer", id="seed"),
        pytest.param({"fees": {}}, r"\.fees: member 'maker' is missing", id="no-fees"),
        pytest.param({"fees": {"maker": 0}}, r"\.fees: member 'taker' is missing", id="no-taker"),
        pytest.param(
            {"fees": {"maker": 0, "taker": 0, "asset": "bnb"}}, r"\.fees\.asset: found 'bnb', expected one of", id="asset"
        ),
        pytest.param({"fees": {"tiers": [{"volume": 0}]}}, r"\.fees\.tiers\[0\]: member 'maker' is missing", id="tier"),
        pytest.param({"slippage": {"tick": 1}}, r"\.slippage: found .*, expected one of: null, ", id="slippage"),
        pytest.param({"slippage": {"ticks": -1}}, r"\.slippage\.ticks: found the number -1", id="ticks"),
        pytest.param({"queue": "optimist"}, r"\.queue: found 'optimist', .* did you mean 'optimistic'", id="queue"),
        pytest.param({"margins": [{"instrument": "X", "leverage": 0}]}, r"\.margins\[0\]\.leverage: found 0", id="leverage"),
        pytest.param(
            {"margins": [{"instrument": "X", "leverage": 2, "initial_margin_rate": 1}]}, r"\.margins\[0\]: found both", id="both"
        ),
    ],
)
def test_what_is_not_well_formed_is_refused_by_name(members: dict[str, object], expected: str) -> None:
    with pytest.raises(DecodeError, match=expected):
        read(**members)


def _swap(**members: object) -> dict[str, object]:
    return {"margins": [{"instrument": "BTC-SWAP", **members}]}


EIGHT, FOUR = {"time": "2025-01-01T08:00:00Z", "rate": 0}, {"time": "2025-01-01T04:00:00Z", "rate": 0}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({"fees": {"maker": -1, "taker": 0}}, r"executions\[0\]\.fees\.maker: found -1, expected", id="maker"),
        pytest.param({"fees": {"maker": 0, "taker": "-0.1"}}, r"executions\[0\]\.fees\.taker: found -0\.1, expected", id="taker"),
        pytest.param(
            {"fees": {"maker": 0, "taker": 0, "asset": BNB}},
            r"\.fees\.asset\.name: no instrument .* 'bnb', .*: btc, usdt",
            id="asset",
        ),
        pytest.param(
            {"fees": {"maker": 0, "taker": 0, "asset": {"name": "btc", "price": 0}}}, r"\.fees\.asset\.price: found 0", id="price"
        ),
        pytest.param({"fees": {"tiers": []}}, r"\.fees\.tiers: the list is empty", id="no-tiers"),
        pytest.param(
            {"fees": {"tiers": [{"volume": 1, "maker": 0, "taker": 0}]}},
            r"\.tiers\[0\]\.volume: found 1, expected 0",
            id="first-tier",
        ),
        pytest.param(
            {"fees": {"tiers": [{"volume": 0, "maker": 0, "taker": 0}] * 2}},
            r"\.tiers\[1\]\.volume: found 0, .* more",
            id="tiers",
        ),
        pytest.param(
            {"fees": {"tiers": [{"volume": 0, "maker": 0, "taker": 1}]}}, r"\.fees\.tiers\[0\]\.taker: found 1", id="tier-rate"
        ),
        pytest.param({"candle_volume_share": 2}, r"executions\[0\]\.candle_volume_share: found 2, expected", id="share"),
        pytest.param({"slippage": {"percent": 1}}, r"executions\[0\]\.slippage\.percent: found 1, expected", id="slippage"),
        pytest.param(_swap(initial_margin_rate=0), r"\.margins\[0\]\.initial_margin_rate: found 0, expected", id="margin"),
        pytest.param(
            _swap(leverage=100, maintenance_margin_rate="0.01"),
            r"\.margins\[0\]\.initial_margin_rate: found 0\.01, expected more than the 0\.015 of maintenance_margin_rate",
            id="liquidated-when-opened",
        ),
        pytest.param(_swap(liquidation_fee_rate=1), r"\.margins\[0\]\.liquidation_fee_rate: found 1, expected", id="liquidation"),
        pytest.param(_swap(instrument="ETH"), r"\.margins\[0\]\.instrument: 'ETH' is not configured", id="unknown"),
        pytest.param(_swap(instrument="BTC-USDT"), r"\.instrument: 'BTC-USDT' is spot, expected a perpetual", id="spot"),
        pytest.param(_swap(instrument="BTC-FUTURE", funding=[EIGHT]), r"\.funding: 'BTC-FUTURE' is a future", id="future"),
        pytest.param(_swap(funding=[EIGHT, FOUR]), r"\.funding\[1\]\.time: found 2025-01-01 04", id="funding-out-of-order"),
        pytest.param(_swap(funding=[{**EIGHT, "rate": 1}]), r"\.funding\[0\]\.rate: found 1", id="funding-rate"),
        pytest.param(
            {"margins": [{"instrument": "BTC-SWAP"}] * 2}, r"\.margins\[1\]\.instrument: 'BTC-SWAP' has an entry", id="twice"
        ),
    ],
)
def test_what_makes_no_sense_is_read_but_cannot_be_run(members: dict[str, object], expected: str) -> None:
    system = deepcopy(_SYSTEM)
    system["executions"][0].update(members)

    with pytest.raises(ConfigError, match=expected):
        validate(system_config.read(system))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            lambda system: (system["instruments"][0].pop("spec"), system["executions"][0].update(slippage={"ticks": 1})),
            r"\.slippage\.ticks: 'BTC-USDT' has no spec",
            id="ticks-without-a-tick-size",
        ),
        pytest.param(
            lambda system: system["instruments"].append(_instrument("BTC-OPTION", {"option": _OPTION})),
            r"executions\[0\]: 'BTC-OPTION' is an option",
            id="option",
        ),
        pytest.param(
            lambda system: system["executions"][0].update(simulated_exchange="kraken"),
            r"executions\[0\]\.simulated_exchange: no instrument trades on 'kraken', expected one of: okx",
            id="venue",
        ),
        pytest.param(
            lambda system: system["executions"].append(
                {"mocked_exchange": "okx", "initial_state": _STATE, "latency_ms": 0, "fees_percent": 0}
            ),
            r"executions\[1\]\.mocked_exchange: 'okx' is executed by executions\[0\] already",
            id="venue-twice",
        ),
    ],
)
def test_what_does_not_fit_together_cannot_be_run(change: Callable[[dict[str, Any]], object], expected: str) -> None:
    system = deepcopy(_SYSTEM)
    change(system)

    with pytest.raises(ConfigError, match=expected):
        validate(system_config.read(system))


def test_the_example_of_the_documentation_can_be_run() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/configuration.md").read_text()

    config = load_backtest_config(text.partition("## An example")[2])

    validate(config)
    (execution,) = config.system.executions
    assert isinstance(execution, SimulatedExecutionConfig)
    assert TickSlippage(1) == execution.exchange.slippage
