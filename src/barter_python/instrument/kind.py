"""The four kinds of instrument, and their contracts. Rust origin: barter_instrument::instrument::kind.

A contract names its settlement asset by `Asset` in a definition, by `AssetIndex` once indexed, and by the venue's name in a
configuration.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from barter_python.instrument.asset import Asset, AssetIndex, AssetNameExchange
from barter_python.numeric import ONE

__all__ = [
    "AssetReference",
    "FutureContract",
    "InstrumentKind",
    "OptionContract",
    "OptionExercise",
    "OptionKind",
    "PerpetualContract",
    "Spot",
    "contract_size",
    "settlement_asset",
]

AssetReference: TypeAlias = Asset | AssetIndex | AssetNameExchange
"""How an instrument names an asset: by definition, by index, or by the venue's name."""


class OptionKind(Enum):
    """The right to buy (call) or to sell (put)."""

    CALL = "call"
    PUT = "put"

    def __str__(self) -> str:
        return self.value


class OptionExercise(Enum):
    """When an option can be exercised."""

    AMERICAN = "american"
    BERMUDAN = "bermudan"
    EUROPEAN = "european"

    def __str__(self) -> str:
        return self.value


@dataclass(slots=True, frozen=True)
class Spot:
    """Exchange of the base asset for the quote asset, delivered at once."""


@dataclass(slots=True, frozen=True)
class PerpetualContract:
    """A future without expiry.

    Attributes:
        contract_size: Units of the underlying in one contract, positive.
        settlement_asset: Asset in which profit and loss are paid.
    """

    contract_size: Decimal
    settlement_asset: AssetReference


@dataclass(slots=True, frozen=True)
class FutureContract:
    """A dated future.

    Attributes:
        contract_size: Units of the underlying in one contract, positive.
        settlement_asset: Asset in which profit and loss are paid.
        expiry: When the contract settles, aware UTC.
    """

    contract_size: Decimal
    settlement_asset: AssetReference
    expiry: datetime


@dataclass(slots=True, frozen=True)
class OptionContract:
    """An option.

    Attributes:
        contract_size: Units of the underlying in one contract, positive.
        settlement_asset: Asset in which the option pays.
        kind: Call or put.
        exercise: When it can be exercised.
        expiry: When it expires, aware UTC.
        strike: Price at which the underlying changes hands on exercise, in quote currency.
    """

    contract_size: Decimal
    settlement_asset: AssetReference
    kind: OptionKind
    exercise: OptionExercise
    expiry: datetime
    strike: Decimal


InstrumentKind: TypeAlias = Spot | PerpetualContract | FutureContract | OptionContract


def contract_size(kind: InstrumentKind) -> Decimal:
    """Units of the underlying in one contract; 1 for spot."""
    return ONE if isinstance(kind, Spot) else kind.contract_size


def settlement_asset(kind: InstrumentKind) -> AssetReference | None:
    """Asset in which profit and loss are paid; None for spot, which is delivered."""
    return None if isinstance(kind, Spot) else kind.settlement_asset
