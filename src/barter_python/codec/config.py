"""Codecs of configurations. Rust origin: barter::system::config, barter_execution::client::mock.

They read what Rust reads, and the simulated exchange, which Rust does not have. Whether a configuration makes sense is for
`config.system.validate` to say.
"""

from __future__ import annotations

from typing import Final

from barter_python.codec.exchange_model import pair_asset
from barter_python.codec.execution import UNINDEXED
from barter_python.codec.instrument import (
    asset_name_exchange,
    exchange_id,
    instrument_kind,
    instrument_name_exchange,
    instrument_quote_asset,
    instrument_spec,
    underlying,
)
from barter_python.codec.json import decode_written
from barter_python.codec.problem import describe
from barter_python.codec.scalar import decimal, text, unsigned
from barter_python.codec.shape import Codec, addition, by_member, convert, option, sequence, struct
from barter_python.codec.simulated import simulated_execution_config
from barter_python.config.execution import ExecutionConfig, MockExecutionConfig, SimulatedExecutionConfig
from barter_python.config.system import BacktestConfig, InstrumentConfig, SystemConfig
from barter_python.errors import DecodeError
from barter_python.instrument.asset import AssetNameInternal

__all__ = [
    "backtest_config",
    "execution_config",
    "instrument_config",
    "load_backtest_config",
    "mock_execution_config",
    "system_config",
]

instrument_config: Final = struct(
    InstrumentConfig,
    exchange=exchange_id,
    name_exchange=instrument_name_exchange,
    underlying=underlying(asset_name_exchange),
    quote=instrument_quote_asset,
    kind=instrument_kind(asset_name_exchange),
    spec=option(instrument_spec(asset_name_exchange)),
)
mock_execution_config: Final = struct(
    MockExecutionConfig,
    mocked_exchange=exchange_id,
    initial_state=UNINDEXED.account_snapshot,
    latency_ms=unsigned,
    fees_percent=decimal,
    fee_asset=addition(pair_asset, absent="quote"),
)


execution_config: Final[Codec[ExecutionConfig]] = by_member(
    {
        SimulatedExecutionConfig.venue_member: (SimulatedExecutionConfig, simulated_execution_config),
        MockExecutionConfig.venue_member: (MockExecutionConfig, mock_execution_config),
    },
    default=mock_execution_config,
)
"""Rust tells the kinds of execution apart by their members alone, and so do we: `mocked_exchange` or `simulated_exchange`."""

_instruments: Final[Codec[tuple[InstrumentConfig, ...]]] = convert(sequence(instrument_config), tuple, list)
_executions: Final[Codec[tuple[ExecutionConfig, ...]]] = convert(sequence(execution_config), tuple, list)
_valuation: Final = addition(option(convert(text, AssetNameInternal, str)))
system_config: Final = struct(SystemConfig, instruments=_instruments, executions=_executions, valuation=_valuation)

_nested: Final = struct(BacktestConfig, risk_free_return=decimal, system=system_config)
_flat: Final = struct(
    lambda risk_free_return, *system: BacktestConfig(risk_free_return, SystemConfig(*system)),
    risk_free_return=decimal,
    instruments=_instruments,
    executions=_executions,
    valuation=_valuation,
)


def _read_backtest_config(document: object) -> BacktestConfig:
    if not isinstance(document, dict):
        raise DecodeError(f"found {describe(document)}, expected an object with the members risk_free_return and system")
    return _nested.read(document) if "system" in document else _flat.read(document)


backtest_config: Final = Codec(_read_backtest_config, _nested.write)
"""A backtest, whose system is a member of its own, or lies open beside `risk_free_return`; written in the first form."""


def load_backtest_config(text: str | bytes) -> BacktestConfig:
    """Read the configuration of a backtest from JSON text.

    Raises:
        DecodeError: The text is no JSON, or not a configuration; the message names the member.
    """
    return decode_written(text.encode() if isinstance(text, str) else text, backtest_config)
