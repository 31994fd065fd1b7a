"""What prices and quantities a venue accepts. Rust origin: barter_instrument::instrument::spec."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from barter_python.instrument.kind import AssetReference

__all__ = [
    "ContractUnits",
    "InstrumentSpec",
    "InstrumentSpecNotional",
    "InstrumentSpecPrice",
    "InstrumentSpecQuantity",
    "OrderQuantityUnits",
    "QuoteUnits",
]


class ContractUnits(Enum):
    """Order quantities count contracts."""

    CONTRACT = "Contract"


class QuoteUnits(Enum):
    """Order quantities are amounts of the quote asset."""

    QUOTE = "Quote"


OrderQuantityUnits: TypeAlias = AssetReference | ContractUnits | QuoteUnits
"""Order quantities are amounts of an asset, or contracts, or amounts of the quote asset."""


@dataclass(slots=True, frozen=True)
class InstrumentSpecPrice:
    """Limits on the price of an order, in quote currency.

    Attributes:
        min: Smallest price.
        tick_size: Distance between two prices.
    """

    min: Decimal
    tick_size: Decimal


@dataclass(slots=True, frozen=True)
class InstrumentSpecQuantity:
    """Limits on the quantity of an order.

    Attributes:
        unit: What a quantity counts.
        min: Smallest quantity.
        increment: Distance between two quantities (lot size).
    """

    unit: OrderQuantityUnits
    min: Decimal
    increment: Decimal


@dataclass(slots=True, frozen=True)
class InstrumentSpecNotional:
    """Limits on price times quantity, in quote currency.

    Attributes:
        min: Smallest notional.
    """

    min: Decimal


@dataclass(slots=True, frozen=True)
class InstrumentSpec:
    """All limits of an instrument."""

    price: InstrumentSpecPrice
    quantity: InstrumentSpecQuantity
    notional: InstrumentSpecNotional
