"""Building blocks for risk managers. Rust origin: barter::risk::check."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from barter_python.instrument.side import Side
from barter_python.numeric import checked_div, checked_mul, checked_sub, in_money_context

__all__ = [
    "CheckFailHigherThan",
    "CheckHigherThan",
    "RiskCheck",
    "calculate_abs_percent_difference",
    "calculate_delta",
    "calculate_quote_notional",
]

InputT_contra = TypeVar("InputT_contra", contravariant=True)
ErrorT_co = TypeVar("ErrorT_co", covariant=True)


class RiskCheck(Protocol[InputT_contra, ErrorT_co]):
    """One rule."""

    @staticmethod
    def name() -> str:
        """Name of the rule."""
        ...

    def check(self, input: InputT_contra, /) -> ErrorT_co | None:  # noqa: A002 - barter's name
        """None where the input passes, else why it does not."""
        ...


@dataclass(slots=True, frozen=True)
class CheckFailHigherThan:
    """A value was above its limit."""

    limit: Decimal
    input: Decimal

    def __str__(self) -> str:
        return f"CheckHigherThanFailed: input {self.input} > limit {self.limit}"


@dataclass(slots=True, frozen=True)
class CheckHigherThan:
    """Fails for values above a limit; a value equal to it passes."""

    limit: Decimal

    @staticmethod
    def name() -> str:
        """Name of the rule."""
        return "CheckHigherThan"

    def check(self, input: Decimal, /) -> CheckFailHigherThan | None:  # noqa: A002 - barter's name
        """None where `input` is at most the limit."""
        return None if input <= self.limit else CheckFailHigherThan(self.limit, input)


def calculate_quote_notional(quantity: Decimal, price: Decimal, contract_size: Decimal) -> Decimal | None:
    """Value in quote currency; None where it exceeds the range of the wire format."""
    value = checked_mul(quantity, price)
    return None if value is None else checked_mul(value, contract_size)


def calculate_abs_percent_difference(current: Decimal, other: Decimal) -> Decimal | None:
    """Distance from `other`, as a fraction of it: negative for a negative `other`. None where it is zero."""
    difference = checked_sub(current, other)
    return None if difference is None else checked_div(difference.copy_abs(), other)


@in_money_context
def calculate_delta(instrument_delta: Decimal, contract_size: Decimal, side: Side, quantity_in_kind: Decimal) -> Decimal:
    """Change of the value of an order per unit change of the underlying, in units of the underlying.

    Args:
        instrument_delta: 1 for spot, -1 to 1 for an option.
        contract_size: Units of the underlying in one contract.
        side: A sale has the opposite sign.
        quantity_in_kind: Base units or contracts.
    """
    delta = instrument_delta * (quantity_in_kind * contract_size)
    return delta if side is Side.BUY else -delta
