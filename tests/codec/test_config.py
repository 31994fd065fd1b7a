"""Configurations: both layouts, and what cannot be run although it is well formed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from barter_python.codec.config import backtest_config, load_backtest_config, system_config
from barter_python.config.system import BacktestConfig, InstrumentConfig, validate
from barter_python.errors import ConfigError, DecodeError
from barter_python.instrument.asset import AssetNameExchange, AssetNameInternal
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.instrument import InstrumentQuoteAsset, Underlying
from barter_python.instrument.kind import (
    FutureContract,
    InstrumentKind,
    OptionContract,
    OptionExercise,
    OptionKind,
    PerpetualContract,
    Spot,
)
from barter_python.instrument.name import InstrumentNameExchange

_SYSTEM: dict[str, Any] = {
    "executions": [
        {
            "mocked_exchange": "binance_spot",
            "latency_ms": 100,
            "fees_percent": 0.05,
            "initial_state": {
                "exchange": "binance_spot",
                "balances": [
                    {"asset": "usdt", "balance": {"total": 10000, "free": 10000}, "time_exchange": "2025-03-24T21:30:00Z"},
                    {"asset": "btc", "balance": {"total": 0.1, "free": 0.1}, "time_exchange": "2025-03-24T21:30:00Z"},
                ],
                "instruments": [{"instrument": "BTCUSDT", "orders": []}],
            },
        }
    ],
    "instruments": [
        {
            "exchange": "binance_spot",
            "name_exchange": "BTCUSDT",
            "underlying": {"base": "btc", "quote": "usdt"},
            "quote": "underlying_quote",
            "kind": "spot",
        },
        {
            "exchange": "kraken",
            "name_exchange": "BTC-P",
            "underlying": {"base": "btc", "quote": "usdt"},
            "quote": "underlying_quote",
            "kind": {"perpetual": {"contract_size": 1, "settlement_asset": "usdt"}},
        },
    ],
}
_NESTED = {"risk_free_return": 0.05, "system": _SYSTEM}
_FLAT = {"risk_free_return": 0.05, **_SYSTEM}


def test_both_layouts_mean_the_same() -> None:
    nested, flat = backtest_config.read(_NESTED), backtest_config.read(_FLAT)
    validate(nested)
    assert nested == flat
    assert nested.risk_free_return == Decimal("0.05")
    assert nested.system == system_config.read(_FLAT)
    assert nested == backtest_config.read(backtest_config.write(nested))


def test_document_that_is_no_object_is_refused() -> None:
    with pytest.raises(DecodeError, match="expected an object with the members risk_free_return and system"):
        load_backtest_config("[]")


Change = Callable[[dict[str, Any]], object]


def _execution(**members: Any) -> Change:
    return lambda system: system["executions"][0].update(members)


def _balance(**members: Any) -> Change:
    return lambda system: system["executions"][0]["initial_state"]["balances"][1].update(members)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda system: system["instruments"].clear(), "instruments: the list is empty"),
        (_execution(fees_percent=-0.1), r"executions\[0\].fees_percent: found -0.1, expected a fraction"),
        (_execution(fees_percent=1), r"executions\[0\].fees_percent: found 1, expected a fraction"),
        (_execution(mocked_exchange="okx"), "executions.*no instrument trades on 'okx', expected one of: binance_spot, kraken"),
        (_execution(mocked_exchange="kraken"), r"initial_state.exchange: found another exchange than 'kraken'"),
        (lambda system: system["executions"].append(system["executions"][0]), r"executions\[1\].mocked_exchange: .* already"),
        (_balance(asset="eth"), r"balances\[1\].asset: no instrument of the exchange uses 'eth', expected one of: btc, usdt"),
        (_balance(asset="usdt"), r"balances\[1\].asset: 'usdt' has a balance already"),
        (_balance(balance={"total": 1, "free": 2}), r"balances\[1\].balance.free: found 2, expected at most the total of 1"),
        (_balance(balance={"total": -1, "free": -2}), r"balances\[1\].balance: found total -1 and free -2"),
        (
            lambda system: system["instruments"][1]["kind"]["perpetual"].update(contract_size="0"),
            r"instruments\[1\].kind.contract_size: found 0, expected a positive number",
        ),
        (
            lambda system: system["executions"][0]["initial_state"]["instruments"].append({"instrument": "ETHUSDT"}),
            r"initial_state.instruments\[1\].instrument: 'ETHUSDT' is not configured, expected one of: BTCUSDT",
        ),
        (
            lambda system: system["instruments"].append(system["instruments"][0]),
            r"instruments\[2\]: its internal name 'binancespot-btc_usdt' is that of instruments\[0\]",
        ),
    ],
)
def test_what_makes_no_sense_is_read_but_cannot_be_run(change: Change, expected: str) -> None:
    system = deepcopy(_SYSTEM)
    change(system)
    config = BacktestConfig(Decimal(0), system_config.read(system))
    with pytest.raises(ConfigError, match=expected):
        validate(config)


_USDT = AssetNameExchange("USDT")
_EXPIRY = datetime(2024, 6, 28, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Spot(), ""),
        (PerpetualContract(Decimal(1), _USDT), "-perpetual"),
        (FutureContract(Decimal(1), _USDT, _EXPIRY), "-future-20240628"),
        (
            OptionContract(Decimal(1), _USDT, OptionKind.CALL, OptionExercise.EUROPEAN, _EXPIRY, Decimal("5.00E+4")),
            "-option-20240628-50000-call-european",
        ),
    ],
)
def test_divergence_7_contracts_of_one_pair_have_names_of_their_own(kind: InstrumentKind, expected: str) -> None:
    config = InstrumentConfig(
        ExchangeId.BINANCE_FUTURES_USD,
        InstrumentNameExchange("X"),
        Underlying(AssetNameExchange("BTC"), _USDT),
        InstrumentQuoteAsset.UNDERLYING_QUOTE,
        kind,
    )
    assert f"binancefuturesusd-btc_usdt{expected}" == config.to_instrument().name_internal


def test_a_valuation_asset_is_read_written_and_checked() -> None:
    document = {"risk_free_return": "0", "system": {**_SYSTEM, "valuation": "BTC"}}
    config = backtest_config.read(document)
    written: Any = backtest_config.write(config)

    assert "btc" == config.system.valuation == written["system"]["valuation"]
    assert "btc" == backtest_config.read({"risk_free_return": "0", **_SYSTEM, "valuation": "btc"}).system.valuation
    validate(config)
    with pytest.raises(ConfigError, match="valuation: found 'eur', expected an asset of the instruments: btc, usdt"):
        validate(replace(config.system, valuation=AssetNameInternal("eur")))
