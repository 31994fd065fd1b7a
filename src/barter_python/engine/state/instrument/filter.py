"""Which instruments are meant. Rust origin: barter::engine::state::instrument::filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from barter_python.instrument.asset import AssetIndex
from barter_python.instrument.exchange import ExchangeIndex
from barter_python.instrument.instrument import InstrumentIndex, Underlying

__all__ = ["ExchangesFilter", "InstrumentFilter", "InstrumentsFilter", "UnderlyingsFilter"]


@dataclass(slots=True)
class ExchangesFilter:
    """The instruments of these exchanges."""

    exchanges: tuple[ExchangeIndex, ...]


@dataclass(slots=True)
class InstrumentsFilter:
    """These instruments."""

    instruments: tuple[InstrumentIndex, ...]


@dataclass(slots=True)
class UnderlyingsFilter:
    """The instruments on these pairs."""

    underlyings: tuple[Underlying[AssetIndex], ...]


InstrumentFilter: TypeAlias = ExchangesFilter | InstrumentsFilter | UnderlyingsFilter | None
"""None means every instrument."""
