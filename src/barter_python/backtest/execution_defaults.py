"""The simulated exchange of a backtest that configures none. Rust origin: none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeAlias

from barter_python.config.execution import SimulatedExecutionConfig
from barter_python.errors import ConfigError, shown
from barter_python.execution.account import AccountSnapshot
from barter_python.execution.balance import AssetBalance, Balance
from barter_python.execution.exchange.model.fee import FeeModel, PercentFees
from barter_python.execution.exchange.model.latency import ConstantLatency, LatencyModel
from barter_python.execution.exchange.model.slippage import NoSlippage, PercentSlippage, SlippageModel
from barter_python.execution.exchange.simulated.config import SimulatedExchangeConfig
from barter_python.instrument.exchange import ExchangeId
from barter_python.instrument.index import IndexedInstruments
from barter_python.numeric import ZERO

__all__ = ["Amount", "amount_of", "default_execution"]

Amount: TypeAlias = Decimal | int | float | str
"""A number as a user writes it."""

_CASH: Final = Decimal(10_000)
_FEES: Final = Decimal("0.001")
_LATENCY: Final = ConstantLatency.round_trip(100)


def default_execution(
    instruments: IndexedInstruments,
    time_start: datetime,
    cash: Mapping[str, Amount] | Amount | None,
    fees: Amount | FeeModel | None,
    latency: LatencyModel | None,
    slippage: Amount | SlippageModel | None,
) -> tuple[SimulatedExecutionConfig, list[str]]:
    """The simulated exchange, and what was taken for granted, in sentences; arguments as of `Backtest`.

    Raises:
        ConfigError: An argument is wrong, or the instruments trade on several exchanges.
    """
    notes: list[str] = []
    exchanges = [keyed.value for keyed in instruments.exchanges()]
    if len(exchanges) != 1:
        names = ", ".join(exchange.value for exchange in exchanges) or "none"
        raise ConfigError(f"the exchanges of the instruments are {names}, expected the executions, unless there is one exchange")
    if cash is None:
        notes.append(f"the account has {_CASH:,} {_first_quote(instruments)}")
    if fees is None:
        notes.append(f"fees are {_FEES} of the value of a fill")
    if latency is None:
        notes.append("an order takes 50 ms to the exchange, and its answer 50 ms back")
    account = AccountSnapshot(exchanges[0], _balances(instruments, exchanges[0], time_start, cash), [])
    exchange = SimulatedExchangeConfig(
        exchanges[0], account, _fee_model(_FEES if fees is None else fees), slippage=_slippage_model(slippage)
    )
    return SimulatedExecutionConfig(exchange, _LATENCY if latency is None else latency), notes


def _first_quote(instruments: IndexedInstruments) -> str:
    return str(instruments.find_asset(instruments.instruments()[0].value.underlying.quote).asset.name_internal)


def _balances(
    instruments: IndexedInstruments, exchange: ExchangeId, time: datetime, cash: Mapping[str, Amount] | Amount | None
) -> list[AssetBalance]:
    assets = {
        str(item.value.asset.name_internal): item.value.asset.name_exchange
        for item in instruments.assets()
        if item.value.exchange is exchange
    }
    held: Mapping[str, Amount] = (
        cash if isinstance(cash, Mapping) else {_first_quote(instruments): _CASH if cash is None else cash}
    )
    balances = []
    for name, given in held.items():
        amount = amount_of(f"cash of {shown(name)}", given)
        if name.lower() not in assets:
            raise ConfigError(f"cash: no instrument uses {shown(name)}, expected one of: {', '.join(sorted(assets))}")
        if amount < ZERO:
            raise ConfigError(f"cash of {shown(name)} is {amount}, expected a number that is not negative")
        balances.append(AssetBalance(assets[name.lower()], Balance(amount, amount), time))
    return balances


def amount_of(name: str, value: Amount) -> Decimal:
    """A number as a user writes it, exactly.

    Args:
        name: What it is, for messages.
        value: The number.

    Raises:
        ConfigError: It is none.
    """
    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise ConfigError(f"{name} is {shown(value)}, expected a number")
    return amount


def _fee_model(fees: Amount | FeeModel) -> FeeModel:
    if not isinstance(fees, Decimal | int | float | str):
        return fees
    rate = amount_of("fees", fees)
    if not 0 <= rate < 1:
        raise ConfigError(f"fees is {shown(fees)}, expected a fraction from 0 to below 1 (0.001 is 0.1 percent)")
    return PercentFees(rate, rate)


def _slippage_model(slippage: Amount | SlippageModel | None) -> SlippageModel:
    if slippage is None:
        return NoSlippage()
    if not isinstance(slippage, Decimal | int | float | str):
        return slippage
    fraction = amount_of("slippage", slippage)
    if not 0 <= fraction < 1:
        raise ConfigError(f"slippage is {shown(slippage)}, expected a fraction from 0 to below 1 (0.0001 is 0.01 percent)")
    return PercentSlippage(fraction)
