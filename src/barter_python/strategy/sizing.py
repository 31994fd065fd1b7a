"""How much to order: amounts of money as quantities, and both as an instrument takes them. Rust origin: none.

Money is `Decimal`. A float is welcome where indicators and shares are floats, and is converted here, once.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, Final, TypeAlias

from barter_python.engine.state.instrument.state import InstrumentState
from barter_python.engine.state.state import EngineState
from barter_python.errors import AssetIndexError, StrategyError, shown
from barter_python.execution.balance import Balance
from barter_python.instrument.asset import AssetIndex
from barter_python.instrument.instrument import StateInstrument
from barter_python.instrument.kind import Spot, contract_size, settlement_asset
from barter_python.instrument.side import Side
from barter_python.numeric import ZERO, decimal_from_float, in_money_context

__all__ = [
    "Number",
    "balance_of",
    "balance_of_name",
    "equity",
    "exact",
    "limit_rounding",
    "quantity_for_cash",
    "quantity_for_risk",
    "quantity_net",
    "rounded_price",
    "rounded_quantity",
]

Number: TypeAlias = Decimal | float
"""A number that a strategy may give: exact, or a float of indicators."""

_INCREMENT_UNKNOWN: Final = Decimal("1E-8")
"""Distance between two quantities of an instrument without a spec."""


def exact(name: str, value: Number) -> Decimal:
    """A number as money is counted.

    Args:
        name: What it is, for messages.
        value: The number.

    Raises:
        StrategyError: It is not finite, or too large for an amount of money.
    """
    number = decimal_from_float(value) if isinstance(value, float) else Decimal(value)
    if number is None or not number.is_finite():
        raise StrategyError(f"{name} is {shown(value)}, expected a finite number")
    return number


@in_money_context
def rounded_quantity(instrument: StateInstrument, quantity: Decimal, price: Decimal | None) -> Decimal:
    """A quantity as the venue takes it: rounded down to its lots, and zero where that is below one of its minima.

    Args:
        instrument: Of which instrument; without a spec there are no minima.
        quantity: In base units or contracts, not negative.
        price: In quote currency, for the smallest notional; None to leave it out.
    """
    spec = instrument.spec
    if spec is None:
        return quantity // _INCREMENT_UNKNOWN * _INCREMENT_UNKNOWN
    increment = spec.quantity.increment
    rounded = quantity // increment * increment if increment else quantity
    if rounded < spec.quantity.min:
        return ZERO
    if price is not None and rounded * price * contract_size(instrument.kind) < spec.notional.min:
        return ZERO
    return rounded


@in_money_context
def rounded_price(instrument: StateInstrument, price: Decimal, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """A price on the ticks of the venue; as it is where they are not known.

    Args:
        instrument: Of which instrument.
        price: In quote currency.
        rounding: One of the module `decimal`: to the nearest tick, `ROUND_FLOOR` or `ROUND_CEILING`.
    """
    spec = instrument.spec
    if spec is None or not spec.price.tick_size:
        return price
    tick = spec.price.tick_size
    return (price / tick).to_integral_value(rounding) * tick


def limit_rounding(side: Side) -> str:
    """How a limit price is rounded: no order pays more, or is paid less, than was asked for."""
    return ROUND_FLOOR if side is Side.BUY else ROUND_CEILING


@in_money_context
def quantity_for_cash(instrument: InstrumentState[Any], cash: Number) -> Decimal:
    """How much an amount of quote currency buys at the current price, in lots; zero where no price is known.

    Args:
        instrument: Of which instrument.
        cash: In quote currency, without fees; of contracts, their notional.
    """
    price = instrument.data.price()
    amount = exact("cash", cash)
    if not price or amount <= ZERO:
        return ZERO
    return rounded_quantity(instrument.instrument, amount / (price * contract_size(instrument.instrument.kind)), price)


@in_money_context
def quantity_for_risk(instrument: InstrumentState[Any], risk: Number, stop: Number) -> Decimal:
    """How much loses an amount between the current price and a stop, in lots; zero where no price is known.

    Args:
        instrument: Of which instrument.
        risk: What may be lost, in quote currency, without fees and slippage.
        stop: Price at which the position would be left, in quote currency, on either side of the current one.
    """
    price = instrument.data.price()
    amount, distance = exact("risk", risk), ZERO if price is None else abs(price - exact("stop", stop))
    if not distance or amount <= ZERO:
        return ZERO
    return rounded_quantity(instrument.instrument, amount / (distance * contract_size(instrument.instrument.kind)), price)


@in_money_context
def quantity_net(instrument: InstrumentState[Any]) -> Decimal:
    """The position in base units or contracts, negative while short, zero while flat.

    What is left of a position and smaller than a lot is zero too: nothing can be done about it.
    """
    position = instrument.position.current
    if position is None:
        return ZERO
    lots = rounded_quantity(instrument.instrument, position.quantity_abs, None)
    return lots if position.side is Side.BUY else -lots


def balance_of(state: EngineState[Any, Any], asset: AssetIndex) -> Balance:
    """The balance of an asset, zero before it is known."""
    known = state.assets.asset_index(asset).balance
    return Balance() if known is None else known.value


@in_money_context
def equity(state: EngineState[Any, Any], instrument: InstrumentState[Any]) -> Decimal:
    """What the account at the exchange of an instrument is worth, in the quote asset of that instrument.

    It is the balance of that asset, those that a spot instrument prices in it, and what contracts settled in it have not realised
    yet, after the fees of closing them. Assets without such a price are left out.
    """
    exchange, asset = instrument.instrument.exchange, instrument.instrument.underlying.quote
    total, counted = balance_of(state, asset).total, {asset}
    for other in state.instruments.states:
        definition, position = other.instrument, other.position.current
        if definition.exchange != exchange:
            continue
        base = definition.underlying.base
        if not isinstance(definition.kind, Spot):
            if settlement_asset(definition.kind) == asset and position is not None:
                total += position.pnl_unrealised
        elif definition.underlying.quote == asset and base not in counted and (price := other.data.price()) is not None:
            total += balance_of(state, base).total * price
            counted.add(base)
    return total


def balance_of_name(state: EngineState[Any, Any], name: str) -> Balance:
    """The balance of an asset by its name, of all exchanges together.

    Raises:
        AssetIndexError: No instrument of the run uses it.
    """
    found = [asset.balance for key, asset in state.assets.items() if key.asset == name.lower()]
    if not found:
        known = ", ".join(sorted({str(key.asset) for key, _ in state.assets.items()}))
        raise AssetIndexError(f"asset {shown(name)} is not tracked, expected one of: {known}")
    balances = [balance.value for balance in found if balance is not None]
    return Balance(sum((balance.total for balance in balances), ZERO), sum((balance.free for balance in balances), ZERO))
