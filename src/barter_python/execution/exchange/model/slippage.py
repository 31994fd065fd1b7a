"""Slippage of a simulated exchange: how much worse a taker's price is than what the data shows.

It stands for what the data cannot show, such as liquidity that is gone when the order arrives. A model is any object with the
method of `SlippageModel`; a price that would be better for the taker is not used.

Rust origin: none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, Protocol

from barter_python.errors import ConfigError
from barter_python.execution.exchange.model.validation import check_fraction
from barter_python.instrument.instrument import InstrumentDefinition
from barter_python.instrument.side import Side
from barter_python.numeric import ONE, ZERO, in_money_context

__all__ = ["TickSlippage", "NoSlippage", "PercentSlippage", "SlippageModel", "slipped_price"]

_BUY: Final = Side.BUY


class SlippageModel(Protocol):
    """Decides on the price of a taker."""

    def price(self, side: Side, price: Decimal, tick_size: Decimal | None, /) -> Decimal:
        """The price that the taker gets.

        Args:
            side: Of the taker.
            price: What the data shows, in quote currency, positive.
            tick_size: Distance between two prices, None where the instrument has no specification.
        """
        ...


@dataclass(slots=True, frozen=True)
class NoSlippage:
    """What the data shows."""

    def price(self, _side: Side, price: Decimal, _tick_size: Decimal | None, /) -> Decimal:
        """The same price."""
        return price


@dataclass(slots=True, frozen=True)
class TickSlippage:
    """A number of ticks worse. Needs instruments with a tick size; without one nothing slips.

    Attributes:
        ticks: How many, not negative.
    """

    ticks: int

    def validate(self, instruments: Sequence[InstrumentDefinition], path: str) -> None:
        """Check the number, and that ticks have a size; see `validate_model`."""
        if self.ticks < 0:
            raise ConfigError(f"{path}.ticks: found {self.ticks}, expected a number that is not negative")
        for instrument in instruments:
            if instrument.spec is None and self.ticks:
                raise ConfigError(
                    f"{path}.ticks: {instrument.name_exchange!r} has no spec and so no tick size, expected a spec, or slippage "
                    "in percent"
                )

    @in_money_context
    def price(self, side: Side, price: Decimal, tick_size: Decimal | None, /) -> Decimal:
        """Higher for a buyer; lower for a seller, but not below one tick."""
        if tick_size is None:
            return price
        distance = self.ticks * tick_size
        return price + distance if side is _BUY else max(price - distance, min(price, tick_size))


@dataclass(slots=True, frozen=True)
class PercentSlippage:
    """A fraction of the price worse, rounded away from the taker to a tick.

    Attributes:
        fraction: 0.0001 is 0.01 percent, from 0 to below 1.
    """

    fraction: Decimal

    def validate(self, _: Sequence[InstrumentDefinition], path: str) -> None:
        """Check the fraction; see `validate_model`."""
        check_fraction(f"{path}.percent", self.fraction, example="0.0001 is 0.01 percent")

    @in_money_context
    def price(self, side: Side, price: Decimal, tick_size: Decimal | None, /) -> Decimal:
        """Higher for a buyer; lower for a seller, but not below one tick."""
        if side is _BUY:
            return _on_grid(price * (ONE + self.fraction), tick_size, ROUND_CEILING)
        return max(_on_grid(price * (ONE - self.fraction), tick_size, ROUND_FLOOR), min(price, tick_size or ZERO))


def _on_grid(price: Decimal, tick_size: Decimal | None, rounding: str) -> Decimal:
    return (price / tick_size).to_integral_value(rounding) * tick_size if tick_size else price


def slipped_price(model: SlippageModel, side: Side, price: Decimal, tick_size: Decimal | None) -> Decimal:
    """What a taker gets under a model, never better than `price`."""
    slipped = model.price(side, price, tick_size)
    return max(price, slipped) if side is _BUY else min(price, slipped)
