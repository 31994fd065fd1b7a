"""An instrument as a market data subscription names it. Rust origin: barter_instrument::instrument::market_data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from barter_python.instrument.asset import AssetNameInternal
from barter_python.instrument.kind import (
    FutureContract,
    InstrumentKind,
    OptionContract,
    OptionExercise,
    OptionKind,
    PerpetualContract,
    Spot,
)

__all__ = [
    "MarketDataFutureContract",
    "MarketDataInstrument",
    "MarketDataInstrumentKind",
    "MarketDataOptionContract",
    "MarketDataPerpetual",
    "eq_market_data_instrument_kind",
    "market_data_instrument_kind",
]


@dataclass(slots=True, frozen=True)
class MarketDataPerpetual:
    """Any perpetual of the pair."""

    def __str__(self) -> str:
        return "perpetual"


@dataclass(slots=True, frozen=True)
class MarketDataFutureContract:
    """The future of the pair with this expiry (aware UTC)."""

    expiry: datetime

    def __str__(self) -> str:
        return f"future_{self.expiry.date()}-UTC"


@dataclass(slots=True, frozen=True)
class MarketDataOptionContract:
    """The option of the pair with these terms; `strike` in quote currency."""

    kind: OptionKind
    exercise: OptionExercise
    expiry: datetime
    strike: Decimal

    def __str__(self) -> str:
        return f"option_{self.kind}_{self.exercise}_{self.expiry.date()}-UTC_{self.strike:f}"


MarketDataInstrumentKind: TypeAlias = Spot | MarketDataPerpetual | MarketDataFutureContract | MarketDataOptionContract


@dataclass(slots=True, frozen=True)
class MarketDataInstrument:
    """A pair and a kind, enough to subscribe to its market data."""

    base: AssetNameInternal
    quote: AssetNameInternal
    kind: MarketDataInstrumentKind

    @classmethod
    def new(cls, base: str, quote: str, kind: MarketDataInstrumentKind) -> MarketDataInstrument:
        """Build from plain text."""
        return cls(AssetNameInternal(base), AssetNameInternal(quote), kind)

    def __str__(self) -> str:
        kind = "spot" if isinstance(self.kind, Spot) else str(self.kind)
        return f"{self.base}_{self.quote}_{kind}"


def market_data_instrument_kind(kind: InstrumentKind) -> MarketDataInstrumentKind:
    """The kind without what only matters for settlement."""
    match kind:
        case Spot():
            return kind
        case PerpetualContract():
            return MarketDataPerpetual()
        case FutureContract(expiry=expiry):
            return MarketDataFutureContract(expiry)
        case OptionContract():
            return MarketDataOptionContract(kind.kind, kind.exercise, kind.expiry, kind.strike)


def eq_market_data_instrument_kind(kind: InstrumentKind, other: MarketDataInstrumentKind) -> bool:
    """Whether both mean the same instrument, whatever the settlement asset."""
    return market_data_instrument_kind(kind) == other
